import { isIP, SocketAddress } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import {
  formatNetworkAddress,
  hostGroup,
  isInSubnet,
  isIp,
  isLocal,
  isLoopback,
  isPublic,
  networkOf,
  normalizeHost,
  parseNetworkAddress,
  parseSubnet,
} from './network-address.ts';

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
  ['2001:db8::1', '2001:db8::/64'],
  ['::1', '::/64'],
  ['2001:db8:1:2:3::', '2001:db8:1:2::/64'],
  ['64:ff9b::1.2.3.4', '64:ff9b::/64'],
  ['fe80::1%eth0', 'fe80::/64'],
])('%s counts as %s', (host, group) => {
  expect(hostGroup(normalizeHost(host))).toBe(group);
});

test('this machine', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1', '128.0.0.1', '127.example', '::2'].map(isLoopback)).toEqual([true, true, true, false, false, false]);
});

test.each([
  ['203.0.113.77', '203.0.113.0/24', '2001:db8:a:b::1', '2001:db8:a::/48'],
  ['1.2.3.4', '1.2.3.0/24', '::1', '::/48'],
])('%s is in %s, %s in %s', (v4, v4Network, v6, v6Network) => {
  expect(networkOf(v4, { v4: 24, v6: 48 })).toBe(v4Network);
  expect(networkOf(v6, { v4: 24, v6: 48 })).toBe(v6Network);
  expect(networkOf('name.example', { v4: 16, v6: 32 })).toBe('name.example');
});

test.each([
  ['203.0.113.77', '203.0.113.77/32'],
  ['203.0.113.77/24', '203.0.113.0/24'],
  ['203.0.113.77/0', '0.0.0.0/0'],
  ['2001:DB8::1/32', '2001:db8::/32'],
  ['::1', '::1/128'],
  ['::ffff:203.0.113.77', '203.0.113.77/32'],
  ['::ffff:203.0.113.77/120', '203.0.113.0/24'],
])('the subnet %s is %s', (text, subnet) => {
  expect(parseSubnet(text)).toBe(subnet);
});
test.each(['', 'name.example', '1.2.3.4/33', '::ffff:1.2.3.4/95', '1.2.3.4/', '1.2.3/24', '1.2.3.4/8/8', '::1/129', 'fe80::1%eth0', '1.2.3.4/-1'])(
  '%s is no subnet',
  (text) => {
    expect(parseSubnet(text)).toBeUndefined();
  },
);

test('what is in a subnet', () => {
  expect(['203.0.113.9', '203.0.114.9', '::1', 'name.example'].map((host) => isInSubnet(host, '203.0.113.0/24'))).toEqual([true, false, false, false]);
  expect(['2001:db8::9', '2001:db9::9', '203.0.113.9'].map((host) => isInSubnet(host, '2001:db8::/32'))).toEqual([true, false, false]);
  expect(isInSubnet('255.255.255.255', '0.0.0.0/0')).toBe(true);
});

test('what others can reach', () => {
  const reachable = ['8.8.8.8', '1.0.0.1', '223.255.255.1', '2a00:1450::1', 'name.example'];
  const not = ['10.1.1.1', '127.0.0.1', '192.168.1.1', '172.31.0.1', '100.64.1.1', '224.0.0.1', '255.255.255.255', '::1', 'fe80::1', 'fc00::1', '2001:db8::1'];
  expect(reachable.filter((host) => !isPublic(normalizeHost(host)))).toEqual([]);
  expect([...not, '0.0.0.0', 'localhost'].filter((host) => isPublic(normalizeHost(host)))).toEqual([]);
});

test('this machine and its own networks, and nothing that leads out of them', () => {
  const local = [
    '127.0.0.1',
    '10.1.1.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.1.1',
    '::1',
    'fe80::1%eth0',
    'fc00::1',
    'fdff::1',
    'localhost',
  ];
  const mapped = ['::ffff:127.0.0.1', '::ffff:10.1.1.1', '::ffff:a00:1', '::ffff:192.168.1.1'];
  const elsewhere = [
    '8.8.8.8',
    '172.32.0.1',
    '100.64.1.1',
    '192.0.2.1',
    '198.18.0.1',
    '203.0.113.1',
    '224.0.0.1',
    '255.255.255.255',
    '0.0.0.0',
    'name.example',
  ];
  // What carries IPv4 may lead to it: NAT64, 6to4, Teredo, and the oldest form.
  const carried = ['64:ff9b::8.8.8.8', '64:ff9b:1::8.8.8.8', '2002:808:808::1', '2002:a00:1::1', '2001::1', '::8.8.8.8', '::ffff:8.8.8.8', '::ffff:0:8.8.8.8'];
  const v6 = ['::', '::2', 'fec0::1', 'ff02::1', '100::1', '2001:db8::1', '2a00:1450::1', '10.example', '127.1', '0x7f.0.0.1'];
  expect([...local, ...mapped].filter((host) => !isLocal(normalizeHost(host)))).toEqual([]);
  expect([...elsewhere, ...carried, ...v6].filter((host) => isLocal(normalizeHost(host)))).toEqual([]);
});

test('an address reads as the system’s own parser reads it', () => {
  const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xff_ff }));
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const full = groups.map((one) => one.toString(16)).join(':');
      const { address } = new SocketAddress({ address: full, family: 'ipv6' });
      fc.pre(!address.includes('.'));
      expect(normalizeHost(full)).toBe(address);
      expect(normalizeHost(address)).toBe(address);
    }),
    { numRuns: testRuns(1_000) },
  );
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789abcf:.%'), maxLength: 24 }), (text) => {
      // The system takes a colon in the name of an interface, too; none has one, and `host:port` would be read twice.
      fc.pre(!/%.*:/.test(text));
      expect(isIp(text)).toBe(isIP(text) !== 0);
    }),
    { numRuns: testRuns(1_000) },
  );
});
