import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OutpointKey, outpointKey, outpointOf, type Txid } from '../../../src-shared/domain/ids.ts';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import { type BlockContents, blockConflictsWith } from './conflict.ts';
import { coinOf, txidOf } from './vote-fixtures.ts';

const outputOf = (transaction: number, vout = 0): OutpointKey => outpointKey({ txid: txidOf(transaction), vout });
const other = 99;
const isBefore = (key: OutpointKey, at: number): boolean => {
  const { txid } = outpointOf(key);
  return !Array.from({ length: 20 }, (_, later) => txidOf(at + later)).includes(txid);
};

interface Case {
  readonly what: string;
  /** Pending transactions by number, and what they spend; 1 is X. */
  readonly pending: Record<number, readonly OutpointKey[]>;
  /** Block transactions by number, and what they spend. */
  readonly block: Record<number, readonly OutpointKey[]>;
  readonly closesEpoch?: boolean;
  readonly conflicts: boolean;
}
const cases: readonly Case[] = [
  { what: 'an empty block', pending: { 1: [coinOf(1)] }, block: {}, conflicts: false },
  { what: 'a block with X', pending: { 1: [coinOf(1)] }, block: { 1: [coinOf(1)] }, conflicts: false },
  { what: 'a closing block with X', pending: { 1: [coinOf(1)] }, block: { 1: [coinOf(1)] }, closesEpoch: true, conflicts: false },
  { what: 'a closing block without X', pending: { 1: [coinOf(1)] }, block: {}, closesEpoch: true, conflicts: true },
  { what: 'a block that spends another coin', pending: { 1: [coinOf(1)] }, block: { [other]: [coinOf(2)] }, conflicts: false },
  { what: 'a block that spends the coin otherwise', pending: { 1: [coinOf(1)] }, block: { [other]: [coinOf(1)] }, conflicts: true },
  {
    what: 'a block that spends the last of many coins otherwise',
    pending: { 1: [coinOf(1), coinOf(2), coinOf(3)] },
    block: { [other]: [coinOf(3)] },
    conflicts: true,
  },
  { what: 'a block without the parent', pending: { 1: [outputOf(2)], 2: [coinOf(1)] }, block: {}, conflicts: false },
  { what: 'a block with the parent only', pending: { 1: [outputOf(2)], 2: [coinOf(1)] }, block: { 2: [coinOf(1)] }, conflicts: false },
  {
    what: 'the parent and a rival for its output',
    pending: { 1: [outputOf(2)], 2: [coinOf(1)] },
    block: { 2: [coinOf(1)], [other]: [outputOf(2)] },
    conflicts: true,
  },
  {
    what: 'the parent and a spender of its other output',
    pending: { 1: [outputOf(2)], 2: [coinOf(1)] },
    block: { 2: [coinOf(1)], [other]: [outputOf(2, 1)] },
    conflicts: false,
  },
  { what: "a rival for the parent's coin", pending: { 1: [outputOf(2)], 2: [coinOf(1)] }, block: { [other]: [coinOf(1)] }, conflicts: true },
  {
    what: "a rival for the grandparent's coin",
    pending: { 1: [outputOf(2)], 2: [outputOf(3)], 3: [coinOf(1)] },
    block: { [other]: [coinOf(1)] },
    conflicts: true,
  },
  {
    what: 'a rival for the output that the parent spends',
    pending: { 1: [outputOf(2)], 2: [outputOf(3)], 3: [coinOf(1)] },
    block: { 3: [coinOf(1)], [other]: [outputOf(3)] },
    conflicts: true,
  },
  { what: 'the grandparent alone', pending: { 1: [outputOf(2)], 2: [outputOf(3)], 3: [coinOf(1)] }, block: { 3: [coinOf(1)] }, conflicts: false },
  { what: 'one of two parents', pending: { 1: [outputOf(2), outputOf(3)], 2: [coinOf(1)], 3: [coinOf(2)] }, block: { 2: [coinOf(1)] }, conflicts: false },
  {
    what: 'one of two parents, and a rival of the other',
    pending: { 1: [outputOf(2), outputOf(3)], 2: [coinOf(1)], 3: [coinOf(2)] },
    block: { 2: [coinOf(1)], [other]: [coinOf(2)] },
    conflicts: true,
  },
];

