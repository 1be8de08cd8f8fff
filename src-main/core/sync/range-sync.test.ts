import { describe, expect, test } from 'vitest';
import { maxMessageBytes } from '../constants.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import { RangeSync, type RangeSyncOptions } from './range-sync.ts';

const startMs = 1_000_000;
const peer = (id: number): ConnectionId => id as ConnectionId;
const blocksOf = (count: number, bytes = 10): Uint8Array[] => Array.from({ length: count }, () => new Uint8Array(bytes));
const newSync = (change: Partial<RangeSyncOptions> = {}): RangeSync =>
  new RangeSync({ maxParallel: 5, rangeBlocks: 100, firstRangeBlocks: 100, deadlineMs: 10_000, maxBufferedBytes: 32_000_000, ...change });
const answer = (sync: RangeSync, id: number, from: number, blocks: Uint8Array[], nowMs = startMs) =>
  sync.received({ connection: peer(id), from, blocks, certificate: undefined }, nowMs);

test('ranges are asked of several peers at once, each of one at a time', () => {
  const sync = newSync();
  for (const id of [1, 2, 3]) sync.peerHeight(peer(id), 1_000, startMs);
  expect(sync.tick({ nextHeight: 1, nowMs: startMs })).toEqual({
    requests: [
      { connection: 1, from: 1, count: 100 },
      { connection: 2, from: 101, count: 100 },
      { connection: 3, from: 201, count: 100 },
    ],
    nextWakeMs: startMs + 10_000,
  });
  expect(sync.tick({ nextHeight: 1, nowMs: startMs }).requests).toEqual([]);
  expect(answer(sync, 2, 101, blocksOf(100))).toBe('expected');
  expect(sync.tick({ nextHeight: 1, nowMs: startMs }).requests).toEqual([{ connection: 2, from: 301, count: 100 }]);
});

test('no more than so many at once', () => {
  const sync = newSync({ maxParallel: 2 });
  for (const id of [1, 2, 3]) sync.peerHeight(peer(id), 1_000, startMs);
  expect(sync.tick({ nextHeight: 1, nowMs: startMs }).requests).toHaveLength(2);
});

test('nobody is asked for more than they claim', () => {
  const sync = newSync();
  sync.peerHeight(peer(1), 30, startMs);
  sync.peerHeight(peer(2), 150, startMs);
  expect(sync.tick({ nextHeight: 1, nowMs: startMs }).requests).toEqual([
    { connection: 1, from: 1, count: 30 },
    { connection: 2, from: 31, count: 100 },
  ]);
});

test('what arrives out of order is handed out in order, each once', () => {
  const sync = newSync();
  for (const id of [1, 2]) sync.peerHeight(peer(id), 200, startMs);
  sync.tick({ nextHeight: 1, nowMs: startMs });
  answer(sync, 2, 101, blocksOf(100));
  expect(sync.takeReady(1)).toBeUndefined();
  answer(sync, 1, 1, blocksOf(100));
  expect(sync.takeReady(1)).toMatchObject({ connection: 1, from: 1 });
  expect(sync.takeReady(1)).toBeUndefined();
  expect(sync.takeReady(101)).toMatchObject({ connection: 2, from: 101 });
});

test('what consensus has decided meanwhile is cut off in front', () => {
  const sync = newSync();
  sync.peerHeight(peer(1), 100, startMs);
  sync.tick({ nextHeight: 1, nowMs: startMs });
  answer(sync, 1, 1, blocksOf(100));
  expect(sync.takeReady(41)).toMatchObject({ from: 41, blocks: { length: 60 } });
  expect(sync.takeReady(101)).toBeUndefined();
});

test('a short answer is taken, and the rest asked again', () => {
  const sync = newSync();
  sync.peerHeight(peer(1), 100, startMs);
  sync.tick({ nextHeight: 1, nowMs: startMs });
  answer(sync, 1, 1, blocksOf(30));
  expect(sync.tick({ nextHeight: 1, nowMs: startMs }).requests).toEqual([{ connection: 1, from: 31, count: 70 }]);
});

test('an empty answer ends a claim until it is made again', () => {
  const sync = newSync();
  sync.peerHeight(peer(1), 5_000_000, startMs);
  sync.tick({ nextHeight: 1, nowMs: startMs });
  expect(sync.behindBy(0)).toBe(5_000_000);
  expect(answer(sync, 1, 1, [])).toBe('expected');
  expect(sync.tick({ nextHeight: 1, nowMs: startMs })).toEqual({ requests: [], nextWakeMs: undefined });
  expect(sync.behindBy(0)).toBe(0);
  sync.peerHeight(peer(1), 50, startMs);
  expect(sync.tick({ nextHeight: 1, nowMs: startMs }).requests).toHaveLength(1);
});

