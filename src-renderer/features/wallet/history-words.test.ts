import { expect, test } from 'vitest';
import { type HistoryEntry, mergeHistory, stateWords } from './history-words.ts';

const entry = (txid: string, part: Partial<HistoryEntry> = {}): HistoryEntry => ({
  txid,
  category: 'send',
  amount: '-1.00000000',
  addresses: [],
  label: '',
  state: 'voting',
  time: 0,
  ...part,
});

test('what is newest replaces what was loaded before, and nothing comes twice', () => {
  const merged = mergeHistory([entry('c'), entry('b', { state: 'final' })], [entry('b'), entry('a')]);
  expect(merged.map(({ txid, state }) => `${txid} ${state}`)).toEqual(['c voting', 'b final', 'a voting']);
});

test.each([
  [{ state: 'voting' }, 'Voting'],
  [{ state: 'final', finalafterms: 38 }, 'Final after 38\u00a0ms'],
  [{ state: 'confirmed', blockheight: 1_204 }, 'Final, in block 1,204'],
  [{ state: 'rejected', reason: 'missing-input' }, 'Rejected: it spends a coin that does not exist or is already spent'],
  [{ state: 'dropped' }, 'Not done: the node does not know why any more'],
] as const)('%j', (part, words) => expect(stateWords(entry('a', part))).toBe(words));