describe('a block conflicts with X', () => {
  it.each(cases)('$what: $conflicts', ({ pending, block, closesEpoch, conflicts }) => {
    const spenders = new Map(Object.entries(block).flatMap(([number, inputs]) => inputs.map((key) => [key, txidOf(Number(number))] as const)));
    const contained = new Set<Txid>(Object.keys(block).map((number) => txidOf(Number(number))));
    const parents = new Map(Object.entries(pending).map(([number, inputs]) => [txidOf(Number(number)), inputs] as const));
    const contents = {
      contains: (txid: Txid) => contained.has(txid),
      spenderOf: (key: OutpointKey) => spenders.get(key),
      closesEpoch: closesEpoch ?? false,
      answers: new Map(),
    };
    expect(blockConflictsWith({ txid: txidOf(1), inputs: pending[1] ?? [] }, contents, (txid) => parents.get(txid))).toBe(conflicts);
  });

  it('asks each ancestor once, however many ways lead to it', () => {
    const layers = 30;
    const parents = new Map<Txid, OutpointKey[]>();
    for (let layer = 0; layer < layers; layer++) {
      for (const side of [0, 1]) parents.set(txidOf(100 + 2 * layer + side), [outputOf(102 + 2 * layer), outputOf(103 + 2 * layer)]);
    }
    let asked = 0;
    const conflicts = blockConflictsWith(
      { txid: txidOf(1), inputs: [outputOf(100), outputOf(101)] },
      { contains: () => false, spenderOf: () => undefined, closesEpoch: false, answers: new Map() },
      (txid) => {
        asked += 1;
        return parents.get(txid);
      },
    );
    expect(conflicts).toBe(false);
    expect(asked).toBe(2 * layers + 2);
  });

  it('looks at each coin once, however long the chain of what is pending and however often it is asked', () => {
    const count = 200;
    let lookedAt = 0;
    const block: BlockContents = {
      contains: () => false,
      spenderOf: () => {
        lookedAt += 1;
        return undefined;
      },
      closesEpoch: false,
      answers: new Map(),
    };
    const inputsOf = (index: number): OutpointKey[] => (index === 0 ? [coinOf(1)] : [outputOf(index - 1)]);
    const pending = new Map(Array.from({ length: count }, (_, index) => [txidOf(index), inputsOf(index)]));
    for (let again = 0; again < 3; again++) {
      for (const [txid, inputs] of pending) expect(blockConflictsWith({ txid, inputs }, block, (parent) => pending.get(parent))).toBe(false);
    }
    expect(lookedAt).toBe(count);
  });

  it('is the same whatever was asked before: by its definition, of any pending transactions in any order', () => {
    const most = 8;
    const spent = fc.array(
      fc.oneof(
        fc.nat({ max: 3 }).map(coinOf),
        fc.nat({ max: most }).map((number) => outputOf(number)),
      ),
      { minLength: 1, maxLength: 3 },
    );
    const networks = fc.record({
      /** Each spends coins, or outputs of those before it. */
      pending: fc.array(spent, { minLength: 1, maxLength: most }).map((all) => all.map((inputs, at) => inputs.filter((key) => isBefore(key, at)))),
      inBlock: fc.uniqueArray(fc.nat({ max: most - 1 })),
      rivals: fc.array(spent, { maxLength: 2 }),
      asked: fc.array(fc.nat({ max: most - 1 }), { maxLength: 20 }),
    });
    fc.assert(
      fc.property(networks, ({ pending, inBlock, rivals, asked }) => {
        const inputsOf = new Map(pending.map((inputs, number) => [txidOf(number), inputs]));
        const contained = new Set(inBlock.map(txidOf));
        const spenders = new Map([
          ...rivals.flatMap((inputs, at) => inputs.map((key) => [key, txidOf(other - at)] as const)),
          ...inBlock.flatMap((number) => (pending[number] ?? []).map((key) => [key, txidOf(number)] as const)),
        ]);
        const isLost = (txid: Txid): boolean =>
          !contained.has(txid) &&
          (inputsOf.get(txid) ?? []).some((key) => spenders.has(key) || (inputsOf.has(outpointOf(key).txid) && isLost(outpointOf(key).txid)));
        const block: BlockContents = { contains: (txid) => contained.has(txid), spenderOf: (key) => spenders.get(key), closesEpoch: false, answers: new Map() };
        for (const number of asked) {
          const txid = txidOf(number);
          const inputs = inputsOf.get(txid);
          if (inputs !== undefined) expect(blockConflictsWith({ txid, inputs }, block, (parent) => inputsOf.get(parent))).toBe(isLost(txid));
        }
      }),
      { numRuns: testRuns(300) },
    );
  });
});
