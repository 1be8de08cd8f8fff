import type { Lock } from '../../../src-shared/domain/ids.ts';
import type { Coin } from '../codec/coin.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import type { CoinSource } from '../ports.ts';
import { accept, type Checked, type Rejection, reject } from '../rejection.ts';
import { paidToOthers, requiredFee } from './fee.ts';
import type { TermsSource } from './transaction-terms.ts';

export interface InputContext {
  readonly coins: CoinSource;
  /** Of the block that would hold the transaction. */
  readonly height: number;
  /** Blocks until a coinbase may be spent. */
  readonly coinbaseMaturity: number;
  readonly terms: TermsSource;
}
export interface CheckedInputs {
  /** Units. */
  readonly fee: bigint;
  /** The coin of each input, in their order. */
  readonly spent: readonly Coin[];
}

/** The contextual rules of protocol sections 4 and 5, for a transaction that `checkTransaction` has passed. */
export function checkInputs(hashed: HashedTransaction, context: InputContext): Checked<CheckedInputs> {
  const { transaction, encoded, inputKeys } = hashed;
  const terms = context.terms.termsOf(hashed, context.coins, context.coinbaseMaturity);
  if (!terms.ok) return terms;
  const { signers, releases, isFree } = terms.value;
  const spent: Coin[] = [];
  let total = 0n;
  for (const key of inputKeys) {
    const coin = context.coins.coin(key);
    if (coin === undefined) return reject('missing-input', key);
    if (coin.coinbase && context.height - coin.height < context.coinbaseMaturity)
      return reject('immature-coinbase', `${key} is of block ${coin.height}, to be spent from ${coin.height + context.coinbaseMaturity} on`);
    if (key !== releases && context.terms.isCollateral(key)) return reject('collateral-locked', key);
    spent.push(coin);
    total += coin.amount;
  }
  const unsigned = checkWitnesses(hashed, spent, signers);
  if (unsigned !== undefined) return { ok: false, rejection: unsigned };

  if (isFree) return accept({ fee: 0n, spent });
  let fee = total;
  for (const { amount } of transaction.outputs) fee -= amount;
  if (fee < 0n) return reject('inputs-below-outputs', `${-fee} units are missing`);
  const required = requiredFee(encoded.length, paidToOthers(spent, transaction.outputs));
  if (fee < required) return reject('fee-too-low', `${fee} of ${required} units`);
  return accept({ fee, spent });
}

/** Every coin's lock is that of a witness key, every other signer's too, and every witness key is one of these. */
function checkWitnesses(
  { transaction: { witnesses }, witnessLocks }: HashedTransaction,
  spent: readonly Coin[],
  signers: readonly Lock[],
): Rejection | undefined {
  const needed = new Set<Lock>([...spent.map(({ lock }) => lock), ...signers]);
  for (const [index, lock] of witnessLocks.entries()) {
    if (!needed.delete(lock)) return { code: 'witness-unused', detail: witnesses[index]?.publicKey ?? lock };
  }
  const [missing] = needed;
  return missing === undefined ? undefined : { code: 'witness-missing', detail: `of the owner of lock ${missing}` };
}
