import { type OutpointKey, outpointKey, type Txid } from '../../../src-shared/domain/ids.ts';
import { certificateCodec } from '../codec/block.ts';
import type { Coin } from '../codec/coin.ts';
import type { ChainSource, StoredBlock } from '../ports.ts';
import type { ApplyBlock } from '../store-operation.ts';

interface Indexed {
  /** Undefined: spent. */
  readonly coins: Map<OutpointKey, Coin | undefined>;
  readonly transactions: Map<Txid, number>;
}

/**
 * The chain as the rest of a step sees it. What a step has stored is carried out when the step is over, and a block that it decided is followed
 * by the next one's at once: checked, built or spent from with what this one made.
 */
export class StepChain implements ChainSource {
  readonly #stored: ChainSource;
  /** Decided in this step: one as a rule, and none in most. */
  #blocks: ApplyBlock[] = [];
  #indexed: Indexed | undefined;

  constructor(stored: ChainSource) {
    this.#stored = stored;
  }

  add(block: ApplyBlock): void {
    this.#blocks.push(block);
    this.#indexed = undefined;
  }
  /** The step's effects go to be carried out: from here on the source below answers as if they had been. */
  endStep(): void {
    if (this.#blocks.length === 0) return;
    this.#blocks = [];
    this.#indexed = undefined;
  }

  coin(key: OutpointKey): Coin | undefined {
    if (this.#blocks.length === 0) return this.#stored.coin(key);
    const { coins } = this.#index();
    return coins.has(key) ? coins.get(key) : this.#stored.coin(key);
  }
  block(height: number): StoredBlock | undefined {
    const own = this.#blocks.find((block) => block.height === height);
    if (own === undefined) return this.#stored.block(height);
    return { hash: own.hash, encoded: own.encoded, certificate: own.certificate && certificateCodec.decode(own.certificate) };
  }
  transactionHeight(txid: Txid): number | undefined {
    if (this.#blocks.length === 0) return this.#stored.transactionHeight(txid);
    return this.#index().transactions.get(txid) ?? this.#stored.transactionHeight(txid);
  }

  /** Made when first asked for: most blocks are decided and nobody asks within the step. */
  #index(): Indexed {
    if (this.#indexed !== undefined) return this.#indexed;
    const indexed: Indexed = { coins: new Map(), transactions: new Map() };
    for (const { height, added, removed, transactions } of this.#blocks) {
      for (const { outpoint, coin } of added) indexed.coins.set(outpointKey(outpoint), coin);
      for (const { outpoint } of removed) indexed.coins.set(outpointKey(outpoint), undefined);
      for (const { txid } of transactions) indexed.transactions.set(txid, height);
    }
    this.#indexed = indexed;
    return indexed;
  }
}
