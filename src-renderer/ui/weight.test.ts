import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sparklinePoints } from './sparkline-points.ts';
import { percentOf, quorumWeight } from './weight.ts';

test('the quorum is the least weight with 3w >= 2t', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), (total) => {
      const quorum = quorumWeight(total);
      expect(3 * quorum >= 2 * total && 3 * (quorum - 1) < 2 * total).toBe(true);
    }),
  );
  expect(quorumWeight(0)).toBe(1);
});

test('a bar is never longer than its track', () => {
  expect(percentOf(1, 0)).toBe(0);
  expect(percentOf(50, 40)).toBe(100);
  expect(percentOf(10, 40)).toBe(25);
});

test('a sparkline starts at zero and ends at the newest value', () => {
  expect(sparklinePoints([1], 72, 18)).toBe('');
  expect(sparklinePoints([1, 0, 2], 72, 18)).toBe('0.0,9.0 36.0,18.0 72.0,0.0');
  expect(sparklinePoints([0, 0], 72, 18)).toBe('0.0,18.0 72.0,18.0');
});
