import { expect, test } from 'vitest';
import { FloodMeter } from './flood-meter.ts';

/** Of seconds, in each of which so much comes, in some parts: those in which it is a flood. */
function floods(threshold: number, seconds: readonly number[], parts = 4): number[] {
  const meter = new FloodMeter(threshold);
  return seconds.flatMap((count, second) => {
    const told = Array.from({ length: parts }, (_, part) => meter.add(count / parts, second * 1_000 + (part * 1_000) / parts));
    return told.includes(true) ? [second] : [];
  });
}

test('more than the threshold for ten seconds is a flood; no more than that, or shorter, is not', () => {
  expect(floods(1_000, Array(12).fill(1_004))).toEqual([9]);
  expect(floods(1_000, Array(100).fill(1_000))).toEqual([]);
  expect(floods(1_000, Array(9).fill(1_000_000))).toEqual([]);
});

test('short pauses do not hide it, long ones end it', () => {
  expect(floods(10, [...Array(8).fill(100), 0, 100, 100, 100])).toEqual([11]);
  expect(floods(10, [...Array(9).fill(100), ...Array(10).fill(0), ...Array(9).fill(100)])).toEqual([]);
});

test('what gathered while a machine slept comes at once, and is no flood; nor is a clock that jumps', () => {
  const meter = new FloodMeter(10);
  for (let night = 0; night < 30; night++) expect(meter.add(1_000_000, night * 28_800_000)).toBe(false);
  for (let second = 0; second < 30; second++) expect(meter.add(1_000, second % 2 === 0 ? 3_600_000 : 0)).toBe(false);
});

test('what is rare too: one a second where less is far too much', () => {
  expect(floods(50 / 60, Array(10).fill(1), 1)).toEqual([9]);
});
