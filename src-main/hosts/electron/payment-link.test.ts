import { expect, test } from 'vitest';
import { encodeAddress } from '../../../src-shared/domain/address.ts';
import type { Lock } from '../../../src-shared/domain/ids.ts';
import { paymentPageUrl } from './page-origin.ts';
import { isPaymentLink, linkAmong } from './payment-link.ts';

const address = encodeAddress('00'.repeat(20) as Lock, 'devnet');

test.each([
  [['/usr/bin/time', '.', `timecoin:${address}`], `timecoin:${address}`],
  [['--flag', `TIMECOIN:${address}?amount=1`], `TIMECOIN:${address}?amount=1`],
  [['https://example.invalid/?timecoin:'], undefined],
  [[`timecoin:${'x'.repeat(2_000)}`], undefined],
  [[], undefined],
])('among %j', (args, link) => {
  expect(linkAmong(args)).toBe(link);
});

test('only a payment on this network reaches the page', () => {
  expect(isPaymentLink(`timecoin:${address}?amount=1.5&label=Coffee`, 'devnet')).toBe(true);
  expect(isPaymentLink(`timecoin:${address}`, 'mainnet')).toBe(false);
  expect(isPaymentLink(`timecoin:${address}?other=1`, 'devnet')).toBe(false);
});

test('the link travels in the fragment, whole', () => {
  const link = `timecoin:${address}?amount=1.5&label=A%20B`;
  const { hash } = new URL(paymentPageUrl(link));
  expect(new URLSearchParams(hash.slice(hash.indexOf('?') + 1)).get('pay')).toBe(link);
});
