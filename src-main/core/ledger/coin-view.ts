import { type Outpoint, type OutpointKey, outpointKey } from '../../../src-shared/domain/ids.ts';
import type { Coin } from '../codec/coin.ts';
import { InvariantError } from '../invariant.ts';
import type { CoinSource } from '../ports.ts';

export interface PlacedCoin {
  readonly outpoint: Outpoint;
  readonly coin: Coin;
}

/** What a set of coins gains and loses, net: a coin that came and went in between is in neither. In the order of the spends and additions. */
export interface CoinChanges {
  readonly added: readonly PlacedCoin[];
  readonly removed: readonly PlacedCoin[];
}

const sameCoin = (a: Coin, b: Coin): boolean => a.amount === b.amount && a.lock === b.lock && a.height === b.height && a.coinbase === b.coinbase;

/** Coins as they are after spends and additions that are not in `base` yet. The base is read once for each coin and never written. */
export class CoinView implements CoinSource {
  readonly #base: CoinSource;
  readonly #added = new Map<OutpointKey, PlacedCoin>();
  readonly #removed = new Map<OutpointKey, PlacedCoin>();
  /** A coin is looked at to be checked and then spent: the second look must not cost a read of the disk. */
  readonly #read = new Map<OutpointKey, Coin>();

  constructor(base: CoinSource) {
    this.#base = base;
  }

  coin(key: OutpointKey): Coin | undefined {
    const added = this.#added.get(key);
    if (added !== undefined) return added.coin;
    if (this.#removed.has(key)) return undefined;
    const read = this.#read.get(key);
    if (read !== undefined) return read;
    const coin = this.#base.coin(key);
    if (coin !== undefined) this.#read.set(key, coin);
    return coin;
  }

  /** Throws InvariantError where there is no such coin: who spends has checked. */
  spend(outpoint: Outpoint): Coin {
    const key = outpointKey(outpoint);
    const coin = this.coin(key);
    if (coin === undefined) throw new InvariantError(`the coin ${key} that is spent must exist`);
    if (!this.#added.delete(key)) {
      this.#removed.set(key, { outpoint, coin });
      this.#read.delete(key);
    }
    return coin;
  }

  /**
   * Throws InvariantError where this view has made the coin already. The base is not asked: a txid names its inputs, which are spent
   * once, and a coinbase its height, so no outpoint comes twice.
   */
  add(outpoint: Outpoint, coin: Coin): void {
    const key = outpointKey(outpoint);
    const removed = this.#removed.get(key);
    if (removed !== undefined && sameCoin(removed.coin, coin)) {
      this.#removed.delete(key);
      return;
    }
    if (this.#added.has(key)) throw new InvariantError(`the coin ${key} must be made once`);
    this.#added.set(key, { outpoint, coin });
  }

  /** A Map keeps the order of insertion, so the lists are the same on every node that did the same. */
  changes(): CoinChanges {
    return { added: [...this.#added.values()], removed: [...this.#removed.values()] };
  }
}
