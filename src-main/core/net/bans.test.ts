import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NodeId } from '../../../src-shared/domain/ids.ts';
import { defaultLimits } from '../../../src-shared/domain/net-limits.ts';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import type { Ban, BanSubject } from './ban.ts';
import { type BanChanges, Bans } from './bans.ts';
import type { ConnectionId } from './connection-id.ts';

const hour = 3_600_000;
const minute = 60_000;
const limits = defaultLimits('mainnet');
const node = (number: number): NodeId => number.toString(16).padStart(64, '0') as NodeId;
const member = node(0xff);
const of = (number: number): BanSubject => ({ kind: 'node', nodeId: node(number) });
const network = (subnet: string): BanSubject => ({ kind: 'network', subnet });

interface Setup {
  readonly restored?: readonly Ban[];
  readonly whitelist?: readonly string[];
  readonly maxPeersPerIp?: number;
}
function bansOf({ restored = [], whitelist = [], maxPeersPerIp = limits.maxPeersPerIp }: Setup = {}): Bans {
  return new Bans({ limits: { ...limits, maxPeersPerIp }, isMember: (nodeId) => nodeId === member, whitelist }, restored);
}
function offend(bans: Bans, nodeId: NodeId, atMs: number, { host = '198.51.100.7', weight = 1 } = {}): BanChanges {
  return bans.violation({ connection: 1 as ConnectionId, nodeId, host, code: 'malformed', detail: '', weight }, atMs);
}
const durations = ({ banned }: BanChanges): (number | undefined)[] => banned.map(({ createdMs, untilMs }) => untilMs && untilMs - createdMs);

test('three violations are five minutes, five an hour, ten for ever; each further one bans again', () => {
  const bans = bansOf();
  // Each before what came before it is forgotten.
  const times = [0, 59, 118, 182, 246, 365, 484, 603, 722, 841].map((minutes) => minutes * minute);
  const ladder = times.map((atMs) => durations(offend(bans, node(1), atMs)));
  expect(ladder).toEqual([[], [], [5 * minute], [5 * minute], [hour], [hour], [hour], [hour], [hour], [undefined]]);
  expect(bans.isBanned(node(1), '203.0.113.1', 10_000 * hour)).toBe(true);
  expect(bans.isBanned(node(2), '203.0.113.1', 0)).toBe(false);
});

test('violations are forgotten after a quiet hour, which a ban is not', () => {
  const bans = bansOf();
  offend(bans, node(1), 0);
  offend(bans, node(1), hour - 1);
  expect(bans.violationsOf(node(1), 2 * hour - 2)).toBe(2);
  expect(bans.violationsOf(node(1), 2 * hour - 1)).toBe(0);
  expect(durations(offend(bans, node(1), 2 * hour - 1))).toEqual([]);
  offend(bans, node(2), 0, { weight: 5 });
  expect(bans.violationsOf(node(2), 2 * hour - 1)).toBe(5);
  expect(bans.violationsOf(node(2), 2 * hour)).toBe(0);
});

test('a ban ends with its time, and says so once', () => {
  const bans = bansOf();
  offend(bans, node(1), 0, { weight: 3 });
  expect(bans.nextWakeMs()).toBe(5 * minute);
  expect(bans.takeEnded(5 * minute - 1)).toEqual([]);
  expect(bans.isBanned(node(1), '', 5 * minute)).toBe(false);
  expect(bans.takeEnded(5 * minute)).toEqual([of(1)]);
  expect(bans.takeEnded(6 * minute)).toEqual([]);
  expect(bans.nextWakeMs()).toBe(Number.POSITIVE_INFINITY);
});

test('who makes itself new keys is stopped by its IP, for a time; an IPv6 /64 is one IP', () => {
  for (const [hosts, subnet] of [
    [['198.51.100.7', '198.51.100.7', '198.51.100.7'], '198.51.100.7/32'],
    [['2a01:db8:1:2::1', '2a01:db8:1:2::2', '2a01:db8:1:2:3::'], '2a01:db8:1:2::/64'],
  ] as const) {
    const bans = bansOf();
    const first = hosts.map((host, index) => offend(bans, node(index + 1), 0, { host }));
    expect(first.map(({ banned }) => banned.map((ban) => ban.subject))).toEqual([[], [], [network(subnet)]]);
    expect(bans.isBanned(node(9), hosts[1], 1)).toBe(true);
    const later = Array.from({ length: 12 }, (_, index) => durations(offend(bans, node(index + 10), minute, { host: hosts[0] })));
    expect(new Set(later.flat())).toEqual(new Set([5 * minute, hour]));
  }
});

test.each([
  ['a node that misbehaves alone', { keys: 1, host: '198.51.100.7', setup: {} }],
  ['a network where IPs mean nothing', { keys: 9, host: '198.51.100.7', setup: { maxPeersPerIp: 0 } }],
] as const)('%s does not have its IP banned', (_, { keys, host, setup }) => {
  const bans = bansOf(setup);
  for (let index = 0; index < 20; index++) offend(bans, node(1 + (index % keys)), 0, { host });
  expect(bans.list().filter(({ subject }) => subject.kind === 'network')).toEqual([]);
});

