import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Txid } from '../../../src-shared/domain/ids.ts';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import type { ConnectionId } from './connection-id.ts';
import { FetchTable } from './fetch-table.ts';

const peer = (id: number): ConnectionId => id as ConnectionId;
const isOutbound = (connection: ConnectionId): boolean => connection >= 100;
const ids = (...names: string[]): Txid[] => names as Txid[];
const many = (count: number, prefix = ''): Txid[] => ids(...Array.from({ length: count }, (_, index) => `${prefix}${index}`));
const asMap = (entries: Record<number, string[]>) => new Map(Object.entries(entries).map(([id, txids]) => [Number(id), txids]));

test('each is asked of whoever announces it first, and of the next one if it does not come within two seconds', () => {
  const table = new FetchTable(isOutbound);
  expect(table.announced(peer(1), ids('x', 'y'), 0)).toEqual(['x', 'y']);
  expect(table.announced(peer(2), ids('y', 'z'), 500)).toEqual(['z']);
  table.done('x' as Txid);
  expect(table.nextDueMs(500)).toBe(2_000);
  expect(table.due(1_999)).toEqual(new Map());
  expect(table.due(2_000)).toEqual(asMap({ 2: ['y'] }));
  expect(table.due(4_000)).toEqual(new Map());
  expect([table.size, table.nextDueMs(4_000)]).toEqual([0, undefined]);
  // It may be announced again.
  expect(table.announced(peer(1), ids('y'), 5_000)).toEqual(['y']);
});

test('what a peer that left was asked for is asked of others at once', () => {
  const table = new FetchTable(isOutbound);
  table.announced(peer(1), ids('x', 'y'), 0);
  table.announced(peer(2), ids('x'), 0);
  table.announced(peer(3), ids('x', 'y'), 0);
  expect(table.gone(peer(2), 100)).toEqual(new Map());
  expect(table.gone(peer(1), 100)).toEqual(asMap({ 3: ['x', 'y'] }));
  expect(table.gone(peer(3), 200)).toEqual(new Map());
  expect(table.size).toBe(0);
});

test('several that announce what they do not give cannot hide it: whom this node dialled is asked next, then all others in turn', () => {
  const table = new FetchTable(isOutbound);
  for (const id of [1, 2, 3, 4, 5, 100, 101]) table.announced(peer(id), ids('x'), 0);
  for (const [turn, id] of [100, 101, 2, 3, 4, 5].entries()) expect(table.due(2_000 * (turn + 1))).toEqual(asMap({ [id]: ['x'] }));
  expect(table.due(14_000)).toEqual(new Map());
  expect(table.size).toBe(0);
});

test('one peer cannot take the room of all, nor all together more than there is', () => {
  const table = new FetchTable(isOutbound);
  expect(table.announced(peer(1), many(10_000), 0)).toHaveLength(4_000);
  expect(table.announced(peer(2), ids('x'), 0)).toEqual(['x']);
  for (let id = 3; id < 10; id++) table.announced(peer(id), many(10_000, `${id} `), 0);
  expect(table.size).toBe(20_000);
  expect(table.announced(peer(11), ids('y'), 0)).toEqual([]);
  table.due(2_000);
  expect(table.announced(peer(1), ids('y'), 2_000)).toEqual(['y']);
});

test('a clock that is set back holds nothing up', () => {
  const table = new FetchTable(isOutbound);
  table.announced(peer(1), ids('x'), 3_600_000);
  table.announced(peer(2), ids('x'), 3_600_000);
  expect(table.nextDueMs(1_000)).toBe(3_000);
  expect(table.due(3_000)).toEqual(asMap({ 2: ['x'] }));
});

const act = fc.record({
  what: fc.constantFrom('announced', 'announced', 'done', 'gone', 'due'),
  peer: fc.integer({ min: 1, max: 4 }).map(peer),
  txids: fc.uniqueArray(fc.constantFrom(...ids('a', 'b', 'c', 'd')), { maxLength: 4 }),
  afterMs: fc.integer({ min: 0, max: 3_000 }),
});
test('nothing is ever asked of two at once, or of one that is gone, and all of it comes to an end', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 50 }), (acts) => {
      const table = new FetchTable(isOutbound);
      const asked = new Map<Txid, { by: ConnectionId; untilMs: number }>();
      const gone = new Set<ConnectionId>();
      let nowMs = 0;
      const note = (id: ConnectionId, txids: readonly Txid[]): void => {
        expect(gone.has(id)).toBe(false);
        for (const txid of txids) {
          expect(asked.has(txid)).toBe(false);
          asked.set(txid, { by: id, untilMs: nowMs + 2_000 });
        }
      };
      for (const { what, peer, txids, afterMs } of acts) {
        nowMs += afterMs;
        if (what === 'announced' && !gone.has(peer)) note(peer, table.announced(peer, txids, nowMs));
        else if (what === 'done')
          for (const txid of txids) {
            table.done(txid);
            asked.delete(txid);
          }
        else if (what === 'gone') {
          gone.add(peer);
          for (const [txid, { by }] of asked) if (by === peer) asked.delete(txid);
          for (const [id, list] of table.gone(peer, nowMs)) note(id, list);
        } else if (what === 'due') {
          for (const [txid, { untilMs }] of asked) if (untilMs <= nowMs) asked.delete(txid);
          for (const [id, list] of table.due(nowMs)) note(id, list);
        }
        expect(table.size).toBe(asked.size);
      }
      for (let rounds = 0; table.nextDueMs(nowMs) !== undefined; rounds++) {
        expect(rounds).toBeLessThan(20);
        nowMs = Math.max(nowMs, table.nextDueMs(nowMs) ?? 0);
        table.due(nowMs);
      }
      expect(table.size).toBe(0);
    }),
    { numRuns: testRuns(300) },
  );
});
