import { describe, expect, it } from 'vitest';
import type { BlockHash, Txid } from '../../../src-shared/domain/ids.ts';
import type { GuardRecord } from '../store-operation.ts';
import { block, coin, tx } from './consensus.fixture.ts';
import type { GuardAnswer } from './guard-answer.ts';
import { freshHeight, type Prevote } from './round-state.ts';
import { maxAccepts, SignGuard } from './sign-guard.ts';

const [a, b] = [block(1), block(2)];
const [x, y] = [tx(1), tx(2)];
const epoch = 0;
const height = 10;

const fresh = (round: number, blockHash: BlockHash): Prevote => ({ round, blockHash, fresh: true });
const again = (round: number, blockHash: BlockHash, quorumOfPrevotesInRound: number): Prevote => ({ round, blockHash, fresh: false, quorumOfPrevotesInRound });
const nil = (round: number): Prevote => ({ round, blockHash: undefined, fresh: false });
const prevote = (guard: SignGuard, vote: Prevote, conflicting: readonly Txid[] = [], at = height): GuardAnswer =>
  guard.prevote({ ...vote, height: at, conflicts: (txid) => conflicting.includes(txid) });
const precommit = (guard: SignGuard, round: number, blockHash: BlockHash | undefined): GuardAnswer => guard.precommit({ height, round, blockHash });
const propose = (guard: SignGuard, round: number, blockHash: BlockHash, validRound?: number): GuardAnswer =>
  guard.propose({ height, round, validRound, blockHash });
const lock = (guard: SignGuard, round: number, blockHash: BlockHash): GuardAnswer => guard.lock({ height, round, blockHash });
const accept = (guard: SignGuard, txid: Txid, ...coins: number[]): GuardAnswer => guard.accept({ epoch, txid, inputs: coins.map(coin) });
const commit = (guard: SignGuard, txid: Txid, coins: readonly number[], conflicting: readonly BlockHash[] = []): GuardAnswer =>
  guard.commit({
    epoch,
    txid,
    inputs: coins.map(coin),
    hasCertificate: true,
    closing: false,
    applicable: true,
    prevotedBlockConflicts: (blockHash) => conflicting.includes(blockHash),
  });

const newGuard = (records: readonly GuardRecord[] = []): SignGuard => new SignGuard(records, height, epoch);
const codeOf = (answer: GuardAnswer): string => (answer.ok ? `ok ${answer.records.length}` : answer.reason.code);

