import { describe, expect, it } from 'vitest';
import { maxVotesPerBundle } from '../constants.ts';
import { nodeIdOf, txidOf } from './vote-fixtures.ts';
import { maxQueuedRejects, type SigningRules, Voter } from './voter.ts';

const voteResendMs = 3_000;
const make = (): Voter => new Voter({ self: nodeIdOf(0), voteResendMs });
const willing: SigningRules = { accept: () => true, commit: () => 'signed' };
const x = txidOf(1);
const y = txidOf(2);

describe('bundles', () => {
  it('say what is wanted, commits first, once', () => {
    const voter = make();
    expect(voter.hasWork()).toBe(false);
    voter.wantAccept(x, 0);
    voter.wantReject(txidOf(3), 'broken-rule');
    voter.wantCommit(y);
    voter.wantAccept(x, 0);
    expect(voter.hasWork()).toBe(true);
    expect(voter.takeBundle(willing)).toEqual([
      { txid: y, choice: 'commit', code: 'none' },
      { txid: x, choice: 'accept', code: 'none' },
      { txid: txidOf(3), choice: 'reject', code: 'broken-rule' },
    ]);
    voter.wantAccept(x, 0);
    voter.wantCommit(y);
    expect(voter.hasWork()).toBe(false);
    expect(voter.takeBundle(willing)).toBeUndefined();
  });

  it('hold no more than a bundle can, and ask the guard about no vote that does not fit', () => {
    const voter = make();
    const total = 2 * maxVotesPerBundle + 5;
    for (let transaction = 0; transaction < total; transaction++) voter.wantAccept(txidOf(transaction), 0);
    let asked = 0;
    const counting: SigningRules = {
      ...willing,
      accept: () => {
        asked += 1;
        return true;
      },
    };
    const said = new Set<string>();
    for (const expected of [maxVotesPerBundle, maxVotesPerBundle, 5]) {
      const votes = voter.takeBundle(counting);
      expect(votes).toHaveLength(expected);
      for (const { txid } of votes ?? []) said.add(txid);
      expect(asked).toBe(said.size);
    }
    expect(said.size).toBe(total);
    expect(voter.hasWork()).toBe(false);
  });

  it('a refused accept is dropped, and may be wanted again', () => {
    const voter = make();
    voter.wantAccept(x, 0);
    expect(voter.takeBundle({ ...willing, accept: () => false })).toBeUndefined();
    expect(voter.hasWork()).toBe(false);
    voter.wantAccept(x, 0);
    expect(voter.takeBundle(willing)).toHaveLength(1);
  });

  it('a commit refused for now waits for the next height, one refused for good does not', () => {
    const voter = make();
    voter.wantCommit(x);
    voter.wantCommit(y);
    expect(voter.takeBundle({ ...willing, commit: (txid) => (txid === x ? 'later' : 'never') })).toBeUndefined();
    voter.wantCommit(x);
    expect(voter.hasWork()).toBe(false);
    voter.onHeight();
    expect(voter.takeBundle(willing)).toEqual([{ txid: x, choice: 'commit', code: 'none' }]);
    voter.onHeight();
    expect(voter.hasWork()).toBe(false);
  });

  it('a reject takes the place of an accept or commit that is not signed, and the other way round', () => {
    const voter = make();
    voter.wantAccept(x, 0);
    voter.wantCommit(x);
    voter.wantReject(x, 'conflict-certified');
    expect(voter.takeBundle(willing)).toEqual([{ txid: x, choice: 'reject', code: 'conflict-certified' }]);
    voter.wantReject(y, 'conflict-certified');
    voter.wantAccept(y, 0);
    expect(voter.takeBundle(willing)).toEqual([{ txid: y, choice: 'accept', code: 'none' }]);
    voter.wantReject(x, 'conflict-certified');
    voter.wantCommit(x);
    expect(voter.takeBundle(willing)).toEqual([{ txid: x, choice: 'commit', code: 'none' }]);
  });

  it('what was withdrawn is said again if it is wanted again: the guard still has the record', () => {
    const voter = make();
    for (const time of ['first', 'again']) {
      voter.wantAccept(x, 0);
      voter.wantCommit(x);
      expect(voter.takeBundle(willing), time).toHaveLength(2);
      voter.withdraw(x);
    }
  });

  it('what is withdrawn or settled is not said, in this height or the next', () => {
    const voter = make();
    voter.wantAccept(x, 0);
    voter.wantCommit(y);
    voter.takeBundle({ accept: () => false, commit: () => 'later' });
    voter.wantAccept(x, 0);
    voter.withdraw(x);
    voter.markSettled([y]);
    voter.onHeight();
    expect(voter.hasWork()).toBe(false);
    expect(voter.nextResendMs()).toBeUndefined();
  });

  it('rejects are bounded, whatever is sent to us', () => {
    const voter = make();
    for (let transaction = 0; transaction < 3 * maxQueuedRejects; transaction++) voter.wantReject(txidOf(transaction), 'broken-rule');
    expect(voter.takeBundle(willing)).toHaveLength(maxQueuedRejects);
    expect(voter.takeBundle(willing)).toBeUndefined();
  });
});

