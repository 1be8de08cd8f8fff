import { expect, test } from 'vitest';
import { stateWords, sumOf } from './explorer-words.ts';

test.each([
  [[], '0.00000000'],
  [['0.00000001'], '0.00000001'],
  [['1.50000000', '2.50000001'], '4.00000001'],
  [['184467440737.09551615', '0.00000001'], '184467440737.09551616'],
])('%j add up to %s', (times, sum) => expect(sumOf(times)).toBe(sum));

test('what blocks alone decide waits for one, and is not said to be voted on', () => {
  expect(stateWords({ state: 'voting' }, 'transfer')).toBe('Voting');
  expect(stateWords({ state: 'voting' }, 'masternode-exit')).toBe('Waiting for a block');
  expect(stateWords({ state: 'rejected', reason: 'fee-too-low' }, undefined)).toBe('Rejected: its fee is too low');
});
