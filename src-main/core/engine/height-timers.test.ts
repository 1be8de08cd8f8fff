import { expect, test } from 'vitest';
import { HeightTimers } from './height-timers.ts';

const hourMs = 3_600_000;

test('each timeout is due in its time, once', () => {
  const timers = new HeightTimers();
  timers.add({ step: 'propose', round: 0 }, 1_000, 0);
  timers.add({ step: 'prevote', round: 0 }, 500, 600);
  expect([timers.takeDue(999), timers.nextMs(999)]).toEqual([[], 1_000]);
  expect(timers.takeDue(1_000)).toEqual([{ step: 'propose', round: 0 }]);
  expect([timers.takeDue(1_000), timers.nextMs(1_000)]).toEqual([[], 1_100]);
  timers.repeatAfter(1_000);
  expect([timers.isRepeatDue(3_999), timers.isRepeatDue(4_000)]).toEqual([false, true]);
  timers.clear();
  expect([timers.takeDue(hourMs), timers.isRepeatDue(hourMs), timers.nextMs(hourMs)]).toEqual([[], false, undefined]);
});

test('what lies further off than it ever did, since the clock was set back, is due at once', () => {
  const timers = new HeightTimers();
  timers.add({ step: 'propose', round: 0 }, 1_000, hourMs);
  timers.repeatAfter(hourMs);
  expect(timers.nextMs(0)).toBe(0);
  expect(timers.isRepeatDue(0)).toBe(true);
  expect(timers.takeDue(0)).toEqual([{ step: 'propose', round: 0 }]);
  timers.repeatAfter(0);
  expect(timers.nextMs(0)).toBe(3_000);
});