test('who claims more than it turns out to have does not make this node look behind by claiming it again, until it delivers', () => {
  const sync = newSync();
  sync.peerHeight(peer(1), 1_000_000, startMs);
  sync.tick({ nextHeight: 1, nowMs: startMs });
  answer(sync, 1, 1, []);
  sync.peerHeight(peer(1), 1_000_000, startMs + 60_000);
  expect(sync.behindBy(0)).toBe(0);
  // It is asked all the same: it may have got them.
  expect(sync.tick({ nextHeight: 1, nowMs: startMs + 60_000 }).requests).toHaveLength(1);
  answer(sync, 1, 1, blocksOf(100), startMs + 60_000);
  expect(sync.behindBy(100)).toBe(999_900);
});

test('who has said that it has less by now has let nobody down', () => {
  const sync = newSync();
  sync.peerHeight(peer(1), 100, startMs);
  sync.tick({ nextHeight: 1, nowMs: startMs });
  sync.peerHeight(peer(1), 0, startMs);
  answer(sync, 1, 1, []);
  sync.peerHeight(peer(1), 100, startMs);
  expect(sync.behindBy(0)).toBe(100);
});

test('a range that does not come in time is asked of another peer, and the first one rests', () => {
  const sync = newSync({ maxParallel: 1 });
  for (const id of [1, 2]) sync.peerHeight(peer(id), 100, startMs);
  expect(sync.tick({ nextHeight: 1, nowMs: startMs }).requests).toEqual([{ connection: 1, from: 1, count: 100 }]);
  expect(sync.tick({ nextHeight: 1, nowMs: startMs + 9_999 }).requests).toEqual([]);
  expect(sync.tick({ nextHeight: 1, nowMs: startMs + 10_000 }).requests).toEqual([{ connection: 2, from: 1, count: 100 }]);
});

test('while nothing has come yet, the first missing range is asked of another peer after a second, and after two more of a third: that is enough', () => {
  const sync = newSync();
  for (const id of [1, 2, 3, 4]) sync.peerHeight(peer(id), 100, startMs);
  const copy = (id: number) => [{ connection: id, from: 1, count: 100 }];
  expect(sync.tick({ nextHeight: 1, nowMs: startMs })).toEqual({ requests: copy(1), nextWakeMs: startMs + 1_000 });
  expect(sync.tick({ nextHeight: 1, nowMs: startMs + 999 }).requests).toEqual([]);
  expect(sync.tick({ nextHeight: 1, nowMs: startMs + 1_000 })).toEqual({ requests: copy(2), nextWakeMs: startMs + 3_000 });
  expect(sync.tick({ nextHeight: 1, nowMs: startMs + 3_000 })).toEqual({ requests: copy(3), nextWakeMs: startMs + 10_000 });
  expect(sync.tick({ nextHeight: 1, nowMs: startMs + 9_999 }).requests).toEqual([]);
});

test('when answers come at a pace, the first missing range has four times as long, and 100 ms at least', () => {
  for (const [tookMs, hedgedMs] of [
    [10, 100],
    [300, 1_200],
    [1_500, 6_000],
  ] as const) {
    const sync = newSync();
    for (const id of [1, 2, 3]) sync.peerHeight(peer(id), 300, startMs);
    sync.tick({ nextHeight: 1, nowMs: startMs });
    for (const id of [2, 3]) answer(sync, id, (id - 1) * 100 + 1, blocksOf(100), startMs + tookMs);
    expect(sync.tick({ nextHeight: 1, nowMs: startMs + tookMs })).toEqual({ requests: [], nextWakeMs: startMs + hedgedMs });
    expect(sync.tick({ nextHeight: 1, nowMs: startMs + hedgedMs }).requests).toEqual([{ connection: 2, from: 1, count: 100 }]);
    // Whoever is first is taken, and the other's answer changes nothing.
    expect(answer(sync, 2, 1, blocksOf(100), startMs + hedgedMs + 10)).toBe('expected');
    expect(answer(sync, 1, 1, blocksOf(100), startMs + hedgedMs + 20)).toBe('expected');
    expect(sync.takeReady(1)).toMatchObject({ connection: 2, from: 1 });
    expect(sync.takeReady(101)).toMatchObject({ connection: 2 });
    expect(sync.takeReady(201)).toMatchObject({ connection: 3 });
    expect(sync.takeReady(1)).toBeUndefined();
  }
});

