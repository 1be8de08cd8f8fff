import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { Txid } from '../../../src-shared/domain/ids.ts';
import { decodeBlockParts } from '../../core/codec/block.ts';
import type { HistoryItem } from './chain-answers.ts';
import { firstAmount, hex, lockOf, TestChain, withStorage } from './test-chain.ts';

const grown = (blocks: number): { chain: TestChain; operations: ReturnType<TestChain['next']>[] } => {
  const chain = new TestChain();
  return { chain, operations: Array.from({ length: blocks }, (_, height) => chain.next({ spends: Math.min(height, 3), rewards: 5 })) };
};

test('a query sees everything persisted before it was asked', () =>
  withStorage(
    async ({ storage }) => {
      const { chain, operations } = grown(6);
      for (const operation of operations) storage.persist([operation]);
      const asked = storage.query('utxoSetInfo', {});
      const later = chain.next({ spends: 3 });
      await Promise.resolve();
      storage.persist([later]);
      expect((await asked)?.height).toBeGreaterThanOrEqual(5);
      expect((await storage.query('utxoSetInfo', {}))?.height).toBe(6);
    },
    { syncDelayMs: 30 },
  ));

test('the coin set hashes from the table to what was kept block by block, amounts above 2^63 included', () =>
  withStorage(async ({ storage }) => {
    expect(await storage.query('utxoSetInfo', {})).toBeUndefined();
    const { chain, operations } = grown(300);
    storage.persist(operations);
    const info = await storage.query('utxoSetInfo', {});
    expect(info).toEqual({
      height: 299,
      bestBlock: operations.at(-1)?.hash,
      coins: chain.coins.length,
      totalAmount: chain.coins.reduce((sum, { coin }) => sum + coin.amount, 0n),
      muhash: chain.utxoSetHash,
      expectedMuhash: chain.utxoSetHash,
    });
    expect(info?.totalAmount).toBeGreaterThan(2n ** 64n);
    expect(await storage.query('integrity', {})).toEqual([]);
  }));

test('the integrity check finds a coin that somebody changed', () =>
  withStorage(async ({ storage, durable }, file) => {
    await durable(storage.persist(grown(3).operations));
    const db = new Database(file);
    db.exec('update coin set amount = amount + 1 where outpoint = (select min(outpoint) from coin)');
    db.close();
    expect(await storage.query('integrity', {})).toEqual([expect.stringContaining('but block 2 says')]);
  }));

test('a lock is used once a block touches it, and stays so when its coins are spent', () =>
  withStorage(async ({ storage }) => {
    const { operations } = grown(8);
    storage.persist(operations);
    const locks = [lockOf(3), lockOf(77_777), lockOf(1_005)];
    const used: typeof locks = [];
    for (const lock of locks) if ((await storage.query('historyOfLocks', { locks: [lock], limit: 1 })).length > 0) used.push(lock);
    expect(used.length).toBeGreaterThan(0);
    expect(await storage.query('usedLocks', { locks })).toEqual(used);
  }));

test('coins by lock are those of the lock and no others', () =>
  withStorage(async ({ storage }) => {
    const { chain, operations } = grown(8);
    storage.persist(operations);
    const locks = [lockOf(3), lockOf(1_005), lockOf(77)];
    const found = await storage.query('coinsOfLocks', { locks });
    const expected = chain.coins.filter(({ coin }) => locks.includes(coin.lock));
    const sorted = <T extends { outpoint: { txid: string; vout: number } }>(coins: readonly T[]): T[] =>
      [...coins].sort((a, b) => (a.outpoint.txid < b.outpoint.txid ? -1 : a.outpoint.txid > b.outpoint.txid ? 1 : a.outpoint.vout - b.outpoint.vout));
    expect(found.length).toBeGreaterThan(0);
    expect(sorted(found)).toEqual(sorted(expected));
    expect(chain.coins.some(({ coin }) => coin.amount === firstAmount)).toBe(true);
  }));

