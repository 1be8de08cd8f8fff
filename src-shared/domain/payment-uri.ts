import { type Address, type AddressError, parseAddress } from './address.ts';
import { type Amount, formatTime, parseTime } from './amount.ts';
import type { Lock } from './ids.ts';
import type { NetworkName } from './networks.ts';

/** What a link or a QR code asks for: `timecoin:ADDRESS?amount=12.5&label=Coffee`, after BIP 21. */
export interface PaymentRequest {
  readonly address: Address;
  readonly lock: Lock;
  /** Above zero. */
  readonly amount?: Amount;
  /** 1..100 characters (UTF-16 units) that can be shown as they are. */
  readonly label?: string;
}

export type PaymentUriError = 'scheme' | 'slashes' | AddressError | 'parameter-unknown' | 'parameter-repeated' | 'amount' | 'label';
export type ParsedPaymentUri = { readonly ok: true; readonly request: PaymentRequest } | { readonly ok: false; readonly error: PaymentUriError };

const scheme = 'timecoin:';
export const maxLabelLength = 100;
/** Controls, half characters, line breaks, and what turns the direction of text round: with these a label could pose as another part of the window. */
const notShowable = /[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/u;

export const isShowableLabel = (label: string): boolean => label.length > 0 && label.length <= maxLabelLength && !notShowable.test(label);

/** Undefined for a broken percent sequence, or a label that cannot be shown. */
function decodeLabel(encoded: string): string | undefined {
  try {
    const label = decodeURIComponent(encoded);
    return isShowableLabel(label) ? label : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Stricter than BIP 21, because money follows from it: a parameter that this version does not know is refused and not skipped,
 * none may come twice, and the amount is a plain decimal number of TIME above zero. Only the scheme's case is free (RFC 3986).
 */
export function parsePaymentUri(text: string, network: NetworkName): ParsedPaymentUri {
  const refuse = (error: PaymentUriError): ParsedPaymentUri => ({ ok: false, error });
  if (text.slice(0, scheme.length).toLowerCase() !== scheme) return refuse('scheme');
  const rest = text.slice(scheme.length);
  // As of a web address, which this is not; said apart, since whoever wrote the link can mend that.
  if (rest.startsWith('//')) return refuse('slashes');
  const questionMark = rest.indexOf('?');
  const address = questionMark === -1 ? rest : rest.slice(0, questionMark);
  const parsed = parseAddress(address, network);
  if (!parsed.ok) return parsed;
  let amount: Amount | undefined;
  let label: string | undefined;
  for (const parameter of questionMark === -1 ? [] : rest.slice(questionMark + 1).split('&')) {
    const equals = parameter.indexOf('=');
    const name = equals === -1 ? parameter : parameter.slice(0, equals);
    const value = equals === -1 ? '' : parameter.slice(equals + 1);
    switch (name) {
      case 'amount':
        if (amount !== undefined) return refuse('parameter-repeated');
        amount = parseTime(value);
        if (amount === undefined || amount === 0n) return refuse('amount');
        break;
      case 'label':
        if (label !== undefined) return refuse('parameter-repeated');
        label = decodeLabel(value);
        if (label === undefined) return refuse('label');
        break;
      default:
        return refuse('parameter-unknown');
    }
  }
  const request = { address: address as Address, lock: parsed.lock, ...(amount === undefined ? {} : { amount }), ...(label === undefined ? {} : { label }) };
  return { ok: true, request };
}

/** Throws RangeError for an amount of zero or a label that `parsePaymentUri` would refuse. */
export function formatPaymentUri(request: Omit<PaymentRequest, 'lock'>): string {
  const parameters: string[] = [];
  if (request.amount !== undefined) {
    if (request.amount === 0n) throw new RangeError('a payment request of zero');
    parameters.push(`amount=${formatTime(request.amount)}`);
  }
  if (request.label !== undefined) {
    if (!isShowableLabel(request.label)) throw new RangeError('a label that cannot be shown');
    parameters.push(`label=${encodeURIComponent(request.label)}`);
  }
  return `${scheme}${request.address}${parameters.length === 0 ? '' : `?${parameters.join('&')}`}`;
}
