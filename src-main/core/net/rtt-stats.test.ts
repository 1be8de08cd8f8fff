import { expect, test } from 'vitest';
import { addRoundTrip, noRtt } from './rtt-stats.ts';

test('the first round trip is every figure', () => {
  expect(addRoundTrip(noRtt, 80)).toEqual({ lastMs: 80, minMs: 80, smoothedMs: 80, jitterMs: undefined, historyMs: [80] });
});

test('the smoothed value moves by an eighth of the difference', () => {
  expect([160, 40].reduce(addRoundTrip, addRoundTrip(noRtt, 80))).toMatchObject({ lastMs: 40, minMs: 40, smoothedMs: 90 - 50 / 8, historyMs: [80, 160, 40] });
});

test('the history is the last sixty, oldest first', () => {
  const rtt = Array.from({ length: 100 }, (_, index) => index).reduce(addRoundTrip, noRtt);
  expect(rtt.historyMs).toEqual(Array.from({ length: 60 }, (_, index) => index + 40));
  expect(rtt.minMs).toBe(0);
});

test('a clock that was set back makes no negative round trip', () => {
  expect(addRoundTrip(noRtt, -5).lastMs).toBe(0);
});

test('jitter begins with the first difference and moves by a sixteenth of what differs from it', () => {
  expect(addRoundTrip(addRoundTrip(noRtt, 80), 112).jitterMs).toBe(32);
  expect([112, 112].reduce(addRoundTrip, addRoundTrip(noRtt, 80)).jitterMs).toBe(30);
});
