import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstGap, type Span } from './spans.ts';

const span = (from: number, end: number): Span => ({ from, end });

test.each<[string, Span[], Span | undefined]>([
  ['nothing is covered', [], span(10, 20)],
  ['everything is', [span(5, 25)], undefined],
  ['the front is', [span(5, 12)], span(12, 20)],
  ['the back is', [span(15, 30)], span(10, 15)],
  ['a hole', [span(15, 20), span(10, 13)], span(13, 15)],
  ['overlaps', [span(10, 16), span(12, 14)], span(16, 20)],
  ['only what is outside', [span(1, 10), span(20, 30)], span(10, 20)],
])('%s', (_, spans, expected) => {
  expect(firstGap(spans, 10, 20)).toEqual(expected);
});

test('it is the first run of heights that nothing covers', () => {
  const height = fc.integer({ min: 0, max: 20 });
  const filled = fc.tuple(height, height).filter(([a, b]) => a !== b);
  fc.assert(
    fc.property(fc.array(filled), height, height, (pairs, from, end) => {
      const spans = pairs.map(([a, b]) => span(Math.min(a, b), Math.max(a, b)));
      const free = (at: number): boolean => at >= from && at < end && !spans.some((one) => one.from <= at && at < one.end);
      const gap = firstGap(spans, from, end);
      const first = Array.from({ length: 21 }, (_, at) => at).find(free);
      expect(gap?.from).toBe(first);
      if (gap === undefined) return;
      for (let at = gap.from; at < gap.end; at++) expect(free(at)).toBe(true);
      expect(free(gap.end)).toBe(false);
    }),
  );
});
