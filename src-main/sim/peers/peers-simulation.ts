import { settleLimits } from '../../../src-shared/domain/net-limit-rules.ts';
import { InvariantError } from '../../core/invariant.ts';
import { BrokenInvariant, holds } from '../broken-invariant.ts';
import { PeerCluster } from './peer-cluster.ts';
import type { PeerFaults } from './peer-faults.ts';
import { PeerNemesis } from './peer-nemesis.ts';

export interface PeersSimulationOptions {
  readonly seed: number;
  readonly nodes: number;
  /** Virtual. */
  readonly hours: number;
  readonly faults: PeerFaults;
  /** Places of each node: with fewer than nodes, not everybody can be everybody's peer. */
  readonly maxPeers: number;
  readonly hostile: number;
}

export interface PeersReport {
  readonly broken: Error | undefined;
  readonly virtualMs: number;
  readonly events: number;
  readonly dials: number;
  readonly dialFailures: number;
  /** Connections that became ready, counted at both ends. */
  readonly ready: number;
  /** The longest it took from the end of the faults until everybody had everybody. */
  readonly slowestHealMs: number;
  readonly traceDigest: string;
  readonly lastEvents: readonly string[];
}

const hourMs = 3_600_000;
/** One round: faults for so long, or for all the hours asked for where these are fewer; then everything heals, and then nothing more may happen. */
const maxDisturbedMs = 3 * hourMs;
const calmMs = hourMs / 2;
/** An address may have waited out the disturbance in its longest back-off; what is half open is found within four pings; then some rounds of the upkeep. */
const healWithinMs = 20 * 60_000;
/** Two that have both given the other up meet when one of their addresses has rested: once or twice ten minutes. */
const healAllWithinMs = 40 * 60_000;
/** Duplicates that were dialled while it healed, and who was found half open last. */
const settleMs = 5 * 60_000;
/** In a crowd whoever lost a place has another within this: all others may have been full lately, and are in their longest back-off, with jitter, once more. */
const replacedWithinMs = 12 * 60_000;
const lookEveryMs = 60_000;
const keptEvents = 400;

/** Rounds of everything that may go wrong, each followed by peace, in which everybody must find everybody and keep them. */
export function simulatePeers(options: PeersSimulationOptions): PeersReport {
  const { seed, nodes, faults, maxPeers, hostile } = options;
  const cluster = new PeerCluster({ seed: `${seed}`, nodes, faults, hostile, limits: settleLimits('mainnet', { maxPeers }) });
  let broken: Error | undefined;
  let slowestHealMs = 0;
  try {
    cluster.watchOver();
    cluster.startAll();
    while (cluster.world.elapsedMs < options.hours * hourMs)
      slowestHealMs = Math.max(slowestHealMs, runRound(cluster, faults, Math.min(maxDisturbedMs, options.hours * hourMs)));
  } catch (error) {
    // Only these say something about the nodes; anything else is a fault of the simulator.
    if (!(error instanceof BrokenInvariant || error instanceof InvariantError)) throw error;
    broken = error;
  }
  const { world, checker } = cluster;
  const { dials, dialFailures, ready } = checker.counts;
  return {
    broken,
    virtualMs: world.elapsedMs,
    events: world.count,
    dials,
    dialFailures,
    ready,
    slowestHealMs,
    traceDigest: world.trace.digest(),
    lastEvents: world.trace.last(keptEvents),
  };
}

/** Answers how long it took until everybody had all masternodes. */
function runRound(cluster: PeerCluster, faults: PeerFaults, disturbedMs: number): number {
  const { world, network, checker } = cluster;
  const nemesis = new PeerNemesis(cluster, faults);
  cluster.run(disturbedMs);
  world.log('', 'the network is whole');
  network.setFaults(new Set());
  nemesis.stop();
  const wholeMs = world.nowMs;
  heals(cluster, 'with masternodes', healWithinMs);
  const healedMs = world.nowMs - wholeMs;
  world.log('', `has healed after ${healedMs / 1_000} s`);
  heals(cluster, 'all', healAllWithinMs - healedMs);
  cluster.run(settleMs);
  const calmSinceMs = world.nowMs;
  if (cluster.isCrowded) {
    for (; world.nowMs < calmSinceMs + calmMs; cluster.run(lookEveryMs)) heals(cluster, 'all', replacedWithinMs);
  } else {
    cluster.run(calmMs);
    holds(checker.changedAtMs <= calmSinceMs, () => 'a connection came or went, and nothing had happened');
    holds(cluster.missing('all').length === 0, () => `in peace ${cluster.missing('all').join(', ')}`);
  }
  network.setFaults(faults);
  return healedMs;
}

function heals(cluster: PeerCluster, pairs: 'with masternodes' | 'all', withinMs: number): void {
  const { world } = cluster;
  holds(
    world.run(world.nowMs + withinMs, () => cluster.missing(pairs).length === 0),
    () => `not within ${withinMs / 60_000} min: ${cluster.missing(pairs).join(', ')}`,
  );
}