describe('block votes', () => {
  it('are signed once in each place: the same again, nothing else', () => {
    const guard = newGuard();
    expect(prevote(guard, fresh(0, a))).toEqual({ ok: true, records: [{ kind: 'block-vote', height, round: 0, phase: 'prevote', blockHash: a }] });
    expect(codeOf(prevote(guard, fresh(0, a)))).toBe('ok 0');
    expect(codeOf(prevote(guard, fresh(0, b)))).toBe('contradiction');
    expect(codeOf(prevote(guard, nil(0)))).toBe('contradiction');
    expect(codeOf(precommit(guard, 0, undefined))).toBe('ok 1');
    expect(codeOf(precommit(guard, 0, undefined))).toBe('ok 0');
    expect(codeOf(precommit(guard, 0, a))).toBe('contradiction');
  });

  it('never go back: not to an earlier round, not to an earlier phase, though the same may be signed again', () => {
    const guard = newGuard();
    prevote(guard, fresh(1, a));
    precommit(guard, 2, undefined);
    expect(codeOf(prevote(guard, nil(0)))).toBe('regression');
    expect(codeOf(prevote(guard, nil(2)))).toBe('regression');
    expect(codeOf(precommit(guard, 1, undefined))).toBe('regression');
    expect(codeOf(propose(guard, 2, a))).toBe('regression');
    expect(codeOf(prevote(guard, fresh(1, a)))).toBe('ok 0');
    expect(codeOf(prevote(guard, nil(3)))).toBe('ok 1');
  });

  it('belong to the height to decide next', () => {
    const guard = newGuard();
    for (const at of [height - 1, height + 1]) expect(codeOf(prevote(guard, nil(0), [], at))).toBe('wrong-height');
    prevote(guard, fresh(5, a));
    lock(guard, 5, a);
    guard.decided(height);
    expect(guard.restored(height + 1)).toEqual(freshHeight);
    expect(codeOf(prevote(guard, nil(5)))).toBe('wrong-height');
    expect(codeOf(prevote(guard, fresh(0, b), [], height + 1))).toBe('ok 1');
  });

  it('are refused below a height that records speak of, on a chain that lost blocks', () => {
    const later: GuardRecord = { kind: 'block-vote', height: height + 2, round: 0, phase: 'prevote', blockHash: a };
    const guard = newGuard([later]);
    expect(codeOf(prevote(guard, nil(0)))).toBe('wrong-height');
    guard.decided(height);
    guard.decided(height + 1);
    expect(codeOf(prevote(guard, fresh(0, b), [], height + 2))).toBe('contradiction');
  });

  it('for a block need the lock first (line 38 before 40)', () => {
    const guard = newGuard();
    expect(codeOf(precommit(guard, 1, a))).toBe('not-locked');
    expect(codeOf(lock(guard, 1, a))).toBe('ok 1');
    expect(codeOf(precommit(guard, 1, b))).toBe('not-locked');
    expect(codeOf(precommit(guard, 2, a))).toBe('not-locked');
    expect(codeOf(precommit(guard, 1, a))).toBe('ok 1');
  });

  it.each<{ what: string; vote: Prevote; code: string }>([
    { what: 'the locked block, fresh (line 23)', vote: fresh(4, a), code: 'ok 1' },
    { what: 'the locked block, of an earlier quorum (line 29)', vote: again(4, a, 1), code: 'ok 1' },
    { what: 'another, fresh', vote: fresh(4, b), code: 'locked' },
    { what: 'another, with a quorum before the lock', vote: again(4, b, 1), code: 'locked' },
    { what: 'another, with a quorum in the round of the lock', vote: again(4, b, 2), code: 'ok 1' },
    { what: 'another, with a quorum after the lock', vote: again(4, b, 3), code: 'ok 1' },
    { what: 'another, with a "quorum" that is not earlier', vote: again(4, b, 4), code: 'locked' },
    { what: 'nil', vote: nil(4), code: 'ok 1' },
  ])('locked on a block in round 2, prevote $what: $code', ({ vote, code }) => {
    const guard = newGuard();
    prevote(guard, fresh(2, a));
    lock(guard, 2, a);
    precommit(guard, 2, a);
    expect(codeOf(prevote(guard, vote))).toBe(code);
  });
});

describe('proposals', () => {
  it('are one per round', () => {
    const guard = newGuard();
    expect(codeOf(propose(guard, 0, a))).toBe('ok 1');
    expect(codeOf(propose(guard, 0, a))).toBe('ok 0');
    expect(codeOf(propose(guard, 0, b))).toBe('contradiction');
    expect(codeOf(propose(guard, 2, a, 1))).toBe('ok 1');
    expect(codeOf(propose(guard, 2, a))).toBe('contradiction');
    expect(codeOf(propose(guard, 1, b))).toBe('regression');
    expect(guard.proposalOf(height, 2)).toMatchObject({ blockHash: a, validRound: 1 });
  });

  it('are refused once the round is voted in, and by a node that is behind', () => {
    const guard = newGuard();
    prevote(guard, nil(0));
    expect(codeOf(propose(guard, 0, a))).toBe('regression');
    guard.certified(height - 1);
    expect(codeOf(propose(guard, 1, a))).toBe('ok 1');
    guard.certified(height + 3);
    expect(codeOf(propose(guard, 2, a))).toBe('behind');
    for (let decided = height; decided <= height + 3; decided++) guard.decided(decided);
    expect(codeOf(guard.propose({ height: height + 4, round: 0, validRound: undefined, blockHash: b }))).toBe('ok 1');
  });
});

describe('locked and valid values', () => {
  it('only rise', () => {
    const guard = newGuard();
    for (const raise of [guard.lock.bind(guard), guard.valid.bind(guard)]) {
      expect(codeOf(raise({ height, round: 3, blockHash: a }))).toBe('ok 1');
      expect(codeOf(raise({ height, round: 3, blockHash: a }))).toBe('ok 0');
      expect(codeOf(raise({ height, round: 3, blockHash: b }))).toBe('contradiction');
      expect(codeOf(raise({ height, round: 2, blockHash: b }))).toBe('regression');
    }
    precommit(guard, 4, undefined);
    expect(codeOf(lock(guard, 4, b))).toBe('regression');
    expect(codeOf(lock(guard, 5, b))).toBe('ok 1');
    expect(guard.restored(height)).toEqual({ round: 5, step: 'prevote', locked: { round: 5, blockHash: b }, valid: { round: 3, blockHash: a } });
  });
});

