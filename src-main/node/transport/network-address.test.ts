import { expect, test } from 'vitest';
import { formatNetworkAddress, hostGroup, isLoopback, normalizeHost, parseNetworkAddress } from './network-address.ts';

test.each([
  ['1.2.3.4:24000', { host: '1.2.3.4', port: 24_000 }],
  ['Node.Example:1', { host: 'node.example', port: 1 }],
  ['[::1]:65535', { host: '::1', port: 65_535 }],
  ['[2001:DB8:0:0:0:0:0:1]:24000', { host: '2001:db8::1', port: 24_000 }],
  ['[::ffff:1.2.3.4]:5', { host: '1.2.3.4', port: 5 }],
  ['[fe80::1%eth0]:5', { host: 'fe80::1%eth0', port: 5 }],
])('%s is read', (text, address) => {
  expect(parseNetworkAddress(text)).toEqual(address);
});

test.each([
  '',
  ':1',
  '1.2.3.4',
  '1.2.3.4:',
  '1.2.3.4:0',
  '1.2.3.4:65536',
  '1.2.3.4:-1',
  '1.2.3.4:1e3',
  '::1:24000',
  '[::1]',
  '[1.2.3.4]:5',
  '[zz::1]:5',
  'a b:1',
  'http://x:1',
  'user@x:1',
  'x:1/',
  'a\0b:1',
  'ü.example:1',
  `${'x'.repeat(254)}:1`,
])('%s is refused', (text) => {
  expect(parseNetworkAddress(text)).toBeUndefined();
});

test('what is formatted reads back the same', () => {
  for (const text of ['1.2.3.4:24000', '[::1]:24000', '[2001:db8::1]:1', 'name.example:80']) {
    const address = parseNetworkAddress(text);
    expect(address && formatNetworkAddress(address.host, address.port)).toBe(text);
  }
  expect(formatNetworkAddress('::FFFF:10.0.0.1', 7)).toBe('10.0.0.1:7');
});

test.each([
  ['1.2.3.4', '1.2.3.4'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['2001:db8:1:2:3::', '2001:db8:1:2::/64'],
  ['64:ff9b::1.2.3.4', '64:ff9b:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('%s counts as %s', (host, group) => {
  expect(hostGroup(normalizeHost(host))).toBe(group);
});

test('this machine', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1', '128.0.0.1', '127.example', '::2'].map(isLoopback)).toEqual([true, true, true, false, false, false]);
});
