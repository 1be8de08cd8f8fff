import { expect, test } from 'vitest';
import { encodeAddress } from '../../../src-shared/domain/address.ts';
import type { Lock } from '../../../src-shared/domain/ids.ts';
import { paymentPageUrl } from './page-origin.ts';
import { linkAmong } from './payment-link.ts';

const address = encodeAddress('00'.repeat(20) as Lock, 'devnet');

test.each([
  [['/usr/bin/time', '.', `timecoin:${address}`], `timecoin:${address}`],
  [['--flag', `TIMECOIN:${address}?amount=1`], `TIMECOIN:${address}?amount=1`],
  [['https://example.invalid/?timecoin:'], undefined],
  [[`timecoin:${'x'.repeat(2_000)}`], undefined],
  [['timecoin:\ud800'], undefined],
  [[], undefined],
])('among %j', (args, link) => {
  expect(linkAmong(args)).toBe(link);
});

test.each([`timecoin:${address}?amount=1.5&label=A%20B`, `timecoin://${address}`, 'timecoin:a#/settings', 'timecoin:\u202ea'])(
  '%j travels in the fragment, whole',
  (link) => {
    const { hash } = new URL(paymentPageUrl(link));
    expect(new URLSearchParams(hash.slice(hash.indexOf('?') + 1)).get('pay')).toBe(link);
  },
);
