import { describe, expect, it } from 'vitest';
import type { TransactionVote, VoteChoice } from '../codec/vote-bundle.ts';
import { maxEvidencePerMember } from './evidence-finder.ts';
import { VoteTally } from './tally.ts';
import { bundleOf, coinOf, nodeIdOf, say, snapshotOf, txidOf, voteOf } from './vote-fixtures.ts';

const four = snapshotOf([10, 10, 10, 10]);
const coins = {
  same: [[1], [1]],
  sameInOtherOrder: [
    [1, 2],
    [2, 1],
  ],
  overlapping: [
    [1, 2],
    [1, 3],
  ],
  inside: [[1], [1, 2]],
  apart: [[1], [2]],
} as const;

/** Member 0 says `first` of transaction 1 and `second` of transaction 2; what is proved while both live, then at a block that ends both. */
function proved(overlap: keyof typeof coins, first: VoteChoice, second: VoteChoice, known: 'before' | 'after', endedByOneBlock: boolean) {
  const tally = new VoteTally(four);
  const [one, two] = coins[overlap];
  const learn = () => [...tally.setInputs(txidOf(1), one.map(coinOf)), ...tally.setInputs(txidOf(2), two.map(coinOf))];
  const speak = () => [...tally.add(say(0, first, 1)).events, ...tally.add(say(0, second, 2)).events];
  const live = known === 'before' ? [...learn(), ...speak()] : [...speak(), ...learn()];
  const atBlock = endedByOneBlock
    ? tally.evidenceAtBlock([txidOf(1), txidOf(2)])
    : [...tally.evidenceAtBlock([txidOf(1)]), ...tally.evidenceAtBlock([txidOf(2)])];
  return { live: live.filter(({ kind }) => kind === 'evidence').length, atBlock: atBlock.length };
}

describe('two votes of one member', () => {
  const overlaps = Object.keys(coins) as (keyof typeof coins)[];
  const choices: readonly VoteChoice[] = ['accept', 'commit', 'reject'];
  const cases = overlaps.flatMap((overlap) =>
    choices.flatMap((first) =>
      choices.flatMap((second) =>
        (['before', 'after'] as const).flatMap((known) => [true, false].map((oneBlock) => ({ overlap, first, second, known, oneBlock }))),
      ),
    ),
  );
  it.each(cases)('$overlap coins, $first then $second, inputs known $known, ended by one block: $oneBlock', ({ overlap, first, second, known, oneBlock }) => {
    const contradicts = first === second && first !== 'reject' && overlap !== 'apart';
    const sameCoins = overlap === 'same' || overlap === 'sameInOtherOrder';
    expect(proved(overlap, first, second, known, oneBlock)).toEqual({
      live: contradicts && sameCoins ? 1 : 0,
      atBlock: contradicts && !sameCoins && oneBlock ? 1 : 0,
    });
  });
});

describe('evidence', () => {
  it('carries the two bundles and names the member; the votes still count', () => {
    const tally = new VoteTally(four);
    tally.setInputs(txidOf(1), [coinOf(1)]);
    tally.setInputs(txidOf(2), [coinOf(1)]);
    const one = say(3, 'accept', 1);
    const two = say(3, 'accept', 2);
    tally.add(one);
    const [evidence] = tally.add(two).events;
    expect(evidence).toMatchObject({ kind: 'evidence', nodeId: nodeIdOf(3) });
    expect(evidence?.kind === 'evidence' && evidence.bundles.map(({ hash }) => hash)).toEqual([one.hash, two.hash]);
    expect(tally.of(txidOf(1)).acceptWeight + tally.of(txidOf(2)).acceptWeight).toBe(20);
  });
  it('cites the bundles that hold the two votes, not others of the same transactions', () => {
    const tally = new VoteTally(four);
    tally.setInputs(txidOf(1), [coinOf(1)]);
    tally.setInputs(txidOf(2), [coinOf(1)]);
    tally.add(say(3, 'commit', 1));
    tally.add(say(2, 'accept', 1));
    const one = say(3, 'accept', 1);
    tally.add(one);
    tally.add(say(3, 'reject', 2));
    const two = say(3, 'accept', 2);
    const [evidence] = tally.add(two).events;
    expect(evidence?.kind === 'evidence' && evidence.bundles.map(({ hash }) => hash)).toEqual([one.hash, two.hash]);
  });
  it('both votes may be in one bundle', () => {
    const tally = new VoteTally(four);
    tally.setInputs(txidOf(1), [coinOf(1)]);
    tally.setInputs(txidOf(2), [coinOf(1)]);
    const { events } = tally.add(say(0, 'commit', 1, 2));
    expect(events.map(({ kind }) => kind)).toEqual(['evidence']);
  });
  it('two members that each accept another one are contested, not guilty', () => {
    const tally = new VoteTally(four);
    tally.setInputs(txidOf(1), [coinOf(1)]);
    tally.setInputs(txidOf(2), [coinOf(1)]);
    expect([...tally.add(say(0, 'accept', 1)).events, ...tally.add(say(1, 'accept', 2)).events]).toEqual([]);
  });
  it('an accept after its rival was settled as inapplicable is honest', () => {
    const tally = new VoteTally(four);
    tally.setInputs(txidOf(1), [coinOf(1), coinOf(2)]);
    tally.add(say(0, 'accept', 1));
    tally.settle([txidOf(1)]);
    expect(tally.setInputs(txidOf(2), [coinOf(1)])).toEqual([]);
    expect(tally.add(say(0, 'accept', 2)).events).toEqual([]);
  });
  it('ends with what it is about: a vote for a rival of a transaction that is gone', () => {
    const tally = new VoteTally(four);
    tally.setInputs(txidOf(1), [coinOf(1)]);
    tally.setInputs(txidOf(2), [coinOf(1)]);
    tally.add(say(0, 'accept', 1));
    tally.add(say(2, 'accept', 1));
    tally.settle([txidOf(1)]);
    expect(tally.add(say(0, 'accept', 2)).events).toEqual([]);
    expect(tally.setInputs(txidOf(3), [coinOf(1)])).toEqual([]);
    expect(tally.add(say(2, 'accept', 3)).events).toEqual([]);
    expect(tally.add(say(1, 'accept', 2, 3)).events.map(({ kind }) => kind)).toEqual(['evidence']);
  });
  it('an accept that overtakes the block which freed the member accuses nobody', () => {
    const tally = new VoteTally(four);
    tally.setInputs(txidOf(1), [coinOf(1), coinOf(2)]);
    tally.add(say(0, 'accept', 1));
    tally.setInputs(txidOf(2), [coinOf(1)]);
    const overtaking = tally.add(say(0, 'accept', 2)).events;
    const atBlock = tally.evidenceAtBlock([txidOf(1)]);
    tally.settle([txidOf(1)]);
    const later = tally.evidenceAtBlock([txidOf(2)]);
    expect([...overtaking, ...atBlock, ...later]).toEqual([]);
  });
  it('a member whose votes prove it often is reported a bounded number of times', () => {
    const tally = new VoteTally(four);
    const votes: TransactionVote[] = [];
    for (let transaction = 0; transaction < 10 * maxEvidencePerMember; transaction++) {
      tally.setInputs(txidOf(transaction), [coinOf(1)]);
      votes.push(voteOf('accept', transaction));
    }
    expect(tally.add(bundleOf(0, votes)).events).toHaveLength(maxEvidencePerMember);
    expect(tally.add(bundleOf(1, votes.slice(0, 2))).events).toHaveLength(1);
  });
});
