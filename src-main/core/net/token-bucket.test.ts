import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import { TokenBucket } from './token-bucket.ts';

test('a burst at once, then the rate; time without use fills it again, and no more than that', () => {
  const bucket = new TokenBucket({ perSecond: 2, burst: 3 }, 0);
  const taken = (atMs: number): number => {
    let count = 0;
    for (; bucket.isOpen(atMs); count++) bucket.take(1, atMs);
    return count;
  };
  expect([taken(0), taken(499), taken(500), taken(1_500), taken(3_600_000)]).toEqual([3, 0, 1, 2, 3]);
});

test('what comes as one is taken as one, and paid for before the next', () => {
  const bucket = new TokenBucket({ perSecond: 100, burst: 1_000 }, 0);
  bucket.take(10_000, 0);
  expect([bucket.isOpen(90_000), bucket.isOpen(90_010)]).toEqual([false, true]);
});

test('a clock that is set back neither fills it nor stops it', () => {
  const bucket = new TokenBucket({ perSecond: 1, burst: 1 }, 3_600_000);
  bucket.take(1, 3_600_000);
  expect([bucket.isOpen(0), bucket.isOpen(999), bucket.isOpen(1_000)]).toEqual([false, false, true]);
});

test('over any time no more is taken than the burst, the rate, and one thing that was taken whole', () => {
  const step = fc.record({ waitMs: fc.nat(3_000), count: fc.integer({ min: 1, max: 50 }) });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 }), fc.array(step, { minLength: 1 }), (perSecond, burst, steps) => {
      const bucket = new TokenBucket({ perSecond, burst }, 0);
      let nowMs = 0;
      let taken = 0;
      for (const { waitMs, count } of steps) {
        nowMs += waitMs;
        if (!bucket.isOpen(nowMs)) continue;
        bucket.take(count, nowMs);
        taken += count;
        expect(taken).toBeLessThanOrEqual(burst + (perSecond * nowMs) / 1_000 + 50);
      }
    }),
    { numRuns: testRuns(200) },
  );
});