describe('rule 1: accept once', () => {
  it('allows one transfer per outpoint in an epoch', () => {
    const guard = newGuard();
    expect(accept(guard, x, 1, 2)).toEqual({ ok: true, records: [{ kind: 'accept', epoch, txid: x, inputs: [coin(1), coin(2)] }] });
    expect(codeOf(accept(guard, x, 1, 2))).toBe('ok 0');
    expect(codeOf(accept(guard, y, 3, 2))).toBe('accepted-another');
    expect(codeOf(accept(guard, y, 3))).toBe('ok 1');
    expect(guard.acceptedFor(coin(2))).toBe(x);
    expect(codeOf(guard.accept({ epoch: 1, txid: tx(9), inputs: [coin(9)] }))).toBe('wrong-epoch');
  });

  it('lets go of the outpoints of a transfer that a block settled or made inapplicable', () => {
    const guard = newGuard();
    accept(guard, x, 1, 2);
    expect(guard.released([y])).toEqual([]);
    expect(guard.released([x, y])).toEqual([{ kind: 'release', txids: [x] }]);
    expect(guard.hasAccepted(x)).toBe(false);
    expect(codeOf(accept(guard, y, 2))).toBe('ok 1');
  });

  it('is bounded', () => {
    const records: GuardRecord[] = [];
    for (let index = 0; index < maxAccepts; index++) records.push({ kind: 'accept', epoch, txid: tx(1_000 + index), inputs: [coin(1_000 + index)] });
    const guard = newGuard(records);
    expect(codeOf(accept(guard, x, 1))).toBe('too-many-accepts');
    guard.released([tx(1_000)]);
    expect(codeOf(accept(guard, x, 1))).toBe('ok 1');
  });
});

describe('rule 2: commit carefully', () => {
  const args = { epoch, txid: x, inputs: [coin(1)], hasCertificate: true, closing: false, applicable: true, prevotedBlockConflicts: () => false };

  it.each([
    { what: 'without a certificate', over: { hasCertificate: false }, code: 'no-certificate' },
    { what: 'that no longer applies', over: { applicable: false }, code: 'inapplicable' },
    { what: 'of another epoch', over: { epoch: 1 }, code: 'wrong-epoch' },
    { what: 'with all there is', over: {}, code: 'ok 1' },
  ])('a transfer $what: $code', ({ over, code }) => {
    expect(codeOf(newGuard().commit({ ...args, ...over }))).toBe(code);
  });

  it('not beside a live commit that shares an input', () => {
    const guard = newGuard();
    commit(guard, x, [1, 2]);
    expect(codeOf(commit(guard, x, [1, 2]))).toBe('ok 0');
    expect(codeOf(commit(guard, y, [2, 3]))).toBe('committed-another');
    guard.released([x]);
    expect(codeOf(commit(guard, y, [2, 3]))).toBe('ok 1');
    expect([guard.hasCommitted(x), guard.hasCommitted(y)]).toEqual([false, true]);
  });

  it('whatever was accepted for the outpoint: the certificate counts', () => {
    const guard = newGuard();
    accept(guard, y, 1);
    expect(codeOf(commit(guard, x, [1]))).toBe('ok 1');
  });

  it('not with an own prevote in any round of this height for a conflicting block, also after a restart; at the next height again', () => {
    const guard = newGuard();
    const records = [fresh(0, a), nil(1), fresh(2, b), nil(3)].flatMap((vote) => {
      const answer = prevote(guard, vote);
      return answer.ok ? answer.records : [];
    });
    for (const one of [guard, newGuard(records)]) {
      expect(codeOf(commit(one, x, [1], [a]))).toBe('prevoted-conflict');
      expect(codeOf(commit(one, y, [2], [block(7)]))).toBe('ok 1');
      one.decided(height);
      expect(codeOf(commit(one, x, [1], [a]))).toBe('ok 1');
    }
  });

  it('though precommitting a conflicting block is no hindrance (lines 36 and 49 are not restricted)', () => {
    const guard = newGuard();
    commit(guard, x, [1]);
    prevote(guard, nil(0));
    expect(codeOf(lock(guard, 0, a))).toBe('ok 1');
    expect(codeOf(precommit(guard, 0, a))).toBe('ok 1');
  });
});

