import { describe, expect, test, vi } from 'vitest';
import { settleLimits } from '../../../src-shared/domain/net-limit-rules.ts';
import { defaultLimits } from '../../../src-shared/domain/net-limits.ts';
import type { PeerMachine } from './machine.ts';
import { PeerCluster } from './peer-cluster.ts';

vi.setConfig({ testTimeout: 60_000 });

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
/** Longer than any back-off, and than what was given up rests. */
const thirdOfAnHourMs = 20 * minuteMs;

function running(seed: string, options: { readonly nodes?: number } = {}): PeerCluster {
  const { nodes = 8 } = options;
  const cluster = new PeerCluster({ seed, nodes, hostile: 0, faults: new Set(), limits: defaultLimits('mainnet') });
  cluster.watchOver();
  cluster.startAll();
  within(cluster, 20 * minuteMs, () => cluster.missing('all').length === 0);
  cluster.run(5 * minuteMs);
  return cluster;
}
/** Answers how long it took. */
function within(cluster: PeerCluster, mostMs: number, isDone: () => boolean): number {
  const { world } = cluster;
  const fromMs = world.nowMs;
  expect(world.run(fromMs + mostMs, isDone), `not within ${mostMs / secondMs} s: ${cluster.missing('all').join(', ')}`).toBe(true);
  return world.nowMs - fromMs;
}
const othersOf = (cluster: PeerCluster, machine: PeerMachine): PeerMachine[] => cluster.machines.filter((other) => other !== machine);
const member = ({ machines }: PeerCluster): PeerMachine => machines.find(({ isMember }) => isMember)!;
const stranger = ({ machines }: PeerCluster): PeerMachine => machines.find(({ isMember, site }) => !isMember && site.forwards)!;
const peersOf = (cluster: PeerCluster, machine: PeerMachine): PeerMachine[] =>
  othersOf(cluster, machine).filter((other) => cluster.checker.areConnected(machine, other));

test('everybody finds everybody through two nodes and a seed, and from then on nothing happens', () => {
  const cluster = running('calm');
  const { changedAtMs } = cluster.checker;
  const { dials } = cluster.checker.counts;
  cluster.run(hourMs);
  expect(cluster.checker.changedAtMs).toBe(changedAtMs);
  expect(cluster.missing('all')).toEqual([]);
  // Those behind routers are tried now and then, and not for ever.
  expect(cluster.checker.counts.dials - dials).toBeLessThan(14 * cluster.machines.length);
});

test('sixteen nodes of eight places each: nobody is left with fewer than three peers for long, though places change hands', () => {
  const cluster = new PeerCluster({ seed: '400', nodes: 16, hostile: 0, faults: new Set(), limits: settleLimits('mainnet', { maxPeers: 8 }) });
  cluster.watchOver();
  cluster.startAll();
  within(cluster, 20 * minuteMs, () => cluster.missing('all').length === 0);
  for (let minute = 0; minute < 20; minute++) {
    cluster.run(minuteMs);
    within(cluster, 5 * minuteMs, () => cluster.missing('all').length === 0);
  }
});

test('in bad company that would take every place, masternodes have one another, nobody is alone among strangers, and lies are dialled little', () => {
  const limits = settleLimits('mainnet', { maxPeers: 16 });
  const cluster = new PeerCluster({ seed: 'sybils', nodes: 6, hostile: 24, faults: new Set(), limits });
  cluster.watchOver();
  cluster.startAll();
  within(cluster, 20 * minuteMs, () => cluster.missing('all').length === 0);
  cluster.run(10 * minuteMs);
  expect(cluster.missing('all')).toEqual([]);
  const { dials } = cluster.checker.counts;
  cluster.run(20 * minuteMs);
  // Of each: hearsay every 30 s, and as many again to masternodes and to what answered once.
  expect(cluster.checker.counts.dials - dials).toBeLessThan(2 * 40 * cluster.machines.length);
});

describe('a machine that sleeps', () => {
  test('for half a minute loses nobody', () => {
    const cluster = running('nap');
    const sleeper = member(cluster);
    const { changedAtMs } = cluster.checker;
    sleeper.sleep();
    cluster.run(30 * secondMs);
    sleeper.wake();
    cluster.run(30 * minuteMs);
    expect(cluster.checker.changedAtMs).toBe(changedAtMs);
  });

  test('for an hour is gone after three missed pings, and has everybody again soon after it wakes', () => {
    const cluster = running('night');
    const sleeper = stranger(cluster);
    sleeper.sleep();
    within(cluster, 110 * secondMs, () => othersOf(cluster, sleeper).every((other) => !cluster.checker.hasReady(other, sleeper)));
    cluster.run(hourMs);
    sleeper.wake();
    within(cluster, minuteMs, () => cluster.missing('with masternodes').length === 0);
    within(cluster, 40 * minuteMs, () => cluster.missing('all').length === 0);
    expect(cluster.machines.flatMap(({ views }) => views.bans())).toEqual([]);
  });
});

test('a masternode that is away for an hour is back with all other masternodes within minutes', () => {
  const cluster = running('away');
  const away = member(cluster);
  away.cutPower();
  cluster.run(hourMs);
  away.start();
  // Who is behind a router may have given it up, and tries again when that has rested.
  within(cluster, 20 * minuteMs, () => cluster.missing('all').length === 0);
});

test('a clock that is set back an hour holds nothing up: who is half open is found', () => {
  const cluster = running('set back');
  const victim = member(cluster);
  victim.setClock(-hourMs);
  cluster.run(10 * secondMs);
  const lost = stranger(cluster);
  lost.cutPower();
  within(cluster, 110 * secondMs, () => !cluster.checker.hasReady(victim, lost));
  lost.start();
  victim.setClock(0);
  within(cluster, 6 * minuteMs, () => cluster.missing('all').length === 0);
});

test('two nodes behind one router are two peers of everybody, each other included', () => {
  const cluster = running('household', { nodes: 16 });
  const first = cluster.machines.find((one) => one.site.forwards && othersOf(cluster, one).some((other) => other.site === one.site))!;
  const second = othersOf(cluster, first).find(({ site }) => site === first.site)!;
  for (const one of [first, second]) expect(peersOf(cluster, one)).toHaveLength(15);
});

test('a household whose address changes has everybody again, at the new one', () => {
  const cluster = running('moved');
  const moving = stranger(cluster);
  cluster.move(moving.site);
  cluster.run(3 * minuteMs);
  within(cluster, 7 * minuteMs, () => cluster.missing('all').length === 0);
});

test('who is banned by an operator is thrown out, stays out over a restart, and comes back when the ban is lifted', () => {
  const cluster = running('ban');
  const [judge, banned] = [member(cluster), stranger(cluster)];
  const subject = { kind: 'node', nodeId: banned.nodeId } as const;
  judge.order({ kind: 'set-ban', subject, untilMs: undefined, reason: 'test' });
  within(cluster, minuteMs, () => !cluster.checker.hasReady(banned, judge) && !cluster.checker.hasReady(judge, banned));
  cluster.run(thirdOfAnHourMs);
  judge.kill();
  cluster.run(secondMs);
  judge.start();
  within(cluster, 10 * minuteMs, () => peersOf(cluster, judge).length === cluster.machines.length - 2);
  expect(judge.views.bans()).toMatchObject([{ subject, by: 'operator' }]);
  cluster.run(thirdOfAnHourMs);
  expect(peersOf(cluster, judge)).not.toContain(banned);
  judge.order({ kind: 'clear-ban', subject });
  within(cluster, 10 * minuteMs, () => cluster.missing('all').length === 0);
});
