import { InvariantError } from '../core/invariant.ts';
import { paramsOf } from '../core/params.ts';
import type { Tier } from '../core/snapshot.ts';
import { BrokenInvariant, holds } from './broken-invariant.ts';
import { Cluster } from './cluster.ts';
import type { Faults } from './faults.ts';
import type { SimHost } from './host.ts';
import { Nemesis } from './nemesis.ts';
import { practice, type Setting } from './setting.ts';

export interface SimulationOptions {
  readonly seed: number;
  /** The masternodes that the network begins with. */
  readonly members: readonly Tier[];
  readonly heights: number;
  /** At most so many, always below a third of the weight. */
  readonly byzantine: number;
  readonly faults: Faults;
  /** Milliseconds between payments, on average. */
  readonly paymentEveryMs: number;
  /** Standard: `practice`. */
  readonly setting?: Setting;
  /** While it is disturbed, payments as large as they may be come in bursts. */
  readonly bursts?: boolean;
  /** See `Cluster`. */
  readonly sampleEvery: number;
  /** Looks on from the beginning; what it answers is called at the end. */
  readonly watch?: ((cluster: Cluster) => () => void) | undefined;
}

export interface Report {
  readonly broken: Error | undefined;
  readonly virtualMs: number;
  readonly events: number;
  /** The lowest of the honest nodes. */
  readonly height: number;
  readonly finalTransactions: number;
  readonly finalityMedianMs: number | undefined;
  readonly finalityP99Ms: number | undefined;
  /** Of everything that happened: the same for the same options. */
  readonly traceDigest: string;
  readonly lastEvents: readonly string[];
}

/** Heights that all honest nodes must gain once the network is whole … */
const progressHeights = 3;
/**
 * … within this: addresses that waited out a long partition are dialled again after a minute or so, and a height that went through many rounds has
 * long timeouts.
 */
const progressWithinMs = 240_000;
/** A fresh payment on a whole network, on all honest nodes. With a silent proposer a block may have to settle it. */
const freshFinalWithinMs = 60_000;
/** With faulty proposers a height takes some rounds. */
const msPerHeight = 3 * paramsOf.devnet.blockIntervalMs;
/** Until everything final is in every chain, once nothing new comes. */
const settleWithinMs = 120_000;
/** Of each member: those with votes of a rival that lost before a restart, which no block will ever name. */
const maxKeptBundlesPerMember = 25;
/** A height's own, and a little more. */
const maxKeptGuardRecords = 50;
/** Machines that people register and take away again: two, so that they can be mistaken for one another. */
const candidates = 2;
/** Of all wallets: two bursts and more. */
const coinsForBursts = 400;
const noFaults: Faults = new Set();
/** Part of the run that is disturbed. */
const disturbedShare = 0.6;
const keptEvents = 400;

/** First everything goes wrong that may, then it heals and everything must go right; every checker looks on all the time. */
export function simulate(options: SimulationOptions): Report {
  const { seed, members, byzantine, faults, setting = practice, bursts = false, sampleEvery, watch } = options;
  const cluster = new Cluster({
    seed: `${seed}`,
    members,
    candidates: faults.has('registry') ? candidates : 0,
    byzantine,
    faults,
    setting,
    sampleEvery,
    ...(bursts ? { coins: coinsForBursts } : {}),
  });
  const end = watch?.(cluster);
  let broken: Error | undefined;
  try {
    runPhases(cluster, options);
  } catch (error) {
    // Only these say something about the network; anything else is a fault of the simulator.
    if (!(error instanceof BrokenInvariant || error instanceof InvariantError)) throw error;
    broken = error;
  }
  end?.();
  return reportOf(cluster, broken);
}

