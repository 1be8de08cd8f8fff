import type { Lock, OutpointKey } from '../../../src-shared/domain/ids.ts';
import type { Coin } from '../codec/coin.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import type { CoinSource } from '../ports.ts';
import { accept, type Checked, type Rejection, reject } from '../rejection.ts';
import { paidToOthers, requiredFee } from './fee.ts';

export interface InputContext {
  readonly coins: CoinSource;
  /** Of the block that would hold the transaction. */
  readonly height: number;
  /** Blocks until a coinbase may be spent. */
  readonly coinbaseMaturity: number;
  /** Whether the coin is locked as a masternode's collateral. */
  isCollateral(key: OutpointKey): boolean;
}
export interface CheckedInputs {
  /** Units. */
  readonly fee: bigint;
  /** The coin of each input, in their order. */
  readonly spent: readonly Coin[];
}

/** The contextual rules of protocol section 4, for a transfer that `checkTransaction` has passed. */
export function checkInputs(hashed: HashedTransaction, context: InputContext): Checked<CheckedInputs> {
  const { transaction, encoded, inputKeys } = hashed;
  const spent: Coin[] = [];
  let total = 0n;
  for (const key of inputKeys) {
    const coin = context.coins.coin(key);
    if (coin === undefined) return reject('missing-input', key);
    if (coin.coinbase && context.height - coin.height < context.coinbaseMaturity)
      return reject('immature-coinbase', `${key} is of block ${coin.height}, to be spent from ${coin.height + context.coinbaseMaturity} on`);
    if (context.isCollateral(key)) return reject('collateral-locked', key);
    spent.push(coin);
    total += coin.amount;
  }
  const unsigned = checkWitnesses(hashed, spent);
  if (unsigned !== undefined) return { ok: false, rejection: unsigned };

  let fee = total;
  for (const { amount } of transaction.outputs) fee -= amount;
  if (fee < 0n) return reject('inputs-below-outputs', `${-fee} units are missing`);
  const required = requiredFee(encoded.length, paidToOthers(spent, transaction.outputs));
  if (fee < required) return reject('fee-too-low', `${fee} of ${required} units`);
  return accept({ fee, spent });
}

/** Every coin's lock is that of a witness key, and every witness key is that of a coin. */
function checkWitnesses({ transaction: { witnesses }, witnessLocks }: HashedTransaction, spent: readonly Coin[]): Rejection | undefined {
  const needed = new Set<Lock>(spent.map(({ lock }) => lock));
  for (const [index, lock] of witnessLocks.entries()) {
    if (!needed.delete(lock)) return { code: 'witness-unused', detail: witnesses[index]?.publicKey ?? lock };
  }
  const [missing] = needed;
  return missing === undefined ? undefined : { code: 'witness-missing', detail: `of the owner of lock ${missing}` };
}
