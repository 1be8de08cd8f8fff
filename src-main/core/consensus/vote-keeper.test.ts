import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import type { BlockVote } from '../codec/block-vote.ts';
import { isQuorum } from '../snapshot.ts';
import { block, node, precommit, prevote, snapshotOf } from './consensus.fixture.ts';
import { maxVotesPerSigner } from './round-tally.ts';
import { maxFutureRoundsPerSigner, maxPastRounds, VoteKeeper } from './vote-keeper.ts';

const four = snapshotOf([1, 1, 1, 1]);
const [a, b] = [block(1), block(2)];

describe('thresholds', () => {
  it.each([
    { weights: [1, 1, 1], voters: 2, quorum: true },
    { weights: [1, 1, 1], voters: 1, quorum: false },
    { weights: [1, 1, 1, 1], voters: 2, quorum: false },
    { weights: [1, 1, 1, 1], voters: 3, quorum: true },
    { weights: [10, 10, 10, 1], voters: 2, quorum: false },
    { weights: [1000, 1], voters: 1, quorum: true },
  ])('$voters of $weights: a quorum is $quorum', ({ weights, voters, quorum }) => {
    const keeper = new VoteKeeper(snapshotOf(weights));
    for (let voter = 0; voter < voters; voter++) keeper.add(prevote(voter, 0, a));
    expect(keeper.hasPolka({ round: 0, blockHash: a })).toBe(quorum);
    expect(keeper.hasPolka({ round: 1, blockHash: a })).toBe(false);
    expect(keeper.hasPrecommitQuorum({ round: 0, blockHash: a })).toBe(false);
  });

  it('skips to a later round at a third of the weight, of any votes, once each', () => {
    const keeper = new VoteKeeper(snapshotOf([1, 1, 1]));
    expect(keeper.latestSkipRound(1)).toBeUndefined();
    keeper.add(precommit(0, 2, a));
    expect(keeper.latestSkipRound(1)).toBe(2);
    const wide = new VoteKeeper(four);
    wide.add(prevote(0, 2, a));
    wide.add(precommit(0, 2, a));
    wide.add(prevote(0, 2, b));
    expect(wide.latestSkipRound(1)).toBeUndefined();
    wide.add(prevote(1, 2, undefined));
    expect(wide.latestSkipRound(1)).toBe(2);
    expect(wide.latestSkipRound(3)).toBeUndefined();
  });

  it('counts contradicting votes for each value, and their signer once among any', () => {
    const keeper = new VoteKeeper(four);
    for (const vote of [prevote(0, 0, a), prevote(0, 0, b), prevote(1, 0, a)]) keeper.add(vote);
    expect(keeper.round(0)?.prevote.hasQuorumOfAny()).toBe(false);
    keeper.add(prevote(2, 0, a));
    expect(keeper.hasPolka({ round: 0, blockHash: a })).toBe(true);
    expect(keeper.round(0)?.prevote.weightOf(b)).toBe(1);
  });
});

describe('what adding a vote comes to', () => {
  it('ignores duplicates and strangers, and reports the first contradiction of a signer once', () => {
    const keeper = new VoteKeeper(four);
    const first = prevote(0, 0, a);
    expect(keeper.add(first).kind).toBe('counted');
    expect(keeper.add({ ...first, signature: new Uint8Array(64) }).kind).toBe('ignored');
    expect(keeper.add(prevote(9, 0, a)).kind).toBe('ignored');
    expect(keeper.add(prevote(0, 0, undefined))).toEqual({ kind: 'conflict', first });
    expect(keeper.add(prevote(0, 0, b)).kind).toBe('counted');
    expect(keeper.add(precommit(0, 0, b)).kind).toBe('counted');
  });

  it('holds a bounded number of one signer’s values, unless a third of the weight or a certificate wants one more', () => {
    const keeper = new VoteKeeper(four);
    for (let value = 0; value < maxVotesPerSigner; value++) keeper.add(precommit(0, 0, block(10 + value)));
    expect(keeper.add(precommit(0, 0, a)).kind).toBe('ignored');
    keeper.add(precommit(1, 0, a));
    expect(keeper.add(precommit(0, 0, a)).kind).toBe('ignored');
    keeper.add(precommit(2, 0, a));
    expect(keeper.add(precommit(0, 0, a)).kind).toBe('counted');
    expect(keeper.hasPrecommitQuorum({ round: 0, blockHash: a })).toBe(true);
    keeper.addQuorum([0, 1, 2].map((signer) => precommit(signer, 0, b)));
    expect(keeper.hasPrecommitQuorum({ round: 0, blockHash: b })).toBe(true);
  });
});

