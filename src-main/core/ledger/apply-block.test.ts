import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumOf } from '../../../src-shared/domain/amount.ts';
import { type Lock, type Outpoint, outpointKey, outpointOf } from '../../../src-shared/domain/ids.ts';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import type { HashedBlock } from '../codec/block.ts';
import { type HashedTransaction, hashTransaction } from '../codec/transaction.ts';
import { decodeUndo, encodeUndo } from '../codec/undo.ts';
import { slotRewardUnits } from '../constants.ts';
import { InvariantError } from '../invariant.ts';
import { type ApplyContext, applyBlock, revertChanges, undoOf } from './apply-block.ts';
import { isSlotBlock } from './check-block.ts';
import { blockOf, CoinTable, lockNumber, memberNumber, nodeNumber, plainTerms, snapshotOf, transfer, txidNumber } from './ledger-fixtures.ts';
import { coinbaseOutputs, makeCoinbase } from './reward.ts';

const snapshot = snapshotOf([memberNumber(1, 10), memberNumber(2, 100)]);
const wallets = [1, 2, 3];
const collateral: Outpoint = { txid: txidNumber(1), vout: 0 };
const maturity = 2;

function genesisTable(): CoinTable {
  const table = new CoinTable();
  for (const number of wallets) table.put({ txid: txidNumber(1), vout: number }, { amount: 100_000_000n, lock: lockNumber(number) });
  table.put(collateral, { amount: 100_000_000n, lock: lockNumber(1) });
  return table;
}
const contextOf = (table: CoinTable, parentTime: number): ApplyContext => ({
  coins: table,
  snapshot,
  eligible: () => true,
  params: { blockIntervalMs: 10_000, coinbaseMaturity: maturity },
  genesisTime: 0,
  parentTime,
  terms: plainTerms((key) => key === outpointKey(collateral)),
});
/** The block that a proposer makes of these. */
function propose(transactions: readonly HashedTransaction[], fees: bigint, at: { height: number; time: number }, context: ApplyContext): HashedBlock {
  const proposer = nodeNumber(1 + (at.height % 2));
  const outputs = coinbaseOutputs({ snapshot, eligible: () => true, fees, proposer, isSlotBlock: isSlotBlock(context, context.parentTime, at.time) });
  return blockOf([makeCoinbase(at.height, at.time, outputs), ...transactions], { ...at, proposer });
}
const ownerOf = (lock: Lock): number | undefined => [...wallets, 1_001, 1_002].find((number) => lockNumber(number) === lock);

/** The contextual rules once more, as plainly as can be; undefined where one is broken, else the fee. */
function plainFee({ transaction, encoded }: HashedTransaction, table: CoinTable, height: number): bigint | undefined {
  const spent = transaction.inputs.map((input) => ({ key: outpointKey(input), coin: table.coin(outpointKey(input)) }));
  const signers = new Set(transaction.witnesses.map(({ publicKey }) => lockNumber(Number.parseInt(publicKey.slice(2), 16))));
  const owners = new Set<string>();
  let total = 0n;
  for (const { key, coin } of spent) {
    if (coin === undefined || key === outpointKey(collateral)) return undefined;
    if (coin.coinbase && coin.height + maturity > height) return undefined;
    owners.add(coin.lock);
    total += coin.amount;
  }
  if (owners.size !== signers.size || [...owners].some((lock) => !signers.has(lock as Lock))) return undefined;
  const fee = total - sumOf(transaction.outputs.map(({ amount }) => amount));
  let toOthers = 0n;
  for (const lock of new Set(transaction.outputs.map((output) => output.lock))) {
    const gets = sumOf(transaction.outputs.filter((output) => output.lock === lock).map(({ amount }) => amount));
    const gives = sumOf(spent.filter(({ coin }) => coin?.lock === lock).map(({ coin }) => coin?.amount ?? 0n));
    if (gets > gives) toOthers += gets - gives;
  }
  return fee >= 1_000n && fee >= BigInt(encoded.length) * 4n && fee * 1_000n >= toOthers ? fee : undefined;
}
function plainApply({ txid, transaction }: HashedTransaction, table: CoinTable, height: number): void {
  for (const input of transaction.inputs) table.coins.delete(outpointKey(input));
  for (const [vout, { amount, lock }] of transaction.outputs.entries())
    table.put({ txid, vout }, { amount, lock, height, coinbase: transaction.kind === 'coinbase' });
}

