import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Outpoint, outpointKey, type Txid } from '../../../src-shared/domain/ids.ts';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import { allocation, coinOf, genesisOf, lockOfKey, payment, TestNode } from './test-node.fixture.ts';

/** One member decides alone: whatever it finds valid is final at once. */
const coins = 4;
const genesis = genesisOf(1, coins);
type Step = { readonly kind: 'pay'; readonly pick: number; readonly mistake: 'none' | 'stranger' | 'no-fee' | 'not-there' } | { readonly kind: 'slot' };
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    arbitrary: fc.record({
      kind: fc.constant('pay' as const),
      pick: fc.nat({ max: 20 }),
      mistake: fc.constantFrom('none', 'none', 'none', 'none', 'stranger', 'no-fee', 'not-there'),
    }),
    weight: 4,
  },
  { arbitrary: fc.record({ kind: fc.constant('slot' as const) }), weight: 1 },
);

it('every coin is in the state that a plain model says, whatever is submitted and decided', () => {
  const seen = { taken: 0, refused: 0, blocks: 0 };
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 25 }), (steps) => {
      const node = new TestNode(genesis, 0);
      // Every coin that ever was, what it holds, who spends it, and whether that is in a block.
      const model = new Map<string, { readonly outpoint: Outpoint; readonly amount: bigint; spentBy: Txid | undefined; gone: boolean }>();
      const put = (outpoint: Outpoint, amount: bigint): void => void model.set(outpointKey(outpoint), { outpoint, amount, spentBy: undefined, gone: false });
      for (let index = 0; index < coins; index++) put(coinOf(genesis, 1, index), allocation);
      for (const [at, one] of steps.entries()) {
        if (one.kind === 'slot') {
          node.pass(10_000);
          for (const coin of model.values()) coin.gone ||= coin.spentBy !== undefined;
          seen.blocks++;
        } else {
          const coin = [...model.values()][one.pick % model.size];
          if (coin === undefined) continue;
          const input = one.mistake === 'not-there' ? { ...coin.outpoint, vout: 900 } : coin.outpoint;
          const half = coin.amount / 2n;
          const fee = one.mistake === 'no-fee' ? 0n : 1_000_000n;
          const outputs = [half, coin.amount - half - fee].map((amount) => ({ amount, lock: lockOfKey(0) }));
          const paid: HashedTransaction = payment(genesis, [input], outputs, one.mistake === 'stranger' ? 5 : 0);
          node.input({ kind: 'submit-transaction', request: at, encoded: paid.encoded });
          // Its own votes leave with the next flush; all of these together are less than a slot.
          node.pass(100);
          const isTaken = one.mistake === 'none' && coin.spentBy === undefined && coin.amount > 10_000_000n;
          if (isTaken) {
            coin.spentBy = paid.txid;
            for (const [vout, { amount }] of outputs.entries()) put({ txid: paid.txid, vout }, amount);
          }
          seen[isTaken ? 'taken' : 'refused']++;
        }
        for (const [key, { spentBy, gone }] of model) {
          const state = node.engine.views.utxoState(key as never);
          expect(state).toEqual(spentBy === undefined || gone ? { kind: 'unspent' } : { kind: 'spentFinalized', txid: spentBy });
          expect(node.engine.views.coin(key as never) === undefined).toBe(gone);
        }
      }
    }),
    { numRuns: testRuns(10) },
  );
  expect(Math.min(seen.taken, seen.refused, seen.blocks)).toBeGreaterThan(3);
});
