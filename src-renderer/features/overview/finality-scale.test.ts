import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decadesWithin, limitMs, scaleOf } from './finality-scale.ts';

test.each([
  [[], 10, 10_000],
  [[38, 61], 10, 10_000],
  [[10], 10, 10_000],
  [[9.9], 1, 10_000],
  [[0, 0.42], 0.1, 10_000],
  [[12_000], 10, 100_000],
])('%j', (samples, min, max) => expect(scaleOf(samples)).toEqual({ min, max }));

test('every sample and the limit are between two labelled decades', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.1, max: 900_000, noNaN: true }), { maxLength: 100 }), (samples) => {
      const { min, max } = scaleOf(samples);
      for (const ms of [...samples, limitMs]) expect(ms >= min && ms <= max).toBe(true);
      expect(decadesWithin(min, max)).toEqual(expect.arrayContaining([min, max]));
    }),
  );
});
