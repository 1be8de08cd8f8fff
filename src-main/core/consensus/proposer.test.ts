import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NodeId } from '../../../src-shared/domain/ids.ts';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import type { Snapshot } from '../snapshot.ts';
import { node, snapshotOf } from './consensus.fixture.ts';
import { nobody, ProposerSequence } from './proposer.ts';

/** Tendermint's rule as it is written: every member's priority, one step at a time. */
function* reference(snapshot: Snapshot): Generator<{ chosen: NodeId; priorities: readonly number[] }, never> {
  const priorities = snapshot.members.map(() => 0);
  for (;;) {
    for (const [index, { weight }] of snapshot.members.entries()) priorities[index] = (priorities[index] as number) + weight;
    const highest = priorities.reduce((best, priority, index) => (priority > (priorities[best] as number) ? index : best), 0);
    priorities[highest] = (priorities[highest] as number) - snapshot.totalWeight;
    yield { chosen: (snapshot.members[highest] as { nodeId: NodeId }).nodeId, priorities: [...priorities] };
  }
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
const periodOf = (weights: readonly number[]): number => weights.reduce((sum, weight) => sum + weight, 0) / weights.reduce(gcd, 0);
const tierWeights = fc.array(fc.constantFrom(1, 10, 100), { minLength: 1, maxLength: 12 });
const anyWeights = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });

describe('the proposer sequence', () => {
  it('is Tendermint’s weighted round-robin, in any order of asking', () => {
    fc.assert(
      fc.property(fc.oneof(tierWeights, anyWeights), fc.array(fc.nat({ max: 400 }), { minLength: 1, maxLength: 20 }), (weights, steps) => {
        const snapshot = snapshotOf(weights);
        const sequence = new ProposerSequence(snapshot, 1);
        const chosen: NodeId[] = [];
        const rule = reference(snapshot);
        for (let step = 0; step <= 400; step++) chosen.push(rule.next().value.chosen);
        for (const step of steps) expect(sequence.at(1 + step, 0)).toBe(chosen[step]);
      }),
    );
  });

  it('repeats after total / gcd steps, each member as often as its weight says: priorities are all zero then, and not before', () => {
    fc.assert(
      fc.property(fc.oneof(tierWeights, anyWeights), (weights) => {
        const snapshot = snapshotOf(weights);
        const period = periodOf(weights);
        const rule = reference(snapshot);
        for (let step = 1; step <= period; step++) {
          const { priorities } = rule.next().value;
          expect(priorities.every((priority) => priority > -snapshot.totalWeight)).toBe(true);
          expect(priorities.every((priority) => priority === 0)).toBe(step === period);
        }
        const sequence = new ProposerSequence(snapshot, 1);
        const turns = new Map<NodeId, number>();
        for (let step = 0; step < period; step++) {
          const chosen = sequence.at(1 + step, 0);
          expect(sequence.at(1 + step + 7 * period, 0)).toBe(chosen);
          turns.set(chosen, (turns.get(chosen) ?? 0) + 1);
        }
        for (const [index, weight] of weights.entries()) expect(turns.get(node(index))).toBe((weight * period) / snapshot.totalWeight);
      }),
      { numRuns: testRuns(30) },
    );
  });

  it.each([
    { weights: [10, 10, 10, 10], expected: [0, 1, 2, 3, 0, 1, 2, 3] },
    { weights: [1, 2, 1], expected: [1, 0, 2, 1, 1, 0, 2, 1] },
    { weights: [100, 10, 10], expected: [0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0] },
  ])('of weights $weights begins $expected', ({ weights, expected }) => {
    const sequence = new ProposerSequence(snapshotOf(weights), 1);
    expect(expected.map((_, step) => sequence.at(1 + step, 0))).toEqual(expected.map(node));
  });

  it('takes one step a height and one more a round, without moving the next height', () => {
    const sequence = new ProposerSequence(snapshotOf([1, 1, 1, 1]), 5);
    expect([0, 1, 2].map((round) => sequence.at(5, round))).toEqual([node(0), node(1), node(2)]);
    expect([0, 1, 2].map((round) => sequence.at(6, round))).toEqual([node(1), node(2), node(3)]);
  });

  it('answers for any height of a long epoch, and the largest round a message can carry, from one period', () => {
    const weights = Array.from({ length: 1_000 }, (_, index) => [1, 10, 100, 1_000][index % 4] as number);
    const sequence = new ProposerSequence(snapshotOf(weights), 1);
    const period = periodOf(weights);
    expect(sequence.at(1 + 4_000_000_000, 0)).toBe(sequence.at(1 + (4_000_000_000 % period), 0));
    expect(sequence.at(1, 2 ** 32 - 1)).toBe(sequence.at(1 + ((2 ** 32 - 1) % period), 0));
  });

  it('has no answer before its epoch, and none for nobody', () => {
    expect(() => new ProposerSequence(snapshotOf([1]), 5).at(4, 0)).toThrow();
  });

  it('is nobody in a network that has not launched', () => {
    expect(new ProposerSequence(snapshotOf([]), 1).at(7, 3)).toBe(nobody);
  });
});