test('a late range further up waits its turn: others are asked for it when it is the first that is missing', () => {
  const sync = newSync();
  for (const id of [1, 2]) sync.peerHeight(peer(id), 200, startMs);
  sync.tick({ nextHeight: 1, nowMs: startMs });
  answer(sync, 1, 1, blocksOf(100), startMs + 50);
  expect(sync.tick({ nextHeight: 1, nowMs: startMs + 5_000 }).requests).toEqual([]);
  sync.takeReady(1);
  expect(sync.tick({ nextHeight: 101, nowMs: startMs + 5_000 }).requests).toEqual([{ connection: 1, from: 101, count: 100 }]);
});

test('few blocks are asked for until their size is known, and then about a megabyte', () => {
  const sync = newSync({ firstRangeBlocks: 16, rangeBlocks: 200 });
  sync.peerHeight(peer(1), 10_000, startMs);
  expect(sync.tick({ nextHeight: 1, nowMs: startMs }).requests).toEqual([{ connection: 1, from: 1, count: 16 }]);
  answer(sync, 1, 1, blocksOf(16, 99_800));
  expect(sync.tick({ nextHeight: 1, nowMs: startMs }).requests).toEqual([{ connection: 1, from: 17, count: 10 }]);
  // One size among others changes it by a quarter.
  answer(sync, 1, 17, blocksOf(1, 1_699_800));
  expect(sync.tick({ nextHeight: 1, nowMs: startMs }).requests).toEqual([{ connection: 1, from: 18, count: 2 }]);
  const small = newSync({ firstRangeBlocks: 16, rangeBlocks: 200 });
  small.peerHeight(peer(1), 10_000, startMs);
  small.tick({ nextHeight: 1, nowMs: startMs });
  answer(small, 1, 1, blocksOf(16, 300));
  expect(small.tick({ nextHeight: 1, nowMs: startMs }).requests).toEqual([{ connection: 1, from: 17, count: 200 }]);
});

