import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import { type ClockReading, ClockWatch } from './clock-watch.ts';

const limits = { clockWarnMs: 5_000, clockStopMs: 15_000 };
const all = (offsetMs: number): ClockReading[] => [1, 1, 1].map((weight) => ({ weight, offsetMs }));

test('the limits are crossed upwards beyond them, and downwards at four fifths', () => {
  const watch = new ClockWatch(limits);
  const states = [0, 5_000, 5_001, 4_500, 4_000, -6_000, -15_001, 13_000, 12_000, 4_001, 3_000].map((offsetMs) => watch.update(all(offsetMs), 3).state);
  expect(states).toEqual(['good', 'good', 'warning', 'warning', 'good', 'warning', 'stopped', 'stopped', 'warning', 'warning', 'good']);
});

test('nothing is known from less than a third of the weight, unless it is eight members', () => {
  const watch = new ClockWatch(limits);
  expect(watch.view()).toEqual({ state: 'unknown', offsetMs: undefined, members: 0 });
  expect(watch.update([], 0).state).toBe('unknown');
  expect(watch.update([{ weight: 10, offsetMs: 20_000 }], 31)).toEqual({ state: 'unknown', offsetMs: undefined, members: 1 });
  expect(watch.update([{ weight: 10, offsetMs: 20_000 }], 30)).toEqual({ state: 'stopped', offsetMs: 20_000, members: 1 });
  const eight = Array.from({ length: 8 }, () => ({ weight: 1, offsetMs: 7_000 }));
  expect(watch.update(eight, 10_000).state).toBe('warning');
  expect(watch.update(eight.slice(1), 10_000).state).toBe('unknown');
});

test('weight counts, not heads', () => {
  const light = Array.from({ length: 5 }, () => ({ weight: 1, offsetMs: 60_000 }));
  expect(new ClockWatch(limits).update([...light, { weight: 10, offsetMs: 3 }], 15).offsetMs).toBe(3);
});

test('less than half of the weight cannot move the median beyond what the others read', () => {
  const reading = fc.record({ weight: fc.integer({ min: 1, max: 1_000 }), offsetMs: fc.integer({ min: -100, max: 100 }) });
  fc.assert(
    fc.property(fc.array(reading, { minLength: 1, maxLength: 20 }), fc.integer({ min: -1e12, max: 1e12 }), fc.nat(), (honest, lie, share) => {
      const weight = honest.reduce((sum, one) => sum + one.weight, 0);
      const lying = share % weight;
      const readings = lying === 0 ? honest : [{ weight: lying, offsetMs: lie }, ...honest];
      const { offsetMs } = new ClockWatch(limits).update(readings, weight + lying);
      expect(Math.abs(offsetMs ?? Number.NaN)).toBeLessThanOrEqual(100);
    }),
    { numRuns: testRuns(200) },
  );
});
