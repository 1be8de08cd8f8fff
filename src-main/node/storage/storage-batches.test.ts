import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { contradictionLine } from '../../../src-shared/domain/contradiction.ts';
import type { BlockHash, Hash, Txid } from '../../../src-shared/domain/ids.ts';
import type { StoreOperation } from '../../core/store-operation.ts';
import type { Storage } from './storage.ts';
import { hex, TestChain, withStorage } from './test-chain.ts';

const hash = (number: number): Hash => hex(number) as Hash;
const blockHash = (number: number): BlockHash => hex(number) as BlockHash;
const contradiction = { kind: 'transaction-votes', choice: 'accept', txids: [hex(3) as Txid, hex(4) as Txid] } as const;

test('settled: at once where nothing is under way, else when what was persisted before is durable, and no later', () =>
  withStorage(async ({ storage, commits }) => {
    await storage.settled();
    expect(commits).toEqual([]);
    const first = storage.persist([{ kind: 'put-bundle', hash: hash(1), encoded: Uint8Array.of(1) }]);
    const settled = storage.settled();
    expect(storage.durableThrough).toBeLessThan(first);
    await settled;
    expect(storage.durableThrough).toBe(first);
    storage.persist([{ kind: 'put-bundle', hash: hash(2), encoded: Uint8Array.of(2) }]);
    const last = storage.settled();
    await Promise.all([storage.close(), last]);
  }));

describe('batches', () => {
  /** What somebody waits for. */
  const proposed = (number: number, encoded: Uint8Array): StoreOperation => ({ kind: 'put-proposed-block', height: 1, hash: blockHash(number), encoded });
  const bundle = (number: number): StoreOperation => ({ kind: 'put-bundle', hash: hash(number), encoded: Uint8Array.of(number) });

  test('what nobody waits for gathers over turns, and becomes durable all the same', () =>
    withStorage(async ({ storage, durable, commits }) => {
      expect(storage.persist([bundle(1)])).toBe(1);
      await Promise.resolve();
      expect([storage.persist([bundle(2)]), storage.backlogBytes]).toEqual([1, 0]);
      await durable(1);
      expect(commits).toEqual([1]);
    }));

  test.each([
    { what: 'what somebody waits for', hurry: (storage: Storage) => void storage.persist([proposed(2, Uint8Array.of(2))]) },
    { what: 'who asks when it will be durable', hurry: (storage: Storage) => storage.settled() },
    { what: 'a question that is to see it', hurry: (storage: Storage) => storage.query('evidence', { limit: 1 }) },
  ])('it leaves at once with $what', ({ hurry }) =>
    withStorage(async ({ storage }) => {
      expect(storage.persist([bundle(1)])).toBe(1);
      const hurried = hurry(storage);
      await Promise.resolve();
      expect(storage.backlogBytes).toBeGreaterThan(0);
      expect(storage.persist([bundle(3)])).toBe(2);
      await hurried;
    }),
  );

  test('everything persisted in one synchronous run is one batch; nothing persisted is none', () =>
    withStorage(async ({ storage, durable, commits }) => {
      expect(storage.persist([])).toBe(0);
      const put = (number: number): StoreOperation => proposed(number, Uint8Array.of(number));
      expect([storage.persist([put(1)]), storage.persist([]), storage.persist([put(2), put(3)])]).toEqual([1, 1, 1]);
      await Promise.resolve();
      expect([storage.persist([]), storage.persist([put(4)])]).toEqual([1, 2]);
      await durable(2);
      expect(commits.at(-1)).toBe(2);
    }));

  test('what comes while a commit is under way is the next one: a slow disk costs latency, not throughput', () =>
    withStorage(
      async ({ storage, durable, commits }) => {
        const put = (number: number): StoreOperation => proposed(number, new Uint8Array(100));
        let last = storage.persist([put(0)]);
        // The first is being synced for half a second before the worker looks again.
        for (let i = 1; i <= 100; i++) {
          await new Promise(setImmediate);
          last = storage.persist([put(i)]);
        }
        await Promise.resolve();
        expect(last).toBe(101);
        expect(storage.backlogBytes).toBe(101 * 100);
        await durable(last);
        expect(commits.length).toBeLessThan(10);
        expect(storage.backlogBytes).toBe(0);
      },
      { syncDelayMs: 500 },
    ));

  test('a disk that does not answer is told by how long the oldest write waits, however few bytes it is', () => {
    let nowMs = 0;
    return withStorage(
      async ({ storage, durable }) => {
        const put = (number: number): StoreOperation => proposed(number, Uint8Array.of(1));
        expect(storage.oldestWriteMs).toBe(0);
        const first = storage.persist([put(1)]);
        await Promise.resolve();
        nowMs = 4_000;
        expect(storage.oldestWriteMs).toBe(4_000);
        const second = storage.persist([put(2)]);
        await Promise.resolve();
        nowMs = 9_000;
        expect(storage.oldestWriteMs).toBe(9_000);
        await durable(first);
        // The two may have become one commit.
        expect(storage.oldestWriteMs).toBe(storage.durableThrough >= second ? 0 : 5_000);
        await durable(second);
        expect(storage.oldestWriteMs).toBe(0);
      },
      { monotonicMs: () => nowMs },
    );
  });

  test('only the bytes of a view are stored, not what it was cut from', () =>
    withStorage(async ({ storage, durable }) => {
      const message = new Uint8Array(1_000).fill(9);
      storage.persist([{ kind: 'put-evidence', hash: hash(1), nodeId: hex(2) as never, contradiction, encoded: message.subarray(10, 12) }]);
      const evidence = await storage.query('evidence', { limit: 5 });
      expect(evidence).toEqual([{ hash: hash(1), nodeId: hex(2), description: contradictionLine(contradiction), contradiction, encoded: Uint8Array.of(9, 9) }]);
      expect(message.length).toBe(1_000);
      await durable(1);
    }));

  test('undo data is kept for the last thousand blocks, and those down to the checkpoint of the registry before', () =>
    withStorage(async ({ storage, durable }, file) => {
      const chain = new TestChain();
      let batch = 0;
      for (let i = 0; i <= 1_034; i++) batch = storage.persist([chain.next({ spends: 0 })]);
      await durable(batch);
      const db = new Database(file, { readonly: true });
      expect(db.prepare('select min(height), max(height), count(*) from undo').raw().get()).toEqual([3, 1_034, 1_032]);
      db.close();
    }));
});
