import { type Outpoint, type OutpointKey, outpointKey } from '../../../src-shared/domain/ids.ts';
import type { Coin } from '../codec/coin.ts';
import { InvariantError } from '../invariant.ts';
import type { CoinSource } from '../ports.ts';

export interface PlacedCoin {
  readonly outpoint: Outpoint;
  readonly coin: Coin;
}

/** What a set of coins gains and loses, net: a coin that came and went in between is in neither. In an order that depends only on what was done. */
export interface CoinChanges {
  readonly added: readonly PlacedCoin[];
  readonly removed: readonly PlacedCoin[];
}

export const isSameCoin = (a: Coin, b: Coin): boolean => a.amount === b.amount && a.lock === b.lock && a.height === b.height && a.coinbase === b.coinbase;

/** One coin that was looked at, spent or made. */
interface Slot {
  /** Known once it is spent or made. */
  outpoint: Outpoint | undefined;
  /** In the base. Of a coin that this view made it is not asked, and taken to be none. */
  readonly before: Coin | undefined;
  now: Coin | undefined;
}

/** Coins as they are after spends and additions that are not in `base` yet. The base is read once for each coin and never written. */
export class CoinView implements CoinSource {
  readonly #base: CoinSource;
  /** One look-up for each step: a full block takes tens of thousands. */
  readonly #slots = new Map<OutpointKey, Slot>();

  constructor(base: CoinSource) {
    this.#base = base;
  }

  coin(key: OutpointKey): Coin | undefined {
    return this.#slot(key)?.now;
  }

  /** Throws InvariantError where there is no such coin: who spends has checked, and may have the key at hand. */
  spend(outpoint: Outpoint, key: OutpointKey = outpointKey(outpoint)): Coin {
    const slot = this.#slot(key);
    const coin = slot?.now;
    if (slot === undefined || coin === undefined) throw new InvariantError(`the coin ${key} that is spent must exist`);
    slot.outpoint = outpoint;
    slot.now = undefined;
    return coin;
  }

  /**
   * Throws InvariantError where the coin is known to be there. The base is not asked: a txid names its inputs, which are spent once, and a
   * coinbase its height, so no outpoint comes twice.
   */
  add(outpoint: Outpoint, coin: Coin): void {
    const key = outpointKey(outpoint);
    const slot = this.#slots.get(key);
    if (slot?.now !== undefined) throw new InvariantError(`the coin ${key} must be made once`);
    if (slot === undefined) this.#slots.set(key, { outpoint, before: undefined, now: coin });
    else slot.now = coin;
  }

  /** A Map keeps the order in which coins were first looked at, so the lists are the same on every node that did the same. */
  changes(): CoinChanges {
    const added: PlacedCoin[] = [];
    const removed: PlacedCoin[] = [];
    for (const { outpoint, before, now } of this.#slots.values()) {
      if (outpoint === undefined || (before !== undefined && now !== undefined && isSameCoin(before, now))) continue;
      if (before !== undefined) removed.push({ outpoint, coin: before });
      if (now !== undefined) added.push({ outpoint, coin: now });
    }
    return { added, removed };
  }

  #slot(key: OutpointKey): Slot | undefined {
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    const coin = this.#base.coin(key);
    if (coin === undefined) return undefined;
    const slot = { outpoint: undefined, before: coin, now: coin };
    this.#slots.set(key, slot);
    return slot;
  }
}