function runPhases(cluster: Cluster, { heights, faults, paymentEveryMs, bursts = false }: SimulationOptions): void {
  const { world, clients, honest } = cluster;
  cluster.startAll();
  clients.start(paymentEveryMs);
  const disturbedMs = heights * disturbedShare * paramsOf.devnet.blockIntervalMs;
  if (bursts) clients.startBursts(disturbedMs);
  const nemesis = new Nemesis(cluster, faults);
  cluster.run(disturbedMs);

  world.log('', 'the network is whole');
  cluster.setFaults(noFaults);
  nemesis.stop();
  const lowest = (): number => Math.min(...honest.map(({ height }) => height));
  const atHeal = cluster.agreement.highest;
  const state = (): string => honest.map(({ name, height, isUp }) => `${name} ${isUp ? '' : 'down '}at ${height}`).join(', ');
  cluster.runUntil(
    () => lowest() >= atHeal + progressHeights,
    progressWithinMs,
    () => `${progressHeights} heights after healing at ${atHeal} (${state()})`,
  );
  finaliseFreshPayment(cluster);
  const left = Math.max(0, heights - lowest());
  cluster.runUntil(
    () => lowest() >= heights,
    left * msPerHeight,
    () => `height ${heights} (${state()})`,
  );

  clients.stop();
  const settled = (): boolean => honest.every((host) => cluster.missingFinals(host).length === 0);
  cluster.runUntil(settled, settleWithinMs, () => honest.map((host) => `${host.name} misses ${cluster.missingFinals(host).join(' ')}`).join('; '));
  cluster.audit();
  checkNothingPilesUp(cluster);
}

/**
 * Two blocks after the last payment nothing waits any more, and next to nothing is kept of what was: votes of a transaction end with it. A block of a
 * faulty proposer may be one that settled nothing: what is uncertified, or final for less than the grace of its round, may be left out of it.
 */
function checkNothingPilesUp(cluster: Cluster): void {
  const { honest, hosts, agreement } = cluster;
  const height = agreement.highest + 2;
  const faulty = hosts.length - honest.length;
  const isSettled = ({ views, diskSizes }: Pick<SimHost, 'views' | 'diskSizes'>): boolean => views.mempool().size === 0 && diskSizes.pending === 0;
  cluster.runUntil(
    () => honest.every((host) => host.height >= height && (isSettled(host) || host.height >= height + 2 * faulty)),
    (3 + 2 * faulty) * msPerHeight,
    () => `height ${height}`,
  );
  for (const { name, views, diskSizes } of honest) {
    const kept = JSON.stringify({ ...diskSizes, mempool: views.mempool().size });
    holds(isSettled({ views, diskSizes }), () => `${name} still holds what two blocks of honest proposers should have settled: ${kept}`);
    holds(
      diskSizes.bundles <= maxKeptBundlesPerMember * cluster.hosts.length && diskSizes.guard <= maxKeptGuardRecords,
      () => `${name} keeps votes of what is settled: ${kept}`,
    );
  }
}

function finaliseFreshPayment(cluster: Cluster): void {
  const { clients, honest } = cluster;
  const coin = clients.takeCoin();
  if (coin === undefined) return;
  const fresh = clients.pay(coin);
  const [first] = honest;
  holds(first !== undefined, () => 'there is an honest node');
  first.submit(fresh.encoded);
  const isFinal = (): boolean => cluster.everyHonest((host) => cluster.isFinalAt(host, fresh.txid));
  cluster.runUntil(isFinal, freshFinalWithinMs, () => `finality of ${fresh.txid} on all honest nodes`);
}

function reportOf(cluster: Cluster, broken: Error | undefined): Report {
  const { world, honest, agreement } = cluster;
  const finality = [...cluster.finalityMs].sort((a, b) => a - b);
  return {
    broken,
    virtualMs: world.elapsedMs,
    events: world.count,
    height: Math.min(...honest.map(({ height }) => height)),
    finalTransactions: agreement.final.size,
    finalityMedianMs: finality[Math.floor(finality.length / 2)],
    finalityP99Ms: finality[Math.floor(finality.length * 0.99)],
    traceDigest: world.trace.digest(),
    lastEvents: world.trace.last(keptEvents),
  };
}
