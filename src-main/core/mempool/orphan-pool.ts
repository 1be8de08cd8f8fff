import type { Txid } from '../../../src-shared/domain/ids.ts';
import { type HashedTransaction, parentsOf } from '../codec/transaction.ts';

/** Enough for the children of a burst; each may be a whole transaction, so bytes are bounded too. */
const maxOrphans = 1_000;
const maxOrphanBytes = 10_000_000;
/** A parent that has not come by then is not on its way. */
const orphanAgeMs = 60_000;

interface Orphan {
  readonly hashed: HashedTransaction;
  readonly receivedMs: number;
}

/** Transactions whose parents are not final here yet: tried again when one becomes final. Oldest out first. */
export class OrphanPool {
  readonly #orphans = new Map<Txid, Orphan>();
  readonly #byParent = new Map<Txid, Set<Txid>>();
  #bytes = 0;

  get size(): number {
    return this.#orphans.size;
  }
  has(txid: Txid): boolean {
    return this.#orphans.has(txid);
  }
  get(txid: Txid): HashedTransaction | undefined {
    return this.#orphans.get(txid)?.hashed;
  }
  add(hashed: HashedTransaction, nowMs: number): void {
    if (this.#orphans.has(hashed.txid)) return;
    this.#orphans.set(hashed.txid, { hashed, receivedMs: nowMs });
    this.#bytes += hashed.encoded.length;
    for (const parent of parentsOf(hashed)) {
      const children = this.#byParent.get(parent) ?? new Set();
      this.#byParent.set(parent, children.add(hashed.txid));
    }
    for (const [oldest, { receivedMs }] of this.#orphans) {
      if (this.#orphans.size <= maxOrphans && this.#bytes <= maxOrphanBytes && nowMs - receivedMs < orphanAgeMs) break;
      this.#remove(oldest);
    }
  }
  /** Takes out those that waited for this parent, in the order they came. */
  takeChildrenOf(parent: Txid): HashedTransaction[] {
    const children = [...(this.#byParent.get(parent) ?? [])];
    return children.flatMap((child) => this.#remove(child) ?? []);
  }
  #remove(txid: Txid): HashedTransaction | undefined {
    const orphan = this.#orphans.get(txid);
    if (orphan === undefined) return undefined;
    this.#orphans.delete(txid);
    this.#bytes -= orphan.hashed.encoded.length;
    for (const parent of parentsOf(orphan.hashed)) {
      const siblings = this.#byParent.get(parent);
      siblings?.delete(txid);
      if (siblings?.size === 0) this.#byParent.delete(parent);
    }
    return orphan.hashed;
  }
}