describe('rule 3: a commit is a lock from round -1', () => {
  it('in every height anew', () => {
    const guard = newGuard();
    commit(guard, x, [1]);
    expect(codeOf(prevote(guard, fresh(0, a), [x]))).toBe('conflicts-with-commit');
    expect(codeOf(prevote(guard, fresh(0, b), [y]))).toBe('ok 1');
    expect(codeOf(prevote(guard, again(1, a, 0), [x]))).toBe('ok 1');
    guard.decided(height);
    expect(codeOf(prevote(guard, fresh(0, a), [x], height + 1))).toBe('conflicts-with-commit');
    expect(codeOf(prevote(guard, nil(0), [x], height + 1))).toBe('ok 1');
  });

  it('opens only to a quorum of prevotes in an earlier round', () => {
    const guard = newGuard();
    commit(guard, x, [1]);
    expect(codeOf(prevote(guard, again(1, a, 1), [x]))).toBe('conflicts-with-commit');
    expect(codeOf(prevote(guard, again(1, a, 0), [x]))).toBe('ok 1');
  });

  it('is over when the transfer is settled', () => {
    const guard = newGuard();
    commit(guard, x, [1]);
    guard.released([x]);
    expect(codeOf(prevote(guard, fresh(0, a), [x]))).toBe('ok 1');
  });
});

describe('a restart', () => {
  it.each<{ what: string; act: (guard: SignGuard) => void; round: number; step: string }>([
    { what: 'nothing', act: () => {}, round: 0, step: 'propose' },
    { what: 'a proposal', act: (guard) => propose(guard, 2, a), round: 2, step: 'propose' },
    { what: 'a prevote', act: (guard) => prevote(guard, nil(3)), round: 3, step: 'prevote' },
    { what: 'a lock', act: (guard) => [prevote(guard, fresh(3, a)), lock(guard, 3, a)], round: 3, step: 'prevote' },
    { what: 'a lock without a prevote', act: (guard) => lock(guard, 3, a), round: 3, step: 'prevote' },
    { what: 'a precommit', act: (guard) => [prevote(guard, nil(3)), precommit(guard, 3, undefined)], round: 3, step: 'precommit' },
    { what: 'a vote in a later round', act: (guard) => [precommit(guard, 3, undefined), prevote(guard, nil(4))], round: 4, step: 'prevote' },
  ])('after $what goes on in round $round, step $step', ({ act, round, step }) => {
    const guard = newGuard();
    act(guard);
    expect(guard.restored(height)).toMatchObject({ round, step });
  });

  it('gives back the votes of every round in order, and drops other epochs and heights below', () => {
    const kept: GuardRecord[] = [
      { kind: 'block-vote', height, round: 0, phase: 'prevote', blockHash: a },
      { kind: 'block-vote', height, round: 1, phase: 'precommit', blockHash: undefined },
    ];
    const guard = new SignGuard(
      [
        { kind: 'block-vote', height: height - 1, round: 9, phase: 'prevote', blockHash: b },
        ...kept,
        { kind: 'accept', epoch: 7, txid: x, inputs: [coin(1)] },
        { kind: 'commit', epoch: 7, txid: x, inputs: [coin(1)] },
      ],
      height,
      8,
    );
    expect(guard.ownVotes(height)).toEqual(kept);
    expect([guard.hasAccepted(x), guard.hasCommitted(x), guard.acceptedFor(coin(1))]).toEqual([false, false, undefined]);
  });
});