test('a member of the snapshot is never banned for good, nor by its IP, nor does it have the IP banned', () => {
  const bans = bansOf();
  const host = '198.51.100.7';
  for (let index = 0; index < 30; index++) offend(bans, member, index, { host });
  expect(bans.list()).toMatchObject([{ subject: { kind: 'node' }, untilMs: expect.any(Number) }]);
  const others = bansOf();
  for (let index = 1; index <= 3; index++) offend(others, node(index), 0, { host });
  expect(others.isBanned(node(9), host, 1)).toBe(true);
  expect(others.isBanned(member, host, 1)).toBe(false);
});

test('who is on the whitelist is banned by an operator alone', () => {
  const bans = bansOf({ whitelist: ['198.51.100.0/24'] });
  expect(offend(bans, node(1), 0, { weight: 50 })).toEqual({ banned: [], dropped: [] });
  expect(bans.records().length).toBe(1);
  // Banned from elsewhere, it is let in from here.
  offend(bans, node(2), 0, { weight: 50, host: '192.0.2.1' });
  expect([bans.isBanned(node(2), '192.0.2.1', 1), bans.isBanned(node(2), '198.51.100.7', 1)]).toEqual([true, false]);
  bans.set(network('198.51.100.7/32'), undefined, 'unwanted', 0);
  expect(bans.isBanned(node(1), '198.51.100.7', 1)).toBe(true);
});

test('an operator’s ban is not shortened by what the peer does, and lifting it forgets that too', () => {
  const bans = bansOf();
  bans.set(of(1), undefined, 'unwanted', 0);
  expect(offend(bans, node(1), 0, { weight: 3 }).banned).toEqual([]);
  expect(bans.list()).toMatchObject([{ by: 'operator', untilMs: undefined }]);
  expect(bans.clear([of(1), of(2)])).toEqual([of(1)]);
  expect([bans.isBanned(node(1), '', 0), bans.violationsOf(node(1), 0)]).toEqual([false, 0]);
});

test('bans come back after a restart, subnets of any length among them', () => {
  const before = bansOf();
  offend(before, node(1), 0, { weight: 10 });
  before.set(network('203.0.113.0/24'), hour, 'unwanted', 0);
  before.set(network('2a01:db8::/32'), undefined, 'unwanted', 0);
  const bans = bansOf({ restored: before.list().toReversed() });
  expect(bans.list()).toEqual(before.list());
  const banned = ['203.0.113.77', '203.0.114.1', '2a01:db8:5::1', '2a01:db9::1', 'peer.example'].map((host) => bans.isBanned(node(2), host, minute));
  expect(banned).toEqual([true, false, true, false, false]);
  expect(bans.isBanned(node(1), 'peer.example', minute)).toBe(true);
  expect(bans.isBanned(undefined, '203.0.113.77', hour)).toBe(false);
  expect(bans.takeEnded(hour)).toEqual([network('203.0.113.0/24')]);
});

test('when there are too many bans the oldest that no operator made goes', () => {
  const bans = bansOf({ maxPeersPerIp: 0 });
  bans.set(of(1), undefined, 'unwanted', 0);
  for (let index = 2; index <= 10_000; index++) offend(bans, node(index), 0, { weight: 10 });
  expect(offend(bans, node(20_000), 0, { weight: 10 }).dropped).toEqual([of(2)]);
  expect([bans.list().length, bans.isBanned(node(1), '', 1)]).toEqual([10_000, true]);
});

test('the last 200 violations are shown, newest first, those of peers that are not banned too', () => {
  const bans = bansOf({ whitelist: ['198.51.100.7/32'] });
  for (let index = 0; index < 250; index++) offend(bans, node(1), index);
  expect(bans.records().map(({ atMs }) => atMs)).toEqual(Array.from({ length: 200 }, (_, index) => 249 - index));
  expect(bans.list()).toEqual([]);
});

test('whatever happens, nobody is banned without violations of its own or an operator, and never longer than the ladder says', () => {
  const event = fc.record({
    key: fc.integer({ min: 1, max: 4 }),
    host: fc.constantFrom('198.51.100.7', '192.0.2.9'),
    weight: fc.integer({ min: 1, max: 3 }),
    waitMs: fc.nat(2 * hour),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const bans = bansOf();
      let nowMs = 0;
      const total = new Map<NodeId, number>();
      for (const { key, host, weight, waitMs } of events) {
        nowMs += waitMs;
        bans.takeEnded(nowMs);
        const nodeId = key === 4 ? member : node(key);
        total.set(nodeId, (total.get(nodeId) ?? 0) + weight);
        offend(bans, nodeId, nowMs, { host, weight });
        for (const { subject, createdMs, untilMs } of bans.list()) {
          const lasts = untilMs === undefined;
          if (subject.kind === 'node') expect(total.get(subject.nodeId) ?? 0).toBeGreaterThanOrEqual(lasts ? limits.violationsForLastingBan : 3);
          if (subject.kind === 'network' || subject.nodeId === member) expect(lasts).toBe(false);
          if (untilMs !== undefined) expect([5 * minute, hour]).toContain(untilMs - createdMs);
        }
        for (const other of [1, 2, 3]) expect(bans.violationsOf(node(other), nowMs)).toBeLessThanOrEqual(total.get(node(other)) ?? 0);
      }
    }),
    { numRuns: testRuns(100) },
  );
});
