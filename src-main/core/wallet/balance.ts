import type { Txid } from '../../../src-shared/domain/ids.ts';
import type { SpendableCoin } from './coin-selection.ts';

/** An output of the wallet's that no block has spent, with what decides whether it may be spent now. */
export interface WalletCoin extends SpendableCoin {
  readonly coinbase: boolean;
  readonly parent: ParentState;
  /** Held by a masternode's registration; only its exit can spend it. */
  readonly collateral: boolean;
  /** The own transaction that spends it and is not rejected. */
  readonly spentBy: Txid | undefined;
}

/** Where the transaction that made the coin stands. */
export type ParentState = { readonly kind: 'in-block'; readonly height: number } | { readonly kind: 'final' } | { readonly kind: 'pending' };

export interface SpendContext {
  /** Of the last decided block; a new transaction goes in the next one at the earliest. */
  readonly tipHeight: number;
  /** Blocks until a coinbase may be spent (protocol section 12). */
  readonly coinbaseMaturity: number;
}

/**
 * What a coin counts as. Each coin counts as one thing, the first of these that holds:
 *
 * | category | when | in the balance |
 * |---|---|---|
 * | `spending` | an own transaction spends it | no: its change is a pending coin already |
 * | `pending` | its parent is neither final nor in a block, so nobody may spend it (protocol section 4) | pending |
 * | `locked` | it is a masternode's collateral | locked |
 * | `immature` | a coinbase that is too young | immature |
 * | `spendable` | otherwise | spendable |
 */
export type CoinCategory = 'spendable' | 'pending' | 'locked' | 'immature' | 'spending';

export function categoryOf(coin: WalletCoin, context: SpendContext): CoinCategory {
  if (coin.spentBy !== undefined) return 'spending';
  if (coin.parent.kind === 'pending') return 'pending';
  if (coin.collateral) return 'locked';
  return isMature(coin, context) ? 'spendable' : 'immature';
}

/** A coinbase of height h may be spent in block h + maturity, so once the tip is one below: the ledger's rule. */
function isMature(coin: WalletCoin, { tipHeight, coinbaseMaturity }: SpendContext): boolean {
  if (!coin.coinbase || coin.parent.kind !== 'in-block') return true;
  return tipHeight + 1 >= coin.parent.height + coinbaseMaturity;
}

export const spendableCoins = (coins: readonly WalletCoin[], context: SpendContext): WalletCoin[] =>
  coins.filter((coin) => categoryOf(coin, context) === 'spendable');

/** Units. The four add up to what the wallet owns once everything pending is settled. */
export interface Balance {
  readonly spendable: bigint;
  readonly pending: bigint;
  readonly locked: bigint;
  readonly immature: bigint;
}

export function balanceOf(coins: readonly WalletCoin[], context: SpendContext): Balance {
  const sums: Record<CoinCategory, bigint> = { spendable: 0n, pending: 0n, locked: 0n, immature: 0n, spending: 0n };
  for (const coin of coins) sums[categoryOf(coin, context)] += coin.amount;
  return { spendable: sums.spendable, pending: sums.pending, locked: sums.locked, immature: sums.immature };
}
