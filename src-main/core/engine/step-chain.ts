import { type BlockHash, type OutpointKey, outpointKey, type Txid } from '../../../src-shared/domain/ids.ts';
import { certificateCodec } from '../codec/block.ts';
import type { Coin } from '../codec/coin.ts';
import type { ChainSource, StoredBlock, StoredUndo } from '../ports.ts';
import type { ApplyBlock, RevertBlock } from '../store-operation.ts';

interface Indexed {
  /** Undefined: spent. */
  readonly coins: Map<OutpointKey, Coin | undefined>;
  /** Undefined: in no block any more. */
  readonly transactions: Map<Txid, number | undefined>;
}

/**
 * The chain as the rest of a step sees it. What a step has stored is carried out when the step is over, and a block that it decided is followed
 * by the next one's at once: checked, built or spent from with what this one made.
 */
export class StepChain implements ChainSource {
  readonly #stored: ChainSource;
  /** Decided or taken off in this step, newest first: one as a rule, and none in most. */
  #changes: (ApplyBlock | RevertBlock)[] = [];
  #indexed: Indexed | undefined;

  constructor(stored: ChainSource) {
    this.#stored = stored;
  }

  add(change: ApplyBlock | RevertBlock): void {
    this.#changes.unshift(change);
    this.#indexed = undefined;
  }
  /** The step's effects go to be carried out: from here on the source below answers as if they had been. */
  endStep(): void {
    if (this.#changes.length === 0) return;
    this.#changes = [];
    this.#indexed = undefined;
  }

  coin(key: OutpointKey): Coin | undefined {
    if (this.#changes.length === 0) return this.#stored.coin(key);
    const { coins } = this.#index();
    return coins.has(key) ? coins.get(key) : this.#stored.coin(key);
  }
  block(height: number): StoredBlock | undefined {
    const own = this.#changes.find((change) => change.height === height);
    if (own === undefined) return this.#stored.block(height);
    return own.kind === 'apply-block' ? storedBlock(own) : undefined;
  }
  undo(height: number): StoredUndo | undefined {
    const own = this.#changes.find((change) => change.height === height);
    if (own === undefined) return this.#stored.undo(height);
    return own.kind === 'apply-block' ? { encoded: own.undo, registry: own.registryBefore } : undefined;
  }
  revertedAfter(parent: BlockHash): readonly StoredBlock[] {
    return revertedAfter(parent, this.#changes, this.#stored);
  }
  transactionHeight(txid: Txid): number | undefined {
    if (this.#changes.length === 0) return this.#stored.transactionHeight(txid);
    const { transactions } = this.#index();
    return transactions.has(txid) ? transactions.get(txid) : this.#stored.transactionHeight(txid);
  }

  /** Made when first asked for: most blocks are decided and nobody asks within the step. */
  #index(): Indexed {
    if (this.#indexed !== undefined) return this.#indexed;
    const indexed: Indexed = { coins: new Map(), transactions: new Map() };
    for (const { kind, height, added, removed, transactions } of this.#changes.toReversed()) {
      for (const { outpoint, coin } of added) indexed.coins.set(outpointKey(outpoint), coin);
      for (const { outpoint } of removed) indexed.coins.set(outpointKey(outpoint), undefined);
      for (const { txid } of transactions) indexed.transactions.set(txid, kind === 'apply-block' ? height : undefined);
    }
    this.#indexed = indexed;
    return indexed;
  }
}

/** Blocks as they are read, of what was handed over to be stored. */
export const storedBlock = ({ hash, encoded, certificate }: Pick<ApplyBlock, 'hash' | 'encoded' | 'certificate'>): StoredBlock => ({
  hash,
  encoded,
  certificate: certificate && certificateCodec.decode(certificate),
});

/** With changes that are not stored yet, newest first: one that was applied again is taken off no more. */
export function revertedAfter(parent: BlockHash, changes: readonly (ApplyBlock | RevertBlock)[], stored: ChainSource): readonly StoredBlock[] {
  const seen = new Set<BlockHash>();
  const reverted: StoredBlock[] = [];
  for (const change of changes) {
    if (!seen.has(change.hash) && change.kind === 'revert-block' && change.previousHash === parent) reverted.push(storedBlock(change));
    seen.add(change.hash);
  }
  return [...reverted, ...stored.revertedAfter(parent).filter(({ hash }) => !seen.has(hash))];
}
