import { type BlockHash, type Outpoint, type OutpointKey, outpointOf, type Txid } from '../../../src-shared/domain/ids.ts';
import type { Coin } from '../../core/codec/coin.ts';
import { revertedAfter, storedBlock } from '../../core/engine/step-chain.ts';
import type { ChainSource, StoredBlock, StoredUndo } from '../../core/ports.ts';
import type { ApplyBlock, RevertBlock } from '../../core/store-operation.ts';

/** What one block says of one transaction, applied or taken off: that it is in it, and of its outputs, by index, the coin or that there is none. */
interface Mentioned {
  inBlock: boolean;
  readonly outputs: (Coin | 'spent' | undefined)[];
}

class BlockLayer {
  readonly batch: number;
  readonly block: ApplyBlock | RevertBlock;
  #mentioned: Map<Txid, Mentioned> | undefined;

  constructor(batch: number, block: ApplyBlock | RevertBlock) {
    this.batch = batch;
    this.block = block;
  }

  of(txid: Txid): Mentioned | undefined {
    this.#mentioned ??= mentionedIn(this.block);
    return this.#mentioned.get(txid);
  }
}

/** Done at the first look-up and not when the block is persisted: that turn has enough to do. By txid, since those strings are hashed already. */
function mentionedIn({ added, removed, transactions }: ApplyBlock | RevertBlock): Map<Txid, Mentioned> {
  const all = new Map<Txid, Mentioned>();
  const of = (txid: Txid): Mentioned => {
    const known = all.get(txid);
    if (known !== undefined) return known;
    const fresh: Mentioned = { inBlock: false, outputs: [] };
    all.set(txid, fresh);
    return fresh;
  };
  const put = ({ txid, vout }: Outpoint, what: Coin | 'spent'): void => {
    of(txid).outputs[vout] = what;
  };
  for (const { txid } of transactions) of(txid).inBlock = true;
  for (const { outpoint, coin } of added) put(outpoint, coin);
  for (const { outpoint } of removed) put(outpoint, 'spent');
  return all;
}

/**
 * Blocks that were handed to the storage worker and are not reported durable yet, over what the file holds: readers see their own writes at
 * once. A layer may stay a little longer than the file needs it, since it says the same. There are as many as the disk is behind, so a handful.
 */
export class ChainOverlay implements ChainSource {
  readonly #below: ChainSource;
  /** Newest first. */
  #layers: readonly BlockLayer[] = [];

  constructor(below: ChainSource) {
    this.#below = below;
  }

  add(batch: number, block: ApplyBlock | RevertBlock): void {
    this.#layers = [new BlockLayer(batch, block), ...this.#layers];
  }

  /** The file has everything up to this batch. */
  drop(through: number): void {
    if (this.#layers.length > 0) this.#layers = this.#layers.filter(({ batch }) => batch > through);
  }

  coin(key: OutpointKey): Coin | undefined {
    if (this.#layers.length === 0) return this.#below.coin(key);
    const { txid, vout } = outpointOf(key);
    for (const layer of this.#layers) {
      const said = layer.of(txid)?.outputs[vout];
      if (said !== undefined) return said === 'spent' ? undefined : said;
    }
    return this.#below.coin(key);
  }

  block(height: number): StoredBlock | undefined {
    const own = this.#layers.find((layer) => layer.block.height === height)?.block;
    if (own === undefined) return this.#below.block(height);
    return own.kind === 'apply-block' ? storedBlock(own) : undefined;
  }

  undo(height: number): StoredUndo | undefined {
    const own = this.#layers.find((layer) => layer.block.height === height)?.block;
    if (own === undefined) return this.#below.undo(height);
    return own.kind === 'apply-block' ? { encoded: own.undo, registry: own.registryBefore } : undefined;
  }

  revertedAfter(parent: BlockHash): readonly StoredBlock[] {
    const changes = this.#layers.map(({ block }) => block);
    return revertedAfter(parent, changes, this.#below);
  }

  transactionHeight(txid: Txid): number | undefined {
    const own = this.#layers.find((layer) => layer.of(txid)?.inBlock)?.block;
    if (own !== undefined) return own.kind === 'apply-block' ? own.height : undefined;
    return this.#below.transactionHeight(txid);
  }
}
