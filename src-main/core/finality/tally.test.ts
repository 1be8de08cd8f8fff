import { describe, expect, it } from 'vitest';
import type { VoteChoice } from '../codec/vote-bundle.ts';
import { InvariantError } from '../invariant.ts';
import { type TallyEvent, VoteTally } from './tally.ts';
import { bundleOf, coinOf, nodeIdOf, say, snapshotOf, txidOf, voteOf } from './vote-fixtures.ts';

const four = snapshotOf([10, 10, 10, 10]);
const x = txidOf(1);

/** Members that speak in turn; the events in order. */
function spoken(
  weights: readonly number[],
  said: readonly (readonly [number, VoteChoice])[],
): { readonly tally: VoteTally; readonly kinds: readonly TallyEvent['kind'][] } {
  const tally = new VoteTally(snapshotOf(weights));
  const kinds = said.flatMap(([member, choice]) => tally.add(say(member, choice, 1)).events.map(({ kind }) => kind));
  return { tally, kinds };
}

describe('quorums, in integers', () => {
  const cases: readonly {
    readonly what: string;
    readonly weights: readonly number[];
    readonly members: readonly number[];
    readonly quorum: boolean;
    readonly blocking: boolean;
  }[] = [
    { what: 'nobody of nobody', weights: [], members: [], quorum: false, blocking: false },
    { what: 'one of one', weights: [1], members: [0], quorum: true, blocking: true },
    { what: 'one of two', weights: [1, 1], members: [0], quorum: false, blocking: true },
    { what: 'exactly two of three', weights: [1, 1, 1], members: [0, 1], quorum: true, blocking: true },
    { what: 'exactly one of three', weights: [1, 1, 1], members: [2], quorum: false, blocking: false },
    { what: 'two of four', weights: [10, 10, 10, 10], members: [0, 3], quorum: false, blocking: true },
    { what: 'three of four', weights: [10, 10, 10, 10], members: [0, 1, 3], quorum: true, blocking: true },
    { what: 'one of four', weights: [10, 10, 10, 10], members: [1], quorum: false, blocking: false },
    { what: 'a gold member among small ones', weights: [1_000, 100, 100, 10, 1], members: [0], quorum: true, blocking: true },
    { what: 'all but the gold member', weights: [1_000, 100, 100, 10, 1], members: [1, 2, 3, 4], quorum: false, blocking: false },
    { what: 'tiers, exactly two thirds: 1,000 of 1,500', weights: [1_000, 100, 100, 100, 100, 100], members: [0], quorum: true, blocking: true },
    { what: 'tiers, one unit below: 1,000 of 1,501', weights: [1_000, 100, 100, 100, 100, 100, 1], members: [0], quorum: false, blocking: true },
    { what: 'tiers, exactly one third: 500 of 1,500', weights: [1_000, 100, 100, 100, 100, 100], members: [1, 2, 3, 4, 5], quorum: false, blocking: false },
    { what: 'tiers, above one third: 501 of 1,501', weights: [1_000, 100, 100, 100, 100, 100, 1], members: [1, 2, 3, 4, 5, 6], quorum: false, blocking: true },
    { what: 'a member of no weight', weights: [0, 3], members: [0], quorum: false, blocking: false },
  ];
  it.each(cases)('$what', ({ weights, members, quorum, blocking }) => {
    const weight = members.reduce((sum, member) => sum + (weights[member] ?? 0), 0);
    const accepts = spoken(
      weights,
      members.map((member) => [member, 'accept'] as const),
    );
    expect(accepts.kinds).toEqual(quorum ? ['certified'] : []);
    expect(accepts.tally.of(x)).toMatchObject({ acceptWeight: weight, certified: quorum, final: false });
    const commits = spoken(
      weights,
      members.map((member) => [member, 'commit'] as const),
    );
    expect(commits.kinds).toEqual(quorum ? ['final'] : []);
    expect(commits.tally.of(x)).toMatchObject({ commitWeight: weight, certified: false, final: quorum });
    const rejects = spoken(
      weights,
      members.map((member) => [member, 'reject'] as const),
    );
    expect(rejects.kinds).toEqual(blocking ? ['rejected'] : []);
    expect(rejects.tally.of(x)).toMatchObject({ rejectWeight: weight, rejected: blocking });
  });

  it('an empty snapshot knows no signer and decides nothing', () => {
    const tally = new VoteTally(snapshotOf([]));
    expect(tally.check(say(0, 'accept', 1).bundle)?.code).toBe('unknown-signer');
    expect(tally.of(x)).toMatchObject({ totalWeight: 0, certified: false, final: false, rejected: false });
    expect(tally.of(x).missing).toEqual([]);
  });
});

