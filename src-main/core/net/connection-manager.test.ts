import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultLimits } from '../../../src-shared/domain/net-limits.ts';
import { backoffMs, ConnectionManager } from './connection-manager.ts';
import { connectionOf, nodeIdOf } from './fake-network.fixture.ts';
import type { AddressRole } from './network-state.ts';

const startMs = 1_000_000;
const plenty = 100;
const manager = (random = 0.5): ConnectionManager => new ConnectionManager({ limits: defaultLimits('mainnet'), random: () => random });
const addressesOf = (dials: { address: string }[]): string[] => dials.map(({ address }) => address);
const only = (subject: ConnectionManager) => subject.waiting()[0];

test('5, 10, 20 … 300 s', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 1_000].map((failures) => backoffMs(defaultLimits('mainnet'), failures) / 1_000)).toEqual([
    5, 10, 20, 40, 80, 160, 300, 300, 300,
  ]);
});

test('jitter is a fifth either way', () => {
  for (const [random, expectedMs] of [
    [0, 4_000],
    [0.5, 5_000],
    [0.999_999, 6_000],
  ] as const) {
    const subject = manager(random);
    subject.add('a:1', 'configured');
    subject.takeDialable(plenty, startMs);
    expect(subject.dialFailed('a:1', 'refused', startMs)).toBe(startMs + expectedMs);
  }
});

test('an address is dialled once at a time, and again when its wait is over', () => {
  const subject = manager();
  subject.add('a:1', 'configured');
  expect(subject.takeDialable(plenty, startMs)).toEqual([{ address: 'a:1', phase: 'CONFIGURED' }]);
  expect(subject.takeDialable(plenty, startMs)).toEqual([]);
  subject.dialFailed('a:1', 'refused', startMs);
  expect(only(subject)).toEqual({ address: 'a:1', state: 'backoff', nextTryMs: startMs + 5_000, attempts: 1, lastReason: 'refused' });
  expect(subject.nextWakeMs()).toBe(startMs + 5_000);
  expect(subject.takeDialable(plenty, startMs + 4_999)).toEqual([]);
  expect(addressesOf(subject.takeDialable(plenty, startMs + 5_000))).toEqual(['a:1']);
});

test('no more are dialled than there is room for; the others wait without a timer', () => {
  const subject = manager();
  for (const address of ['a:1', 'b:1', 'c:1']) subject.add(address, 'configured');
  expect(addressesOf(subject.takeDialable(2, startMs))).toEqual(['a:1', 'b:1']);
  expect(subject.takeDialable(0, startMs)).toEqual([]);
  expect(subject.nextWakeMs()).toBe(Number.POSITIVE_INFINITY);
  expect(addressesOf(subject.takeDialable(1, startMs))).toEqual(['c:1']);
});

test.each<[AddressRole, number]>([
  ['peer', 10],
  ['masternode', 20],
])('a %s is given up after %i failures in a row, until somebody asks for it', (role, limit) => {
  const subject = manager();
  subject.add('a:1', role);
  let nowMs = startMs;
  for (let failures = 1; failures <= limit; failures++) {
    expect(subject.takeDialable(plenty, nowMs)).toHaveLength(1);
    const nextTryMs = subject.dialFailed('a:1', 'refused', nowMs);
    expect(nextTryMs === undefined).toBe(failures === limit);
    nowMs = nextTryMs ?? nowMs;
  }
  expect(only(subject)?.state).toBe('givenUp');
  expect(subject.takeDialable(plenty, nowMs + 86_400_000)).toEqual([]);
  subject.add('a:1', role);
  expect(subject.takeDialable(plenty, nowMs)).toHaveLength(1);
});

test('a configured address is tried for ever', () => {
  const subject = manager();
  subject.add('a:1', 'configured');
  let nowMs = startMs;
  for (let failures = 1; failures <= 1_000; failures++) {
    expect(subject.takeDialable(plenty, nowMs)).toHaveLength(1);
    nowMs = subject.dialFailed('a:1', 'refused', nowMs) ?? 0;
    expect(nowMs).toBeGreaterThan(0);
  }
  expect(only(subject)?.attempts).toBe(1_000);
});

test('our own address is never dialled again, whoever asks', () => {
  const subject = manager();
  subject.add('a:1', 'configured');
  subject.takeDialable(plenty, startMs);
  subject.foundSelf('a:1');
  subject.dialFailed('a:1', 'self', startMs);
  subject.add('a:1', 'configured');
  expect(subject.takeDialable(plenty, startMs + 86_400_000)).toEqual([]);
});

