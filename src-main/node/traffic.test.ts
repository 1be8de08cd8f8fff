import { expect, test } from 'vitest';
import type { ConnectionId } from '../core/net/connection-id.ts';
import { historySeconds, TrafficLog } from './traffic.ts';

const [first, second] = [1, 2] as unknown as [ConnectionId, ConnectionId];
const ping = Uint8Array.of(2, 0);
const announcement = Uint8Array.of(41, 0);

function logAt(startMs = 0) {
  const at = { ms: startMs };
  return { at, log: new TrafficLog({ nowMs: () => 1_000_000 + at.ms, monotonicMs: () => at.ms }) };
}

test('counts by type, for each connection and for all, and what has ended stays in the sum', () => {
  const { at, log } = logAt();
  log.opened(first);
  log.opened(second);
  log.sent(first, ping, 22);
  at.ms = 5;
  log.sent(first, announcement, 100);
  log.sent(second, ping, 22);
  log.received(second, Uint8Array.of(255), 21);
  log.received(second, Uint8Array.of(254), 21);
  log.leftOut(second, announcement, 70);
  const none = { total: { messages: 0, bytes: 0 }, byType: {} };
  expect(log.of(first)).toEqual({
    sent: { total: { messages: 2, bytes: 122 }, byType: { Ping: { messages: 1, bytes: 22 }, TransactionAnnouncement: { messages: 1, bytes: 100 } } },
    received: none,
    leftOut: none,
    lastSentMs: 1_000_005,
    lastReceivedMs: undefined,
  });
  log.closed(first);
  log.closed(second);
  expect([log.of(first), log.of(second)]).toEqual([undefined, undefined]);
  expect(log.totals()).toEqual({
    sent: { total: { messages: 3, bytes: 144 }, byType: { Ping: { messages: 2, bytes: 44 }, TransactionAnnouncement: { messages: 1, bytes: 100 } } },
    received: { total: { messages: 2, bytes: 42 }, byType: { unknown: { messages: 2, bytes: 42 } } },
    leftOut: { total: { messages: 1, bytes: 70 }, byType: { TransactionAnnouncement: { messages: 1, bytes: 70 } } },
    lastSentMs: 1_000_005,
    lastReceivedMs: 1_000_005,
  });
});

test.each([0, 7_654_321_999])('tells the last ten minutes by second, the one under way not among them (from %i ms)', (startMs) => {
  const { at, log } = logAt(startMs);
  const nonzero = () => log.history().sentBytes.flatMap((bytes, i) => (bytes === 0 ? [] : [[i - historySeconds, bytes]]));
  log.sent(first, ping, 5);
  expect(nonzero()).toEqual([]);
  at.ms += 1_000;
  log.sent(first, ping, 6);
  log.sent(first, ping, 1);
  log.received(first, ping, 9);
  at.ms += 2_000;
  expect(nonzero()).toEqual([
    [-3, 5],
    [-2, 7],
  ]);
  expect(log.history().receivedBytes.at(-2)).toBe(9);
  at.ms += 597_000;
  log.sent(first, ping, 8);
  expect(nonzero()).toEqual([
    [-600, 5],
    [-599, 7],
  ]);
  at.ms += 1_000;
  expect(nonzero()).toEqual([
    [-600, 7],
    [-1, 8],
  ]);
  at.ms += 3_600_000;
  expect(nonzero()).toEqual([]);
  expect(log.history().sentBytes.length).toBe(historySeconds);
});