describe('what a member says more than once', () => {
  it('an accept is not taken back by a reject; both count', () => {
    const { tally, kinds } = spoken(
      [1, 1, 1],
      [
        [0, 'accept'],
        [0, 'reject'],
        [1, 'accept'],
        [1, 'reject'],
      ],
    );
    expect(kinds).toEqual(['certified']);
    expect(tally.of(x)).toMatchObject({ acceptWeight: 2, rejectWeight: 2, certified: true, rejected: false });
  });
  it('a certificate overrides rejects that came first', () => {
    const { tally, kinds } = spoken(
      [1, 1, 1],
      [
        [0, 'reject'],
        [1, 'reject'],
        [1, 'accept'],
        [2, 'accept'],
      ],
    );
    expect(kinds).toEqual(['rejected', 'certified']);
    expect(tally.of(x).rejected).toBe(false);
  });
  it('a second reject with another code counts once, and the gravest is shown', () => {
    const tally = new VoteTally(four);
    const rejectAs = (code: 'broken-rule' | 'conflict-settled') => bundleOf(0, [{ txid: x, choice: 'reject', code }]);
    expect(tally.add(rejectAs('conflict-settled')).fresh).toBe(true);
    expect(tally.add(rejectAs('broken-rule')).fresh).toBe(true);
    expect(tally.of(x).rejectWeight).toBe(10);
    expect(tally.voters(x)).toEqual([{ nodeId: nodeIdOf(0), accept: false, commit: false, reject: true, rejectCode: 'broken-rule' }]);
  });
  it('the same votes under another signature are not fresh and are not kept', () => {
    const tally = new VoteTally(four);
    expect(tally.add(bundleOf(0, [voteOf('accept', 1), voteOf('accept', 2)])).fresh).toBe(true);
    for (let salt = 1; salt < 10; salt++) {
      const again = bundleOf(0, [voteOf('accept', 2)], salt);
      expect(tally.addsNothing(again.bundle)).toBe(true);
      expect(tally.add(again)).toEqual({ events: [], fresh: false, accepted: [], unknown: [], dropped: [] });
      expect(tally.hasBundle(again.hash)).toBe(false);
    }
    expect(tally.sizes().bundles).toBe(1);
  });
  it('one vote twice in one bundle counts once', () => {
    const tally = new VoteTally(four);
    const votes = [voteOf('accept', 1), voteOf('accept', 1), voteOf('commit', 1)];
    expect(tally.add(bundleOf(0, votes))).toMatchObject({ accepted: [], unknown: [x] });
    expect(tally.of(x)).toMatchObject({ acceptWeight: 10, commitWeight: 10 });
    expect(tally.bundlesFor(x)).toHaveLength(1);
    tally.setInputs(x, [coinOf(1)]);
    expect(tally.add(bundleOf(1, votes))).toMatchObject({ accepted: [x], unknown: [] });
    expect(tally.add(bundleOf(1, [voteOf('reject', 1)]))).toMatchObject({ fresh: true, accepted: [], unknown: [] });
  });
});

describe('who may speak', () => {
  const tally = new VoteTally(snapshotOf([1, 1], 7));
  it.each([
    ['a member in its epoch', bundleOf(1, [voteOf('accept', 1)], 0, 7), undefined],
    ['a stranger', bundleOf(2, [voteOf('accept', 1)], 0, 7), 'unknown-signer'],
    ['a member in the epoch before', bundleOf(1, [voteOf('accept', 1)], 0, 6), 'wrong-epoch'],
    ['a member in the epoch after', bundleOf(1, [voteOf('accept', 1)], 0, 8), 'wrong-epoch'],
  ])('%s', (_, { bundle }, code) => {
    expect(tally.check(bundle)?.code).toBe(code);
  });
  it('what was not checked is a bug', () => {
    expect(() => tally.add(say(2, 'accept', 1))).toThrow(InvariantError);
    expect(() => tally.add(say(1, 'accept', 1))).toThrow(InvariantError);
  });
});

