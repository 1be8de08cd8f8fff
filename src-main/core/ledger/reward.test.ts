import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumOf } from '../../../src-shared/domain/amount.ts';
import { encodeTransaction } from '../codec/transaction.ts';
import { slotRewardUnits } from '../constants.ts';
import { InvariantError } from '../invariant.ts';
import { lockNumber, memberNumber, nodeNumber, snapshotOf } from './ledger-fixtures.ts';
import { coinbaseOutputs, makeCoinbase } from './reward.ts';

const everybody = () => true;
const nobody = () => false;

describe('coinbaseOutputs', () => {
  const snapshot = snapshotOf([memberNumber(1, 10), memberNumber(2, 100), memberNumber(3, 1)]);
  const paid = (of: Partial<Parameters<typeof coinbaseOutputs>[0]>) =>
    coinbaseOutputs({ snapshot, eligible: everybody, fees: 0n, proposer: nodeNumber(3), isSlotBlock: true, ...of }).map(({ amount, lock }) => [lock, amount]);
  const to = (number: number, amount: bigint) => [lockNumber(1_000 + number), amount];

  it('are the reward by weight, in snapshot order, the remainder to the proposer', () => {
    expect(paid({})).toEqual([to(1, 900_900_900n), to(2, 9_009_009_009n), to(3, 90_090_091n)]);
    expect(paid({ proposer: nodeNumber(1) })).toEqual([to(1, 900_900_901n), to(2, 9_009_009_009n), to(3, 90_090_090n)]);
  });
  it('give the fees to the proposer, in the same output', () => {
    expect(paid({ fees: 5_000n })).toEqual([to(1, 900_900_900n), to(2, 9_009_009_009n), to(3, 90_095_091n)]);
  });
  it('pay the eligible only, and remainder and fees to a proposer that is not', () => {
    const eligible = ({ weight }: { weight: number }) => weight > 1;
    expect(paid({ eligible, fees: 7n })).toEqual([to(1, 909_090_909n), to(2, 9_090_909_090n), to(3, 8n)]);
  });
  it('issue nothing with nobody eligible, and in an early block', () => {
    expect(paid({ eligible: nobody, fees: 7n })).toEqual([to(3, 7n)]);
    expect(paid({ isSlotBlock: false, fees: 7n })).toEqual([to(3, 7n)]);
    expect(paid({ eligible: nobody })).toEqual([]);
  });
  it('need a proposer of the snapshot', () => {
    expect(() => paid({ proposer: nodeNumber(9) })).toThrow(InvariantError);
  });

  it('issue 100 TIME and the fees exactly, whoever is paid', () => {
    const weights = fc.array(fc.tuple(fc.constantFrom(1, 10, 100, 1_000), fc.boolean()), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(weights, fc.nat(), fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.boolean(), (members, proposer, fees, isSlotBlock) => {
        const some = snapshotOf(members.map(([weight], index) => memberNumber(index, weight)));
        const isEligible = new Map(some.members.map((member, index) => [member, members[index]?.[1] === true]));
        const eligible = (member: (typeof some.members)[number]) => isEligible.get(member) === true;
        const outputs = coinbaseOutputs({ snapshot: some, eligible, fees, proposer: nodeNumber(proposer % members.length), isSlotBlock });
        const issued = isSlotBlock && some.members.some(eligible) ? slotRewardUnits : 0n;
        expect(sumOf(outputs.map(({ amount }) => amount))).toBe(issued + fees);
        expect(outputs.every(({ amount }) => amount > 0n)).toBe(true);
        expect(outputs.length).toBeLessThanOrEqual(members.length);
      }),
    );
  });
});

describe('makeCoinbase', () => {
  it('is unique by its height', () => {
    const { transaction, txid } = makeCoinbase(258, 5, []);
    expect(transaction).toEqual({
      version: 1,
      kind: 'coinbase',
      inputs: [],
      outputs: [],
      timestamp: 5,
      payload: Uint8Array.of(2, 1, 0, 0, 0, 0, 0, 0),
      witnesses: [],
    });
    expect(encodeTransaction(transaction)).toHaveLength(2 + 1 + 2 + 2 + 8 + 2 + 8 + 2);
    expect(makeCoinbase(259, 5, []).txid).not.toBe(txid);
  });
});