test('the only peer is asked again and again, with ever more time', () => {
  const sync = newSync();
  sync.peerHeight(peer(1), 100, startMs);
  const askedMs: number[] = [];
  for (let nowMs = startMs; askedMs.length < 7; ) {
    const { requests, nextWakeMs } = sync.tick({ nextHeight: 1, nowMs });
    if (requests.length > 0) {
      expect(requests).toEqual([{ connection: 1, from: 1, count: 100 }]);
      askedMs.push(nowMs);
    }
    nowMs = nextWakeMs ?? Number.NaN;
  }
  const gapsMs = askedMs.slice(1).map((atMs, index) => atMs - (askedMs[index] ?? 0));
  expect(gapsMs).toEqual([10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
});

test('a claim that is not made good does not make this node look behind', () => {
  const sync = newSync();
  sync.peerHeight(peer(1), 5_000_000, startMs);
  sync.tick({ nextHeight: 1, nowMs: startMs });
  sync.tick({ nextHeight: 1, nowMs: startMs + 10_000 });
  expect(sync.behindBy(0)).toBe(0);
});

test('an answer after its deadline is used if it is still of use, even when another was asked since', () => {
  const sync = newSync();
  for (const id of [1, 2]) sync.peerHeight(peer(id), 100, startMs);
  sync.tick({ nextHeight: 1, nowMs: startMs });
  sync.tick({ nextHeight: 1, nowMs: startMs + 10_000 });
  expect(answer(sync, 1, 1, blocksOf(100), startMs + 11_000)).toBe('expected');
  expect(sync.takeReady(1)).toMatchObject({ connection: 1, blocks: { length: 100 } });
  expect(answer(sync, 1, 1, blocksOf(100), startMs + 11_000)).toBe('unexpected');
});

test('what nobody asked for, and more than was asked for, is not taken', () => {
  const sync = newSync();
  sync.peerHeight(peer(1), 100, startMs);
  expect(answer(sync, 1, 1, blocksOf(1))).toBe('unexpected');
  expect(answer(sync, 9, 1, blocksOf(1))).toBe('unexpected');
  sync.tick({ nextHeight: 1, nowMs: startMs });
  expect(answer(sync, 1, 2, blocksOf(1))).toBe('unexpected');
  expect(answer(sync, 1, 1, blocksOf(101))).toBe('unexpected');
  expect(sync.takeReady(1)).toBeUndefined();
});

test('a peer that sent something invalid is not asked for it again, nor is the rest of it used', () => {
  const sync = newSync();
  for (const id of [1, 2]) sync.peerHeight(peer(id), 300, startMs);
  sync.tick({ nextHeight: 1, nowMs: startMs });
  answer(sync, 1, 1, blocksOf(100));
  expect(sync.tick({ nextHeight: 1, nowMs: startMs }).requests).toEqual([{ connection: 1, from: 201, count: 100 }]);
  answer(sync, 1, 201, blocksOf(100));
  sync.takeReady(1);
  sync.failed(peer(1), 1);
  const asked: number[] = [];
  for (let from = 101; from > 0; ) {
    answer(sync, 2, from, blocksOf(100));
    const [next] = sync.tick({ nextHeight: 1, nowMs: startMs }).requests;
    if (next !== undefined) expect(next.connection).toBe(2);
    from = next?.from ?? 0;
    asked.push(from);
  }
  expect(asked).toEqual([1, 201, 0]);
  expect(sync.behindBy(0)).toBe(300);
});

test('a peer that let a deadline pass is not asked while it rests, if another has it too', () => {
  const sync = newSync();
  for (const id of [1, 2]) sync.peerHeight(peer(id), 100, startMs);
  sync.tick({ nextHeight: 1, nowMs: startMs });
  sync.tick({ nextHeight: 1, nowMs: startMs + 10_000 });
  for (const id of [1, 2]) sync.peerHeight(peer(id), 200, startMs + 10_000);
  expect(sync.tick({ nextHeight: 1, nowMs: startMs + 10_001 }).requests).toEqual([]);
  expect(sync.tick({ nextHeight: 1, nowMs: startMs + 20_000 }).requests).toEqual([{ connection: 1, from: 1, count: 100 }]);
});

test('a peer that delivers has made good what it missed', () => {
  const sync = newSync();
  sync.peerHeight(peer(1), 200, startMs);
  sync.tick({ nextHeight: 1, nowMs: startMs });
  const { nextWakeMs } = sync.tick({ nextHeight: 1, nowMs: startMs + 10_000 });
  expect(nextWakeMs).toBe(startMs + 20_000);
  answer(sync, 1, 1, blocksOf(100), startMs + 11_000);
  expect(sync.behindBy(0)).toBe(200);
  expect(sync.tick({ nextHeight: 1, nowMs: startMs + 30_000 }).nextWakeMs).toBe(startMs + 40_000);
});

test('the faster of two is asked first', () => {
  const sync = newSync();
  for (const id of [1, 2]) sync.peerHeight(peer(id), 200, startMs);
  sync.tick({ nextHeight: 1, nowMs: startMs });
  answer(sync, 2, 101, blocksOf(100), startMs + 50);
  answer(sync, 1, 1, blocksOf(100), startMs + 9_000);
  for (const id of [1, 2]) sync.peerHeight(peer(id), 300, startMs + 9_000);
  expect(sync.tick({ nextHeight: 201, nowMs: startMs + 9_000 }).requests).toEqual([{ connection: 2, from: 201, count: 100 }]);
});

test('what a peer that left was asked for is asked of another', () => {
  const sync = newSync();
  sync.peerHeight(peer(1), 100, startMs);
  sync.tick({ nextHeight: 1, nowMs: startMs });
  sync.peerHeight(peer(2), 100, startMs);
  sync.peerGone(peer(1));
  expect(sync.tick({ nextHeight: 1, nowMs: startMs }).requests).toEqual([{ connection: 2, from: 1, count: 100 }]);
});

test('one block above the tip is left to consensus for a second; two are not', () => {
  const sync = newSync();
  sync.peerHeight(peer(1), 10, startMs);
  expect(sync.tick({ nextHeight: 10, nowMs: startMs })).toEqual({ requests: [], nextWakeMs: startMs + 1_000 });
  expect(sync.tick({ nextHeight: 11, nowMs: startMs + 900 })).toEqual({ requests: [], nextWakeMs: undefined });
  sync.peerHeight(peer(1), 11, startMs + 5_000);
  expect(sync.tick({ nextHeight: 11, nowMs: startMs + 5_999 }).requests).toEqual([]);
  expect(sync.tick({ nextHeight: 11, nowMs: startMs + 6_000 }).requests).toEqual([{ connection: 1, from: 11, count: 1 }]);
  const other = newSync();
  other.peerHeight(peer(1), 11, startMs);
  expect(other.tick({ nextHeight: 10, nowMs: startMs }).requests).toEqual([{ connection: 1, from: 10, count: 2 }]);
});

test('memory is bounded: far ranges wait for room, the first missing one never does', () => {
  const sync = newSync({ rangeBlocks: 1, maxParallel: 5, maxBufferedBytes: 4 * maxMessageBytes });
  for (let id = 1; id <= 5; id++) sync.peerHeight(peer(id), 1_000, startMs);
  const first = sync.tick({ nextHeight: 1, nowMs: startMs }).requests;
  expect(first.map(({ from }) => from)).toEqual([1, 2, 3, 4]);
  // The first one stalls; the others bring all that there is room for.
  const inTime = startMs + 5_000;
  for (const { connection, from } of first.slice(1)) answer(sync, connection, from, blocksOf(1, maxMessageBytes), inTime);
  expect(sync.tick({ nextHeight: 1, nowMs: inTime }).requests).toEqual([]);
  expect(sync.tick({ nextHeight: 1, nowMs: startMs + 10_000 }).requests.map(({ from }) => from)).toEqual([1]);
});

describe('a clock that is set back by an hour', () => {
  const backMs = startMs - 3_600_000;

  test('costs no hour of a deadline, nor of the rest that follows', () => {
    const sync = newSync();
    sync.peerHeight(peer(1), 100, startMs);
    sync.tick({ nextHeight: 1, nowMs: startMs });
    expect(sync.tick({ nextHeight: 1, nowMs: backMs })).toEqual({ requests: [], nextWakeMs: backMs + 10_000 });
    expect(sync.tick({ nextHeight: 1, nowMs: backMs + 10_000 })).toMatchObject({ requests: [{ connection: 1 }], nextWakeMs: backMs + 20_000 });
    expect(sync.tick({ nextHeight: 1, nowMs: backMs })).toEqual({ requests: [], nextWakeMs: backMs + 10_000 });
  });

  test('nor of a hedge', () => {
    const sync = newSync();
    for (const id of [1, 2]) sync.peerHeight(peer(id), 100, startMs);
    sync.tick({ nextHeight: 1, nowMs: startMs });
    expect(sync.tick({ nextHeight: 1, nowMs: backMs })).toEqual({ requests: [], nextWakeMs: backMs + 1_000 });
    expect(sync.tick({ nextHeight: 1, nowMs: backMs + 1_000 }).requests).toEqual([{ connection: 2, from: 1, count: 100 }]);
  });

  test('nor of the grace of a single block', () => {
    const sync = newSync();
    sync.peerHeight(peer(1), 10, startMs);
    expect(sync.tick({ nextHeight: 10, nowMs: backMs })).toEqual({ requests: [], nextWakeMs: backMs + 1_000 });
    expect(sync.tick({ nextHeight: 10, nowMs: backMs + 1_000 }).requests).toHaveLength(1);
  });

  test('and an answer is taken as quick as it was', () => {
    const sync = newSync();
    for (const id of [1, 2]) sync.peerHeight(peer(id), 200, startMs);
    sync.tick({ nextHeight: 1, nowMs: startMs });
    expect(answer(sync, 1, 1, blocksOf(100), backMs)).toBe('expected');
    expect(sync.takeReady(1)).toMatchObject({ connection: 1 });
  });
});

test('whoever was wrong before is asked after those that were not, however fast it answers and whatever it claims next', () => {
  const sync = newSync({ maxParallel: 1 });
  const honest = 3;
  sync.peerHeight(peer(honest), 1_000, startMs);
  sync.tick({ nextHeight: 1, nowMs: startMs });
  answer(sync, honest, 1, blocksOf(100), startMs + 50);
  sync.takeReady(1);
  // The others send at once what follows nothing; while one of them is found out, the other takes its claim back and makes it again.
  const liars = [1, 2];
  const asked: number[] = [];
  for (const id of liars) sync.peerHeight(peer(id), 1_000, startMs);
  for (let turn = 0; turn < 12 && !asked.includes(honest); turn++)
    for (const { connection } of sync.tick({ nextHeight: 101, nowMs: startMs + 50 }).requests) {
      asked.push(connection);
      answer(sync, connection, 101, blocksOf(100), startMs + 50);
      sync.takeReady(101);
      sync.failed(connection, 101);
      for (const id of liars) if (id !== connection) for (const height of [0, 1_000]) sync.peerHeight(peer(id), height, startMs + 50);
    }
  expect(asked).toEqual([...liars, honest]);
});
