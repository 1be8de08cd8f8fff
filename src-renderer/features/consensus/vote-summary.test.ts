import { expect, test } from 'vitest';
import { summarise, votesByMember } from './vote-summary.ts';

const vote = (blockhash: string | null, weight: number, ...voters: string[]) => ({ blockhash, weight, voters });

test.each([
  ['no votes', [], undefined, 0],
  ['one block', [vote('a', 30, 'x')], 'a', 0],
  ['a block and none', [vote(null, 10), vote('a', 20)], 'a', 10],
  ['two blocks', [vote('a', 10), vote('b', 20), vote(null, 5)], 'b', 15],
  ['none only, however heavy, leads nothing', [vote(null, 40)], undefined, 40],
])('%s', (_name, tally, leading, others) => {
  const summary = summarise(tally);
  expect(summary.leading?.blockhash).toBe(leading);
  expect(summary.others).toBe(others);
});

test('who voted for what', () => {
  const votes = votesByMember([vote('a', 20, 'x', 'y'), vote(null, 10, 'z')]);
  expect([...votes]).toEqual([
    ['x', 'block'],
    ['y', 'block'],
    ['z', 'none'],
  ]);
});
