import fc from 'fast-check';
import { expect, it } from 'vitest';
import { logLevels } from '../../../src-shared/domain/log-lines.ts';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import { keptLogLines, LogRing, maxLogTextLength } from './log-ring.ts';

const filled = (lines: number): LogRing => {
  const ring = new LogRing('debug', 0);
  for (let line = 1; line <= lines; line++) ring.add({ timems: line, level: logLevels[line % logLevels.length] ?? 'info', part: 'node', text: `line ${line}` });
  return ring;
};
const all = (): boolean => true;

it('is empty at first', () => {
  const ring = filled(0);
  expect([ring.first, ring.last, ring.newest(5, all), ring.after(0, 5, all)]).toEqual([1, 0, [], []]);
});

it('keeps the newest, and says which', () => {
  const ring = filled(keptLogLines + 7);
  expect([ring.first, ring.last]).toEqual([8, keptLogLines + 7]);
  expect(ring.after(0, 2, all).map(({ number, text }) => [number, text])).toEqual([
    [8, 'line 8'],
    [9, 'line 9'],
  ]);
  expect(ring.newest(2, all).map(({ number }) => number)).toEqual([keptLogLines + 6, keptLogLines + 7]);
  expect(ring.newest(2, ({ level }) => level === 'error').map(({ number }) => number % logLevels.length)).toEqual([0, 0]);
});

it('gives every line that is kept exactly once to who asks for what comes after the last one, however much is asked for at once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 20 }), fc.boolean(), (lines, count, overflow) => {
      const ring = filled(overflow ? lines + keptLogLines : lines);
      const wanted = ({ number }: { readonly number: number }): boolean => number > ring.last - 60;
      const seen: number[] = [];
      let after = 0;
      for (let batch = ring.after(after, count, wanted); batch.length > 0; batch = ring.after(after, count, wanted)) {
        expect(batch.length).toBeLessThanOrEqual(count);
        seen.push(...batch.map(({ number }) => number));
        after = batch.at(-1)?.number ?? after;
      }
      const first = Math.max(ring.first, ring.last - 59);
      expect(seen).toEqual(Array.from({ length: ring.last - first + 1 }, (_, index) => first + index));
    }),
    { numRuns: testRuns(50) },
  );
});

it('cuts what is endless', () => {
  const ring = filled(0);
  ring.add({ timems: 0, level: 'error', part: 'doors', text: 'x'.repeat(maxLogTextLength + 1) });
  const [line] = ring.newest(1, all);
  expect(line?.text).toHaveLength(maxLogTextLength);
  expect(line?.text.endsWith('x…')).toBe(true);
});
