import type { Txid } from '../../src-shared/domain/ids.ts';
import { InvariantError } from '../core/invariant.ts';
import { BrokenInvariant, holds } from './broken-invariant.ts';
import { bronze, Cluster } from './cluster.ts';
import type { SimHost } from './host.ts';
import type { Prng } from './prng.ts';
import { wan } from './setting.ts';
import type { OwnedCoin } from './sim-genesis.ts';

export interface WideOptions {
  readonly seed: number;
  readonly nodes: number;
  /** Payments a second, over the whole network. */
  readonly rate: number;
  /** Of virtual time, in which payments are made. */
  readonly loadSeconds: number;
  /** A line now and then, for who waits. */
  readonly progress: (line: string) => void;
  /** See `SimulationOptions`. */
  readonly watch?: ((cluster: Cluster) => () => void) | undefined;
}

/** Milliseconds. */
export interface Spread {
  readonly median: number | undefined;
  readonly p99: number | undefined;
  readonly most: number | undefined;
}
export interface WideReport {
  readonly broken: Error | undefined;
  readonly virtualMs: number;
  readonly events: number;
  readonly payments: number;
  /** From when a wallet hands a payment to its node until it is final: at the node of who is paid, and on the last of all. */
  readonly atPayee: Spread;
  readonly everywhere: Spread;
  /** From a height's first round, wherever it begins first, until its block is decided on the last node. */
  readonly blocks: Spread & { readonly count: number };
  /** What each node sent in a second of load, on average: bytes. */
  readonly sentBytesPerNodeAndSecond: number;
  readonly traceDigest: string;
  readonly lastEvents: readonly string[];
}

/** All listen for their own key first, two minutes from their first peer. */
const readyWithinMs = 200_000;
/** Then those that found each other late. */
const settleMs = 10_000;
/** More than this is no finality that anybody waits for. */
const finalWithinMs = 60_000;
const progressEveryMs = 1_000;
const keptEvents = 400;
/** Two of these amount to a whole network's traffic of a while, so each is worked out once. */
const sampleEvery = 50_000;

/** How long payments take to be final among many masternodes on all continents, while nothing goes wrong. */
export function simulateWide(options: WideOptions): WideReport {
  const { seed, nodes, rate, loadSeconds, watch } = options;
  const cluster = new Cluster({
    seed: `${seed}`,
    members: bronze(nodes),
    byzantine: 0,
    faults: new Set(),
    sampleEvery,
    setting: wan,
    coins: Math.ceil(rate * loadSeconds),
  });
  const end = watch?.(cluster);
  const payments = new Payments(cluster);
  const blocks = new BlockTimes(cluster);
  let broken: Error | undefined;
  let sentBytes = 0;
  try {
    startUp(cluster, options);
    const before = cluster.network.sentBytes;
    payments.start(rate, loadSeconds * 1_000);
    runWithProgress(cluster, loadSeconds * 1_000, options, () => `${payments.final} of ${payments.made} final everywhere`);
    sentBytes = cluster.network.sentBytes - before;
    cluster.runUntil(
      () => payments.final === payments.made,
      finalWithinMs,
      () => `finality of ${payments.made - payments.final} of ${payments.made} payments on all nodes`,
    );
    cluster.audit();
  } catch (error) {
    if (!(error instanceof BrokenInvariant || error instanceof InvariantError)) throw error;
    broken = error;
  }
  end?.();
  const { world } = cluster;
  return {
    broken,
    virtualMs: world.elapsedMs,
    events: world.count,
    payments: payments.made,
    atPayee: spreadOf(payments.atPayeeMs),
    everywhere: spreadOf(payments.everywhereMs),
    blocks: { ...spreadOf(blocks.decidedMs), count: blocks.decidedMs.length },
    sentBytesPerNodeAndSecond: Math.round(sentBytes / nodes / loadSeconds),
    traceDigest: world.trace.digest(),
    lastEvents: world.trace.last(keptEvents),
  };
}

