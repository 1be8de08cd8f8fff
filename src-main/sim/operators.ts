import type { Cluster } from './cluster.ts';
import type { SimHost } from './host.ts';
import type { Prng } from './prng.ts';

/** Milliseconds, from and to. */
const calmBefore = [3_000, 20_000] as const;
const lasts = [500, 30_000] as const;
/** Blocks: more than an epoch of the practice network, which is six or so. */
const maxDepth = 8;
/** Else one at a time. */
const severalChance = 0.4;
/** A node that is down, or still takes blocks off, is asked again. */
const retryMs = 1_000;

/**
 * Operators who mark blocks of their nodes' chains as invalid, one or an epoch deep, and take it back later: one of them, some, or all at once. Who left what it may have signed signs
 * nothing there, so nothing else is ever decided instead, however many they are; and who comes back goes on.
 */
export class Operators {
  readonly #cluster: Cluster;
  readonly #random: Prng;
  #active = true;

  constructor(cluster: Cluster, random: Prng) {
    this.#cluster = cluster;
    this.#random = random;
    this.#next();
  }

  /** Everything is taken back, whatever stood on whose disk. */
  stop(): void {
    this.#active = false;
    for (const host of this.#cluster.honest) this.#takeBack(host);
  }

  #next(): void {
    this.#after(calmBefore, () => {
      const hosts = this.#random.shuffled(this.#cluster.honest);
      const most = this.#random.chance(severalChance) ? this.#random.between(2, hosts.length) : 1;
      for (const host of hosts.slice(0, most)) this.#mark(host);
      this.#next();
    });
  }

  #mark(host: SimHost): void {
    const block = host.tables.block(host.height - this.#random.below(maxDepth));
    if (!host.isUp || block === undefined) return;
    host.invalidate(block.hash);
    this.#after(lasts, () => this.#takeBack(host));
  }

  /** The lowest first. With the last the node comes back to what it left, and may sign again. */
  #takeBack(host: SimHost): void {
    const [marked] = host.tables.marked;
    if (marked === undefined) return;
    host.reconsider(marked);
    this.#cluster.world.after(retryMs, () => this.#takeBack(host));
  }

  #after([fromMs, toMs]: readonly [number, number], run: () => void): void {
    this.#cluster.world.after(this.#random.between(fromMs, toMs), () => {
      if (this.#active) run();
    });
  }
}