describe('bounds', () => {
  it('holds the latest future rounds of a signer, and forgets its earlier ones', () => {
    const keeper = new VoteKeeper(four);
    for (let round = 1; round <= 100; round++) for (const vote of [prevote(0, round, a), precommit(0, round, a)]) keeper.add(vote);
    expect(keeper.votes().map(({ round }) => round)).toEqual([99, 99, 100, 100]);
    expect(keeper.add(prevote(0, 5, a)).kind).toBe('ignored');
    expect(keeper.round(98)).toBeUndefined();
    expect(maxFutureRoundsPerSigner).toBe(2);
  });

  it('meets the others in their latest round, whatever was lost on the way', () => {
    const keeper = new VoteKeeper(four);
    for (let round = 1; round <= 50; round++) if (round % 7 !== 0) keeper.add(prevote(1, round, undefined));
    for (let round = 49; round <= 52; round++) keeper.add(prevote(2, round, undefined));
    keeper.add(prevote(1, 51, undefined));
    expect(keeper.latestSkipRound(1)).toBe(51);
  });

  it('takes a quorum of any round', () => {
    const keeper = new VoteKeeper(four);
    for (const round of [7, 8]) keeper.add(precommit(0, round, undefined));
    const precommits = [0, 1, 2].map((signer) => ({ nodeId: node(signer), signature: new Uint8Array(64).fill(signer) }));
    keeper.addQuorum([0, 1, 2].map((signer) => precommit(signer, 3, a)));
    expect(keeper.certificate(1, { round: 3, blockHash: a })).toEqual({ height: 1, round: 3, blockHash: a, precommits });
  });

  it('drops rounds long past, but not those in which a block has a quorum', () => {
    const keeper = new VoteKeeper(four);
    for (const signer of [0, 1, 2]) for (const vote of [prevote(signer, 0, undefined), prevote(signer, 1, a), precommit(signer, 2, a)]) keeper.add(vote);
    keeper.enterRound(maxPastRounds + 3);
    expect(new Set(keeper.votes().map(({ round }) => round))).toEqual(new Set([1, 2]));
    expect(keeper.add(prevote(3, 0, undefined)).kind).toBe('ignored');
    expect(keeper.add(prevote(3, 1, a)).kind).toBe('counted');
    expect(keeper.add(prevote(3, 3, a)).kind).toBe('counted');
  });
});

describe('certificates', () => {
  it('list every precommit held for the block, in snapshot order, whatever the order of arrival', () => {
    const keeper = new VoteKeeper(four);
    for (const vote of [precommit(3, 0, a), precommit(1, 0, b), precommit(0, 0, a), precommit(2, 0, a), precommit(1, 0, a)]) keeper.add(vote);
    const certificate = keeper.certificate(1, { round: 0, blockHash: a });
    expect(certificate.precommits.map(({ nodeId }) => nodeId)).toEqual([0, 1, 2, 3].map(node));
    expect(() => keeper.certificate(1, { round: 0, blockHash: b })).toThrow();
  });
});

describe('tallies', () => {
  it('equal what the votes held add up to, in every order of votes and rounds', () => {
    const values: (BlockHash | undefined)[] = [undefined, a, b, block(3), block(4), block(5)];
    const anyVote = fc.record({
      signer: fc.nat({ max: 4 }),
      round: fc.nat({ max: 6 }),
      value: fc.constantFrom(...values),
      phase: fc.constantFrom('prevote' as const, 'precommit' as const),
    });
    const weights = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(weights, fc.array(fc.oneof({ weight: 9, arbitrary: anyVote }, fc.nat({ max: 6 })), { maxLength: 80 }), (chosen, script) => {
        const snapshot = snapshotOf(chosen);
        const keeper = new VoteKeeper(snapshot);
        for (const one of script) {
          if (typeof one === 'number') keeper.enterRound(one);
          else keeper.add((one.phase === 'prevote' ? prevote : precommit)(one.signer, one.round, one.value));
        }
        const held = keeper.votes();
        const weigh = (votes: readonly BlockVote[]): number =>
          snapshot.members.reduce((sum, { nodeId, weight }) => sum + (votes.some((vote) => vote.nodeId === nodeId) ? weight : 0), 0);
        for (let round = 0; round <= 6; round++) {
          const inRound = held.filter((vote) => vote.round === round);
          const tally = keeper.round(round);
          expect(tally?.signersWeight ?? 0).toBe(weigh(inRound));
          for (const phase of ['prevote', 'precommit'] as const) {
            const inPhase = inRound.filter((vote) => vote.phase === phase);
            expect(tally?.[phase].hasQuorumOfAny() ?? false).toBe(isQuorum(weigh(inPhase), snapshot));
            for (const value of values) expect(tally?.[phase].weightOf(value) ?? 0).toBe(weigh(inPhase.filter((vote) => vote.blockHash === value)));
          }
        }
      }),
    );
  });
});