describe('stalled votes', () => {
  it('are due at the ages delay * 2^n, then every delay * 2^6', () => {
    const voter = make();
    voter.wantAccept(x, 1_000);
    const ages: number[] = [];
    for (let count = 0; count < 9; count++) {
      const nextMs = voter.nextResendMs() ?? 0;
      expect(voter.dueResends(nextMs - 1, 1_000)).toEqual([]);
      expect(voter.dueResends(nextMs, 1_000)).toEqual([x]);
      ages.push((nextMs - 1_000) / voteResendMs);
    }
    expect(ages).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 192]);
  });

  it('after a long silence are sent once', () => {
    const voter = make();
    voter.wantAccept(x, 0);
    expect(voter.dueResends(3_600_000, 1_000)).toEqual([x]);
    expect(voter.dueResends(3_600_000, 1_000)).toEqual([]);
    expect(voter.nextResendMs()).toBe(3_600_000 + 64 * voteResendMs);
  });

  it('wait no longer where the clock is set back', () => {
    const hourMs = 3_600_000;
    for (const wantsMore of [false, true]) {
      const voter = make();
      voter.wantAccept(x, hourMs);
      expect(voter.dueResends(hourMs + voteResendMs, 1_000)).toEqual([x]);
      // Three seconds later, had it not been.
      if (wantsMore) voter.wantAccept(y, 0);
      expect(voter.dueResends(0, 1_000)).toEqual([]);
      expect(voter.nextResendMs()).toBe(3_000);
      expect(voter.dueResends(3_000, 1_000)).toEqual(wantsMore ? [x, y] : [x]);
      expect(voter.nextResendMs()).toBe(wantsMore ? 6_000 : 9_000);
    }
  });

  it('beyond the limit stay due, and none is left out', () => {
    const voter = make();
    voter.wantAccept(x, 0);
    voter.wantAccept(y, 0);
    expect(voter.dueResends(3_000, 1)).toEqual([x]);
    expect(voter.nextResendMs()).toBe(3_000);
    expect(voter.dueResends(3_500, 1)).toEqual([y]);
    expect(voter.nextResendMs()).toBe(6_000);
  });

  it('start with the first want, whether the accept was refused or not', () => {
    const voter = make();
    voter.wantAccept(x, 0);
    voter.takeBundle({ ...willing, accept: () => false });
    voter.wantCommit(x);
    voter.wantAccept(x, 2_000);
    expect(voter.nextResendMs()).toBe(3_000);
    expect(voter.dueResends(3_000, 1_000)).toEqual([x]);
  });

  it('a commit without an accept starts at the latest time known', () => {
    const voter = make();
    voter.wantAccept(x, 5_000);
    voter.wantCommit(y);
    voter.markSettled([x]);
    expect(voter.dueResends(7_999, 1_000)).toEqual([]);
    expect(voter.dueResends(8_000, 1_000)).toEqual([y]);
  });

  it('end when final, but a commit that waits is still said', () => {
    const voter = make();
    voter.wantAccept(x, 0);
    voter.takeBundle(willing);
    voter.wantCommit(x);
    voter.markFinal(x);
    expect(voter.nextResendMs()).toBeUndefined();
    expect(voter.takeBundle(willing)).toEqual([{ txid: x, choice: 'commit', code: 'none' }]);
  });

  it('of a thousand transactions in a second ask for few timers, none early, all within a tick', () => {
    const voter = make();
    const startOf = new Map(Array.from({ length: 1_000 }, (_, transaction) => [txidOf(transaction), 10_007 + transaction] as const));
    for (const [txid, startMs] of startOf) voter.wantAccept(txid, startMs);
    const sent = new Map<string, number>();
    let timers = 0;
    for (let nowMs = voter.nextResendMs(); nowMs !== undefined && sent.size < startOf.size; nowMs = voter.nextResendMs()) {
      timers += 1;
      for (const txid of voter.dueResends(nowMs, 1_000)) sent.set(txid, nowMs);
    }
    expect(timers).toBe(11);
    for (const [txid, startMs] of startOf) {
      const ageMs = (sent.get(txid) ?? 0) - startMs;
      expect(ageMs).toBeGreaterThanOrEqual(voteResendMs);
      expect(ageMs).toBeLessThan(voteResendMs + 100);
    }
  });
});
