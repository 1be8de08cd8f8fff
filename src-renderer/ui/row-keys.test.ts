import { expect, test } from 'vitest';
import { rowAfterKey } from './row-keys.ts';

test.each<[string, number, number, number | undefined]>([
  ['ArrowDown', 0, 3, 1],
  ['ArrowDown', 2, 3, 2],
  ['ArrowUp', 0, 3, 0],
  ['PageDown', 3, 500, 13],
  ['PageUp', 3, 500, 0],
  ['Home', 250, 500, 0],
  ['End', 0, 500, 499],
  ['Tab', 1, 3, undefined],
  ['a', 1, 3, undefined],
])('%s in row %d of %d leads to %s', (key, row, rows, target) => expect(rowAfterKey(key, row, rows)).toBe(target));