interface Recipe {
  readonly picks: readonly number[];
  readonly to: readonly number[];
  readonly feePart: number;
  readonly signers: 'owners' | 'one-less' | 'a-stranger';
  readonly spendsNothing: boolean;
}
const recipe: fc.Arbitrary<Recipe> = fc.record({
  picks: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
  to: fc.array(fc.constantFrom(...wallets), { minLength: 1, maxLength: 3 }),
  feePart: fc.constantFrom(0, 1, 5, 5, 5, 5, 2_000),
  signers: fc.constantFrom('owners', 'owners', 'owners', 'owners', 'owners', 'one-less', 'a-stranger'),
  spendsNothing: fc.constantFrom(false, false, false, false, false, true),
});
const chain = fc.array(fc.record({ recipes: fc.array(recipe, { maxLength: 5 }), skip: fc.constantFrom(1, 10_000, 10_000, 35_000) }), {
  minLength: 1,
  maxLength: 6,
});

/** What a client makes of a recipe and the coins there are: valid or not. */
function cook({ picks, to, feePart, signers, spendsNothing }: Recipe, table: CoinTable, sequence: number): HashedTransaction {
  const keys = [...table.coins.keys()];
  const inputs = [...new Set(picks.map((pick) => keys[pick % keys.length] as (typeof keys)[number]))].map(outpointOf);
  const spent = inputs.map((input) => table.coin(outpointKey(input)));
  const total = sumOf(spent.map((coin) => coin?.amount ?? 0n));
  const left = total - (total * BigInt(feePart)) / 1_000n;
  const outputs = to.map((number) => ({ amount: left / BigInt(to.length), lock: lockNumber(number) }));
  const owners = [...new Set(spent.map((coin) => (coin === undefined ? undefined : ownerOf(coin.lock)) ?? 1))];
  const signing = signers === 'owners' ? owners : signers === 'one-less' ? owners.slice(1) : [...owners, 77];
  if (spendsNothing) inputs.push({ txid: txidNumber(999), vout: sequence });
  return transfer({
    inputs,
    outputs: outputs.map((one) => ({ ...one, amount: one.amount < 0n ? 0n : one.amount })),
    signers: signing,
    change: { timestamp: sequence },
  });
}

describe('a chain of random blocks', () => {
  it('takes what a plain model takes and refuses the rest, keeps the supply exact, and goes back the way it came', () => {
    let taken = 0;
    let refused = 0;
    fc.assert(
      fc.property(chain, (blocks) => {
        const table = genesisTable();
        const history: { block: HashedBlock; undo: Uint8Array; before: ReturnType<CoinTable['sorted']> }[] = [];
        let parentTime = 0;
        let supply = table.total();
        let sequence = 0;
        for (const [index, { recipes, skip }] of blocks.entries()) {
          const at = { height: index + 1, time: parentTime + skip };
          const context = contextOf(table, parentTime);
          const before = table.sorted();
          const model = new CoinTable();
          for (const [key, coin] of table.coins) model.coins.set(key, coin);
          const good: HashedTransaction[] = [];
          let fees = 0n;
          for (const one of recipes) {
            const cooked = cook(one, model, sequence++);
            const fee = plainFee(cooked, model, at.height);
            const trial = applyBlock(propose([...good, cooked], fees + (fee ?? 0n), at, context), context);
            expect(trial.ok).toBe(fee !== undefined);
            if (fee === undefined) {
              refused++;
              continue;
            }
            taken++;
            good.push(cooked);
            fees += fee;
            plainApply(cooked, model, at.height);
          }
          const block = propose(good, fees, at, context);
          const applied = applyBlock(block, context);
          if (!applied.ok) throw new Error(applied.rejection.code);
          expect(applied.value.fees).toBe(fees);
          expect(applied.value.spentCoins.map((spent) => spent.length)).toEqual(block.transactions.map(({ transaction }) => transaction.inputs.length));
          plainApply(block.transactions[0] as HashedTransaction, model, at.height);
          table.apply(applied.value.changes);
          expect(table.sorted()).toEqual(model.sorted());
          if (Math.floor(at.time / 10_000) > Math.floor(parentTime / 10_000)) supply += slotRewardUnits;
          expect(table.total()).toBe(supply);
          history.push({ block, undo: undoOf(applied.value), before });
          parentTime = at.time;
        }
        for (const { block, undo, before } of history.reverse()) {
          table.apply(revertChanges(block, undo));
          expect(table.sorted()).toEqual(before);
        }
      }),
      { numRuns: testRuns(100) },
    );
    expect(Math.min(taken, refused)).toBeGreaterThan(testRuns(50));
  });
});

