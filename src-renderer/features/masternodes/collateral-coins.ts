import type { Response } from '../../../src-shared/api/contract.ts';

export type OwnCoin = Response<'listunspent'>[number];
export const outpointOf = ({ txid, vout }: OwnCoin): string => `${txid}:${vout}`;

/** Those of exactly the tier's amount: what may be chosen now, and what is on its way. `amount`: decimal string of TIME. */
export function collateralCoins(coins: readonly OwnCoin[], amount: string): { readonly ready: readonly OwnCoin[]; readonly coming: readonly OwnCoin[] } {
  const exact = coins.filter((coin) => coin.amount === amount);
  const isReady = ({ state, confirmations }: OwnCoin): boolean => state === 'unspent' && confirmations > 0;
  const isComing = ({ state, confirmations }: OwnCoin): boolean =>
    state === 'unconfirmed-pending' || state === 'unconfirmed-final' || (state === 'unspent' && confirmations === 0);
  return { ready: exact.filter(isReady), coming: exact.filter(isComing) };
}

/** txid:vout of what is locked as collateral. */
export const lockedOutpoints = (coins: readonly OwnCoin[]): ReadonlySet<string> => new Set(coins.filter(({ state }) => state === 'collateral').map(outpointOf));
