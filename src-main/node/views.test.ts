import { describe, expect, it } from 'vitest';
import type { BlockHash, NodeId, Txid } from '../../src-shared/domain/ids.ts';
import type { PendingTransaction } from '../core/engine/views.ts';
import { maxRecentBlocks, NodeHistory, percentile } from './views.ts';

const txidOf = (number: number): Txid => number.toString(16).padStart(64, '0') as Txid;
const proposer = 'aa'.repeat(32) as NodeId;
const hashOf = (height: number): BlockHash => height.toString(16).padStart(64, '0') as BlockHash;

function historyWith() {
  const pending = new Map<Txid, PendingTransaction>();
  let nowMs = 1_000_000;
  let votes = 0;
  const views = {
    pending: (txid: Txid) => pending.get(txid),
    newestPending: (limit: number) => [...pending.values()].slice(-limit).reverse(),
    votesCounted: () => votes,
  };
  const history = new NodeHistory({ views, blockTimeMs: (height) => height * 10, nowMs: () => nowMs });
  return {
    history,
    put: (number: number, status: PendingTransaction['status'], commitWeight = 0) => {
      const tally = { acceptWeight: 30, commitWeight, rejectWeight: 0, totalWeight: 40 } as PendingTransaction['tally'];
      pending.set(txidOf(number), {
        hashed: { txid: txidOf(number) } as never,
        status,
        fee: 1n,
        receivedMs: 5,
        finalAfterMs: undefined,
        contested: false,
        tally,
      });
    },
    settle: (number: number) => pending.delete(txidOf(number)),
    pass: (ms: number) => {
      nowMs += ms;
    },
    vote: (count: number) => {
      votes += count;
    },
    now: () => nowMs,
  };
}

describe('finality', () => {
  it('has the last hundred, their median and their 99th percentile', () => {
    const { history, now } = historyWith();
    expect(history.finality()).toEqual({ samples: [], medianMs: undefined, p99Ms: undefined });
    for (let ms = 1; ms <= 150; ms++) history.onEvent({ kind: 'transaction-final', txid: txidOf(ms), finalAfterMs: ms }, now());
    const { samples, medianMs, p99Ms } = history.finality();
    expect(samples.length).toBe(100);
    expect([samples[0]?.finalAfterMs, medianMs, p99Ms]).toEqual([51, 100, 149]);
  });
  it.each([
    [[], 0.5, undefined],
    [[7], 0.99, 7],
    [[1, 2], 0.5, 1],
    [[1, 2, 3, 4], 0.99, 4],
  ])('%j at %f', (sorted, share, expected) => {
    expect(percentile(sorted, share)).toBe(expected);
  });
});

describe('transactions in voting', () => {
  it('stay for a minute after they settled, with the last votes that were seen', () => {
    const { history, put, settle, pass, now } = historyWith();
    put(1, 'final', 30);
    history.onEvent({ kind: 'transaction-final', txid: txidOf(1), finalAfterMs: 60 }, now());
    put(1, 'final', 40);
    expect(history.voting()).toMatchObject([{ state: 'final', commitWeight: 40 }]);
    settle(1);
    put(2, 'pending');
    expect(history.voting()).toMatchObject([
      { txid: txidOf(2), state: 'pending' },
      { txid: txidOf(1), state: 'final', commitWeight: 40 },
    ]);
    expect(history.lastSeen(txidOf(1))).toMatchObject({ commitWeight: 40 });
    pass(60_001);
    expect(history.voting()).toMatchObject([{ txid: txidOf(2) }]);
  });
  it('say why they were rejected, also when they left', () => {
    const { history, put, settle, now } = historyWith();
    put(1, 'rejected');
    history.onEvent({ kind: 'transaction-rejected', txid: txidOf(1), reason: 'voted-down' }, now());
    expect(history.voting()).toMatchObject([{ state: 'rejected', reason: 'voted-down' }]);
    settle(1);
    history.onEvent({ kind: 'transaction-dropped', txid: txidOf(1), reason: 'inapplicable' }, now());
    expect(history.voting()).toMatchObject([{ state: 'rejected', reason: 'inapplicable' }]);
  });
  it('are as many as can be read, however many there are', () => {
    const { history, put, settle, now } = historyWith();
    for (let number = 0; number < 500; number++) {
      put(number, 'final');
      history.onEvent({ kind: 'transaction-final', txid: txidOf(number), finalAfterMs: 1 }, now());
      settle(number);
    }
    expect(history.voting().length).toBe(100);
    expect(history.voting()[0]?.txid).toBe(txidOf(499));
  });
});

describe('recent blocks', () => {
  const decided = (height: number) => ({ kind: 'block-decided', height, hash: hashOf(height), round: 0, proposer, transactions: 1 }) as const;
  const stored = (height: number) => ({ height, hash: hashOf(height), proposer, time: height * 10, round: 0, decidedAtMs: 1, transactions: 1 });

  it('are the stored ones and those decided since, each once, newest first', () => {
    const { history, now } = historyWith();
    history.onEvent(decided(3), now());
    history.seed([stored(1), stored(2), stored(3)]);
    history.onEvent(decided(4), now());
    expect(history.recentBlocks(10).map(({ height }) => height)).toEqual([4, 3, 2, 1]);
    expect(history.recentBlocks(10).map(({ timeMs }) => timeMs)).toEqual([40, 30, 20, 10]);
    expect(history.recentBlocks(1).length).toBe(1);
    for (let height = 5; height < 300; height++) history.onEvent(decided(height), now());
    expect(history.recentBlocks(1_000).length).toBe(maxRecentBlocks);
  });
  it('take as long as from the height’s first round, where it was seen', () => {
    const { history, pass, now } = historyWith();
    for (const round of [0, 1]) {
      history.onEvent({ kind: 'round-started', height: 7, round, proposer }, now());
      pass(500);
    }
    history.onEvent(decided(7), now());
    history.onEvent(decided(8), now());
    expect(history.recentBlocks(2).map(({ decideMs }) => decideMs)).toEqual([undefined, 1_000]);
  });
});

it('counts votes a second over the last seconds', () => {
  const { history, pass, vote } = historyWith();
  expect(history.votesPerSecond()).toBe(0);
  for (let second = 0; second < 10; second++) {
    vote(200);
    pass(1_000);
    expect(history.votesPerSecond()).toBe(200);
  }
  pass(5_000);
  expect(history.votesPerSecond()).toBe(0);
});
