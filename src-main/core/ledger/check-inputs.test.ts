import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outpointKey } from '../../../src-shared/domain/ids.ts';
import type { TransactionOutput } from '../codec/transaction.ts';
import { checkInputs } from './check-inputs.ts';
import { paidToOthers, requiredFee } from './fee.ts';
import { CoinTable, lockNumber, plainTerms, transfer, txidNumber } from './ledger-fixtures.ts';

const pay = (to: number, amount: bigint): TransactionOutput => ({ amount, lock: lockNumber(to) });

describe('requiredFee', () => {
  it.each([
    [1, 0n, 1_000n],
    [250, 0n, 1_000n],
    [251, 0n, 1_004n],
    [250, 1_000_000n, 1_000n],
    [250, 1_000_001n, 1_001n],
    [1_000_000, 0n, 4_000_000n],
    [250, 100_000_000_000n, 100_000_000n],
  ])('of %i bytes that pay %s is %s', (sizeBytes, paid, fee) => {
    expect(requiredFee(sizeBytes, paid)).toBe(fee);
  });

  it('is the least that keeps all three rules', () => {
    const keeps = (fee: bigint, sizeBytes: number, paid: bigint): boolean => fee >= 1_000n && fee >= 4n * BigInt(sizeBytes) && fee * 1_000n >= paid;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.bigInt({ min: 0n, max: 2n ** 64n }), (sizeBytes, paid) => {
        const fee = requiredFee(sizeBytes, paid);
        expect(keeps(fee, sizeBytes, paid)).toBe(true);
        expect(keeps(fee - 1n, sizeBytes, paid)).toBe(false);
      }),
    );
  });
});

describe('paidToOthers', () => {
  it.each([
    ['all that goes to another lock', [pay(1, 100n)], [pay(2, 90n)], 90n],
    ['nothing of the change', [pay(1, 100n)], [pay(2, 30n), pay(1, 60n)], 30n],
    ['nothing where one pays oneself', [pay(1, 60n), pay(1, 40n)], [pay(1, 30n), pay(1, 70n)], 0n],
    ['what one payer gets of another', [pay(1, 60n), pay(2, 40n)], [pay(1, 10n), pay(2, 90n)], 50n],
    ['outputs to one lock together', [pay(1, 60n)], [pay(2, 30n), pay(2, 30n)], 60n],
  ])('is %s', (_, spent, outputs, paid) => {
    expect(paidToOthers(spent, outputs)).toBe(paid);
  });

  it('is the sum over locks of max(0, out - in)', () => {
    const side = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 4 }), fc.bigInt({ min: 0n, max: 1_000n })).map(([to, amount]) => pay(to, amount)),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(side, side, (spent, outputs) => {
        let expected = 0n;
        for (const number of [1, 2, 3, 4]) {
          const of = (list: readonly TransactionOutput[]): bigint =>
            list.reduce((sum, { amount, lock }) => (lock === lockNumber(number) ? sum + amount : sum), 0n);
          const gain = of(outputs) - of(spent);
          if (gain > 0n) expected += gain;
        }
        expect(paidToOthers(spent, outputs)).toBe(expected);
      }),
    );
  });
});

describe('checkInputs', () => {
  const coins = new CoinTable();
  const mine = coins.put({ txid: txidNumber(1), vout: 0 }, { amount: 1_000_000n, lock: lockNumber(1) });
  const mineToo = coins.put({ txid: txidNumber(1), vout: 1 }, { amount: 500_000n, lock: lockNumber(1) });
  const theirs = coins.put({ txid: txidNumber(2), vout: 0 }, { amount: 1_000_000n, lock: lockNumber(2) });
  const mined = coins.put({ txid: txidNumber(3), vout: 0 }, { amount: 1_000_000n, lock: lockNumber(1), height: 90, coinbase: true });
  const locked = coins.put({ txid: txidNumber(4), vout: 0 }, { amount: 1_000_000n, lock: lockNumber(1) });
  const context = { coins, height: 100, coinbaseMaturity: 10, terms: plainTerms((key) => key === outpointKey(locked)) };
  const missing = { txid: txidNumber(9), vout: 0 };
  const result = (of: Parameters<typeof transfer>[0], height = 100) => checkInputs(transfer(of), { ...context, height });

  it.each([
    ['one coin', { inputs: [mine], outputs: [pay(3, 998_000n)], signers: [1] }, 2_000n],
    ['two coins of one key with one witness', { inputs: [mine, mineToo], outputs: [pay(3, 1_498_000n)], signers: [1] }, 2_000n],
    ['coins of two keys', { inputs: [mine, theirs], outputs: [pay(3, 1_997_000n)], signers: [2, 1] }, 3_000n],
    ['a coinbase on the day it is mature', { inputs: [mined], outputs: [pay(1, 999_000n)], signers: [1] }, 1_000n],
    ['exactly the fee', { inputs: [mine], outputs: [pay(3, 999_000n)], signers: [1] }, 1_000n],
  ])('passes %s', (_, of, fee) => {
    const checked = result(of);
    expect(checked.ok && checked.value.fee).toBe(fee);
    expect(checked.ok && checked.value.spent).toEqual(of.inputs.map((input) => coins.coin(outpointKey(input))));
  });

  it.each([
    ['a coin that is not there', { inputs: [mine, missing], outputs: [pay(3, 1n)], signers: [1] }, 'missing-input'],
    ['collateral', { inputs: [locked], outputs: [pay(3, 1n)], signers: [1] }, 'collateral-locked'],
    ['a coin of another key', { inputs: [theirs], outputs: [pay(3, 1n)], signers: [1] }, 'witness-unused'],
    ['coins of two keys with one witness', { inputs: [mine, theirs], outputs: [pay(3, 1n)], signers: [1] }, 'witness-missing'],
    ['a witness that owns none of the coins', { inputs: [mine, mineToo], outputs: [pay(3, 1n)], signers: [1, 2] }, 'witness-unused'],
    ['more than the inputs hold', { inputs: [mine], outputs: [pay(3, 1_000_001n)], signers: [1] }, 'inputs-below-outputs'],
    ['no fee', { inputs: [mine], outputs: [pay(3, 1_000_000n)], signers: [1] }, 'fee-too-low'],
    ['a unit less than the fee', { inputs: [mine], outputs: [pay(3, 999_001n)], signers: [1] }, 'fee-too-low'],
  ])('refuses %s', (_, of, code) => {
    const checked = result(of);
    expect(!checked.ok && checked.rejection.code).toBe(code);
  });

  it('refuses a coinbase until it has its blocks', () => {
    const of = { inputs: [mined], outputs: [pay(1, 999_000n)], signers: [1] };
    expect([98, 99, 100, 101].map((height) => result(of, height).ok)).toEqual([false, false, true, true]);
    const early = result(of, 99);
    expect(!early.ok && early.rejection).toMatchObject({ code: 'immature-coinbase', detail: expect.stringContaining('from 100 on') });
  });
});
