import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sumOf } from '../../../src-shared/domain/amount.ts';
import { type Lock, type OutpointKey, outpointKey, type Txid } from '../../../src-shared/domain/ids.ts';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import { type TransactionOutput, transactionBytes } from '../codec/transaction.ts';
import { dustUnits, feePaidDivisor, feeUnitsPerByte, maxInputs, minFeeUnits } from '../constants.ts';
import {
  type FeeRule,
  type PaymentRequest,
  planMaximum,
  planPayment,
  planWithAll,
  type SpendableCoin,
  type SpendError,
  type SpendPlan,
  type SpendResult,
} from './coin-selection.ts';

/** Protocol section 4, the proportional part rounded up. */
const feeRule: FeeRule = ({ sizeBytes, paidToOthers }) => {
  const proportional = (paidToOthers + feePaidDivisor - 1n) / feePaidDivisor;
  const bySize = BigInt(sizeBytes) * feeUnitsPerByte;
  return [minFeeUnits, bySize, proportional].reduce((most, fee) => (fee > most ? fee : most));
};

const lockNumber = (n: number): Lock => n.toString(16).padStart(40, '0') as Lock;
const stranger = lockNumber(0xffff);
const coinNumber = (n: number, amount: bigint, lock: Lock = lockNumber(n)): SpendableCoin => ({
  outpoint: { txid: n.toString(16).padStart(64, '0') as Txid, vout: n % 3 },
  amount,
  lock,
});
const pay = (amount: bigint, lock: Lock = stranger): readonly TransactionOutput[] => [{ amount, lock }];

function planOf(result: SpendResult): SpendPlan {
  if (!result.ok) throw new Error(`refused: ${result.error.code}`);
  return result.plan;
}
function errorOf(result: SpendResult): SpendError {
  if (result.ok) throw new Error('not refused');
  return result.error;
}

/** The rule applied to the finished plan, independently of how it was found. */
function requiredFee(plan: SpendPlan): bigint {
  const byLock = new Map<Lock, bigint>();
  for (const { lock, amount } of plan.outputs) byLock.set(lock, (byLock.get(lock) ?? 0n) + amount);
  for (const { lock, amount } of plan.coins) byLock.set(lock, (byLock.get(lock) ?? 0n) - amount);
  const paidToOthers = sumOf([...byLock.values()].filter((net) => net > 0n));
  const witnesses = new Set(plan.coins.map((coin) => coin.lock)).size;
  const sizeBytes = transactionBytes({ inputs: plan.coins.length, outputs: plan.outputs.length, payloadBytes: 0, witnesses });
  return feeRule({ sizeBytes, paidToOthers });
}
const total = (outputs: readonly { readonly amount: bigint }[]): bigint => sumOf(outputs.map(({ amount }) => amount));

const amounts = fc.oneof(fc.bigInt(dustUnits, 5_000n), fc.bigInt(dustUnits, 10n ** 12n));
const coinsOfFewKeys = fc
  .array(fc.record({ amount: amounts, key: fc.integer({ min: 0, max: 5 }) }), { maxLength: 40 })
  .map((list) => list.map(({ amount, key }, n) => coinNumber(n, amount, lockNumber(key))));
const paymentsToAnybody = fc.array(fc.record({ amount: amounts, lock: fc.integer({ min: 0, max: 9 }).map(lockNumber) }), { minLength: 1, maxLength: 4 });
const requests: fc.Arbitrary<PaymentRequest> = fc
  .record({
    candidates: coinsOfFewKeys,
    payments: paymentsToAnybody,
    excludedAt: fc.array(fc.nat(40)),
    changeLock: fc.option(fc.integer({ min: 0, max: 9 }).map(lockNumber), { nil: undefined }),
  })
  .map(({ candidates, payments, excludedAt, changeLock }) => ({
    candidates,
    payments,
    excluded: new Set(excludedAt.flatMap((n) => candidates[n] ?? []).map((coin) => outpointKey(coin.outpoint))),
    ...(changeLock !== undefined && { changeLock }),
    feeRule,
  }));

