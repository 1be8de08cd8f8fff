import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { PublicKey } from '../../../src-shared/domain/ids.ts';
import { emptyWalletRecord, memoryWalletStore, type WalletChange, type WatchedKey } from '../keys/wallet-store.ts';
import { hex, inFolder, lockOf } from './test-chain.ts';
import { WalletDatabase } from './wallet-database.ts';

const workerFile = new URL('./wallet-worker.ts', import.meta.url);
const key = (branch: 'receive' | 'change', index: number): WatchedKey => ({
  branch,
  index,
  publicKey: hex(index + (branch === 'change' ? 1_000 : 0)) as PublicKey,
  lock: lockOf(index + (branch === 'change' ? 1_000 : 0)),
});

test('holds what the store in memory holds, also after opening it again', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'wallet.sqlite');
    const changes: WalletChange[] = [
      { addedKeys: [key('receive', 0), key('receive', 1), key('change', 0)] },
      { next: { receive: 1, change: 0 }, addedKeys: [key('receive', 2)] },
      { label: { lock: lockOf(1), text: 'rent – Möbius' } },
      { label: { lock: lockOf(2), text: 'gone' } },
      { label: { lock: lockOf(2), text: '' } },
      { next: { receive: 3, change: 1 }, label: { lock: lockOf(1), text: 'rent' } },
    ];
    const memory = memoryWalletStore();
    const first = await WalletDatabase.open(file, workerFile);
    expect(first.load()).toEqual(emptyWalletRecord);
    await Promise.all(changes.map((change) => first.save(change)));
    for (const change of changes) await memory.save(change);
    const sorted = (keys: readonly WatchedKey[]): WatchedKey[] => [...keys].sort((a, b) => (a.lock < b.lock ? -1 : 1));
    for (const store of [first, await first.close().then(() => WalletDatabase.open(file, workerFile))]) {
      const { keys, ...rest } = store.load();
      const { keys: expectedKeys, ...expected } = memory.load();
      expect(rest).toEqual(expected);
      expect(sorted(keys)).toEqual(sorted(expectedKeys));
      expect(keys.filter(({ branch }) => branch === 'receive').map(({ index }) => index)).toEqual([0, 1, 2]);
      await store.close();
    }
  }));

test('a change is saved as a whole or not at all, and later ones are not harmed', () =>
  inFolder(async (folder) => {
    const store = await WalletDatabase.open(join(folder, 'wallet.sqlite'), workerFile);
    await store.save({ addedKeys: [key('receive', 0)] });
    await expect(store.save({ addedKeys: [key('receive', 1), key('receive', 0)], label: { lock: lockOf(5), text: 'no' } })).rejects.toThrow('UNIQUE');
    await store.save({ addedKeys: [key('receive', 1)] });
    expect(store.load().keys).toEqual([key('receive', 0), key('receive', 1)]);
    expect(store.load().labels.size).toBe(0);
    await store.close();
    await expect(store.save({})).rejects.toMatchObject({ code: 'storage-stopped' });
  }));

test('refuses a file of a later release, and a chain file', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'wallet.sqlite');
    await (await WalletDatabase.open(file, workerFile)).close();
    const db = new Database(file);
    db.pragma('user_version = 2');
    await expect(WalletDatabase.open(file, workerFile)).rejects.toMatchObject({ code: 'database-newer' });
    db.pragma(`application_id = ${0x54_49_4d_63}`);
    await expect(WalletDatabase.open(file, workerFile)).rejects.toMatchObject({ code: 'database-foreign' });
    db.close();
  }));
