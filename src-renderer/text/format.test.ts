import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAmount, formatBytes, formatCount, formatDuration, formatShare, formatSpan, formatUntil, shorten } from './format.ts';

const nbsp = '\u00a0';

test.each([
  ['0.00000000', '0.00'],
  ['12.50000000', '12.50'],
  ['1234567.00000001', '1,234,567.00000001'],
  ['-1000.12300000', '\u22121,000.123'],
  ['999.99999999', '999.99999999'],
  ['184467440737.09551615', '184,467,440,737.09551615'],
])('amount %s', (time, shown) => expect(formatAmount(time)).toBe(shown));

test('an amount shows every unit it has', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (units) => {
      const digits = units.toString().padStart(9, '0');
      const shown = formatAmount(`${digits.slice(0, -8)}.${digits.slice(-8)}`);
      const [integer = '', fraction = ''] = shown.replaceAll(',', '').split('.');
      expect(BigInt(integer + fraction.padEnd(8, '0'))).toBe(units);
    }),
  );
});

test.each([
  [0.04, '0.0 ms'],
  [0.42, '0.4 ms'],
  [9.94, '9.9 ms'],
  [38.4, '38 ms'],
  [999.4, '999 ms'],
  [999.6, '1.00 s'],
  [1_240, '1.24 s'],
  [12_340, '12.3 s'],
  [125_000, '2 min'],
])('duration %d', (ms, shown) => expect(formatDuration(ms)).toBe(shown.replace(' ', nbsp)));

test.each([
  [-5_000, '0 s'],
  [999, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_599_999, '59 min'],
  [86_399_999, '23 h'],
  [86_400_000 * 1_500, '1,500 d'],
])('span %d', (ms, shown) => expect(formatSpan(ms)).toBe(shown.replace(' ', nbsp)));

test.each([
  [-1, '0 s'],
  [0, '0 s'],
  [1, '1 s'],
  [1_000, '1 s'],
  [59_001, '1 min'],
])('until %d', (ms, shown) => expect(formatUntil(ms)).toBe(shown.replace(' ', nbsp)));

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [123_456, '123 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [2.5e12, '2.5 TB'],
])('bytes %d', (bytes, shown) => expect(formatBytes(bytes)).toBe(shown.replace(' ', nbsp)));

describe('a share of the weight', () => {
  test('of nothing is nothing', () => expect(formatShare(0, 0)).toBe(`0${nbsp}%`));
  test('is never shown as more than it is', () => {
    expect(formatShare(2, 3)).toBe(`66${nbsp}%`);
    expect(formatShare(999, 1_000)).toBe(`99${nbsp}%`);
    expect(formatShare(3, 3)).toBe(`100${nbsp}%`);
  });
  test('is never shown as nothing while it is something', () => {
    expect(formatShare(10, 1_120)).toBe(`0.8${nbsp}%`);
    expect(formatShare(1, 1_000_000)).toBe(`<${nbsp}0.1${nbsp}%`);
    expect(formatShare(0, 40)).toBe(`0${nbsp}%`);
  });
});

test('counts are grouped', () => expect(formatCount(1_204)).toBe('1,204'));
test('hashes are shortened in the middle, short texts are not', () => {
  expect(shorten(`9f3a${'0'.repeat(56)}c1b2`)).toBe('9f3a…c1b2');
  expect(shorten('123456789')).toBe('123456789');
});
