import { expect, test } from 'vitest';
import type { NodeId, Txid } from '../../../src-shared/domain/ids.ts';
import { decodeBlockParts, hashBlock } from '../../core/codec/block.ts';
import { decodeTransaction, type HashedTransaction } from '../../core/codec/transaction.ts';
import { createGenesis } from '../../core/genesis.ts';
import { encodeRegistryState } from '../../core/masternodes/registry-state.ts';
import type { ApplyBlock } from '../../core/store-operation.ts';
import { chainLayout } from './chain-layout.ts';
import type { LockTransaction } from './explorer-answers.ts';
import { explorerQueries } from './explorer-queries.ts';
import { migrate } from './migrate.ts';
import { openForWriting, type ReadableDatabase } from './sqlite.ts';
import { hex, lockOf, TestChain, withStorage } from './test-chain.ts';

const grown = (blocks: number): { chain: TestChain; operations: ApplyBlock[] } => {
  const chain = new TestChain();
  return { chain, operations: Array.from({ length: blocks }, (_, height) => chain.next({ spends: Math.min(height, 3), rewards: 5 })) };
};
const transactionsOf = ({ encoded }: ApplyBlock): HashedTransaction[] => decodeBlockParts(encoded).transactions.map((one) => decodeTransaction(one));
const at = <T>(list: readonly T[], index: number): T => {
  const found = list.at(index);
  if (found === undefined) throw new Error(`nothing at ${index}`);
  return found;
};

test('a block by height and by hash: its header, who follows, whom it paid', () =>
  withStorage(async ({ storage }) => {
    const { operations } = grown(5);
    storage.persist(operations);
    const block = at(operations, 3);
    const { header } = decodeBlockParts(block.encoded);
    const facts = await storage.query('blockFacts', { height: 3 });
    const [coinbase] = transactionsOf(block);
    expect(facts).toMatchObject({ hash: block.hash, nextHash: at(operations, 4).hash, header, sizeBytes: block.encoded.length, transactions: 4 });
    expect(facts?.coinbase).toEqual({ txid: coinbase?.txid, outputs: coinbase?.transaction.outputs });
    expect(facts?.certificate?.height).toBe(3);
    // What the test chain keeps as its registry is none, and is not at a checkpoint either.
    expect(facts?.snapshot).toBeUndefined();
    expect(await storage.query('blockFacts', { hash: block.hash })).toEqual(facts);
    expect((await storage.query('blockFacts', { height: 4 }))?.nextHash).toBeUndefined();
    expect((await storage.query('blockFacts', { height: 0 }))?.certificate).toBeUndefined();
    expect(await storage.query('blockFacts', { height: 5 })).toBeUndefined();
  }));

test('who decided a block is known by weight as long as the registry of its epoch is kept', () =>
  withStorage(async ({ storage }) => {
    const ids = [hex(1), hex(2)] as NodeId[];
    const masternodes = ids.map((nodeKey) => ({ nodeKey, tier: 'bronze' as const, ownerLock: lockOf(1), rewardLock: lockOf(1), serviceAddress: '' }));
    const { registry } = createGenesis({ network: 'devnet', time: 1_700_000_000_000, masternodes, allocations: [] });
    const { operations } = grown(4);
    const [first, second, third, fourth] = operations;
    if (first === undefined || second === undefined || third === undefined || fourth === undefined) throw new Error('four blocks');
    const decidedBy = (block: ApplyBlock): ApplyBlock => {
      const { header } = decodeBlockParts(block.encoded);
      const { hash, encoded } = hashBlock({ ...header, snapshotHash: registry.snapshot.hash }, undefined, transactionsOf(block));
      return { ...block, hash, encoded };
    };
    storage.persist([first, { ...decidedBy(second), registryBefore: encodeRegistryState(registry) }, decidedBy(third), fourth]);
    const expected = { totalWeight: 20, weights: new Map(ids.map((id) => [id, 10])) };
    expect((await storage.query('blockFacts', { height: 1 }))?.snapshot).toEqual(expected);
    expect((await storage.query('blockFacts', { height: 2 }))?.snapshot).toEqual(expected);
    // Of another epoch, whose registry is not there.
    expect((await storage.query('blockFacts', { height: 3 }))?.snapshot).toBeUndefined();
    expect((await storage.query('blockFacts', { height: 0 }))?.snapshot).toBeUndefined();
  }));

test('the transactions of a block come in pages, in its order', () =>
  withStorage(async ({ storage }) => {
    const { operations } = grown(5);
    storage.persist(operations);
    const block = at(operations, 4);
    const expected = transactionsOf(block).map(({ txid, transaction, encoded }, position) => ({
      position,
      txid,
      kind: transaction.kind,
      inputs: transaction.inputs.length,
      outputs: transaction.outputs.length,
      amount: transaction.outputs.reduce((sum, { amount }) => sum + amount, 0n),
      sizeBytes: encoded.length,
    }));
    expect(await storage.query('blockTransactions', { hash: block.hash, skip: 0, count: 100 })).toEqual(expected);
    expect(await storage.query('blockTransactions', { hash: block.hash, skip: 1, count: 2 })).toEqual(expected.slice(1, 3));
    expect(await storage.query('blockTransactions', { hash: hex(1) as never, skip: 0, count: 2 })).toBeUndefined();
  }));

