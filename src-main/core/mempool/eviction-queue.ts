import type { Txid } from '../../../src-shared/domain/ids.ts';

/** A transaction's place in the order of eviction. */
export interface Evictable {
  readonly txid: Txid;
  /** Units per 1,000 bytes. */
  readonly feeRate: bigint;
  /** Number of its admission: of equal rates the younger goes first. */
  readonly sequence: number;
}

/** Entries that have left are dropped when they come up, or when there are this many times more of them than of live ones. */
const maxStaleFactor = 2;
const leastCompaction = 64;

/** Lowest fee rate first: a binary heap, so that admission to a full mempool does not look at every transaction in it. */
export class EvictionQueue {
  #heap: Evictable[] = [];
  readonly #isLive: (entry: Evictable) => boolean;

  /** `isLive`: whether the entry is still in the mempool and may be evicted. */
  constructor(isLive: (entry: Evictable) => boolean) {
    this.#isLive = isLive;
  }

  push(entry: Evictable): void {
    this.#heap.push(entry);
    this.#up(this.#heap.length - 1);
  }

  /** Takes out the first live entry. */
  pop(): Evictable | undefined {
    for (;;) {
      const first = this.#heap[0];
      const last = this.#heap.pop();
      if (first === undefined || last === undefined) return undefined;
      if (this.#heap.length > 0) {
        this.#heap[0] = last;
        this.#down(0);
      }
      if (this.#isLive(first)) return first;
    }
  }

  /** To be called as entries leave, with how many are still in the mempool. */
  compact(liveAtMost: number): void {
    if (this.#heap.length <= leastCompaction + maxStaleFactor * liveAtMost) return;
    const live = this.#heap.filter((entry) => this.#isLive(entry));
    this.#heap = [];
    for (const entry of live) this.push(entry);
  }

  #up(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfBefore(index, parent)) return;
      index = parent;
    }
  }

  #down(from: number): void {
    let index = from;
    for (;;) {
      const left = 2 * index + 1;
      const least = left + 1 < this.#heap.length && isBefore(this.#heap[left + 1] as Evictable, this.#heap[left] as Evictable) ? left + 1 : left;
      if (least >= this.#heap.length || !this.#swapIfBefore(least, index)) return;
      index = least;
    }
  }

  #swapIfBefore(index: number, above: number): boolean {
    const [entry, parent] = [this.#heap[index] as Evictable, this.#heap[above] as Evictable];
    if (!isBefore(entry, parent)) return false;
    this.#heap[index] = parent;
    this.#heap[above] = entry;
    return true;
  }
}

const isBefore = (a: Evictable, b: Evictable): boolean => a.feeRate < b.feeRate || (a.feeRate === b.feeRate && a.sequence > b.sequence);
