import { expect, test, vi } from 'vitest';
import type { BlockHash } from '../../src-shared/domain/ids.ts';
import { bronze, Cluster } from './cluster.ts';

import type { SimHost } from './host.ts';
import { SplitAttack } from './split-attack.ts';

vi.setConfig({ testTimeout: 60_000 });

const slotMs = 10_000;
const hashAt = (host: SimHost, height: number): BlockHash | undefined => host.tables.block(height)?.hash;

/** Two branches of some blocks each, the longer one first; then the halves meet. */
function parted(seed: string): {
  readonly cluster: Cluster;
  readonly forkHeight: number;
  readonly kept: readonly SimHost[];
  readonly left: readonly SimHost[];
} {
  const cluster = new Cluster({ seed, members: bronze(7), byzantine: 0, overThird: true, faults: new Set(), sampleEvery: 2_000 });
  cluster.startAll();
  cluster.runUntil(
    () => cluster.everyHonest((host) => host.height >= 1 && host.views.peers().length === 6),
    3 * slotMs,
    () => 'a first block',
  );
  const attack = new SplitAttack(cluster);
  attack.begin();
  cluster.runUntil(
    () => cluster.contradictions.length > 0,
    4 * slotMs,
    () => 'two blocks at one height',
  );
  cluster.run(4 * slotMs);
  const [one = [], other = []] = (cluster.coalition?.halves ?? []).map((half) => cluster.hosts.filter(({ index }) => half.has(index)));
  const [first, second] = [one[0] as SimHost, other[0] as SimHost];
  let forkHeight = 1;
  while (hashAt(first, forkHeight) === hashAt(second, forkHeight)) forkHeight++;
  expect(Math.min(first.height, second.height)).toBeGreaterThanOrEqual(forkHeight + 3);
  attack.end();
  // The faulty ones who are left are on the first half's branch.
  return { cluster, forkHeight, kept: one, left: other };
}
const up = (cluster: Cluster): readonly SimHost[] => cluster.hosts.filter(({ isUp }) => isUp);

test('two branches meet: all stop, name the signers of both, and stand still until their operators choose; then all follow one', () => {
  const { cluster, forkHeight, kept, left } = parted('chosen');
  cluster.runUntil(
    () => up(cluster).every(({ views }) => views.consensus().halted),
    2 * slotMs,
    () => 'everybody has stopped',
  );
  const faulty = [...(cluster.coalition?.faulty ?? [])].map((index) => cluster.host(index).nodeId).sort();
  for (const host of cluster.honest) {
    const [halt, ...more] = host.views.halts();
    expect(more).toEqual([]);
    expect(halt).toMatchObject({ height: forkHeight });
    const [a, b] = halt?.certificates ?? [];
    if (a?.round === b?.round) expect([...new Set(host.tables.evidence.values())].sort()).toEqual(faulty);
  }
  const heights = up(cluster).map(({ height }) => height);
  cluster.run(3 * slotMs);
  expect(up(cluster).map(({ height }) => height)).toEqual(heights);

  const wrong = hashAt(left[0] as SimHost, forkHeight) as BlockHash;
  for (const host of up(cluster)) host.invalidate(wrong);
  // One of them dies while it takes its blocks off, and goes on when it is back.
  const dying = left[0] as SimHost;
  const before = dying.height;
  cluster.runUntil(
    // On its disk: what is not there yet a crash undoes, the operator's word and all.
    () => dying.durable.blocks.length <= before,
    1_000,
    () => 'it has begun',
  );
  dying.crash();
  expect(dying.height).toBeGreaterThanOrEqual(forkHeight);
  dying.start();
  const highest = Math.max(...kept.map(({ height }) => height));
  cluster.runUntil(
    () => up(cluster).every((host) => host.height > highest + 5),
    12 * slotMs,
    () => 'all of them on one branch, and further',
  );
  for (const host of up(cluster)) {
    expect(hashAt(host, forkHeight)).toBe(hashAt(kept[0] as SimHost, forkHeight));
    expect(host.views.consensus()).toMatchObject({ halted: false, signing: { kind: 'signing' } });
  }
});
