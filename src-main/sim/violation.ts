import type { Tier } from '../core/snapshot.ts';
import { Cluster } from './cluster.ts';
import type { SimulationOptions } from './simulation.ts';
import { SplitAttack } from './split-attack.ts';

export interface ViolationReport {
  /** What two honest nodes hold against one another; undefined: nothing was found. */
  readonly found: string | undefined;
  readonly faulty: number;
  readonly members: readonly Tier[];
  readonly virtualMs: number;
  readonly events: number;
  readonly traceDigest: string;
  readonly lastEvents: readonly string[];
}

const firstBlockWithinMs = 30_000;
/** Some blocks' time. */
const attackMs = 60_000;
const payTwiceEveryMs = 300;
const keptEvents = 400;

/** With a third of the weight or a little more against it no such network is safe: a simulator that finds nothing here would find nothing anywhere. */
export function simulateOverThird({
  seed,
  members,
  faults,
  sampleEvery,
  watch,
}: Omit<SimulationOptions, 'byzantine' | 'heights' | 'paymentEveryMs'>): ViolationReport {
  const cluster = new Cluster({ seed: `${seed}`, members, byzantine: 0, overThird: true, faults, sampleEvery });
  const end = watch?.(cluster);
  const { world, contradictions } = cluster;
  cluster.startAll();
  cluster.runUntil(
    () => cluster.everyHonest(({ height }) => height >= 1),
    firstBlockWithinMs,
    () => 'a first block',
  );
  const attack = new SplitAttack(cluster);
  attack.begin();
  const deadlineMs = world.nowMs + attackMs;
  while (contradictions.length === 0 && world.nowMs < deadlineMs) {
    attack.payTwice();
    world.run(world.nowMs + payTwiceEveryMs, () => contradictions.length > 0);
  }
  end?.();
  return {
    found: contradictions[0],
    faulty: cluster.coalition?.faulty.size ?? 0,
    members,
    virtualMs: world.elapsedMs,
    events: world.count,
    traceDigest: world.trace.digest(),
    lastEvents: world.trace.last(keptEvents),
  };
}
