import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockHash, Txid } from '../../../src-shared/domain/ids.ts';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import type { GuardRecord } from '../store-operation.ts';
import { block, coin, tx } from './consensus.fixture.ts';
import type { GuardAnswer } from './guard-answer.ts';
import type { RoundValue } from './round-state.ts';
import { SignGuard } from './sign-guard.ts';

const epoch = 0;
const height = 10;
const newGuard = (records: readonly GuardRecord[] = []): SignGuard => new SignGuard(records, height, epoch);

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
        return guard.prevote({ round, blockHash, fresh: true, height, conflicts });
      case 'again':
        return guard.prevote({ round, blockHash, fresh: false, quorumOfPrevotesInRound: round - 1, height, conflicts });
      case 'nil':
        return guard.prevote({ round, blockHash: undefined, fresh: false, height, conflicts });
      case 'precommit': {
        // Valid value, lock and precommit of line 36, each on the strength of the one before.
        const records: GuardRecord[] = [];
        for (const ask of [guard.valid.bind(guard), guard.lock.bind(guard), guard.precommit.bind(guard)]) {
          const answer = ask({ height, round, blockHash });
          if (!answer.ok) return answer;
          records.push(...answer.records);
        }
        return { ok: true, records };
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
          closing: false,
          applicable: true,
          prevotedBlockConflicts: (prevoted) => conflicting(prevoted, txid),
        });
      case 'release':
        return { ok: true, records: guard.released([txid]) };
    }
  }

  /** What an observer of the wire would hold against the sender. `locked`: the last lock in its durable records. */
  function contradicts(earlier: readonly Act[], locked: RoundValue | undefined, { what, n, round }: Act): boolean {
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
      const quorum = what === 'again' && round > 0 ? round - 1 : -1;
      if (what !== 'nil' && locked !== undefined && locked.blockHash !== blockOf(me) && quorum < locked.round) return true;
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

  function lockIn(records: readonly GuardRecord[]): RoundValue | undefined {
    const last = records.filter((record) => record.kind === 'lock').at(-1);
    return last && { round: last.lockedRound, blockHash: last.lockedHash };
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
          const earlier = sent.map((one) => one.act);
          expect(contradicts(earlier, lockIn(durable), act)).toBe(false);
          durable.push(...answer.records);
          sent.push({ act, records: durable.length });
        }
        durable.length = cut % (durable.length + 1);
        const restarted = newGuard(durable);
        // A message left only if all its records, and those before, were durable.
        const seen = sent.filter(({ records }) => records <= durable.length).map(({ act }) => act);
        for (const act of after) {
          const answer = perform(restarted, act);
          if (contradicts(seen, lockIn(durable), act)) expect({ act, allowed: answer.ok }).toEqual({ act, allowed: false });
          if (answer.ok) {
            durable.push(...answer.records);
            seen.push(act);
          } else refusedAfterRestart++;
        }
      }),
      { numRuns: testRuns(500) },
    );
    expect(refusedAfterRestart).toBeGreaterThan(testRuns(150));
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