describe('properties of every plan', () => {
  const checkPlan = (plan: SpendPlan, request: Pick<PaymentRequest, 'candidates' | 'excluded'>): void => {
    expect(total(plan.coins)).toBe(total(plan.outputs) + plan.fee);
    expect(plan.fee).toBeGreaterThanOrEqual(requiredFee(plan));
    expect(plan.outputs.every(({ amount }) => amount >= dustUnits)).toBe(true);
    const keys = plan.coins.map((coin) => outpointKey(coin.outpoint));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.some((key) => request.excluded?.has(key))).toBe(false);
    const offered = new Set(request.candidates.map((coin) => outpointKey(coin.outpoint)));
    expect(keys.every((key) => offered.has(key))).toBe(true);
  };

  test('a payment: exact, enough for the rule, from offered coins only; refused only when it cannot be paid', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const result = planPayment(request);
        if (result.ok) {
          const { plan } = result;
          checkPlan(plan, request);
          expect(plan.outputs.slice(0, request.payments.length)).toEqual(request.payments);
          expect(plan.change).toBe(total(plan.outputs) - total(request.payments));
          // Nothing beyond what change would have to be.
          if (plan.change > 0n) expect(plan.fee - 1n).toBeLessThan(requiredFeeWith(plan, plan.fee - 1n));
        } else {
          const usable = request.candidates.filter((coin) => !request.excluded?.has(outpointKey(coin.outpoint)));
          expect(result.error.code).toBe('insufficient-funds');
          expect(total(usable)).toBeLessThan(total(request.payments) + requiredFee(asPlan(usable, request.payments)));
        }
      }),
      { numRuns: testRuns(200) },
    );
  });

  test('the most that can be sent: exact, and one unit more is too much', () => {
    fc.assert(
      fc.property(requests, fc.integer({ min: 0, max: 9 }).map(lockNumber), ({ candidates, excluded }, to) => {
        const request = { candidates, ...(excluded !== undefined && { excluded }), feeRule };
        const result = planMaximum({ ...request, to });
        const usable = candidates.filter((coin) => !excluded?.has(outpointKey(coin.outpoint)));
        if (!result.ok) {
          expect(result.error.code).toBe('insufficient-funds');
          expect(total(usable)).toBeLessThan(dustUnits + 10_000n);
          return;
        }
        checkPlan(result.plan, request);
        const most = total(result.plan.outputs);
        expect(planOf(planPayment({ ...request, payments: pay(most, to) })).outputs[0]?.amount).toBe(most);
        expect(errorOf(planPayment({ ...request, payments: pay(most + 1n, to) })).code).toBe('insufficient-funds');
      }),
    );
  });

  test('the order of the candidates does not matter', () => {
    const shuffled = requests.chain((request) =>
      fc
        .shuffledSubarray([...request.candidates], { minLength: request.candidates.length })
        .map((candidates) => ({ request, other: { ...request, candidates } })),
    );
    fc.assert(
      fc.property(shuffled, ({ request, other }) => {
        expect(planPayment(other)).toEqual(planPayment(request));
      }),
    );
  });

  test('change to the default key is never paid to others', () => {
    fc.assert(
      fc.property(coinsOfFewKeys, amounts, (candidates, amount) => {
        const result = planPayment({ candidates, payments: pay(amount), feeRule });
        if (result.ok) expect(result.plan.paidToOthers).toBe(amount);
      }),
    );
  });

  const asPlan = (coins: readonly SpendableCoin[], outputs: readonly TransactionOutput[]): SpendPlan =>
    ({ coins, outputs, fee: 0n, change: 0n, paidToOthers: 0n }) as unknown as SpendPlan;
  /** What the rule would ask if the fee were `fee` and the change took the difference. */
  const requiredFeeWith = (plan: SpendPlan, fee: bigint): bigint =>
    requiredFee({
      ...plan,
      outputs: plan.outputs.map((output, at) => (at === plan.outputs.length - 1 ? { ...output, amount: output.amount + plan.fee - fee } : output)),
    });
});

