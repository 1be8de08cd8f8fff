import { expect, test } from 'vitest';
import { defaultLimits } from '../../../src-shared/domain/net-limits.ts';
import { seeded } from './fake-network.fixture.ts';
import { Pinger } from './pinger.ts';

const startMs = 1_000_000;
const pinger = (random: () => number = seeded(1)): Pinger => new Pinger({ limits: defaultLimits('mainnet'), random, nowMs: startMs });

function pingDue(subject: Pinger, nowMs: number): bigint {
  const action = subject.due(nowMs);
  if (action?.kind !== 'ping') throw new Error(`expected a ping, not ${action?.kind}`);
  return action.nonce;
}

test('the first ping is due at once, the next an interval later, give or take a tenth', () => {
  for (const [random, expectedMs] of [
    [0, 27_000],
    [0.5, 30_000],
    [0.999, 32_994],
  ] as const) {
    const subject = pinger(() => random);
    subject.pong(pingDue(subject, startMs), 0, startMs + 20);
    expect(subject.nextWakeMs() - startMs).toBeCloseTo(expectedMs);
    expect(subject.due(startMs + expectedMs - 1)).toBeUndefined();
    expect(subject.due(startMs + expectedMs + 1)?.kind).toBe('ping');
  }
});

test('a pong counts by its nonce, once', () => {
  const subject = pinger();
  const nonce = pingDue(subject, startMs);
  expect(subject.pong(nonce + 1n, 0, startMs + 10)).toBe(false);
  expect(subject.rtt().lastMs).toBeUndefined();
  expect(subject.pong(nonce, 0, startMs + 42)).toBe(true);
  expect(subject.rtt().lastMs).toBe(42);
  expect(subject.pong(nonce, 0, startMs + 50)).toBe(false);
});

test('three pongs that do not come within 5 s are the end', () => {
  const subject = pinger(() => 0.5);
  for (const [index, missed] of [1, 2].entries()) {
    pingDue(subject, startMs + index * 30_000);
    expect(subject.nextWakeMs()).toBe(startMs + index * 30_000 + 5_000);
    expect(subject.due(startMs + index * 30_000 + 5_000)).toBeUndefined();
    expect(subject.missed()).toBe(missed);
  }
  pingDue(subject, startMs + 60_000);
  expect(subject.due(startMs + 64_999)).toBeUndefined();
  expect(subject.due(startMs + 65_000)).toEqual({ kind: 'unresponsive' });
});

test('two misses are forgiven by one pong in time, and a late pong forgives nothing', () => {
  const subject = pinger(() => 0.5);
  pingDue(subject, startMs);
  subject.due(startMs + 5_000);
  const late = pingDue(subject, startMs + 30_000);
  subject.due(startMs + 35_000);
  expect(subject.pong(late, 0, startMs + 35_001)).toBe(false);
  expect(subject.missed()).toBe(2);
  subject.pong(pingDue(subject, startMs + 60_000), 0, startMs + 60_100);
  expect(subject.missed()).toBe(0);
});

test('a night of sleep is one missed pong', () => {
  const subject = pinger();
  pingDue(subject, startMs);
  const action = subject.due(startMs + 8 * 3_600_000);
  expect(subject.missed()).toBe(1);
  expect(action?.kind).toBe('ping');
});

test('a probe finds a dead peer within 15 s, and ends with the first pong', () => {
  const dead = pinger();
  dead.pong(pingDue(dead, startMs), 0, startMs + 20);
  dead.probe(startMs + 100);
  pingDue(dead, startMs + 100);
  pingDue(dead, startMs + 5_100);
  pingDue(dead, startMs + 10_100);
  expect(dead.due(startMs + 15_100)).toEqual({ kind: 'unresponsive' });

  const alive = pinger(() => 0.5);
  alive.pong(pingDue(alive, startMs), 0, startMs + 20);
  alive.probe(startMs + 100);
  alive.pong(pingDue(alive, startMs + 100), 0, startMs + 120);
  expect(alive.nextWakeMs()).toBe(startMs + 30_100);
  pingDue(alive, startMs + 30_100);
  expect(alive.due(startMs + 35_100)).toBeUndefined();
});

test('nonces are 64 random bits', () => {
  const subject = pinger(seeded(7));
  const nonces = Array.from({ length: 100 }, (_, index) => {
    const nonce = pingDue(subject, startMs + index * 40_000);
    subject.pong(nonce, 0, startMs + index * 40_000);
    return nonce;
  });
  expect(new Set(nonces).size).toBe(100);
  expect(nonces.every((nonce) => nonce >= 0n && nonce < 1n << 64n)).toBe(true);
  expect(nonces.some((nonce) => nonce >= 1n << 63n)).toBe(true);
});

test("the peer's clock is read at half the way", () => {
  const subject = pinger();
  expect(subject.clockOffsetMs()).toBeUndefined();
  subject.pong(pingDue(subject, startMs), startMs + 50 - 7_000, startMs + 100);
  expect(subject.clockOffsetMs()).toBe(7_000);
});

test('a clock that jumped while the ping was under way reads nothing', () => {
  for (const answeredMs of [startMs - 60_000, startMs + 3_600_000]) {
    const subject = pinger();
    subject.pong(pingDue(subject, startMs), startMs, answeredMs);
    expect(subject.clockOffsetMs()).toBeUndefined();
  }
});
