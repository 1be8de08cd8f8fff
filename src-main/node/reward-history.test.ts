import { expect, it } from 'vitest';
import type { BlockHash, Lock, Txid } from '../../src-shared/domain/ids.ts';
import { RewardHistory } from './reward-history.ts';
import type { LockTransaction } from './storage/explorer-answers.ts';
import { lockOf, TestChain, withStorage } from './storage/test-chain.ts';

const lock = '11'.repeat(20) as Lock;
const slotMs = 1_000;

/** A chain whose every block pays the lock its height in units, and one unit by a payment; the newest first, as the index answers. */
function chainOf(readable = Number.POSITIVE_INFINITY) {
  let rows: LockTransaction[] = [];
  let hashes: string[] = [];
  let asked = 0;
  const row = (height: number, position: number, branch: string, received: bigint): LockTransaction => ({
    height,
    position,
    txid: `${branch} ${height} ${position}` as Txid,
    blockTimeMs: height * slotMs,
    kind: position === 0 ? 'coinbase' : 'transfer',
    received,
    paid: 0n,
  });
  interface Args {
    readonly from: number;
    readonly limit: number;
    readonly before: { readonly height: number; readonly position: number };
  }
  const query = (name: string, { from, limit, before: { height, position } = { height: 0, position: 0 } }: Args) => {
    if (name === 'blockSummaries') return Promise.resolve(hashes.slice(from, from + 1).map((hash) => ({ hash })));
    expect(name).toBe('transactionsOfLock');
    asked++;
    const page = rows.filter((one) => one.height < height || (one.height === height && one.position < position)).slice(0, limit);
    return Promise.resolve(page.map((one, index) => (index < readable ? one : { ...one, received: undefined, kind: undefined })));
  };
  return {
    history: new RewardHistory({ query: query as never }, () => ({ height: hashes.length - 1, hash: (hashes.at(-1) ?? '') as BlockHash })),
    /** `payments`: to the lock, in each block. */
    grow: (blocks: number, { branch = 'a', payments = 1, isPaid = true } = {}) => {
      for (let block = 0; block < blocks; block++) {
        const height = hashes.length;
        hashes.push(`${branch} ${height}`);
        const grown = Array.from({ length: payments + 1 }, (_, position) => row(height, position, branch, position === 0 ? BigInt(height) : 1n));
        rows.unshift(...grown.slice(isPaid ? 0 : 1).reverse());
      }
    },
    revert: (blocks: number) => {
      hashes = hashes.slice(0, -blocks);
      rows = rows.filter(({ height }) => height < hashes.length);
    },
    takeAsked: () => {
      const taken = asked;
      asked = 0;
      return taken;
    },
  };
}
/** 1 + 2 + … */
const sumTo = (height: number): bigint => (BigInt(height) * BigInt(height + 1)) / 2n;

it('adds up what blocks paid, and not what payments brought or the first block gave', async () => {
  const { history, grow } = chainOf();
  expect(await history.of(lock, 0)).toEqual({ since: 0n, total: 0n, isSinceWhole: true, isTotalWhole: true });
  grow(101);
  expect(await history.of(lock, 99 * slotMs)).toEqual({ since: 199n, total: sumTo(100), isSinceWhole: true, isTotalWhole: true });
});

it('looks at what is new alone, and forgets what was taken off', async () => {
  const { history, grow, revert, takeAsked } = chainOf();
  grow(501);
  expect((await history.of(lock, 0)).total).toBe(sumTo(500));
  takeAsked();
  grow(1);
  expect((await history.of(lock, 0)).total).toBe(sumTo(501));
  expect(takeAsked()).toBe(1);
  revert(3);
  expect((await history.of(lock, 0)).total).toBe(sumTo(498));
  grow(1, { branch: 'b' });
  expect(await history.of(lock, 499 * slotMs)).toMatchObject({ since: 499n, total: sumTo(499) });
  revert(500);
  expect((await history.of(lock, 0)).total).toBe(0n);
});

it('of a long chain some at a time, and says that there is more, until all is counted', async () => {
  const { history, grow } = chainOf();
  grow(2_501);
  const first = await history.of(lock, 2_400 * slotMs);
  expect(first).toMatchObject({ isSinceWhole: true, isTotalWhole: false });
  expect(first.total < sumTo(2_500)).toBe(true);
  expect(await history.of(lock, 0)).toMatchObject({ isSinceWhole: false, isTotalWhole: false });
  // Between two questions more comes than is looked at for one.
  grow(1_500);
  for (let question = 0; question < 4; question++) await history.of(lock, 0);
  expect(await history.of(lock, 0)).toEqual({ since: sumTo(4_000), total: sumTo(4_000), isSinceWhole: true, isTotalWhole: true });
});

it('is through with an address that more payments than rewards came to, and then looks at new blocks alone', async () => {
  const { history, grow, takeAsked } = chainOf();
  grow(11);
  grow(50, { payments: 100, isPaid: false });
  expect(await history.of(lock, 0)).toMatchObject({ total: 0n, isTotalWhole: false });
  for (let question = 0; question < 2; question++) await history.of(lock, 0);
  expect(await history.of(lock, 0)).toMatchObject({ total: sumTo(10), isTotalWhole: true });
  takeAsked();
  grow(1, { payments: 100, isPaid: false });
  expect((await history.of(lock, 0)).total).toBe(sumTo(10));
  expect((await history.of(lock, 0)).total).toBe(sumTo(10));
  expect(takeAsked()).toBe(1);
});

it('goes on where an answer ends because of what it had to read', async () => {
  const { history, grow } = chainOf(7);
  grow(31);
  expect(await history.of(lock, 0)).toMatchObject({ total: sumTo(30), isTotalWhole: true });
});

it('keeps a bounded number of them, and the sum of the others', async () => {
  const { history, grow } = chainOf();
  grow(12_001);
  for (let question = 0; question < 14; question++) await history.of(lock, 0);
  expect(await history.of(lock, 11_000 * slotMs)).toMatchObject({ total: sumTo(12_000), isTotalWhole: true, isSinceWhole: true });
  expect(await history.of(lock, 1_000 * slotMs)).toMatchObject({ total: sumTo(12_000), isSinceWhole: false });
});

it('one question at a time looks, and all who ask meanwhile have its answer', async () => {
  const { history, grow, takeAsked } = chainOf();
  grow(10);
  const answers = await Promise.all([history.of(lock, 0), history.of(lock, 0)]);
  expect(answers[0]).toEqual(answers[1]);
  expect(takeAsked()).toBe(1);
});

it('counts what a real index answers, before and after blocks are taken off', () =>
  withStorage(async ({ storage }) => {
    const chain = new TestChain();
    // Each block's coinbase pays 1,001 units to the second lock; payments bring it others.
    let tip = chain.next({ spends: 0, rewards: 5 });
    storage.persist([tip]);
    for (let block = 0; block < 30; block++) {
      tip = chain.next({ spends: Math.min(chain.height, 3), rewards: 5 });
      storage.persist([tip]);
    }
    const history = new RewardHistory(storage, () => tip);
    expect(await history.of(lockOf(1), 0)).toEqual({ since: 30_030n, total: 30_030n, isSinceWhole: true, isTotalWhole: true });
    const taken = [chain.revert(), chain.revert()];
    tip = chain.next({ spends: 0, rewards: 5 });
    storage.persist([...taken, tip]);
    expect((await history.of(lockOf(1), 0)).total).toBe(29_029n);
    expect((await history.of(lockOf(77), 0)).total).toBe(0n);
  }));
