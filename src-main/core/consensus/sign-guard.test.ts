import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockHash, Txid } from '../../../src-shared/domain/ids.ts';
import type { GuardRecord } from '../store-operation.ts';
import { block, coin, tx } from './consensus.fixture.ts';
import { freshHeight, type Prevote } from './round-state.ts';
import { type GuardAnswer, maxAccepts, SignGuard } from './sign-guard.ts';

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
    expect(guard.restored(height)).toEqual({ round: 5, step: 'propose', locked: { round: 5, blockHash: b }, valid: { round: 3, blockHash: a } });
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
  const args = { epoch, txid: x, inputs: [coin(1)], hasCertificate: true, applicable: true, prevotedBlockConflicts: () => false };

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
    const guard = newGuard([
      { kind: 'block-vote', height: height - 1, round: 9, phase: 'prevote', blockHash: b },
      ...kept,
      { kind: 'accept', epoch: 7, txid: x, inputs: [coin(1)] },
      { kind: 'commit', epoch: 7, txid: x, inputs: [coin(1)] },
    ]);
    expect(guard.ownVotes(height)).toEqual(kept);
    expect([guard.hasAccepted(x), guard.hasCommitted(x), guard.acceptedFor(coin(1))]).toEqual([false, false, undefined]);
  });
});

