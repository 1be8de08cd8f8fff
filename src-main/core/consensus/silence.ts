import type { BlockHash } from '../../../src-shared/domain/ids.ts';

/** Nothing is signed at heights or in epochs up to these. */
export interface SilentThrough {
  readonly height: number;
  readonly epoch: number;
}
interface Left {
  readonly through: SilentThrough;
  /** The tip that was left. */
  readonly tipHash: BlockHash;
}

/**
 * Where nothing is signed since blocks were reverted (protocol section 8): up to all that may have been signed on the branches that were left. It is over
 * before, if this node comes back to the tip that it left: then it knows again what it signed there. But only to the one it left last: elsewhere it
 * has forgotten since.
 */
export class Silence {
  readonly #left: Left[] = [];

  begin(through: SilentThrough, tipHash: BlockHash): void {
    this.#left.push({ through, tipHash });
  }
  /** The last one is over. */
  end(): void {
    this.#left.pop();
  }
  isTipLeftLast(hash: BlockHash): boolean {
    return this.#left.at(-1)?.tipHash === hash;
  }
  /** 0 where nothing was reverted: there is nothing to sign at that height. */
  get height(): number {
    return Math.max(0, ...this.#left.map(({ through }) => through.height));
  }
  /** Through where, if a node that is to sign at this height in this epoch must not. */
  at(height: number, epoch: number): SilentThrough | undefined {
    if (this.#left.length === 0) return undefined;
    const through = { height: this.height, epoch: Math.max(...this.#left.map((left) => left.through.epoch)) };
    return height <= through.height || epoch <= through.epoch ? through : undefined;
  }
}