describe('silence, after an operator has taken blocks off', () => {
  const tip = block(9);
  /** Decided up to height 9, in epoch 3; prevoted at 10, accepted and committed. */
  const left = (): { readonly guard: SignGuard; readonly records: GuardRecord[] } => {
    const guard = new SignGuard([], height, 3);
    const records: GuardRecord[] = [];
    const said = (answer: GuardAnswer): void => void (answer.ok && records.push(...answer.records));
    said(prevote(guard, fresh(0, a)));
    said(guard.accept({ epoch: 3, txid: x, inputs: [coin(1)] }));
    records.push(...guard.leave(tip));
    return { guard, records };
  };
  const speaks = (guard: SignGuard, at: number, inEpoch: number): readonly string[] => [
    codeOf(prevote(guard, nil(0), [], at)),
    codeOf(guard.propose({ height: at, round: 7, validRound: undefined, blockHash: b })),
    codeOf(guard.accept({ epoch: inEpoch, txid: y, inputs: [coin(2)] })),
  ];
  const silent = ['silent', 'silent', 'silent'];
  const spoken = ['ok 1', 'ok 1', 'ok 1'];
  const decideUntil = (guard: SignGuard, at: number): void => {
    for (let decided = 7; decided < at; decided++) guard.decided(decided);
  };

  it('holds at once, also after a start, and until both height and epoch are beyond what may have been signed', () => {
    const { guard, records } = left();
    expect(speaks(guard, height, 3)).toEqual(silent);
    guard.reverted(7, 2);
    expect(speaks(guard, 7, 2)).toEqual(silent);
    expect(speaks(new SignGuard(records, 7, 2), 7, 2)).toEqual(silent);
    decideUntil(guard, 11);
    guard.newEpoch(3);
    expect(speaks(guard, 11, 3)).toEqual(silent);
    guard.newEpoch(4);
    expect(speaks(guard, 11, 4)).toEqual(spoken);
    expect(speaks(new SignGuard(records, 11, 4), 11, 4)).toEqual(spoken);
    expect(speaks(new SignGuard(records, 10, 4), 10, 4)).toEqual(silent);
  });

  it('is over at the tip that was left, where all that was signed is known again', () => {
    const { guard, records } = left();
    guard.reverted(7, 2);
    decideUntil(guard, height);
    guard.newEpoch(3);
    expect(guard.arrived(block(8))).toEqual([]);
    const end = guard.arrived(tip);
    expect(end).toEqual([{ kind: 'end-silence' }]);
    for (const back of [guard, new SignGuard([...records, ...end], height, 3)]) {
      expect(codeOf(prevote(back, fresh(0, b)))).toBe('contradiction');
      expect(codeOf(prevote(back, fresh(0, a)))).toBe('ok 0');
      expect(codeOf(back.accept({ epoch: 3, txid: y, inputs: [coin(1)] }))).toBe('accepted-another');
      expect(codeOf(back.accept({ epoch: 3, txid: y, inputs: [coin(2)] }))).toBe('ok 1');
    }
  });

  it('keeps known what was committed in an epoch that may be come back to', () => {
    const guard = new SignGuard([{ kind: 'commit', epoch: 3, txid: x, inputs: [coin(1)] }], height, 3);
    guard.leave(tip);
    guard.reverted(7, 2);
    expect([guard.hasCommitted(x), guard.committedFor(coin(1))]).toEqual([true, undefined]);
    guard.newEpoch(3);
    expect([guard.hasCommitted(x), guard.committedFor(coin(1))]).toEqual([true, x]);
    guard.newEpoch(4);
    expect(guard.hasCommitted(x)).toBe(false);
  });

  it('is not over at a tip that was left before another one: what was signed there is forgotten since', () => {
    const { guard } = left();
    guard.reverted(7, 2);
    decideUntil(guard, 9);
    guard.leave(block(88));
    guard.reverted(7, 2);
    decideUntil(guard, height);
    guard.newEpoch(3);
    expect(guard.arrived(tip)).toEqual([]);
    expect(speaks(guard, height, 3)).toEqual(silent);
  });

  it('takes what was signed on the branch that was left for its own: nobody else uses the key', () => {
    const { guard } = left();
    guard.reverted(7, 2);
    expect(guard.knowsVote({ height: 9, round: 0, phase: 'prevote', blockHash: b })).toBe(true);
    expect(guard.knowsVote({ height: 11, round: 0, phase: 'prevote', blockHash: b })).toBe(false);
    expect([guard.ownVotes(height), guard.restored(height)]).toEqual([[], freshHeight]);
  });
});
