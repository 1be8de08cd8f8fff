import type { OutpointKey, Txid } from '../../../src-shared/domain/ids.ts';

/** Transfers that votes of this node bind, and by which coins. */
export class BoundTransfers {
  readonly #inputs = new Map<Txid, readonly OutpointKey[]>();
  readonly #byOutpoint = new Map<OutpointKey, Txid>();

  get size(): number {
    return this.#inputs.size;
  }
  has(txid: Txid): boolean {
    return this.#inputs.has(txid);
  }
  txids(): IterableIterator<Txid> {
    return this.#inputs.keys();
  }
  spenderOf(key: OutpointKey): Txid | undefined {
    return this.#byOutpoint.get(key);
  }
  /** One of these coins that another transfer is bound to. */
  firstTaken(inputs: readonly OutpointKey[]): { readonly input: OutpointKey; readonly by: Txid } | undefined {
    for (const input of inputs) {
      const by = this.#byOutpoint.get(input);
      if (by !== undefined) return { input, by };
    }
    return undefined;
  }

  bind(txid: Txid, inputs: readonly OutpointKey[]): void {
    this.#inputs.set(txid, inputs);
    for (const input of inputs) this.#byOutpoint.set(input, txid);
  }
  release(txid: Txid): void {
    for (const input of this.#inputs.get(txid) ?? []) this.#byOutpoint.delete(input);
    this.#inputs.delete(txid);
  }
}

/** What this node has said of the transfers of one epoch. */
export class EpochVotes {
  readonly accepts = new BoundTransfers();
  readonly commits = new BoundTransfers();

  has(txid: Txid): boolean {
    return this.accepts.has(txid) || this.commits.has(txid);
  }
  release(txid: Txid): void {
    this.accepts.release(txid);
    this.commits.release(txid);
  }
}
