import { expect, test } from 'vitest';
import { nodeClock } from './clock.ts';

function machine() {
  const time = { wall: 1_000_000, monotonic: 50.25 };
  const clock = nodeClock(
    () => time.wall,
    () => time.monotonic,
  );
  return { time, clock };
}

test('goes on at the monotonic pace, in whole milliseconds, whatever small steps the wall clock makes', () => {
  const { time, clock } = machine();
  time.wall += 900;
  time.monotonic += 10.5;
  expect(clock.nowMs()).toBe(1_000_010);
  time.wall -= 1_500;
  expect(clock.nowMs()).toBe(1_000_010);
});

test.each([5_000_000, -70_000])('follows a jump of the wall clock by %i ms', (jump) => {
  const { time, clock } = machine();
  time.wall += jump;
  expect(clock.nowMs()).toBe(1_000_000 + jump);
  time.monotonic += 5;
  time.wall += 5;
  expect(clock.nowMs()).toBe(1_000_005 + jump);
  expect(clock.monotonicMs()).toBe(55.25);
});
