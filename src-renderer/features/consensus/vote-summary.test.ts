import { expect, test } from 'vitest';
import { shownVotes, summarise, votesByMember } from './vote-summary.ts';

const vote = (blockhash: string | null, weight: number, ...voters: string[]) => ({ blockhash, weight, voters, votercount: voters.length });

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

const info = {
  height: 8,
  round: 0,
  step: 'waiting' as const,
  proposer: null,
  self: 's',
  voting: true,
  signing: 'signing' as const,
  epoch: 0,
  snapshothash: 'h',
  totalweight: 40,
  quorumweight: 27,
  prevotes: [vote('b', 10, 'x')],
  precommits: [],
  nextslot: 0,
};
const lastdecided = { height: 7, hash: 'a', round: 1, decidems: 45, totalweight: 40, precommits: [vote('a', 30, 'x', 'y', 'z')] };

test.each([
  ['the last block, while the next waits for its slot', { ...info, lastdecided }, { kind: 'decided', height: 7, round: 1, decideMs: 45, prevotes: undefined }],
  ['the round that runs', { ...info, step: 'prevote' as const, lastdecided }, { kind: 'round', height: 8, round: 0, prevotes: info.prevotes }],
  ['a height that is decided and not yet left', { ...info, step: 'decided' as const, lastdecided }, { kind: 'round', height: 8 }],
  ['the first height, before anything was decided', info, { kind: 'round', height: 8 }],
])('what is shown: %s', (_name, from, shown) => expect(shownVotes(from)).toMatchObject(shown));
