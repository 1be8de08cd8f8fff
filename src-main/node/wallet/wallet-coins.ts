import type { Lock, OutpointKey, Txid } from '../../../src-shared/domain/ids.ts';
import { outpointKey } from '../../../src-shared/domain/ids.ts';
import type { HashedTransaction } from '../../core/codec/transaction.ts';
import { masternodePayloadOf } from '../../core/masternodes/check-masternode.ts';
import type { MempoolStatus } from '../../core/mempool/mempool-entry.ts';
import type { WalletCoin } from '../../core/wallet/balance.ts';
import type { StoredCoin } from '../storage/chain-answers.ts';

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
export function walletCoins(chain: readonly StoredCoin[], own: ReadonlySet<Lock>, pending: PendingSource): readonly WalletCoin[] {
  const settled = settledCoins(chain, pending);
  /** What is another than in the chain, or not there yet. */
  const changed = new Map<OutpointKey, WalletCoin>();
  const coinOf = (key: OutpointKey): WalletCoin | undefined => changed.get(key) ?? settled.byKey.get(key);
  for (const hashed of pending.pendingTransactions()) {
    const { txid, transaction } = hashed;
    const collateral = collateralNamedBy(hashed);
    const named = collateral && coinOf(collateral);
    if (collateral !== undefined && named !== undefined) changed.set(collateral, { ...named, collateral: true });
    const spends = hashed.inputKeys.filter((key) => coinOf(key) !== undefined);
    if (spends.length === 0 && !transaction.outputs.some(({ lock }) => own.has(lock))) continue;
    const status = pending.statusOf(txid);
    if (status === undefined || status === 'rejected') continue;
    for (const key of spends) {
      const coin = coinOf(key);
      if (coin !== undefined && (coin.spentBy === undefined || status === 'final')) changed.set(key, { ...coin, spentBy: txid });
    }
    for (const [vout, { amount, lock }] of transaction.outputs.entries()) {
      if (!own.has(lock)) continue;
      const outpoint = { txid, vout };
      const parent = { kind: status === 'final' ? 'final' : 'pending' } as const;
      changed.set(outpointKey(outpoint), { outpoint, amount, lock, coinbase: false, parent, collateral: false, spentBy: undefined });
    }
  }
  if (changed.size === 0) return settled.coins;
  const added = [...changed].filter(([key]) => !settled.byKey.has(key));
  return [...[...settled.byKey].map(([key, coin]) => changed.get(key) ?? coin), ...added.map(([, coin]) => coin)];
}

interface SettledCoins {
  readonly coins: readonly WalletCoin[];
  readonly byKey: ReadonlyMap<OutpointKey, WalletCoin>;
}

/** Of one answer of the chain: it and the registry change with blocks alone, and views ask several times a second. */
const settledOf = new WeakMap<readonly StoredCoin[], SettledCoins>();

function settledCoins(chain: readonly StoredCoin[], { isCollateral }: Pick<PendingSource, 'isCollateral'>): SettledCoins {
  const known = settledOf.get(chain);
  if (known !== undefined) return known;
  const coins = chain.map(({ outpoint, coin: { amount, lock, coinbase, height } }): WalletCoin => {
    const parent = { kind: 'in-block', height } as const;
    return { outpoint, amount, lock, coinbase, parent, collateral: isCollateral(outpointKey(outpoint)), spentBy: undefined };
  });
  const settled = { coins, byKey: new Map(coins.map((coin) => [outpointKey(coin.outpoint), coin])) };
  settledOf.set(chain, settled);
  return settled;
}

/** Of a registration that is under way: to spend it would undo that. */
function collateralNamedBy(hashed: HashedTransaction): OutpointKey | undefined {
  const payload = masternodePayloadOf(hashed);
  return payload?.kind === 'masternode-register' && payload.collateral !== undefined ? outpointKey(payload.collateral) : undefined;
}
