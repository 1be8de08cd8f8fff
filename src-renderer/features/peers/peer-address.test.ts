import { expect, test } from 'vitest';
import { hostOfAddress, isIpHost, looksLikeAddress } from './peer-address.ts';

test.each([
  ['203.0.113.5:24000', true],
  ['[2001:db8::1]:24000', true],
  ['seed.example:1', true],
  ['203.0.113.5', false],
  ['203.0.113.5:0', false],
  ['203.0.113.5:65536', false],
  ['2001:db8::1:24000', false],
  ['two words:1', false],
  ['', false],
])('%j is an address: %s', (text, is) => expect(looksLikeAddress(text)).toBe(is));

test.each([
  ['203.0.113.5:24000', '203.0.113.5', true],
  ['[2001:db8::1]:24000', '2001:db8::1', true],
  ['seed.example:24000', 'seed.example', false],
])('the host of %j is %j', (address, host, isIp) => {
  expect(hostOfAddress(address)).toBe(host);
  expect(isIpHost(host)).toBe(isIp);
});
