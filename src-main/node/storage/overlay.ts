import { type OutpointKey, outpointKey, type Txid } from '../../../src-shared/domain/ids.ts';
import type { Coin } from '../../core/codec/coin.ts';
import type { ChainSource, StoredBlock } from '../../core/ports.ts';
import type { ApplyBlock } from '../../core/store-operation.ts';
import { decodeCertificate } from './chain-reader.ts';

interface Layer {
  readonly batch: number;
  readonly block: ApplyBlock;
}

/**
 * What was handed to the storage worker and is not reported durable yet, over what the file holds: readers see their own writes at once. A
 * layer may stay a little longer than the file needs it, since it says the same.
 */
export class ChainOverlay implements ChainSource {
  readonly #below: ChainSource;
  /** Oldest first. */
  #layers: readonly Layer[] = [];
  /** Of each key the newest layer's word; an undefined coin is a spent one. */
  readonly #coins = new Map<OutpointKey, { readonly batch: number; readonly coin: Coin | undefined }>();
  readonly #heights = new Map<Txid, number>();

  constructor(below: ChainSource) {
    this.#below = below;
  }

  add(batch: number, block: ApplyBlock): void {
    this.#layers = [...this.#layers, { batch, block }];
    for (const { outpoint, coin } of block.added) this.#coins.set(outpointKey(outpoint), { batch, coin });
    for (const { outpoint } of block.removed) this.#coins.set(outpointKey(outpoint), { batch, coin: undefined });
    for (const { txid } of block.transactions) this.#heights.set(txid, block.height);
  }

  /** The file has everything up to this batch. */
  drop(through: number): void {
    const durable = this.#layers.filter(({ batch }) => batch <= through);
    if (durable.length === 0) return;
    this.#layers = this.#layers.filter(({ batch }) => batch > through);
    if (this.#layers.length === 0) {
      this.#coins.clear();
      this.#heights.clear();
      return;
    }
    for (const { block } of durable) {
      for (const { outpoint } of [...block.added, ...block.removed]) {
        const key = outpointKey(outpoint);
        if ((this.#coins.get(key)?.batch ?? through) <= through) this.#coins.delete(key);
      }
      for (const { txid } of block.transactions) this.#heights.delete(txid);
    }
  }

  coin(key: OutpointKey): Coin | undefined {
    const own = this.#coins.get(key);
    return own === undefined ? this.#below.coin(key) : own.coin;
  }

  block(height: number): StoredBlock | undefined {
    const own = this.#layers.find((layer) => layer.block.height === height)?.block;
    if (own === undefined) return this.#below.block(height);
    return { hash: own.hash, encoded: own.encoded, certificate: decodeCertificate(own.certificate) };
  }

  transactionHeight(txid: Txid): number | undefined {
    return this.#heights.get(txid) ?? this.#below.transactionHeight(txid);
  }
}
