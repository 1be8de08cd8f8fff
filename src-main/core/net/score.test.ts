import { expect, test } from 'vitest';
import { noRtt } from './rtt-stats.ts';
import { scoreOf } from './score.ts';

const best = { pings: { sent: 100, answered: 100 }, rtt: { ...noRtt, smoothedMs: 0, jitterMs: 0 }, missedPings: 0, ageMs: 3_600_000 };

test('100 for a steady line without a delay that answered for an hour; each missed ping in a row halves it', () => {
  expect([0, 1, 2].map((missedPings) => scoreOf({ ...best, missedPings }))).toEqual([100, 50, 25]);
});
test('each part counts as much as it says', () => {
  expect(scoreOf({ ...best, pings: { sent: 101, answered: 50 } })).toBe(80);
  expect(scoreOf({ ...best, rtt: { ...best.rtt, smoothedMs: 1_000 } })).toBe(70);
  expect(scoreOf({ ...best, rtt: { ...best.rtt, jitterMs: 100 } })).toBe(93);
  expect(scoreOf({ ...best, ageMs: 0 })).toBe(85);
});
test('of which nothing is known yet is in the middle', () => {
  expect(scoreOf({ pings: { sent: 1, answered: 0 }, rtt: noRtt, missedPings: 0, ageMs: 0 })).toBe(23);
});