describe('which coins', () => {
  const candidates = [coinNumber(1, 5_000_000n), coinNumber(2, 100_000_000n), coinNumber(3, 2_000_000n), coinNumber(4, 9_000_000n)];
  const chosen = (amount: bigint): bigint[] => planOf(planPayment({ candidates, payments: pay(amount), feeRule })).coins.map((coin) => coin.amount);

  test('the smallest one that is enough', () => {
    expect(chosen(4_000_000n)).toEqual([5_000_000n]);
    expect(chosen(5_000_000n)).toEqual([9_000_000n]);
  });
  test('else the largest, as few as will do', () => {
    expect(chosen(104_000_000n)).toEqual([100_000_000n, 9_000_000n]);
    expect(chosen(115_000_000n)).toEqual([100_000_000n, 9_000_000n, 5_000_000n, 2_000_000n]);
  });
  test('equal coins are told apart by their outpoints', () => {
    const equal = [7, 5, 6].map((n) => coinNumber(n, 1_000_000n));
    expect(planOf(planPayment({ candidates: equal, payments: pay(1_500_000n), feeRule })).coins).toEqual([
      coinNumber(7, 1_000_000n),
      coinNumber(6, 1_000_000n),
    ]);
  });
  test('also where one of them is enough', () => {
    const equal = [7, 5, 6].map((n) => coinNumber(n, 1_000_000n));
    expect(planOf(planPayment({ candidates: equal, payments: pay(500_000n), feeRule })).coins).toEqual([coinNumber(5, 1_000_000n)]);
  });
  test('a coin listed twice is spent once', () => {
    const twice = [coinNumber(1, 1_000_000n), coinNumber(1, 1_000_000n)];
    expect(errorOf(planPayment({ candidates: twice, payments: pay(1_500_000n), feeRule })).code).toBe('insufficient-funds');
  });
});

describe('change', () => {
  test('goes to the paying key that pays most', () => {
    const plan = planOf(planPayment({ candidates: [coinNumber(1, 60_000n), coinNumber(2, 90_000n)], payments: pay(120_000n), feeRule }));
    expect(plan.outputs[1]?.lock).toBe(lockNumber(2));
  });
  test('to a fresh key costs 0.1 % of it', () => {
    const candidates = [coinNumber(1, 1_000_000_000n)];
    const kept = planOf(planPayment({ candidates, payments: pay(1_000_000n), feeRule }));
    const fresh = planOf(planPayment({ candidates, payments: pay(1_000_000n), changeLock: lockNumber(77), feeRule }));
    expect(kept.fee).toBe(minFeeUnits);
    expect(fresh.fee).toBe(1_000_000n - 999n); // ceil((10^9 - fee) / 1000) = fee, its least solution
  });
  test.each([
    { rest: dustUnits - 1n, outputs: 1, change: 0n },
    { rest: dustUnits, outputs: 2, change: dustUnits },
  ])('of $rest units makes $outputs outputs', ({ rest, outputs, change }) => {
    const plan = planOf(planPayment({ candidates: [coinNumber(1, 10_000n + minFeeUnits + rest)], payments: pay(10_000n), feeRule }));
    expect(plan.outputs).toHaveLength(outputs);
    expect(plan.change).toBe(change);
    expect(plan.fee).toBe(minFeeUnits + rest - change);
  });
  test('a payment to the paying key itself is not paid to others', () => {
    const plan = planOf(planPayment({ candidates: [coinNumber(1, 10n ** 10n)], payments: pay(9n * 10n ** 9n, lockNumber(1)), feeRule }));
    expect({ fee: plan.fee, paidToOthers: plan.paidToOthers }).toEqual({ fee: minFeeUnits, paidToOthers: 0n });
  });
});

describe('the most', () => {
  test('leaves 0.1 % of what arrives, not of what is there', () => {
    const plan = planOf(planMaximum({ candidates: [coinNumber(1, 1_001_000_000n)], to: stranger, feeRule }));
    expect({ sent: plan.outputs[0]?.amount, fee: plan.fee }).toEqual({ sent: 1_000_000_000n, fee: 1_000_000n });
  });
  test('takes the largest thousand of more', () => {
    const candidates = Array.from({ length: maxInputs + 5 }, (_, n) => coinNumber(n, 10_000n + BigInt(n), lockNumber(1)));
    const plan = planOf(planMaximum({ candidates, to: stranger, feeRule }));
    expect(plan.coins).toHaveLength(maxInputs);
    expect(plan.coins.at(-1)?.amount).toBe(10_005n);
  });
});