function startUp(cluster: Cluster, options: WideOptions): void {
  const signing = new Set<SimHost>();
  cluster.onEvent((host, event) => {
    if (event.kind === 'signing') signing.add(host);
  });
  cluster.startAll();
  const deadlineMs = cluster.world.nowMs + readyWithinMs;
  while (signing.size < cluster.hosts.length) {
    holds(cluster.world.nowMs < deadlineMs, () => `${cluster.hosts.length - signing.size} nodes do not sign ${readyWithinMs / 1_000} s after their start`);
    runWithProgress(cluster, 10_000, options, () => `${signing.size} of ${cluster.hosts.length} sign`);
  }
  cluster.run(settleMs);
  const peers = cluster.hosts.map((host) => host.views.peers().length).sort((a, b) => a - b);
  options.progress(`peers: ${peers[0]} to ${peers.at(-1)}, median ${peers[Math.floor(peers.length / 2)]}`);
}

function runWithProgress(cluster: Cluster, forMs: number, { progress }: WideOptions, state: () => string): void {
  const { world } = cluster;
  const until = world.nowMs + forMs;
  while (world.nowMs < until) {
    cluster.run(Math.min(progressEveryMs, until - world.nowMs));
    progress(`${(world.elapsedMs / 1_000).toFixed(0)} s virtual, ${world.count} events: ${state()}`);
  }
}

interface Payment {
  readonly madeMs: number;
  readonly payee: SimHost;
  /** Nodes where it is not final. */
  missing: number;
}

/** Each of a coin of its own, from any node to any other. */
class Payments {
  readonly atPayeeMs: number[] = [];
  readonly everywhereMs: number[] = [];
  readonly #cluster: Cluster;
  readonly #random: Prng;
  readonly #open = new Map<Txid, Payment>();
  /** Of the genesis, which all know: change is final at one node before it is at another. */
  readonly #coins: OwnedCoin[];
  made = 0;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#random = cluster.random.fork('payments');
    this.#coins = [...cluster.genesis.coins];
    cluster.onEvent((host, event) => {
      if (event.kind === 'transaction-final') this.#final(host, event.txid);
    });
  }

  get final(): number {
    return this.everywhereMs.length;
  }

  /** At moments that know nothing of each other. */
  start(rate: number, forMs: number): void {
    const { world } = this.#cluster;
    const startMs = world.nowMs;
    for (let index = 0; index < (rate * forMs) / 1_000; index++) world.at(startMs + this.#random.next() * forMs, () => this.#pay());
  }

  #pay(): void {
    const { clients, hosts, world } = this.#cluster;
    const coin = this.#coins.pop();
    const payer = this.#random.pick(hosts);
    const payee = this.#random.pick(hosts);
    holds(coin !== undefined && payer !== undefined && payee !== undefined, () => 'there is a coin for each payment');
    const { txid, encoded } = clients.pay(coin);
    this.#open.set(txid, { madeMs: world.nowMs, payee, missing: hosts.length });
    this.made++;
    payer.submit(encoded, (answer) => holds('txid' in answer, () => `${payer.name} refuses a payment: ${JSON.stringify(answer)}`));
  }

  #final(host: SimHost, txid: Txid): void {
    const payment = this.#open.get(txid);
    if (payment === undefined) return;
    const tookMs = this.#cluster.world.nowMs - payment.madeMs;
    if (host === payment.payee) this.atPayeeMs.push(tookMs);
    payment.missing--;
    if (payment.missing > 0) return;
    this.everywhereMs.push(tookMs);
    this.#open.delete(txid);
  }
}

class BlockTimes {
  readonly decidedMs: number[] = [];
  readonly #begunMs = new Map<number, number>();
  readonly #decided = new Map<number, number>();

  constructor(cluster: Cluster) {
    const { world } = cluster;
    cluster.onEvent((_, event) => {
      if (event.kind === 'round-started' && !this.#begunMs.has(event.height)) this.#begunMs.set(event.height, world.nowMs);
      if (event.kind !== 'block-decided') return;
      const nodes = (this.#decided.get(event.height) ?? 0) + 1;
      this.#decided.set(event.height, nodes);
      const begunMs = this.#begunMs.get(event.height);
      if (nodes === cluster.hosts.length && begunMs !== undefined) this.decidedMs.push(world.nowMs - begunMs);
    });
  }
}

function spreadOf(ms: readonly number[]): Spread {
  const sorted = [...ms].sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)], p99: sorted[Math.floor(sorted.length * 0.99)], most: sorted.at(-1) };
}
