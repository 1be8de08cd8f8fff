import { describe, expect, it } from 'vitest';
import type { Hash } from '../../../src-shared/domain/ids.ts';
import type { TransactionVote } from '../codec/vote-bundle.ts';
import { maxVotesPerBundle } from '../constants.ts';
import { most } from '../trim-oldest.ts';
import { keptBytesPerMember } from './bundle-shelf.ts';
import { earlyTransactionsPerMember, maxEarlyTransactions } from './early-votes.ts';
import { VoteTally } from './tally.ts';
import { bundleOf, coinOf, say, snapshotOf, txidOf, voteOf } from './vote-fixtures.ts';

const x = txidOf(1);
const equal = (members: number) => snapshotOf(Array.from({ length: members }, () => 1));
const acceptsFrom = (first: number, count: number): TransactionVote[] => Array.from({ length: count }, (_, index) => voteOf('accept', first + index));

/** One member accepts `count` transactions that nobody else ever saw; hashes the tally gave up. */
function invent(tally: VoteTally, member: number, count: number): Hash[] {
  const dropped: Hash[] = [];
  for (let from = 0; from < count; from += maxVotesPerBundle) {
    dropped.push(...tally.add(bundleOf(member, acceptsFrom(1_000_000 * (member + 1) + from, Math.min(maxVotesPerBundle, count - from)))).dropped);
  }
  return dropped;
}

describe('votes for unknown transactions', () => {
  it('a member that invents transactions pushes out its own oldest votes only', () => {
    const tally = new VoteTally(equal(4));
    const limit = earlyTransactionsPerMember(4);
    const honest = say(0, 'accept', 1);
    tally.add(honest);
    tally.add(say(3, 'accept', 1));
    tally.add(say(3, 'commit', 1));
    tally.add(say(3, 'reject', 1));
    const dropped = invent(tally, 3, 3 * limit);
    expect(tally.sizes().early).toBe(limit + 1);
    expect(tally.of(x)).toMatchObject({ acceptWeight: 1, commitWeight: 0, rejectWeight: 0 });
    expect(tally.bundlesFor(x).map(({ hash }) => hash)).toEqual([honest.hash]);
    expect(dropped.length).toBeGreaterThan(0);
    expect(dropped.every((hash) => !tally.hasBundle(hash))).toBe(true);
    tally.setInputs(x, [coinOf(1)]);
    expect(tally.add(say(1, 'accept', 1)).fresh).toBe(true);
    expect(tally.add(say(2, 'accept', 1)).events).toEqual([{ kind: 'certified', txid: x }]);
  });

  it('known transactions lose nothing', () => {
    const tally = new VoteTally(equal(4));
    for (let transaction = 0; transaction < 100; transaction++) tally.setInputs(txidOf(transaction), [coinOf(transaction)]);
    tally.add(bundleOf(3, acceptsFrom(0, 100)));
    invent(tally, 3, 2 * earlyTransactionsPerMember(4));
    for (let transaction = 0; transaction < 100; transaction++) expect(tally.of(txidOf(transaction)).acceptWeight).toBe(1);
  });

  it('a bundle that lost a vote but is kept for another is not kept twice', () => {
    const tally = new VoteTally(equal(4));
    tally.setInputs(x, [coinOf(1)]);
    const bundle = say(3, 'accept', 1, 2);
    tally.add(bundle);
    invent(tally, 3, earlyTransactionsPerMember(4));
    const { bundles } = tally.sizes();
    expect(tally.of(txidOf(2)).acceptWeight).toBe(0);
    expect(tally.add(bundle).fresh).toBe(false);
    expect(tally.sizes().bundles).toBe(bundles);
    expect(tally.settle([x])).toEqual([bundle.hash]);
  });

  it('one that becomes known is not evicted any more, nor counted', () => {
    const tally = new VoteTally(equal(4));
    tally.add(say(3, 'accept', 1));
    expect(tally.sizes().early).toBe(1);
    tally.setInputs(x, [coinOf(1)]);
    expect(tally.sizes().early).toBe(0);
    invent(tally, 3, 2 * earlyTransactionsPerMember(4));
    expect(tally.of(x).acceptWeight).toBe(1);
  });

  it('in total the oldest go, and evicted bundles are answered exactly once', () => {
    const members = 120;
    const tally = new VoteTally(equal(members));
    const kept = new Set<Hash>();
    for (let member = 0; member < members; member++) {
      const bundle = bundleOf(member, acceptsFrom(10_000 * (member + 1), maxVotesPerBundle));
      const { fresh, dropped } = tally.add(bundle);
      expect(fresh).toBe(true);
      kept.add(bundle.hash);
      for (const hash of dropped) expect(kept.delete(hash)).toBe(true);
    }
    expect(tally.sizes().early).toBe(maxEarlyTransactions);
    expect(tally.sizes().bundles).toBe(kept.size);
    expect([...kept].every((hash) => tally.hasBundle(hash))).toBe(true);
    expect(tally.of(txidOf(10_000)).acceptWeight).toBe(0);
    expect(tally.of(txidOf(10_000 * members)).acceptWeight).toBe(1);
  });

  it('a full bundle always fits a share, so that it never evicts itself', () => {
    for (const members of [0, 1, 4, 97, 200, 10_000]) expect(earlyTransactionsPerMember(members)).toBeGreaterThanOrEqual(maxVotesPerBundle);
    const tally = new VoteTally(equal(10_000));
    const limit = earlyTransactionsPerMember(10_000);
    tally.add(bundleOf(0, acceptsFrom(0, 1)));
    tally.add(bundleOf(0, acceptsFrom(100, limit - 1)));
    // Its first vote is for the oldest transaction, which the following ones evict.
    const { fresh, dropped } = tally.add(bundleOf(0, [voteOf('commit', 0), ...acceptsFrom(10_000, limit - 1)]));
    expect(fresh).toBe(true);
    expect(dropped).toHaveLength(1);
    expect(tally.sizes()).toMatchObject({ early: limit, bundles: 2 });
  });
});

