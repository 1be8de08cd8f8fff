import { expect, test } from 'vitest';
import { fittingColumns, leastWidthOf } from './fitting-columns.ts';

const columns = [{ id: 'what', widthPx: 100 }, { id: 'with', leastPx: 120, yields: 1 }, { id: 'state', widthPx: 80, yields: 2 }, { id: 'rest' }];
const shownIn = (roomPx: number | undefined): string[] => fittingColumns(columns, roomPx).map(({ id }) => id);

test('what yields goes in its turn, and not before there is no room', () => {
  expect(leastWidthOf(columns)).toBe(480);
  expect(shownIn(undefined)).toHaveLength(4);
  expect(shownIn(480)).toHaveLength(4);
  expect(shownIn(479)).toEqual(['what', 'state', 'rest']);
  expect(shownIn(359)).toEqual(['what', 'rest']);
  // The others stay, and the table scrolls.
  expect(shownIn(1)).toEqual(['what', 'rest']);
});
