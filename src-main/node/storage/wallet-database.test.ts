import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { OutpointKey, PublicKey, Txid } from '../../../src-shared/domain/ids.ts';
import { emptyWalletRecord, memoryWalletStore, type SentRecord, type WalletChange, type WatchedKey } from '../keys/wallet-store.ts';
import { hex, inFolder, lockOf } from './test-chain.ts';
import { WalletDatabase } from './wallet-database.ts';

const workerFile = new URL('./wallet-worker.ts', import.meta.url);
const key = (branch: 'receive' | 'change', index: number): WatchedKey => ({
  account: 0,
  branch,
  index,
  publicKey: hex(index + (branch === 'change' ? 1_000 : 0)) as PublicKey,
  lock: lockOf(index + (branch === 'change' ? 1_000 : 0)),
});

test('holds what the store in memory holds, also after opening it again', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'wallet.sqlite');
    const sent: SentRecord = {
      txid: hex(9) as Txid,
      encoded: new Uint8Array([1, 2, 3]),
      spent: [
        { amount: 2n ** 64n - 1n, lock: lockOf(1) },
        { amount: 5n, lock: lockOf(2) },
      ],
      height: 7,
      ended: undefined,
    };
    const outpoint = (vout: number) => `${hex(3)}:${vout}` as OutpointKey;
    const changes: WalletChange[] = [
      { addedKeys: [key('receive', 0), key('receive', 1), key('change', 0)] },
      { branches: [{ account: 0, branch: 'receive', next: 1, used: 0 }], addedKeys: [key('receive', 2)] },
      { labels: [[lockOf(1), 'rent – Möbius']] },
      { labels: [[lockOf(2), 'gone']] },
      { labels: [[lockOf(2), '']] },
      { branches: [{ account: 0, branch: 'receive', next: 3, used: 2 }], labels: [[lockOf(1), 'rent']] },
      {
        accounts: [
          { account: 0, name: '' },
          { account: 1, name: 'savings' },
        ],
      },
      { setAside: [outpoint(0), outpoint(1)] },
      { setAside: [outpoint(1)], givenBack: [outpoint(0)] },
      {
        requests: [
          { lock: lockOf(1), amount: 2n ** 63n, label: 'rent', createdMs: 5 },
          { lock: lockOf(0), amount: undefined, label: '', createdMs: 6 },
        ],
      },
      { requests: [{ lock: lockOf(5), amount: undefined, label: '', createdMs: 7 }] },
      { removedRequests: [lockOf(5)] },
      { sent: [sent, { ...sent, txid: hex(10) as Txid }] },
      { sent: [{ ...sent, ended: { stage: 'rejected', reason: 'voted-down' } }] },
      { sent: [{ ...sent, txid: hex(11) as Txid, ended: { stage: 'dropped', reason: undefined } }], removedSent: [hex(10) as Txid] },
      { tries: { failures: 4, lastMs: 1_700_000_000_000 } },
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
    const sameLock = { ...key('receive', 0), index: 2 };
    await expect(store.save({ addedKeys: [key('receive', 1), sameLock], labels: [[lockOf(5), 'no']] })).rejects.toThrow('UNIQUE');
    // A key that was under way comes again.
    await store.save({ addedKeys: [key('receive', 0), key('receive', 1)] });
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
    db.pragma('user_version = 3');
    await expect(WalletDatabase.open(file, workerFile)).rejects.toMatchObject({ code: 'database-newer' });
    db.pragma(`application_id = ${0x54_49_4d_63}`);
    await expect(WalletDatabase.open(file, workerFile)).rejects.toMatchObject({ code: 'database-foreign' });
    db.close();
  }));

test('begins an empty one, and keeps the old under another name', () =>
  inFolder(async (folder) => {
    const store = await WalletDatabase.open(join(folder, 'wallet.sqlite'), workerFile);
    await store.save({ labels: [[lockOf(1), 'old']] });
    await store.startAnew('wallet-old.sqlite');
    expect(store.load()).toEqual(emptyWalletRecord);
    await store.save({ labels: [[lockOf(1), 'new']] });
    await store.close();
    const old = await WalletDatabase.open(join(folder, 'wallet-old.sqlite'), workerFile);
    expect(old.load().labels.get(lockOf(1))).toBe('old');
    await old.close();
  }));

test('begins none while somebody else reads the file: what is still in its log would be lost', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'wallet.sqlite');
    const store = await WalletDatabase.open(file, workerFile);
    await store.save({ labels: [[lockOf(1), 'old']] });
    const reader = new Database(file, { readonly: true });
    expect(reader.prepare('select count(*) from label').pluck().get()).toBe(1);
    await expect(store.startAnew('wallet-old.sqlite')).rejects.toMatchObject({ code: 'database-busy' });
    await store.save({ labels: [[lockOf(2), 'later']] });
    expect(store.load().labels.size).toBe(2);
    reader.close();
    await store.startAnew('wallet-old.sqlite');
    expect(store.load()).toEqual(emptyWalletRecord);
    await store.close();
    const old = await WalletDatabase.open(join(folder, 'wallet-old.sqlite'), workerFile);
    expect(old.load().labels.size).toBe(2);
    await old.close();
  }));

test('a thread that ends by itself is told, with what waited for it; one that is closed is not', () =>
  inFolder(async (folder) => {
    const failures: Error[] = [];
    const onFailure = (error: Error): void => void failures.push(error);
    await (await WalletDatabase.open(join(folder, 'wallet.sqlite'), workerFile, onFailure)).close();
    expect(failures).toEqual([]);
    const dying = `import { parentPort } from 'node:worker_threads';
      parentPort.once('message', () => { throw new Error('no memory'); });
      parentPort.postMessage({ kind: 'ready' });`;
    const store = await WalletDatabase.open(join(folder, 'wallet.sqlite'), new URL(`data:text/javascript,${encodeURIComponent(dying)}`), onFailure);
    await expect(store.save({})).rejects.toMatchObject({ code: 'worker-died', detail: 'wallet storage: no memory' });
    expect(failures).toMatchObject([{ code: 'worker-died' }]);
    await store.close();
  }));