test('history is newest first, pages without gaps, and holds a transaction of two locks once', () =>
  withStorage(async ({ storage }) => {
    const { operations } = grown(10);
    storage.persist(operations);
    const locks = [lockOf(0), lockOf(1)];
    const expected = operations
      .flatMap(({ height, transactions }) => transactions.map((one, position) => ({ txid: one.txid, height, position, locks: one.locks })))
      .filter((one) => one.locks.some((lock) => locks.includes(lock)))
      .map(({ txid, height, position }) => ({ txid, height, position }))
      .sort((a, b) => b.height - a.height || b.position - a.position);
    const all = await storage.query('historyOfLocks', { locks, limit: 1_000 });
    expect(all).toEqual(expected);
    expect(all.length).toBeGreaterThan(10);
    const paged: HistoryItem[] = [];
    for (let page = await storage.query('historyOfLocks', { locks, limit: 4 }); page.length > 0; ) {
      paged.push(...page);
      const last = page.at(-1);
      page = await storage.query('historyOfLocks', { locks, limit: 4, ...(last && { before: last }) });
    }
    expect(paged).toEqual(expected);
  }));

test('blocks by height and hash, and lists of them without their bytes', () =>
  withStorage(async ({ storage }) => {
    const { operations } = grown(5);
    storage.persist(operations);
    const block = operations[3];
    if (block === undefined) throw new Error('a block');
    const { height, hash, proposer, time, round, decidedAtMs } = block;
    const summary = { height, hash, proposer, time, round, decidedAtMs, transactions: block.transactions.length };
    const detail = { ...summary, encoded: Uint8Array.from(block.encoded), certificate: Uint8Array.from(block.certificate ?? []) };
    expect(await storage.query('block', { height: 3 })).toEqual(detail);
    expect(await storage.query('block', { hash })).toEqual(detail);
    expect((await storage.query('block', { height: 0 }))?.certificate).toBeUndefined();
    expect(await storage.query('block', { height: 9 })).toBeUndefined();
    const list = await storage.query('blockSummaries', { from: 3, count: 10 });
    expect(list.map((one) => one.height)).toEqual([3, 4]);
    expect(list[0]).toEqual(summary);
    expect(await storage.query('blockSummaries', { from: 0, count: 2 })).toHaveLength(2);
    expect(await storage.query('blockTimes', { heights: [3, 9, 3] })).toEqual([time, undefined, time]);
  }));

test('a transaction is cut out of its block, with how long it took to be final', () =>
  withStorage(async ({ storage }) => {
    const { operations } = grown(5);
    const block = operations[4];
    const [, first, second, third] = block?.transactions ?? [];
    if (block === undefined || first === undefined || second === undefined || third === undefined) throw new Error('a block');
    storage.persist(operations.slice(0, 4));
    for (const { txid } of [first, second]) storage.persist([{ kind: 'put-transaction', txid, encoded: Uint8Array.of(1), receivedMs: 5 }]);
    storage.persist([{ kind: 'mark-final', txid: first.txid, finalAfterMs: 321 }, block, { kind: 'mark-final', txid: third.txid, finalAfterMs: 9 }]);
    const found = await storage.query('transaction', { txid: first.txid });
    const encoded = decodeBlockParts(block.encoded).transactions[1];
    expect(found).toEqual({ txid: first.txid, height: 4, position: 1, blockHash: block.hash, encoded, finalAfterMs: 321 });
    expect(found?.encoded.buffer.byteLength).toBe(encoded?.length);
    expect((await storage.query('transaction', { txid: second.txid }))?.finalAfterMs).toBeUndefined();
    expect((await storage.query('transaction', { txid: third.txid }))?.finalAfterMs).toBe(9);
    expect(await storage.query('transaction', { txid: hex(1) as Txid })).toBeUndefined();
  }));
