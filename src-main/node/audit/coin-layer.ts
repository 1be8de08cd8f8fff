import { type Hash, type OutpointKey, outpointKey } from '../../../src-shared/domain/ids.ts';
import { type Coin, encodeSetElement } from '../../core/codec/coin.ts';
import { combineMuHash, deltaOf, finalizeMuHash, type MuHashDelta } from '../../core/crypto/muhash.ts';
import { type CoinChanges, isSameCoin, type PlacedCoin } from '../../core/ledger/coin-view.ts';
import type { CoinSource } from '../../core/ports.ts';
import { expandBySodium } from '../verify/expand-element.ts';

export const elementsOf = (coins: readonly PlacedCoin[]): Uint8Array[] => coins.map(({ outpoint, coin }) => encodeSetElement(outpoint, coin));

/** The coins of a file with blocks taken off or put on again, in memory, and the hash of the whole set. Nothing is written. */
export class CoinLayer implements CoinSource {
  readonly #below: CoinSource;
  readonly #changed = new Map<OutpointKey, Coin | undefined>();
  #set: MuHashDelta;

  /** `set`: of the coins below. */
  constructor(below: CoinSource, set: MuHashDelta) {
    this.#below = below;
    this.#set = set;
  }

  coin(key: OutpointKey): Coin | undefined {
    return this.#changed.has(key) ? this.#changed.get(key) : this.#below.coin(key);
  }

  /** Answers what does not fit; then the layer is of no use any more. */
  apply({ added, removed }: CoinChanges): string | undefined {
    for (const { outpoint, coin } of removed) {
      const key = outpointKey(outpoint);
      const known = this.coin(key);
      if (known === undefined) return `the coin ${key} is missing`;
      if (!isSameCoin(known, coin)) return `the coin ${key} is not what its block made`;
      this.#changed.set(key, undefined);
    }
    for (const { outpoint, coin } of added) {
      const key = outpointKey(outpoint);
      if (this.coin(key) !== undefined) return `the coin ${key} is there, though it is spent or not made yet`;
      this.#changed.set(key, coin);
    }
    this.#set = combineMuHash(this.#set, deltaOf(elementsOf(added), elementsOf(removed), expandBySodium));
    return undefined;
  }

  get hash(): Hash {
    return finalizeMuHash(this.#set);
  }
}
