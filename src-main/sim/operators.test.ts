import { expect, test, vi } from 'vitest';
import { bronze, Cluster } from './cluster.ts';
import type { SimHost } from './host.ts';
import { drawMix } from './mix.ts';
import { simulate } from './simulation.ts';

/** Each takes a second or so on an idle machine. */
vi.setConfig({ testTimeout: 60_000 });

const slotMs = 10_000;

/** Four that are honest and all together, with payments, at this height. */
function running(seed: string, height: number): Cluster {
  const cluster = new Cluster({ seed, members: bronze(4), byzantine: 0, faults: new Set(), sampleEvery: 2_000 });
  cluster.startAll();
  cluster.clients.start(200);
  cluster.runUntil(
    () => cluster.everyHonest((host) => host.height >= height),
    (height + 3) * slotMs,
    () => `height ${height}`,
  );
  return cluster;
}
function marks(host: SimHost, height: number): void {
  const block = host.tables.block(height);
  if (block === undefined) throw new Error(`no block ${height}`);
  host.invalidate(block.hash);
}
function takeBack(host: SimHost): void {
  for (const hash of host.tables.marked) host.reconsider(hash);
}
function goesOn(cluster: Cluster): void {
  const height = cluster.agreement.highest;
  cluster.runUntil(
    () => cluster.everyHonest((host) => host.height >= height + 2),
    12 * slotMs,
    () => `two blocks after ${height} (${cluster.honest.map((host) => `${host.name} at ${host.height}`).join(', ')})`,
  );
  expect(cluster.honest.map(({ views }) => views.consensus().signing.kind)).toEqual(cluster.honest.map(() => 'signing'));
  cluster.clients.stop();
  cluster.audit();
}

test('all take off a block while votes on the next are under way, and put it on again: those votes bind them, and the height goes on', () => {
  const cluster = running('all at once', 1);
  cluster.network.partition([
    [0, 1],
    [2, 3],
  ]);
  cluster.run(1.5 * slotMs);
  for (const host of cluster.honest) marks(host, 1);
  cluster.run(2_000);
  expect(cluster.honest.map(({ height }) => height)).toEqual([0, 0, 0, 0]);
  cluster.network.rejoin();
  for (const host of cluster.honest) takeBack(host);
  goesOn(cluster);
});

test('what a node has committed is not there any more when it comes back: a block that holds it is no reason to stand still', () => {
  const cluster = running('half', 2);
  cluster.run(slotMs / 2);
  const half = [cluster.host(0), cluster.host(1)];
  for (const host of half) marks(host, 1);
  cluster.run(2_000);
  expect(half.map(({ height }) => height)).toEqual([0, 0]);
  for (const host of half) takeBack(host);
  goesOn(cluster);
});

/** An operator's mark was taken for blame of an honest proposer (410), and a commit for broken whose transfer an ancestor held that was taken off since (518), and a vote said
 * again in silence for one that is not stored, as it left when the silence was over in memory and not on the disk (804). */
test.each([410, 518, 804])('--mix --seed %i', (seed) => {
  const report = simulate({ seed, ...drawMix(seed), sampleEvery: 2_000 });
  expect(report.broken?.message).toBeUndefined();
});
