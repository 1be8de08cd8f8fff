import { expect, test } from 'vitest';
import { collateralCoins, lockedOutpoints, type OwnCoin } from './collateral-coins.ts';

const coin = (vout: number, amount: string, state: OwnCoin['state'], confirmations: number): OwnCoin => ({
  txid: 'ab'.repeat(32),
  vout,
  address: 'TIME2x',
  label: '',
  account: 0,
  amount,
  confirmations,
  coinbase: false,
  spendable: state === 'unspent',
  setaside: false,
  state,
});
const bronze = '1000.00000000';
const coins = [
  coin(0, bronze, 'unspent', 1),
  coin(1, '1000.00000001', 'unspent', 1),
  coin(2, bronze, 'unspent', 0),
  coin(3, bronze, 'unconfirmed-pending', 0),
  coin(4, bronze, 'collateral', 9),
  coin(5, bronze, 'spentPending', 9),
  coin(6, bronze, 'immature', 2),
  coin(7, bronze, 'unconfirmed-final', 0),
];

test('a collateral is exactly the amount, in a block, and free', () => {
  const { ready, coming } = collateralCoins(coins, bronze);
  expect(ready.map(({ vout }) => vout)).toEqual([0]);
  expect(coming.map(({ vout }) => vout)).toEqual([2, 3, 7]);
});

test('what is locked is known by its outpoint', () => expect([...lockedOutpoints(coins)]).toEqual([`${'ab'.repeat(32)}:4`]));