test('a transaction has the coins it spent, and who spent its own, also within one block', () =>
  withStorage(async ({ storage }) => {
    const { chain, operations } = grown(12);
    storage.persist(operations);
    const all = operations.flatMap((block) => transactionsOf(block).map((hashed) => ({ hashed, height: block.height })));
    const spenders = new Map(all.flatMap(({ hashed, height }) => hashed.inputKeys.map((key) => [key, { txid: hashed.txid, height }] as const)));
    const coins = new Set(chain.coins.map(({ outpoint }) => `${outpoint.txid}:${outpoint.vout}`));
    let found = 0;
    for (const { hashed, height } of all) {
      const facts = await storage.query('transactionFacts', { txid: hashed.txid });
      expect(facts).toMatchObject({ txid: hashed.txid, height, encoded: Uint8Array.from(hashed.encoded) });
      const outputs = hashed.transaction.outputs.map((_, vout) => `${hashed.txid}:${vout}`);
      expect(facts?.unspent).toEqual(outputs.map((key) => coins.has(key)));
      const expected = outputs.flatMap((key, vout) => {
        const spender = spenders.get(key as never);
        return spender === undefined ? [] : [{ vout, ...spender }];
      });
      expect([...(facts?.spenders ?? [])].sort((a, b) => a.vout - b.vout)).toEqual(expected);
      found += expected.length;
      const parents = hashed.transaction.inputs.map(({ txid, vout }) => all.find((one) => one.hashed.txid === txid)?.hashed.transaction.outputs[vout]);
      expect(facts?.spent).toEqual(parents);
    }
    expect(found).toBeGreaterThan(20);
    expect(await storage.query('transactionFacts', { txid: hex(1) as Txid })).toBeUndefined();
  }));

test('who spent one output is looked for alone', () =>
  withStorage(async ({ storage }) => {
    const { operations } = grown(6);
    storage.persist(operations);
    const { txid } = at(transactionsOf(at(operations, 0)), 0);
    const every = (await storage.query('transactionFacts', { txid }))?.spenders ?? [];
    expect(every.length).toBeGreaterThan(1);
    for (const spender of every) expect((await storage.query('transactionFacts', { txid, output: spender.vout }))?.spenders).toEqual([spender]);
  }));

test('outputs are found spent and unspent, and not where there are none', () =>
  withStorage(async ({ storage }) => {
    const { operations } = grown(6);
    storage.persist(operations);
    const { txid, transaction } = at(transactionsOf(at(operations, 0)), 0);
    const outpoints = [...transaction.outputs.keys(), 99].map((vout) => ({ txid, vout }));
    expect(await storage.query('outputsAt', { outpoints })).toEqual([...transaction.outputs, undefined]);
  }));

test('the history of a lock pages without gaps, and adds up to what its coins are', () =>
  withStorage(async ({ storage }) => {
    const { operations, chain } = grown(10);
    storage.persist(operations);
    const lock = lockOf(2);
    const whole = await storage.query('transactionsOfLock', { lock, limit: 1_000 });
    expect(whole.map(({ txid }) => txid)).toEqual((await storage.query('historyOfLocks', { locks: [lock], limit: 1_000 })).map(({ txid }) => txid));
    const paged: LockTransaction[] = [];
    for (let page = await storage.query('transactionsOfLock', { lock, limit: 3 }); page.length > 0; ) {
      paged.push(...page);
      page = await storage.query('transactionsOfLock', { lock, limit: 3, before: page.at(-1) });
    }
    expect(paged).toEqual(whole);
    expect(whole.length).toBeGreaterThan(8);
    const coins = await storage.query('coinsOfLock', { lock, limit: 1_000 });
    const held = chain.coins.filter(({ coin }) => coin.lock === lock);
    expect(coins.map(({ coin }) => coin.amount).sort()).toEqual(held.map(({ coin }) => coin.amount).sort());
    const rest = await storage.query('coinsOfLock', { lock, limit: 1_000, after: at(coins, 0).outpoint });
    expect(rest).toEqual(coins.slice(1));
  }));

test('the sum of a lock tells what is too young apart, and says when it stopped counting', () =>
  withStorage(async ({ storage }) => {
    const { operations, chain } = grown(10);
    storage.persist(operations);
    const lock = lockOf(0);
    const held = chain.coins.filter(({ coin }) => coin.lock === lock);
    const sum = (of: typeof held): bigint => of.reduce((total, { coin }) => total + coin.amount, 0n);
    const isYoung = ({ coin }: (typeof held)[number]): boolean => coin.coinbase && coin.height > 5;
    expect(await storage.query('sumOfLock', { lock, limit: 1_000, matureThrough: 5 })).toEqual({
      coins: held.length,
      mature: sum(held.filter((one) => !isYoung(one))),
      immature: sum(held.filter(isYoung)),
      isWhole: true,
    });
    expect(await storage.query('sumOfLock', { lock, limit: held.length, matureThrough: 5 })).toMatchObject({ isWhole: true });
    expect(await storage.query('sumOfLock', { lock, limit: 1, matureThrough: 5 })).toMatchObject({ coins: 1, isWhole: false });
  }));

test('every question finds its rows by an index, and none goes through a table or sorts', () => {
  const db = openForWriting(':memory:');
  migrate(db, chainLayout);
  const asked: string[] = [];
  const prepare = (sql: string): unknown => {
    asked.push(sql);
    return db.prepare(sql);
  };
  explorerQueries({ prepare, transaction: () => undefined } as unknown as ReadableDatabase);
  const plans = asked.map((sql) => {
    const nothing = Array.from(sql.matchAll(/\?/g), () => null);
    return [
      sql,
      db
        .prepare<unknown[], { detail: string }>(`explain query plan ${sql}`)
        .all(nothing)
        .map(({ detail }) => detail),
    ] as const;
  });
  expect(plans.length).toBeGreaterThan(10);
  for (const [sql, details] of plans) for (const detail of details) expect([sql, detail]).toEqual([sql, expect.stringMatching(/^SEARCH /)]);
  db.close();
});
