import { expect, test } from 'vitest';
import { filterHistory, type HistoryEntry, isBehind, mergeHistory, stateWords } from './history-words.ts';

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

const mixed = [
  entry('aa11', { label: 'Coffee', state: 'voting' }),
  entry('bb22', { category: 'receive', amount: '25.00000000', addresses: ['TIME2Abc'], state: 'confirmed' }),
  entry('cc33', { state: 'rejected', label: 'coffee beans' }),
];
test.each([
  [{}, 'aa11 bb22 cc33'],
  [{ category: 'receive' }, 'bb22'],
  [{ state: 'underway' }, 'aa11'],
  [{ state: 'final' }, 'bb22'],
  [{ state: 'undone' }, 'cc33'],
  [{ text: ' COFFEE ' }, 'aa11 cc33'],
  [{ text: 'time2a' }, 'bb22'],
  [{ text: '25.0' }, 'bb22'],
  [{ text: 'c33' }, 'cc33'],
  [{ text: 'coffee', state: 'undone' }, 'cc33'],
  [{ text: 'nowhere' }, ''],
] as const)('%j finds %s', (part, found) => {
  const rows = filterHistory(mixed, { category: 'all', state: 'all', text: '', ...part });
  expect(rows.map(({ txid }) => txid).join(' ')).toBe(found);
});

test('what was loaded is out of date when the newest do not reach it, or have left something unsettled behind', () => {
  const settled = { state: 'confirmed' } as const;
  const loaded = [entry('c', settled), entry('b', settled), entry('a', settled)];
  expect(isBehind([entry('d'), entry('c', settled)], loaded)).toBe(false);
  expect(isBehind([entry('f'), entry('e')], loaded)).toBe(true);
  expect(isBehind([entry('d'), entry('c', settled)], [...loaded, entry('old', { state: 'final' })])).toBe(true);
  expect(isBehind([entry('d'), entry('c', settled)], [...loaded, entry('old', { state: 'rejected' })])).toBe(false);
  expect(isBehind([], loaded)).toBe(false);
});
