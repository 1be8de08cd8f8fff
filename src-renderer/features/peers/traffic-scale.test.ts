import { expect, test } from 'vitest';
import { linesOf, topOf } from './traffic-scale.ts';

test.each([
  [0, 1_000],
  [1_000, 1_000],
  [1_001, 2_000],
  [4_200, 5_000],
  [5_001, 10_000],
  [999_999, 1_000_000],
])('a chart whose highest value is %d ends at %d', (most, top) => expect(topOf(most)).toBe(top));

test('there is a line at the bottom, in the middle and at the top', () => expect(linesOf(2_000)).toEqual([0, 1_000, 2_000]));
