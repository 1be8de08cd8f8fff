import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SequenceTracker } from './sequence.ts';

const judged = (sequences: readonly number[]): string[] => {
  const tracker = new SequenceTracker();
  return sequences.map((sequence) => tracker.judge(sequence));
};

test.each([
  ['in order', [1, 2, 3], ['take', 'take', 'take']],
  ['a repeated or late one', [1, 2, 2, 1, 2], ['take', 'take', 'skip', 'take', 'take']],
  ['a gap', [1, 3], ['take', 'resubscribe']],
  ['leftovers of the old subscription after a gap', [1, 3, 4, 5, 1, 2], ['take', 'resubscribe', 'skip', 'skip', 'take', 'take']],
  ['a new connection that counts from 1', [1, 2, 3, 1, 2], ['take', 'take', 'take', 'take', 'take']],
  ['a first one that was lost', [2, 3, 4, 5, 6, 7, 8, 9, 10, 1], [...Array(8).fill('skip'), 'resubscribe', 'take']],
])('%s', (_name, sequences, verdicts) => expect(judged(sequences)).toEqual(verdicts));

test('whatever is lost, what is taken never goes back within a subscription', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 60 }), (sequences) => {
      const tracker = new SequenceTracker();
      let last = 0;
      for (const sequence of sequences) {
        if (tracker.judge(sequence) !== 'take') continue;
        expect(sequence === 1 || sequence === last + 1).toBe(true);
        last = sequence;
      }
    }),
  );
});