/** Crash consistency: whatever prefix of the records is durable, a guard built from it never contradicts what was sent on the strength of it. */
describe('at every prefix of its records', () => {
  const transfers = [
    { txid: tx(1), inputs: [1, 2] },
    { txid: tx(2), inputs: [2, 3] },
    { txid: tx(3), inputs: [3, 4] },
    { txid: tx(4), inputs: [5] },
  ];
  const blocks = [block(1), block(2), block(3)];
  /** Block i conflicts with transfers 2i and up, say: fixed, and known to both callbacks. */
  const conflicting = (blockHash: BlockHash, txid: Txid): boolean => (blocks.indexOf(blockHash) + transfers.findIndex((one) => one.txid === txid)) % 2 === 0;

  type Act = {
    readonly what: 'prevote' | 'again' | 'nil' | 'precommit' | 'precommit-nil' | 'propose' | 'accept' | 'commit' | 'release';
    n: number;
    round: number;
  };
  const anyAct: fc.Arbitrary<Act> = fc.record({
    what: fc.constantFrom('prevote', 'again', 'nil', 'precommit', 'precommit-nil', 'propose', 'accept', 'commit', 'release'),
    n: fc.nat({ max: 3 }),
    round: fc.nat({ max: 4 }),
  });

  function perform(guard: SignGuard, { what, n, round }: Act): GuardAnswer {
    const blockHash = blocks[n % 3] as BlockHash;
    const { txid, inputs } = transfers[n] as (typeof transfers)[number];
    const conflicts = (committed: Txid): boolean => conflicting(blockHash, committed);
    switch (what) {
      case 'prevote':
        return guard.prevote({ ...fresh(round, blockHash), height, conflicts });
      case 'again':
        return guard.prevote({ ...again(round, blockHash, round - 1), height, conflicts });
      case 'nil':
        return guard.prevote({ ...nil(round), height, conflicts });
      case 'precommit': {
        // As the engine does: valid value, lock and precommit of line 36, in that order.
        const answers = [guard.valid({ height, round, blockHash }), guard.lock({ height, round, blockHash }), guard.precommit({ height, round, blockHash })];
        const refused = answers.find((answer) => !answer.ok);
        return refused ?? { ok: true, records: answers.flatMap((answer) => (answer.ok ? answer.records : [])) };
      }
      case 'precommit-nil':
        return guard.precommit({ height, round, blockHash: undefined });
      case 'propose':
        return guard.propose({ height, round, validRound: undefined, blockHash });
      case 'accept':
        return guard.accept({ epoch, txid, inputs: inputs.map(coin) });
      case 'commit':
        return guard.commit({
          epoch,
          txid,
          inputs: inputs.map(coin),
          hasCertificate: true,
          applicable: true,
          prevotedBlockConflicts: (prevoted) => conflicting(prevoted, txid),
        });
      case 'release':
        return { ok: true, records: guard.released([txid]) };
    }
  }

  /** What an observer of the wire would hold against the sender. */
  function contradicts(earlier: readonly Act[], { what, n, round }: Act): boolean {
    const isPrevote = (act: Act): boolean => act.what === 'prevote' || act.what === 'again' || act.what === 'nil';
    const isPrecommit = (act: Act): boolean => act.what === 'precommit' || act.what === 'precommit-nil';
    const value = (act: Act): number | undefined => (act.what === 'nil' || act.what === 'precommit-nil' ? undefined : act.n % 3);
    const me: Act = { what, n, round };
    const live = (kind: 'accept' | 'commit'): Act[] =>
      earlier.filter((act, at) => act.what === kind && !earlier.slice(at).some((later) => later.what === 'release' && later.n === act.n));
    const shares = (other: Act): boolean => other.n !== n && (transfers[other.n]?.inputs.some((input) => transfers[n]?.inputs.includes(input)) ?? false);
    const blockOf = (act: Act): BlockHash => blocks[act.n % 3] as BlockHash;
    const txidOf = (act: Act): Txid => (transfers[act.n] as (typeof transfers)[number]).txid;
    const sameValueBefore = (kind: (act: Act) => boolean): boolean => earlier.some((act) => kind(act) && act.round === round && value(act) === value(me));
    if (isPrevote(me)) {
      if (earlier.some((act) => isPrevote(act) && act.round === round && value(act) !== value(me))) return true;
      if (sameValueBefore(isPrevote)) return false;
      if (earlier.some((act) => (isPrevote(act) && act.round > round) || (isPrecommit(act) && act.round >= round))) return true;
      const lockedOn = earlier.filter((act) => act.what === 'precommit').at(-1);
      const quorum = what === 'again' && round > 0 ? round - 1 : -1;
      if (what !== 'nil' && lockedOn !== undefined && value(lockedOn) !== value(me) && quorum < lockedOn.round) return true;
      return what === 'prevote' && live('commit').some((act) => conflicting(blockOf(me), txidOf(act)));
    }
    if (isPrecommit(me)) {
      if (sameValueBefore(isPrecommit)) return false;
      return earlier.some((act) => (isPrecommit(act) && act.round === round) || ((isPrevote(act) || isPrecommit(act)) && act.round > round));
    }
    if (what === 'propose') return earlier.some((act) => act.what === 'propose' && act.round === round && value(act) !== value(me));
    if (what === 'accept') return live('accept').some(shares);
    if (what === 'commit') {
      if (live('commit').some((act) => act.n === n)) return false;
      return live('commit').some(shares) || earlier.some((act) => isPrevote(act) && act.what !== 'nil' && conflicting(blockOf(act), txidOf(me)));
    }
    return false;
  }

  it('contradicts nothing that was sent', () => {
    let refusedAfterRestart = 0;
    fc.assert(
      fc.property(fc.array(anyAct, { maxLength: 25 }), fc.array(anyAct, { minLength: 1, maxLength: 12 }), fc.nat(), (before, after, cut) => {
        const guard = newGuard();
        const durable: GuardRecord[] = [];
        const sent: { act: Act; records: number }[] = [];
        for (const act of before) {
          const answer = perform(guard, act);
          if (!answer.ok) continue;
          expect(
            contradicts(
              sent.map((one) => one.act),
              act,
            ),
          ).toBe(false);
          durable.push(...answer.records);
          sent.push({ act, records: durable.length });
        }
        const kept = cut % (durable.length + 1);
        const restarted = newGuard(durable.slice(0, kept));
        // A message left only if all its records, and those before, were durable.
        const seen = sent.filter(({ records }) => records <= kept).map(({ act }) => act);
        for (const act of after) {
          const allowed = perform(restarted, act).ok;
          if (contradicts(seen, act)) expect({ act, allowed }).toEqual({ act, allowed: false });
          if (allowed) seen.push(act);
          else refusedAfterRestart++;
        }
      }),
      { numRuns: 3_000 },
    );
    expect(refusedAfterRestart).toBeGreaterThan(1_000);
  });

  it('comes to the same guard as the one that wrote them', () => {
    fc.assert(
      fc.property(fc.array(anyAct, { maxLength: 30 }), fc.array(anyAct, { maxLength: 10 }), (before, after) => {
        const guard = newGuard();
        const durable = before.flatMap((act) => {
          // A refused precommit may have left its lock, which the engine stores as well.
          const locked = act.what === 'precommit' ? guard.restored(height) : undefined;
          const answer = perform(guard, act);
          if (answer.ok) return [...answer.records];
          const now = guard.restored(height);
          const records: GuardRecord[] = [];
          if (locked !== undefined && now.locked !== undefined && now.locked !== locked.locked)
            records.push({ kind: 'lock', height, lockedRound: now.locked.round, lockedHash: now.locked.blockHash });
          if (locked !== undefined && now.valid !== undefined && now.valid !== locked.valid)
            records.push({ kind: 'valid', height, validRound: now.valid.round, validHash: now.valid.blockHash });
          return records;
        });
        const restarted = newGuard(durable);
        expect(restarted.restored(height)).toEqual(guard.restored(height));
        for (const act of after) expect(perform(restarted, act)).toEqual(perform(guard, act));
      }),
    );
  });
});
