import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import { type Block, decodeBlockParts } from '../codec/block.ts';
import { registryCheckpointBlocks } from '../constants.ts';
import type { Genesis } from '../genesis.ts';
import { invariant } from '../invariant.ts';
import type { Registry } from '../masternodes/registry.ts';
import { decodeRegistryState } from '../masternodes/registry-state.ts';
import type { ChainSource } from '../ports.ts';
import { type ChainRules, operationsIn, registryAfter } from './block-rules.ts';

/** Whether the registry before this block is kept with its undo data. `startHeight`: of the epoch that the block is in. */
export const isRegistryCheckpoint = (height: number, startHeight: number): boolean => height === startHeight || height % registryCheckpointBlocks === 0;

/** The registry after any of the last blocks: it is kept at checkpoints, and follows from there by going through the blocks again. */
export class RegistryHistory {
  readonly #chain: ChainSource;
  readonly #rules: ChainRules;
  readonly #genesis: Registry;
  /** Of the last way from a checkpoint, by the block that each is after: who goes back block by block asks for these next. */
  #way = new Map<BlockHash, Registry>();

  constructor(chain: ChainSource, rules: ChainRules & { readonly genesis: Pick<Genesis, 'registry'> }) {
    this.#chain = chain;
    this.#rules = rules;
    this.#genesis = rules.genesis.registry;
  }

  /** Undefined where no checkpoint is kept, or there is no such block. Throws InvariantError where it is not what the block's header says. */
  after(height: number): Registry | undefined {
    const hash = this.#chain.block(height)?.hash;
    if (hash === undefined) return undefined;
    const known = this.#way.get(hash);
    if (known !== undefined) return known;
    const checkpoint = this.#checkpointAtOrBelow(height);
    if (checkpoint === undefined) return undefined;
    this.#way = new Map();
    let registry = checkpoint.registry;
    for (let at = checkpoint.height; ; at++) {
      const { hash, header } = this.#blockAt(at);
      invariant(registry.hash === header.registryHash, `the registry after block ${at} is the one in its header`);
      this.#way.set(hash, registry);
      if (at === height) return registry;
      const next = this.#blockAt(at + 1);
      const tip = { height: at, hash, timeMs: header.time };
      registry = registryAfter({ tip, registry }, this.#rules, next, operationsIn(next.transactions));
    }
  }

  #checkpointAtOrBelow(height: number): { readonly height: number; readonly registry: Registry } | undefined {
    for (let at = height; at > Math.max(0, height - registryCheckpointBlocks); at--) {
      const kept = this.#chain.undo(at + 1)?.registry;
      if (kept !== undefined) return { height: at, registry: decodeRegistryState(kept) };
    }
    return height < registryCheckpointBlocks ? { height: 0, registry: this.#genesis } : undefined;
  }

  #blockAt(height: number): Block & { readonly hash: BlockHash } {
    const stored = this.#chain.block(height);
    invariant(stored !== undefined, `block ${height} is below the tip`);
    return { ...decodeBlockParts(stored.encoded), hash: stored.hash };
  }
}
