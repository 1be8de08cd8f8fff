import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeAddress } from './address.ts';
import { amount } from './amount.ts';
import type { Lock } from './ids.ts';
import { formatPaymentUri, maxLabelLength, parsePaymentUri } from './payment-uri.ts';

const lock = '22'.repeat(20) as Lock;
const address = encodeAddress(lock, 'testnet');
const outcome = (text: string): unknown => {
  const parsed = parsePaymentUri(text, 'testnet');
  return parsed.ok ? parsed.request : parsed.error;
};

describe('a payment URI', () => {
  it.each([
    ['', {}],
    ['?amount=12.5', { amount: 1_250_000_000n }],
    ['?amount=0.00000001', { amount: 1n }],
    ['?label=Coffee%20%26%20cake', { label: 'Coffee & cake' }],
    ['?label=a=b+c', { label: 'a=b+c' }],
    ['?label=%E2%82%AC%F0%9F%98%80&amount=1', { amount: 100_000_000n, label: '\u20ac\u{1F600}' }],
  ])('with %j is read', (query, expected) => {
    expect(outcome(`timecoin:${address}${query}`)).toEqual({ address, lock, ...expected });
    expect(outcome(`TimeCoin:${address}${query}`)).toEqual({ address, lock, ...expected });
  });

  it.each([
    ['', 'scheme'],
    [address, 'scheme'],
    [`bitcoin:${address}`, 'scheme'],
    [` timecoin:${address}`, 'scheme'],
    ['timecoin:', 'prefix'],
    [`timecoin://${address}`, 'slashes'],
    ['timecoin://', 'slashes'],
    [`timecoin:${encodeAddress(lock, 'mainnet')}`, 'network'],
    [`timecoin:${address}/`, 'alphabet'],
    [`timecoin:${address}#label`, 'alphabet'],
    [`timecoin:${address}1`, 'length'],
    [`timecoin:${address.slice(0, 20)}${address[20] === 'a' ? 'b' : 'a'}${address.slice(21)}`, 'checksum'],
    [`timecoin:${address}?`, 'parameter-unknown'],
    [`timecoin:${address}?amount=1&`, 'parameter-unknown'],
    [`timecoin:${address}?message=hello`, 'parameter-unknown'],
    [`timecoin:${address}?req-later=1`, 'parameter-unknown'],
    [`timecoin:${address}?Amount=1`, 'parameter-unknown'],
    [`timecoin:${address}?amount=1&amount=1`, 'parameter-repeated'],
    [`timecoin:${address}?label=a&label=b`, 'parameter-repeated'],
    ...['', '=', '=0', '=0.0', '=-1', '=+1', '=1e3', '=.5', '=1.', '=1,5', '=0x10', '=1.000000001', '=184467440737.09551616', '=%31', '= 1'].map((value) => [
      `timecoin:${address}?amount${value}`,
      'amount',
    ]),
    ...['', '=', '=%', '=%zz', '=%ff', '=%00', '=%0A', '=%7F', '=%E2%80%AE', '=%E2%81%A6', '=%E2%80%A8', '=\ud800', `=${'a'.repeat(maxLabelLength + 1)}`].map(
      (value) => [`timecoin:${address}?label${value}`, 'label'],
    ),
  ])('%j is refused for %s', (text, expected) => {
    expect(outcome(text as string)).toBe(expected);
  });

  it('round-trips whatever it can say', () => {
    const units = fc.option(fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), { nil: undefined });
    const label = fc.option(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), { nil: undefined });
    fc.assert(
      fc.property(units, label, (wanted, text) => {
        fc.pre(text === undefined || (text.length <= maxLabelLength && !/[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/u.test(text)));
        const request = { address, ...(wanted === undefined ? {} : { amount: amount(wanted) }), ...(text === undefined ? {} : { label: text }) };
        expect(outcome(formatPaymentUri(request))).toEqual({ ...request, lock });
      }),
    );
  });

  it('is not written for what would be refused', () => {
    expect(() => formatPaymentUri({ address, amount: amount(0n) })).toThrow(RangeError);
    for (const label of ['', '\n', '\u202e', '\ud800', 'a'.repeat(maxLabelLength + 1)]) expect(() => formatPaymentUri({ address, label })).toThrow(RangeError);
  });
});
