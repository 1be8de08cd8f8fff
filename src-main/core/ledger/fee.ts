import type { Lock } from '../../../src-shared/domain/ids.ts';
import type { Coin } from '../codec/coin.ts';
import type { TransactionOutput } from '../codec/transaction.ts';
import { feePaidDivisor, feeUnitsPerByte, minFeeUnits } from '../constants.ts';

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** Protocol section 4: max(1,000 units, 4 units a byte, 0.1 % of what is paid to others). The part of a unit rounds up: the rule is fee >= 0.1 %. */
export const requiredFee = (sizeBytes: number, paidToOthers: bigint): bigint =>
  max(minFeeUnits, max(feeUnitsPerByte * BigInt(sizeBytes), (paidToOthers + feePaidDivisor - 1n) / feePaidDivisor));

/** Units: the sum over locks of max(0, out - in), so that change back to a lock that pays costs nothing. */
export function paidToOthers(spent: readonly Pick<Coin, 'amount' | 'lock'>[], outputs: readonly TransactionOutput[]): bigint {
  const gains = new Map<Lock, bigint>();
  for (const { lock, amount } of outputs) gains.set(lock, (gains.get(lock) ?? 0n) + amount);
  for (const { lock, amount } of spent) {
    const gain = gains.get(lock);
    if (gain !== undefined) gains.set(lock, gain - amount);
  }
  let paid = 0n;
  for (const gain of gains.values()) if (gain > 0n) paid += gain;
  return paid;
}
