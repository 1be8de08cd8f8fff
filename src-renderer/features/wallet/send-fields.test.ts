import { describe, expect, test } from 'vitest';
import { encodeAddress } from '../../../src-shared/domain/address.ts';
import type { Lock } from '../../../src-shared/domain/ids.ts';
import { amountIn, asTyped, fieldsFrom, readAmount, readRecipient } from './send-fields.ts';

const lock = '0123456789abcdef0123456789abcdef01234567' as Lock;
const address = encodeAddress(lock, 'devnet');

describe('the recipient', () => {
  test.each([
    ['', { kind: 'empty' }],
    ['  \n', { kind: 'empty' }],
    [address, { kind: 'address', address }],
    [` ${address}\n`, { kind: 'address', address }],
    [encodeAddress(lock, 'mainnet'), { kind: 'wrong', error: 'network' }],
    ['1BoatSLRHtKNngkdXEeobR76b53LETtpyT', { kind: 'wrong', error: 'prefix' }],
    [`${address.slice(0, -1)}0`, { kind: 'wrong', error: 'alphabet' }],
    [address.slice(0, -3), { kind: 'wrong', error: 'length' }],
    [`timecoin:${address}?amount=0`, { kind: 'wrong', error: 'amount' }],
    [`timecoin:${address}?memo=x`, { kind: 'wrong', error: 'parameter-unknown' }],
  ])('%j', (typed, read) => expect(readRecipient(typed, 'devnet')).toEqual(read));

  test('a link fills more than the address', () => {
    expect(readRecipient(` TimeCoin:${address}?amount=1.5&label=Caf%C3%A9`, 'devnet')).toMatchObject({
      kind: 'link',
      request: { address, amount: 150_000_000n, label: 'Café' },
    });
  });
});

test.each([
  ['abc', { to: 'abc' }],
  [`timecoin:${address}`, { to: address }],
  [`timecoin:${address}?amount=1.50`, { to: address, amount: '1.5' }],
  [`timecoin:${address}?amount=100&label=Tea`, { to: address, amount: '100', label: 'Tea' }],
  ['timecoin:nobody', { to: 'timecoin:nobody' }],
])('%j fills %j', (typed, fields) => expect(fieldsFrom(typed, 'devnet')).toEqual(fields));

test.each([
  ['', '1.00000000', { kind: 'empty' }],
  ['1', '1.00000000', { kind: 'amount', units: 100_000_000n, time: '1' }],
  [' 0.00000001 ', '1.00000000', { kind: 'amount', units: 1n, time: '0.00000001' }],
  ['0', '1.00000000', { kind: 'wrong', error: 'zero' }],
  ['0.00', '1.00000000', { kind: 'wrong', error: 'zero' }],
  ['1.00000001', '1.00000000', { kind: 'wrong', error: 'above-balance' }],
  ['1.00000001', undefined, { kind: 'amount', units: 100_000_001n, time: '1.00000001' }],
  ['1,5', '9.00000000', { kind: 'wrong', error: 'format' }],
  ['1e3', '9.00000000', { kind: 'wrong', error: 'format' }],
  ['-1', '9.00000000', { kind: 'wrong', error: 'format' }],
  ['0.123456789', '9.00000000', { kind: 'wrong', error: 'format' }],
])('amount %j of %s', (typed, spendable, read) => expect(readAmount(typed, spendable)).toEqual(read));

test.each<[string, string | undefined]>([
  ['12,5', '12.5'],
  ['1250', '1250'],
  ['1.250', undefined],
  ['1.250,50', undefined],
  ['1,2,3', undefined],
  ['1.5', undefined],
])('where a comma separates decimals, %j is %s', (typed, time) => {
  const read = readAmount(typed, undefined, ',');
  expect(read.kind === 'amount' ? read.time : undefined).toBe(time);
});

test('what the node says is filled in as the language writes it', () => {
  expect([asTyped('12.50000000', ','), asTyped('100.00000000', ','), asTyped('0.00000546', '.')]).toEqual(['12,5', '100', '0.00000546']);
});

test.each<[string, string | undefined]>([
  ['150000000', '1.50000000'],
  ['1', '0.00000001'],
  ['18446744073709551615', '184467440737.09551615'],
  ['18446744073709551616', undefined],
  ['1.5', undefined],
  ['1,5', undefined],
  ['0', undefined],
])('%j units are %s', (typed, time) => {
  const read = readAmount(typed, undefined, ',', 'units');
  expect(read.kind === 'amount' ? read.time : undefined).toBe(time);
});

test('an amount is the same in either unit', () => {
  expect(amountIn('units', '12.50000000')).toBe('1250000000');
  expect(amountIn('time', '12.50000000', ',')).toBe('12,5');
  expect(readAmount(amountIn('units', '0.00000001'), '0.00000001', '.', 'units')).toMatchObject({ kind: 'amount', units: 1n });
});
