import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sumOf } from '../../../src-shared/domain/amount.ts';
import type { Lock, Txid } from '../../../src-shared/domain/ids.ts';
import { balanceOf, type CoinCategory, categoryOf, type SpendContext, spendableCoins, type WalletCoin } from './balance.ts';

const txid = '11'.repeat(32) as Txid;
const plain: WalletCoin = {
  outpoint: { txid, vout: 0 },
  amount: 1_000n,
  lock: '22'.repeat(20) as Lock,
  coinbase: false,
  parent: { kind: 'in-block', height: 100 },
  collateral: false,
  spentBy: undefined,
};
const at = (tipHeight: number): SpendContext => ({ tipHeight, coinbaseMaturity: 10 });

test.each<[string, Partial<WalletCoin>, number, CoinCategory]>([
  ['in the newest block', {}, 100, 'spendable'],
  ['final, not yet in a block', { parent: { kind: 'final' } }, 100, 'spendable'],
  ['of a transaction in voting', { parent: { kind: 'pending' } }, 100, 'pending'],
  ['collateral', { collateral: true }, 100, 'locked'],
  ['collateral of a registration whose coin is still in voting', { collateral: true, parent: { kind: 'pending' } }, 100, 'pending'],
  ['a coinbase in the newest block', { coinbase: true }, 100, 'immature'],
  ['a coinbase one block too young', { coinbase: true }, 108, 'immature'],
  ['a coinbase that the next block may spend', { coinbase: true }, 109, 'spendable'],
  ['spent by an own transaction', { spentBy: txid }, 100, 'spending'],
  ['pending, and spent already', { spentBy: txid, parent: { kind: 'pending' } }, 100, 'spending'],
])('%s', (_, difference, tipHeight, category) => {
  const coin = { ...plain, ...difference };
  expect(categoryOf(coin, at(tipHeight))).toBe(category);
  expect(spendableCoins([coin], at(tipHeight))).toHaveLength(category === 'spendable' ? 1 : 0);
});

test('a payment in voting counts once: its change is pending, what it spends is not counted', () => {
  const spent = { ...plain, spentBy: txid };
  const change: WalletCoin = { ...plain, amount: 300n, parent: { kind: 'pending' } };
  expect(balanceOf([spent, change], at(100))).toEqual({ spendable: 0n, pending: 300n, locked: 0n, immature: 0n });
});

test('every coin that no own transaction spends is in exactly one part of the balance', () => {
  const parents = fc.oneof(
    fc.constantFrom({ kind: 'final' } as const, { kind: 'pending' } as const),
    fc.integer({ min: 0, max: 120 }).map((height) => ({ kind: 'in-block', height }) as const),
  );
  const coins = fc.array(
    fc.record({
      amount: fc.bigInt(546n, 10n ** 12n),
      coinbase: fc.boolean(),
      collateral: fc.boolean(),
      parent: parents,
      spentBy: fc.constantFrom(undefined, txid),
    }),
  );
  fc.assert(
    fc.property(coins, (list) => {
      const all = list.map((one) => ({ ...plain, ...one }));
      const { spendable, pending, locked, immature } = balanceOf(all, at(110));
      expect(spendable + pending + locked + immature).toBe(sumOf(all.filter((coin) => coin.spentBy === undefined).map((coin) => coin.amount)));
      expect(spendable).toBe(sumOf(spendableCoins(all, at(110)).map((coin) => coin.amount)));
    }),
  );
});