describe('applyBlock', () => {
  const at = { height: 1, time: 10_000 };
  const table = genesisTable();
  const context = contextOf(table, 0);
  const parent = transfer({ inputs: [{ txid: txidNumber(1), vout: 1 }], outputs: [{ amount: 99_000_000n, lock: lockNumber(2) }], signers: [1] });
  const child = transfer({ inputs: [{ txid: parent.txid, vout: 0 }], outputs: [{ amount: 98_000_000n, lock: lockNumber(3) }], signers: [2] });
  const rejection = (block: HashedBlock): string | undefined => {
    const applied = applyBlock(block, context);
    return applied.ok ? undefined : applied.rejection.code;
  };

  it('takes a child after its parent, and not before', () => {
    expect(rejection(propose([parent, child], 2_000_000n, at, context))).toBeUndefined();
    expect(rejection(propose([child, parent], 2_000_000n, at, context))).toBe('missing-input');
  });

  it('takes one of two that spend a coin', () => {
    const rival = hashTransaction({ ...parent.transaction, timestamp: 1 });
    expect(rejection(propose([parent, rival], 2_000_000n, at, context))).toBe('missing-input');
  });

  it('tells the locks that each transaction touches, once, and nets coins made and spent in the block', () => {
    const applied = applyBlock(propose([parent, child], 2_000_000n, at, context), context);
    if (!applied.ok) throw new Error(applied.rejection.detail);
    expect(applied.value.transactions.map(({ locks }) => locks)).toEqual([
      [lockNumber(1_001), lockNumber(1_002)],
      [lockNumber(1), lockNumber(2)],
      [lockNumber(2), lockNumber(3)],
    ]);
    expect(applied.value.changes.removed.map(({ outpoint }) => outpoint)).toEqual(parent.transaction.inputs);
    expect(applied.value.changes.added.map(({ coin }) => coin.amount).slice(0, 1)).toEqual([98_000_000n]);
    expect(applied.value.changes.added.map(({ coin }) => coin.coinbase)).toEqual([false, true, true]);
  });

  it.each([
    [
      'a unit more than is due',
      (good: HashedTransaction) => ({ ...good.transaction, outputs: good.transaction.outputs.map((o, i) => (i === 0 ? { ...o, amount: o.amount + 1n } : o)) }),
    ],
    [
      'a unit less',
      (good: HashedTransaction) => ({ ...good.transaction, outputs: good.transaction.outputs.map((o, i) => (i === 0 ? { ...o, amount: o.amount - 1n } : o)) }),
    ],
    ['one member left out', (good: HashedTransaction) => ({ ...good.transaction, outputs: good.transaction.outputs.slice(1) })],
    ['another order', (good: HashedTransaction) => ({ ...good.transaction, outputs: good.transaction.outputs.toReversed() })],
    ['another height', (good: HashedTransaction) => ({ ...good.transaction, payload: new Uint8Array(8) })],
    ['another time', (good: HashedTransaction) => ({ ...good.transaction, timestamp: 9_999 })],
    ['an input', (good: HashedTransaction) => ({ ...good.transaction, inputs: [collateral] })],
    ['a witness', (good: HashedTransaction) => ({ ...good.transaction, witnesses: parent.transaction.witnesses })],
  ])('refuses a coinbase with %s', (_, change) => {
    const good = propose([parent], 1_000_000n, at, context);
    expect(rejection(good)).toBeUndefined();
    const coinbase = hashTransaction(change(good.transactions[0] as HashedTransaction));
    expect(rejection(blockOf([coinbase, parent], { ...at, proposer: good.header.proposer }))).toBe('bad-coinbase');
  });

  it('refuses to revert with the undo data of another block', () => {
    const block = propose([parent], 1_000_000n, at, context);
    const applied = applyBlock(block, context);
    if (!applied.ok) throw new Error(applied.rejection.detail);
    const undo = decodeUndo(undoOf(applied.value));
    expect(() => revertChanges(block, encodeUndo(undo.slice(1)))).toThrow(InvariantError);
    expect(() => revertChanges(block, encodeUndo([[], []]))).toThrow(InvariantError);
    expect(() => revertChanges(block, new Uint8Array(1))).toThrow();
  });
});
