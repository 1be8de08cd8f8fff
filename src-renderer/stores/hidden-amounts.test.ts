import { expect, test } from 'vitest';
import { hideAmounts, useHiddenAmounts } from './hidden-amounts.ts';

test('hiding is kept, and so is showing', () => {
  const stored = new Map<string, string>();
  const storage = { setItem: (key: string, value: string) => void stored.set(key, value), removeItem: (key: string) => void stored.delete(key) };
  hideAmounts(true, storage);
  expect([useHiddenAmounts.getState().hidden, stored.size]).toEqual([true, 1]);
  hideAmounts(false, storage);
  expect([useHiddenAmounts.getState().hidden, stored.size]).toEqual([false, 0]);
});