describe('refusals', () => {
  const candidates = [coinNumber(1, 100_000n)];
  test.each<[string, readonly TransactionOutput[], SpendError]>([
    ['nothing to pay', [], { code: 'invalid-amount' }],
    ['nothing', pay(0n), { code: 'invalid-amount' }],
    ['a negative amount beside a larger one', [...pay(-1_000n), ...pay(5_000n)], { code: 'invalid-amount' }],
    ['more than 64 bits', [...pay(2n ** 63n), ...pay(2n ** 63n)], { code: 'invalid-amount' }],
    ['dust', [...pay(5_000n), ...pay(545n)], { code: 'dust', amount: 545n, minimum: 546n }],
    ['more than there is', pay(100_000n), { code: 'insufficient-funds', available: 100_000n, needed: 101_000n }],
    ['a payment that leaves too little for the fee', pay(99_001n), { code: 'insufficient-funds', available: 100_000n, needed: 100_001n }],
    ['a thousand payments', Array.from({ length: 1_000 }, () => pay(600n)).flat(), { code: 'too-many-outputs', maxPayments: 999 }],
  ])('%s', (_, payments, error) => {
    expect(errorOf(planPayment({ candidates, payments, feeRule }))).toEqual(error);
  });

  test('an excluded coin is as good as none', () => {
    const excluded = new Set<OutpointKey>([outpointKey(coinNumber(1, 0n).outpoint)]);
    expect(errorOf(planPayment({ candidates, excluded, payments: pay(1_000n), feeRule }))).toMatchObject({ code: 'insufficient-funds', available: 0n });
    expect(errorOf(planMaximum({ candidates, excluded, to: stranger, feeRule }))).toMatchObject({ code: 'insufficient-funds', available: 0n });
  });

  test('enough, but in too many coins', () => {
    const small = Array.from({ length: maxInputs + 100 }, (_, n) => coinNumber(n, 10_000n, lockNumber(1)));
    expect(errorOf(planPayment({ candidates: small, payments: pay(10_000_000n), feeRule }))).toMatchObject({
      code: 'too-many-inputs',
      maxInputs,
      available: 11_000_000n,
    });
    expect(planOf(planPayment({ candidates: small, payments: pay(9_800_000n), feeRule })).coins).toHaveLength(995);
  });
});

describe('coins that somebody chose', () => {
  test('all pay, by every rule, and whatever is left comes back', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const result = planWithAll(request);
        const chosen = request.candidates.filter(({ outpoint }) => request.excluded?.has(outpointKey(outpoint)) !== true);
        const distinct = new Set(chosen.map(({ outpoint }) => outpointKey(outpoint)));
        // What the wallet would choose of them is never more than all of them hold.
        if (!result.ok) {
          if (result.error.code === 'insufficient-funds') expect(result.error.available).toBeLessThan(result.error.needed);
          return;
        }
        const { plan } = result;
        expect(new Set(plan.coins.map(({ outpoint }) => outpointKey(outpoint)))).toEqual(distinct);
        expect(total(plan.coins) - total(plan.outputs)).toBe(plan.fee);
        expect(plan.fee).toBeGreaterThanOrEqual(requiredFee(plan));
        expect(plan.outputs.slice(0, request.payments.length)).toEqual(request.payments);
        expect(planPayment(request).ok).toBe(true);
      }),
      { numRuns: testRuns(200) },
    );
  });

  test('are refused where there are too many for one transaction, or none', () => {
    const many = Array.from({ length: maxInputs + 1 }, (_, n) => coinNumber(n, 10_000n));
    expect(errorOf(planWithAll({ candidates: many, payments: pay(1_000n), feeRule })).code).toBe('too-many-inputs');
    expect(errorOf(planWithAll({ candidates: [], payments: pay(1_000n), feeRule })).code).toBe('insufficient-funds');
    expect(errorOf(planWithAll({ candidates: many, payments: pay(1n), feeRule })).code).toBe('dust');
  });
});
