import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import { snapshotOf } from './consensus.fixture.ts';
import { MiniNetwork, randomOf } from './mini-network.fixture.ts';

const numRuns = testRuns(400);

/** Faulty members, chosen in order of chance, as long as they stay below a third of the weight. */
function faultyOf(weights: readonly number[], order: readonly number[]): Set<number> {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const faulty = new Set<number>();
  let weight = 0;
  for (const one of order) {
    const index = one % weights.length;
    if (faulty.has(index) || 3 * (weight + (weights[index] as number)) >= total) continue;
    faulty.add(index);
    weight += weights[index] as number;
  }
  return faulty;
}

describe('a small network with faulty members, loss, reordering, duplication and crashes', () => {
  it('decides one valid block, never against a final transfer, and always in the end', () => {
    const seen = { final: 0, manyRounds: 0, conflicting: 0, faulty: 0 };
    fc.assert(
      fc.property(
        fc.oneof({ weight: 3, arbitrary: fc.constant([1, 1, 1, 1]) }, fc.array(fc.constantFrom(1, 1, 1, 2, 3), { minLength: 1, maxLength: 7 })),
        fc.array(fc.nat({ max: 6 }), { maxLength: 6 }),
        fc.integer(),
        fc.integer({ min: 0, max: 1_200 }),
        (weights, order, seed, events) => {
          const faulty = faultyOf(weights, order);
          const network = new MiniNetwork(snapshotOf(weights), faulty, randomOf(seed));
          for (let event = 0; event < events; event++) network.disturb();
          const finalBefore = network.isFinal();
          expect(network.heal(2_000)).toBe(true);
          const decided = new Set(network.honest.map((one) => one.decided));
          expect(decided.size).toBe(1);
          const [blockHash] = decided;
          const decidedBlock = network.blockOf(blockHash as NonNullable<typeof blockHash>);
          expect(decidedBlock.valid).toBe(true);
          expect(decidedBlock.conflicts && (finalBefore || network.isFinal())).toBe(false);
          seen.final += finalBefore ? 1 : 0;
          seen.manyRounds += network.rounds > 3 ? 1 : 0;
          seen.conflicting += decidedBlock.conflicts ? 1 : 0;
          seen.faulty += faulty.size > 0 ? 1 : 0;
        },
      ),
      { numRuns },
    );
    // The schedules reach what they are for.
    for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(numRuns / 50);
  });
});
