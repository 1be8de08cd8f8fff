import { expect, test } from 'vitest';
import { type ChosenCoin, coinKey, maxChosenCoins, type Payment, requestOf, sourceOf, sumOfCoins, toggledCoins } from './send-store.ts';

const coin = (txid: string, amount = '1.00000000'): ChosenCoin => ({ txid, vout: 0, amount });
const payment: Payment = { address: 'TIME2x', amount: '1.5', label: 'Tea', subtractFee: false, account: undefined, coins: undefined };

test('a coin is taken and given back; without one the wallet chooses', () => {
  const one = toggledCoins(undefined, coin('a'));
  expect(one).toEqual([coin('a')]);
  const two = toggledCoins(one, coin('b'));
  expect(two?.map(coinKey)).toEqual(['a:0', 'b:0']);
  expect(toggledCoins(two, coin('a'))).toEqual([coin('b')]);
  expect(toggledCoins(one, coin('a'))).toBeUndefined();
});

test('no more coins are named than the contract takes', () => {
  const full = Array.from({ length: maxChosenCoins }, (_, i) => coin(`c${i}`));
  expect(toggledCoins(full, coin('one more'))).toBe(full);
  expect(toggledCoins(full, coin('c0'))).toHaveLength(maxChosenCoins - 1);
});

test('what coins are worth together is exact', () =>
  expect(sumOfCoins([coin('a', '0.10000000'), coin('b', '0.20000000'), coin('c', '90000000000.00000001')])).toBe('90000000000.30000001'));

test('a payment says which coins pay only where somebody said so', () => {
  expect(sourceOf(payment)).toEqual({});
  expect(sourceOf({ account: 0, coins: [coin('a')] })).toEqual({ account: 0, inputs: [{ txid: 'a', vout: 0 }] });
});

test('the fee that was reviewed is the most that it may cost', () => {
  expect(requestOf({ ...payment, subtractFee: true }, 'secret', '0.00100000')).toEqual({
    address: 'TIME2x',
    amount: '1.5',
    label: 'Tea',
    subtractfeefromamount: true,
    passphrase: 'secret',
    maxfee: '0.00100000',
  });
});
