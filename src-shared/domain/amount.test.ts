import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amount, formatTime, isAmount, parseTime, sumOf, unitsPerTime } from './amount.ts';

const max = 2n ** 64n - 1n;
const inRange = fc.bigInt({ min: 0n, max });
const outOfRange = fc.oneof(fc.bigInt({ min: -(2n ** 70n), max: -1n }), fc.bigInt({ min: max + 1n, max: 2n ** 70n }));

describe('amount', () => {
  it('takes 0..2^64-1 as it is and nothing else', () => {
    for (const edge of [0n, 1n, max]) expect(amount(edge)).toBe(edge);
    for (const edge of [-1n, max + 1n]) expect(() => amount(edge)).toThrow(RangeError);
    fc.assert(fc.property(inRange, (units) => isAmount(units) && amount(units) === units));
    fc.assert(
      fc.property(outOfRange, (units) => {
        expect(isAmount(units)).toBe(false);
        expect(() => amount(units)).toThrow(RangeError);
      }),
    );
  });
});

describe('sumOf', () => {
  it('adds exactly, past what an amount can be, in any order', () => {
    expect(sumOf([])).toBe(0n);
    expect(sumOf([max, max])).toBe(2n * max);
    fc.assert(
      fc.property(fc.array(inRange), fc.array(inRange), (a, b) => {
        expect(sumOf([...a, ...b])).toBe(sumOf(b) + sumOf(a));
        expect(sumOf(a.toReversed())).toBe(a.reduce((total, units) => total + units, 0n));
      }),
    );
  });
});

describe('formatTime and parseTime', () => {
  it.each([
    [0n, '0.00000000'],
    [1n, '0.00000001'],
    [unitsPerTime, '1.00000000'],
    [1_250_000_000n, '12.50000000'],
    [max, '184467440737.09551615'],
  ])('%s units are %s TIME, both ways', (units, text) => {
    expect(formatTime(units)).toBe(text);
    expect(parseTime(text)).toBe(units);
  });

  it.each([
    [-1n, '-0.00000001'],
    [-unitsPerTime, '-1.00000000'],
  ])('%s units, a difference, are written %s and not read', (units, text) => {
    expect(formatTime(units)).toBe(text);
    expect(parseTime(text)).toBeUndefined();
  });

  it('round-trip, with trailing zeros or without', () => {
    fc.assert(
      fc.property(inRange, (units) => {
        const text = formatTime(units);
        expect(parseTime(text)).toBe(units);
        expect(parseTime(text.replace(/\.?0+$/, ''))).toBe(units);
      }),
    );
  });

  it.each([
    '',
    '.',
    '1.',
    '.5',
    '+1',
    '-1',
    ' 1',
    '1 ',
    '1\n',
    '1,5',
    '1e8',
    '0x1',
    '1_000',
    '1.123456789',
    '1234567890123',
    '184467440737.09551616',
    '\u0661',
    'NaN',
  ])('%j is not read', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });

  it('never make of text that is read a different number', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{1,13}(\.\d{0,9})?$/), (text) => {
        const units = parseTime(text);
        if (units !== undefined) expect(parseTime(formatTime(units))).toBe(units);
        const [whole = '', fraction = ''] = text.split('.');
        const exact = BigInt(whole) * unitsPerTime + BigInt(fraction.padEnd(8, '0').slice(0, 8));
        const readable = whole.length <= 12 && fraction.length <= 8 && !text.endsWith('.') && exact <= max;
        expect(units).toBe(readable ? exact : undefined);
      }),
    );
  });
});
