import { expect, test } from 'vitest';
import { hrefOf, pageOf, pages, paymentLinkOf } from './routes.ts';

test('every page has an address of its own that leads to it', () => {
  expect(pages.map((page) => pageOf(hrefOf(page)))).toEqual([...pages]);
});

test.each(['', '#', '#/nowhere', '#token=abc', '#/wallet/x', '#/toString'])('%j leads to the overview', (hash) => expect(pageOf(hash)).toBe('overview'));

test.each([
  ['#/wallet?pay=timecoin%3ATIME2x%3Famount%3D1', 'timecoin:TIME2x?amount=1'],
  ['#/wallet', undefined],
  ['#/wallet?', undefined],
  ['#/peers?pay=timecoin%3ATIME2x', undefined],
])('the payment link of %j', (hash, link) => {
  expect(paymentLinkOf(hash)).toBe(link);
  expect(pageOf(hash)).toBe(hash.startsWith('#/wallet') ? 'wallet' : 'peers');
});