function connect(subject: ConnectionManager, address: string, id: number, nowMs: number): void {
  subject.opened(address, connectionOf(id), nodeIdOf(1));
  subject.covered(nodeIdOf(1), nowMs);
}

test('all addresses of a node rest while one connection with it lasts, and wait when it is lost', () => {
  const subject = manager();
  for (const address of ['a:1', 'a:2']) subject.add(address, 'configured');
  subject.takeDialable(plenty, startMs);
  subject.opened('a:2', connectionOf(2), nodeIdOf(1));
  connect(subject, 'a:1', 1, startMs);
  subject.attemptEnded(connectionOf(2), true, 'duplicate', startMs);
  expect(subject.waiting()).toEqual([]);
  expect(subject.takeDialable(plenty, startMs + 86_400_000)).toEqual([]);
  subject.lost(nodeIdOf(1), 'closed', startMs + 86_400_000);
  expect(subject.waiting().map(({ state, attempts }) => [state, attempts])).toEqual([
    ['backoff', 1],
    ['backoff', 1],
  ]);
});

test('a connection that lasted a minute ends the row of failures; one that did not is one more', () => {
  const subject = manager();
  subject.add('a:1', 'configured');
  subject.takeDialable(plenty, startMs);
  subject.dialFailed('a:1', 'refused', startMs);
  subject.takeDialable(plenty, startMs + 5_000);
  connect(subject, 'a:1', 1, startMs + 5_000);
  subject.lost(nodeIdOf(1), 'violation', startMs + 64_999);
  expect(only(subject)?.attempts).toBe(2);
  subject.takeDialable(plenty, startMs + 80_000);
  connect(subject, 'a:1', 2, startMs + 80_000);
  subject.lost(nodeIdOf(1), 'closed', startMs + 140_000);
  expect(only(subject)?.attempts).toBe(1);
});

test('a dial under way is seen through, also when the node is reached otherwise meanwhile', () => {
  const subject = manager();
  subject.add('a:1', 'configured');
  subject.takeDialable(plenty, startMs);
  connect(subject, 'a:1', 1, startMs);
  subject.lost(nodeIdOf(1), 'closed', startMs);
  subject.takeDialable(plenty, startMs + 5_000);
  subject.covered(nodeIdOf(1), startMs + 5_000);
  expect(subject.dialing()).toBe(1);
  expect(subject.dialFailed('a:1', 'refused', startMs + 6_000)).toBe(startMs + 16_000);
});

test('a forgotten address is not dialled, and what comes late of its dial changes nothing', () => {
  const subject = manager();
  subject.add('a:1', 'configured');
  subject.takeDialable(plenty, startMs);
  subject.remove('a:1');
  expect(subject.dialFailed('a:1', 'refused', startMs)).toBeUndefined();
  connect(subject, 'a:1', 1, startMs);
  expect(subject.waiting()).toEqual([]);
  expect(subject.takeDialable(plenty, startMs + 86_400_000)).toEqual([]);
});

test('addresses are bounded', () => {
  const subject = manager();
  for (let port = 1; port <= 1_000; port++) expect(subject.add(`a:${port}`, 'configured')).toBe(true);
  expect(subject.add('a:1001', 'configured')).toBe(false);
  expect(subject.add('a:1000', 'configured')).toBe(true);
});

test('whatever happens in whatever order, only a known address is dialled, and never two dials at once', () => {
  const event = fc.constantFrom('add', 'opened', 'covered', 'lost', 'ended', 'failed', 'self', 'wait');
  fc.assert(
    fc.property(fc.array(event, { maxLength: 50 }), (events) => {
      const subject = manager();
      subject.add('a:1', 'peer');
      let nowMs = startMs;
      let self = false;
      for (const kind of events) {
        if (kind === 'add') subject.add('a:1', 'peer');
        else if (kind === 'opened') subject.opened('a:1', connectionOf(1), nodeIdOf(1));
        else if (kind === 'covered') subject.covered(nodeIdOf(1), nowMs);
        else if (kind === 'lost') subject.lost(nodeIdOf(1), kind, nowMs);
        else if (kind === 'ended') subject.attemptEnded(connectionOf(1), false, kind, nowMs);
        else if (kind === 'failed') subject.dialFailed('a:1', kind, nowMs);
        else if (kind === 'self') subject.foundSelf('a:1');
        else nowMs += 300_000;
        self ||= kind === 'self';
        const before = only(subject);
        const due = before?.state === 'known' || (before?.state === 'backoff' && (before.nextTryMs ?? 0) <= nowMs);
        expect(subject.takeDialable(plenty, nowMs)).toHaveLength(due ? 1 : 0);
        if (self) expect(due).toBe(false);
      }
    }),
  );
});
