import type { Lock, OutpointKey, Txid } from '../../src-shared/domain/ids.ts';
import { outpointKey } from '../../src-shared/domain/ids.ts';
import type { HashedTransaction } from '../core/codec/transaction.ts';
import { masternodePayloadOf } from '../core/masternodes/check-masternode.ts';
import type { MempoolStatus } from '../core/mempool/mempool-entry.ts';
import type { WalletCoin } from '../core/wallet/balance.ts';
import type { StoredCoin } from './storage/queries.ts';

export interface PendingSource {
  /** Parents before children. */
  pendingTransactions(): readonly HashedTransaction[];
  statusOf(txid: Txid): MempoolStatus | undefined;
  isCollateral(key: OutpointKey): boolean;
}

/**
 * The wallet's coins as they stand now: those in the chain, under what is pending. A transaction that is rejected neither spends nor makes
 * coins (protocol section 6), so what it wanted may be spent again.
 */
export function walletCoins(chain: readonly StoredCoin[], own: ReadonlySet<Lock>, pending: PendingSource): WalletCoin[] {
  const coins = new Map<OutpointKey, WalletCoin>();
  for (const { outpoint, coin } of chain) {
    const { amount, lock, coinbase, height } = coin;
    const key = outpointKey(outpoint);
    coins.set(key, { outpoint, amount, lock, coinbase, parent: { kind: 'in-block', height }, collateral: pending.isCollateral(key), spentBy: undefined });
  }
  for (const hashed of pending.pendingTransactions()) {
    const { txid, transaction } = hashed;
    const collateral = collateralNamedBy(hashed);
    const named = collateral && coins.get(collateral);
    if (collateral !== undefined && named !== undefined) coins.set(collateral, { ...named, collateral: true });
    const spends = transaction.inputs.map(outpointKey).filter((key) => coins.has(key));
    if (spends.length === 0 && !transaction.outputs.some(({ lock }) => own.has(lock))) continue;
    const status = pending.statusOf(txid);
    if (status === undefined || status === 'rejected') continue;
    for (const key of spends) {
      const coin = coins.get(key);
      if (coin !== undefined && (coin.spentBy === undefined || status === 'final')) coins.set(key, { ...coin, spentBy: txid });
    }
    for (const [vout, { amount, lock }] of transaction.outputs.entries()) {
      if (!own.has(lock)) continue;
      const outpoint = { txid, vout };
      const parent = { kind: status === 'final' ? 'final' : 'pending' } as const;
      coins.set(outpointKey(outpoint), { outpoint, amount, lock, coinbase: false, parent, collateral: false, spentBy: undefined });
    }
  }
  return [...coins.values()];
}

/** Of a registration that is under way: to spend it would undo that. */
function collateralNamedBy(hashed: HashedTransaction): OutpointKey | undefined {
  const payload = masternodePayloadOf(hashed);
  return payload?.kind === 'masternode-register' && payload.collateral !== undefined ? outpointKey(payload.collateral) : undefined;
}
