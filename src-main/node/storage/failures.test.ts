import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { type Hash, outpointKey, type Txid } from '../../../src-shared/domain/ids.ts';
import { InvariantError } from '../../core/invariant.ts';
import type { StoreOperation } from '../../core/store-operation.ts';
import { OperationalError } from '../operational-error.ts';
import { hex, inFolder, openStorage, storageWorkers, TestChain } from './test-chain.ts';

const txid = (number: number): Txid => hex(number) as Txid;
const hash = (number: number): Hash => hex(number) as Hash;

/** All pages of this table, and of no other. */
function damageTable(file: string, table: string): void {
  const db = new Database(file);
  const pageSize = Number(db.pragma('page_size', { simple: true }));
  const pages = db.prepare<[string], number>('select pageno from dbstat where name = ?').pluck().all(table);
  db.close();
  expect(pages.length).toBeGreaterThan(1);
  const bytes = readFileSync(file);
  for (const page of pages) bytes.fill(0x55, (page - 1) * pageSize, page * pageSize);
  writeFileSync(file, bytes);
}

describe('failures', () => {
  const badBlocks: [string, (chain: TestChain) => StoreOperation][] = [
    ['a block that leaves a gap', (chain) => ({ ...chain.next({ spends: 0 }), height: 5 })],
    ['a coin spent that is not there', (chain) => ({ ...chain.next({ spends: 0 }), removed: [{ outpoint: { txid: txid(8), vout: 0 }, coin: {} as never }] })],
  ];
  test.each(badBlocks)('%s is a bug: nothing of its batch is stored, nothing after it is durable', (_, bad) =>
    inFolder(async (folder) => {
      const file = join(folder, 'chain.sqlite');
      const { storage, durable, failures, commits } = await openStorage(file);
      const chain = new TestChain();
      await durable(storage.persist([chain.next({ spends: 0 })]));
      const tip = chain.height;
      const failed = durable(storage.persist([{ kind: 'put-bundle', hash: hash(1), encoded: Uint8Array.of(1) }, bad(chain)]));
      await expect(failed).rejects.toBeInstanceOf(InvariantError);
      storage.persist([{ kind: 'put-bundle', hash: hash(2), encoded: Uint8Array.of(2) }]);
      await expect(storage.query('evidence', { limit: 1 })).rejects.toMatchObject({ code: 'storage-stopped' });
      await storage.close();
      expect(failures).toHaveLength(1);
      expect(commits).toEqual([1]);
      const again = await openStorage(file);
      expect(again.storage.loadState()).toMatchObject({ chain: { height: tip }, bundles: [] });
      await again.storage.close();
    }),
  );

  test('a full disk is reported with a code, and what was durable before is there', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'chain.sqlite');
      const writer = new URL('./test-full-disk-worker.ts', import.meta.url);
      const { storage, durable, failures } = await openStorage(file, { workers: { ...storageWorkers, writer } });
      await durable(storage.persist([{ kind: 'put-bundle', hash: hash(1), encoded: Uint8Array.of(1) }]));
      const filling = durable(storage.persist([{ kind: 'put-bundle', hash: hash(2), encoded: new Uint8Array(4_000_000) }]));
      const settled = storage.settled();
      await expect(filling).rejects.toMatchObject({ name: 'OperationalError', code: 'disk-full' });
      await expect(settled).rejects.toMatchObject({ code: 'disk-full' });
      await expect(storage.settled()).rejects.toMatchObject({ code: 'storage-stopped' });
      await storage.close();
      expect(failures).toHaveLength(1);
      const again = await openStorage(file);
      expect(again.storage.loadState().bundles.map((bundle) => bundle.hash)).toEqual([hash(1)]);
      await again.storage.close();
    }));

  test('a writer that dies is a failure, and storage still closes', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'chain.sqlite');
      await (await openStorage(file)).storage.close();
      const dying = `import { parentPort } from 'node:worker_threads'; parentPort.postMessage({ kind: 'ready' }); parentPort.once('message', () => process.exit(3));`;
      const writer = new URL(`data:text/javascript,${encodeURIComponent(dying)}`);
      const { storage, durable, failures } = await openStorage(file, { workers: { ...storageWorkers, writer } });
      const batch = storage.persist([{ kind: 'put-bundle', hash: hash(1), encoded: Uint8Array.of(1) }]);
      await expect(durable(batch)).rejects.toMatchObject({ code: 'worker-died' });
      await storage.close();
      expect(failures).toHaveLength(1);
    }));

  test('a writer that dies while storage closes keeps nobody waiting, whether they asked before or ask later', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'chain.sqlite');
      await (await openStorage(file)).storage.close();
      const dying = `import { parentPort } from 'node:worker_threads'; parentPort.postMessage({ kind: 'ready' }); parentPort.on('message', ({ kind }) => kind === 'close' && process.exit(3));`;
      const writer = new URL(`data:text/javascript,${encodeURIComponent(dying)}`);
      const { storage } = await openStorage(file, { workers: { ...storageWorkers, writer } });
      storage.persist([{ kind: 'put-bundle', hash: hash(1), encoded: Uint8Array.of(1) }]);
      const before = expect(storage.settled()).rejects.toMatchObject({ code: 'storage-stopped' });
      await storage.close();
      await before;
      await expect(storage.settled()).rejects.toMatchObject({ code: 'storage-stopped' });
    }));

  test('a query that is waiting when storage closes is refused', () =>
    inFolder(async (folder) => {
      const { storage } = await openStorage(join(folder, 'chain.sqlite'));
      const waiting = expect(storage.query('utxoSetInfo', {})).rejects.toMatchObject({ code: 'storage-stopped' });
      await storage.close();
      await waiting;
    }));

  const openError = async (prepare: (file: string) => void): Promise<{ error: OperationalError; before: Buffer; after: Buffer }> =>
    inFolder(async (folder) => {
      const file = join(folder, 'chain.sqlite');
      const { storage } = await openStorage(file);
      const chain = new TestChain();
      for (let i = 0; i < 20; i++) storage.persist([chain.next({ spends: i, rewards: 20 })]);
      await storage.close();
      prepare(file);
      const before = readFileSync(file);
      const error = await openStorage(file).then(
        () => Promise.reject(new Error('opened')),
        (refusal: OperationalError) => refusal,
      );
      expect(error.message).toContain(file);
      return { error, before, after: readFileSync(file) };
    });

  test('a file of a later release is refused and not touched', async () => {
    const { error, before, after } = await openError((file) => {
      const db = new Database(file);
      db.pragma('user_version = 99');
      db.close();
    });
    expect(error).toMatchObject({ name: 'OperationalError', code: 'database-newer' });
    expect(error.whatToDo).toContain('later release');
    expect(after.equals(before)).toBe(true);
  });

  test('another program’s file is refused and not touched', async () => {
    const { error, before, after } = await openError((file) => {
      const db = new Database(file);
      db.pragma('application_id = 5');
      db.close();
    });
    expect(error.code).toBe('database-foreign');
    expect(after.equals(before)).toBe(true);
  });

  test.each([
    ['is not a database', (bytes: Buffer) => bytes.fill(0x55)],
    ['has a damaged schema', (bytes: Buffer) => bytes.fill(0x55, 100, 4_096)],
  ])('a file that %s is named', async (_, damage) => {
    const { error } = await openError((file) => {
      const bytes = readFileSync(file);
      damage(bytes);
      writeFileSync(file, bytes);
    });
    expect(error.code).toBe('database-damaged');
    expect(error.whatToDo).toContain('damaged');
  });

  test('another file that is no database any more is what a check of it finds, and no failure of this one', () =>
    inFolder(async (folder) => {
      const { storage } = await openStorage(join(folder, 'chain.sqlite'));
      const walletFile = join(folder, 'wallet.sqlite');
      writeFileSync(walletFile, Buffer.alloc(8_192, 0x55));
      expect(await storage.query('fileIntegrity', { file: walletFile })).toEqual(['file is not a database']);
      expect(await storage.query('startCheck', { walletFile })).toEqual({ chain: undefined, wallet: 'file is not a database' });
      await storage.close();
    }));

  test('damage in a table is found by the integrity check, and by the read that meets it', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'chain.sqlite');
      const { storage } = await openStorage(file);
      const chain = new TestChain();
      for (let i = 0; i < 20; i++) storage.persist([chain.next({ spends: i, rewards: 50 })]);
      await storage.close();
      expect(existsSync(`${file}-wal`)).toBe(false);
      damageTable(file, 'coin');
      const damaged = await openStorage(file);
      const problems = await damaged.storage.query('integrity', {}).catch((error: OperationalError) => [error.code]);
      expect(problems.length).toBeGreaterThan(0);
      const reads = chain.coins.map(
        ({ outpoint }) =>
          () =>
            damaged.storage.reader.coin(outpointKey(outpoint)),
      );
      const codes = reads.map((read) => {
        try {
          return read() === undefined ? 'missing' : 'found';
        } catch (error) {
          return error instanceof OperationalError ? error.code : String(error);
        }
      });
      expect(codes).toContain('database-damaged');
      await damaged.storage.close();
    }));
});