describe('views', () => {
  it('missing is the vote needed next, in snapshot order', () => {
    const tally = new VoteTally(four);
    const missing = () => tally.of(x).missing.map((nodeId) => four.members.findIndex((member) => member.nodeId === nodeId));
    expect(missing()).toEqual([0, 1, 2, 3]);
    tally.add(say(2, 'accept', 1));
    expect(missing()).toEqual([0, 1, 3]);
    tally.add(say(0, 'accept', 1));
    tally.add(say(3, 'accept', 1));
    tally.add(say(3, 'commit', 1));
    expect(missing()).toEqual([0, 1, 2]);
    tally.add(say(0, 'commit', 1));
    tally.add(say(1, 'commit', 1));
    expect(missing()).toEqual([]);
  });
  it('bundles are served once each, with the bytes they came with, and decode to the same votes', () => {
    const tally = new VoteTally(four);
    const both = say(0, 'accept', 1, 2);
    const one = say(1, 'accept', 2);
    tally.add(both);
    tally.add(one);
    expect(tally.bundlesFor(x).map(({ hash }) => hash)).toEqual([both.hash]);
    const ofSecond = tally.bundlesFor(txidOf(2));
    expect(ofSecond.map(({ hash, encoded, bundle }) => ({ hash, encoded, bundle }))).toEqual([both, one]);
    expect(tally.bundlesFor(txidOf(3))).toEqual([]);
  });
  it('keeps its own copy of bytes that are a window on a message', () => {
    const tally = new VoteTally(four);
    const source = say(0, 'accept', 1);
    const message = new Uint8Array(100_000);
    message.set(source.encoded, 500);
    tally.add({ ...source, encoded: message.subarray(500, 500 + source.encoded.length) });
    expect(tally.bundlesFor(x)[0]?.encoded.buffer.byteLength).toBe(source.encoded.length);
    expect(tally.bundlesFor(x)[0]?.encoded).toEqual(source.encoded);
  });
});

describe('settling', () => {
  it('answers a bundle once it serves nothing any more, and counts later votes no more', () => {
    const tally = new VoteTally(four);
    const bundle = say(0, 'accept', 1, 2);
    tally.add(bundle);
    expect(tally.settle([txidOf(1)])).toEqual([]);
    expect(tally.settle([txidOf(2)])).toEqual([bundle.hash]);
    expect(tally.hasBundle(bundle.hash)).toBe(false);
    expect(tally.addsNothing(bundle.bundle)).toBe(true);
    expect(tally.add(bundle).fresh).toBe(false);
    expect(tally.add(say(1, 'commit', 1)).fresh).toBe(false);
    expect(tally.sizes()).toMatchObject({ transactions: 0, early: 0, bundles: 0 });
  });
  it('what was forgotten, and not settled, is counted anew when its votes come again', () => {
    const tally = new VoteTally(four);
    const bundle = say(0, 'accept', 1);
    tally.add(bundle);
    expect(tally.forget([x])).toEqual([bundle.hash]);
    expect(tally.addsNothing(bundle.bundle)).toBe(false);
    expect(tally.add(bundle).fresh).toBe(true);
    expect(tally.of(x).acceptWeight).toBe(10);
  });
  it('a transaction that comes back is voted on again', () => {
    const tally = new VoteTally(four);
    tally.settle([x]);
    tally.setInputs(x, [coinOf(1)]);
    expect(tally.add(say(0, 'accept', 1)).fresh).toBe(true);
    expect(tally.of(x).acceptWeight).toBe(10);
  });
});

describe('what was accepted', () => {
  const accepted = (tally: VoteTally, member: number, tellsAll: boolean) => tally.add(say(member, 'accept', 1), tellsAll).accepted;
  it('is told each time, or the first time alone', () => {
    for (const [tellsAll, second] of [
      [true, [x]],
      [false, []],
    ] as const) {
      const tally = new VoteTally(four);
      tally.setInputs(x, [coinOf(1)]);
      expect([accepted(tally, 0, tellsAll), accepted(tally, 1, tellsAll)]).toEqual([[x], second]);
    }
  });
  it('is told each time of what was ever contested', () => {
    const tally = new VoteTally(four);
    tally.setInputs(x, [coinOf(1)]);
    tally.setInputs(txidOf(2), [coinOf(1)]);
    tally.forget([txidOf(2)]);
    expect([accepted(tally, 0, false), accepted(tally, 1, false)]).toEqual([[x], [x]]);
  });
});

describe('what settled before it was there', () => {
  it('is found in the chain, once, when a bundle is verified, and its votes are worth nothing', () => {
    let asked = 0;
    const tally = new VoteTally(four, (txid) => {
      asked++;
      return txid === x;
    });
    expect([tally.addsNothing(say(1, 'accept', 1).bundle), asked]).toEqual([false, 0]);
    expect(tally.add(say(1, 'accept', 1)).fresh).toBe(false);
    expect(tally.addsNothing(say(1, 'accept', 1).bundle)).toBe(true);
    expect(tally.add(say(1, 'accept', 1, 2))).toMatchObject({ fresh: true, unknown: [txidOf(2)] });
    expect(tally.add(say(2, 'commit', 1, 2))).toMatchObject({ fresh: true, unknown: [txidOf(2)] });
    expect(asked).toBe(2);
    expect(tally.of(x)).toMatchObject({ acceptWeight: 0, commitWeight: 0, acceptVoters: 0, commitVoters: 0 });
    expect(tally.sizes()).toMatchObject({ transactions: 1, settledRemembered: 1 });
  });
});
