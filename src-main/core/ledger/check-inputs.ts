import { lockOf } from '../../../src-shared/domain/address.ts';
import { type Lock, type OutpointKey, outpointKey } from '../../../src-shared/domain/ids.ts';
import type { Coin } from '../codec/coin.ts';
import type { HashedTransaction, Witness } from '../codec/transaction.ts';
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
  /** The outpoint of each, as it is looked up by: for who spends them next. */
  readonly keys: readonly OutpointKey[];
}

/** The contextual rules of protocol section 4, for a transfer that `checkTransaction` has passed. */
export function checkInputs({ transaction, encoded }: HashedTransaction, context: InputContext): Checked<CheckedInputs> {
  const spent: Coin[] = [];
  const keys: OutpointKey[] = [];
  let total = 0n;
  for (const input of transaction.inputs) {
    const key = outpointKey(input);
    const coin = context.coins.coin(key);
    if (coin === undefined) return reject('missing-input', key);
    if (coin.coinbase && context.height - coin.height < context.coinbaseMaturity)
      return reject('immature-coinbase', `${key} is of block ${coin.height}, to be spent from ${coin.height + context.coinbaseMaturity} on`);
    if (context.isCollateral(key)) return reject('collateral-locked', key);
    spent.push(coin);
    keys.push(key);
    total += coin.amount;
  }
  const unsigned = checkWitnesses(transaction.witnesses, spent);
  if (unsigned !== undefined) return { ok: false, rejection: unsigned };

  let fee = total;
  for (const { amount } of transaction.outputs) fee -= amount;
  if (fee < 0n) return reject('inputs-below-outputs', `${-fee} units are missing`);
  const required = requiredFee(encoded.length, paidToOthers(spent, transaction.outputs));
  if (fee < required) return reject('fee-too-low', `${fee} of ${required} units`);
  return accept({ fee, spent, keys });
}

/** Every coin's lock is that of a witness key, and every witness key is that of a coin. */
function checkWitnesses(witnesses: readonly Witness[], spent: readonly Coin[]): Rejection | undefined {
  const needed = new Set<Lock>(spent.map(({ lock }) => lock));
  for (const { publicKey } of witnesses) {
    if (!needed.delete(lockOf(publicKey))) return { code: 'witness-unused', detail: publicKey };
  }
  const [missing] = needed;
  return missing === undefined ? undefined : { code: 'witness-missing', detail: `of the owner of lock ${missing}` };
}
