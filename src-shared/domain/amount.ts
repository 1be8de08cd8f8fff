import type { Branded } from './ids.ts';

/** Units of 1/100,000,000 TIME, 0..2^64-1 (protocol section 4). In JSON it is a decimal string of units or of TIME; the field's name says which. */
export type Amount = Branded<bigint, 'Amount'>;

export const unitsPerTime = 100_000_000n;
const maxAmount = 2n ** 64n - 1n;
const decimals = 8;

/** Throws RangeError outside 0..2^64-1: arithmetic on money never wraps and never goes negative unseen. */
export function amount(units: bigint): Amount {
  if (units < 0n || units > maxAmount) throw new RangeError(`amount ${units} is not an unsigned 64-bit number of units`);
  return units as Amount;
}

export const isAmount = (units: bigint): units is Amount => units >= 0n && units <= maxAmount;

/** Plain bigint, so that a caller can compare a sum that overflows; pass it through `amount` to keep it. */
export const sumOf = (amounts: Iterable<bigint>): bigint => {
  let total = 0n;
  for (const one of amounts) total += one;
  return total;
};

/** `1250000000n` → `"12.50000000"`: eight decimals always, no grouping; what RPC prints. */
export function formatTime(units: bigint): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(decimals + 1, '0');
  return `${negative ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** `"12.5"` → `1250000000n`. Undefined if it is not a plain decimal number of at most eight decimals in range. */
export function parseTime(text: string): Amount | undefined {
  const match = /^(\d{1,12})(?:\.(\d{1,8}))?$/.exec(text);
  if (match?.[1] === undefined) return undefined;
  const units = BigInt(match[1]) * unitsPerTime + BigInt((match[2] ?? '').padEnd(decimals, '0'));
  return isAmount(units) ? units : undefined;
}
