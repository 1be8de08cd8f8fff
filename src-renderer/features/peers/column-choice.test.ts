import { expect, test } from 'vitest';
import { chooseColumns, readChoice, recallColumns, useColumnChoice } from './column-choice.ts';

const known = ['address', 'rtt', 'score'];

test.each([
  [null, undefined],
  ['', undefined],
  ['gone other', undefined],
  ['address score', ['address', 'score']],
  ['score <script> address', ['score', 'address']],
])('%j is the choice %j', (stored, choice) => expect(readChoice(stored, known)).toEqual(choice));

test('a choice is kept, and given back', () => {
  const stored = new Map<string, string>();
  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  };
  chooseColumns(['address', 'score'], storage);
  expect(useColumnChoice.getState().choice).toEqual(['address', 'score']);
  useColumnChoice.setState({ choice: undefined });
  recallColumns(known, storage);
  expect(useColumnChoice.getState().choice).toEqual(['address', 'score']);
  chooseColumns(undefined, storage);
  recallColumns(known, storage);
  expect(useColumnChoice.getState().choice).toBeUndefined();
});
