import { type Address, parseAddress } from '../../../src-shared/domain/address.ts';
import { type Amount, formatTime, isAmount, parseTime } from '../../../src-shared/domain/amount.ts';
import type { NetworkName } from '../../../src-shared/domain/networks.ts';
import { type ParsedPaymentUri, type PaymentUriError, parsePaymentUri } from '../../../src-shared/domain/payment-uri.ts';
import { decimalSeparator } from '../../text/format.ts';

export type Recipient =
  | { readonly kind: 'empty' }
  | { readonly kind: 'address'; readonly address: Address }
  /** A `timecoin:` link, which fills the other fields too. */
  | { readonly kind: 'link'; readonly request: Extract<ParsedPaymentUri, { ok: true }>['request'] }
  | { readonly kind: 'wrong'; readonly error: PaymentUriError };

/** What is typed or pasted under "To". Blanks around it come from pasting and are no part of it. */
export function readRecipient(typed: string, network: NetworkName): Recipient {
  const trimmed = typed.trim();
  if (trimmed === '') return { kind: 'empty' };
  if (/^timecoin:/i.test(trimmed)) {
    const parsed = parsePaymentUri(trimmed, network);
    return parsed.ok ? { kind: 'link', request: parsed.request } : { kind: 'wrong', error: parsed.error };
  }
  const parsed = parseAddress(trimmed, network);
  return parsed.ok ? { kind: 'address', address: trimmed as Address } : { kind: 'wrong', error: parsed.error };
}

/** What a person typed, as it stands in the form. */
export interface SendFields {
  readonly to: string;
  readonly amount: string;
  readonly label: string;
}

/** The contract's eight decimals without the zeros at the end, as a person would type it. */
export const asTyped = (time: string, separator = decimalSeparator): string => time.replace(/\.?0+$/, '').replace('.', separator);

/** What typing or pasting under "To" changes: a link fills what it names and leaves the rest. */
export function fieldsFrom(typed: string, network: NetworkName): Partial<SendFields> {
  const read = readRecipient(typed, network);
  if (read.kind !== 'link') return { to: typed };
  const { address, amount, label } = read.request;
  return { to: address, ...(amount === undefined ? {} : { amount: asTyped(formatTime(amount)) }), ...(label === undefined ? {} : { label }) };
}

export type TypedAmount =
  | { readonly kind: 'empty' }
  /** `time`: as the contract takes it. */
  | { readonly kind: 'amount'; readonly units: Amount; readonly time: string }
  | { readonly kind: 'wrong'; readonly error: 'format' | 'format-units' | 'zero' | 'above-balance' };

/** `units`: of a hundred-millionth of a TIME, whole numbers only. */
export type AmountUnit = 'time' | 'units';

/** The contract's decimal string of TIME in another unit, as a person would type it. */
export const amountIn = (unit: AmountUnit, time: string, separator = decimalSeparator): string =>
  unit === 'time' ? asTyped(time, separator) : String(parseTime(time) ?? '');

function parseTyped(trimmed: string, unit: AmountUnit, separator: string): { readonly units: Amount; readonly time: string } | undefined {
  if (unit === 'units') {
    const units = /^\d{1,20}$/.test(trimmed) ? BigInt(trimmed) : undefined;
    return units === undefined || !isAmount(units) ? undefined : { units, time: formatTime(units) };
  }
  const time = separator === '.' ? trimmed : trimmed.replaceAll('.', separator + separator).replace(separator, '.');
  const units = parseTime(time);
  return units === undefined ? undefined : { units, time };
}

/**
 * Only the language's own sign separates decimals and nothing groups: 1,5 is one and a half to some and fifteen to others, and 1.250 in a window
 * that shows 1.250,50 is no more than one and a quarter to the node. So the other sign is refused and not guessed.
 *
 * @param spendable decimal string of TIME; undefined while it is not known
 */
export function readAmount(typed: string, spendable: string | undefined, separator = decimalSeparator, unit: AmountUnit = 'time'): TypedAmount {
  const trimmed = typed.trim();
  if (trimmed === '') return { kind: 'empty' };
  const parsed = parseTyped(trimmed, unit, separator);
  if (parsed === undefined) return { kind: 'wrong', error: unit === 'time' ? 'format' : 'format-units' };
  const { units, time } = parsed;
  if (units === 0n) return { kind: 'wrong', error: 'zero' };
  const available = spendable === undefined ? undefined : parseTime(spendable);
  if (available !== undefined && units > available) return { kind: 'wrong', error: 'above-balance' };
  return { kind: 'amount', units, time };
}