describe('bundles', () => {
  it('padded with votes that are held already use up the bytes of their own signer only', () => {
    const tally = new VoteTally(equal(200));
    const padding = acceptsFrom(0, maxVotesPerBundle - 1);
    for (let transaction = 0; transaction < 2_000; transaction++) tally.setInputs(txidOf(transaction), [coinOf(transaction)]);
    let bytes = 0;
    let fresh = 0;
    for (let transaction = maxVotesPerBundle; transaction < 2_000; transaction++) {
      const padded = bundleOf(7, [...padding, voteOf('accept', transaction)]);
      if (!tally.add(padded).fresh) continue;
      fresh += 1;
      bytes += padded.encoded.byteLength;
    }
    expect(bytes).toBeLessThanOrEqual(keptBytesPerMember(200));
    expect(bytes).toBeGreaterThan(0.9 * keptBytesPerMember(200));
    expect(tally.sizes().bundles).toBe(fresh);
    expect(tally.add(say(8, 'accept', 1_999)).fresh).toBe(true);
    // What settles makes room again.
    expect(tally.add(bundleOf(7, [...padding, voteOf('commit', 1_999)])).fresh).toBe(false);
    tally.settle(Array.from({ length: 1_999 }, (_, transaction) => txidOf(transaction)));
    expect(tally.add(bundleOf(7, [...padding, voteOf('commit', 1_999)])).fresh).toBe(true);
  });
});

describe('a sweep', () => {
  it('drops votes whose transaction has not come since the sweep before, and no others', () => {
    const tally = new VoteTally(equal(4));
    const lost = say(0, 'accept', 1);
    tally.add(lost);
    expect(tally.sweepEarly()).toEqual([]);
    tally.add(say(1, 'accept', 2));
    tally.add(say(1, 'accept', 3));
    tally.setInputs(txidOf(3), [coinOf(3)]);
    expect(tally.sweepEarly()).toEqual([lost.hash]);
    expect(tally.of(txidOf(1)).acceptWeight).toBe(0);
    expect(tally.of(txidOf(2)).acceptWeight).toBe(1);
    tally.setInputs(txidOf(2), [coinOf(2)]);
    expect(tally.sweepEarly()).toEqual([]);
    expect(tally.of(txidOf(2)).acceptWeight).toBe(1);
    // It may come again, with its transaction.
    expect(tally.add(lost).fresh).toBe(true);
  });
});

describe('settled transactions', () => {
  it('are remembered in a bounded number, the latest', () => {
    const tally = new VoteTally(equal(4));
    const perBlock = 5_000;
    for (let block = 0; block < 20; block++) tally.settle(Array.from({ length: perBlock }, (_, index) => txidOf(block * perBlock + index)));
    expect(tally.sizes().settledRemembered).toBeGreaterThanOrEqual(40_000);
    expect(tally.sizes().settledRemembered).toBeLessThanOrEqual(most(40_000));
    expect(tally.add(say(0, 'accept', 20 * perBlock - 1)).fresh).toBe(false);
    expect(tally.add(say(0, 'accept', 0)).fresh).toBe(true);
  });
});
