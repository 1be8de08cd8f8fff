import { expect, test } from 'vitest';
import { NamedTimers, timerThroughSleep } from './named-timers.ts';

function setUp() {
  const time = { wall: 10_000, monotonic: 0 };
  let sleep: { delayMs: number; wake: () => void } | undefined;
  let dueCalls = 0;
  const timers = new NamedTimers(
    { nowMs: () => time.wall, monotonicMs: () => time.monotonic },
    () => dueCalls++,
    (delayMs, wake) => {
      const mine = { delayMs, wake };
      sleep = mine;
      return () => {
        if (sleep === mine) sleep = undefined;
      };
    },
  );
  const pass = (ms: number): void => {
    time.wall += ms;
    time.monotonic += ms;
  };
  return { time, timers, pass, sleep: () => sleep?.delayMs, wake: () => sleep?.wake(), dueCalls: () => dueCalls };
}

test('sleeps until the earliest, and answers what is due in the order of its times', () => {
  const { timers, pass, sleep, wake, dueCalls } = setUp();
  timers.set('slot', 10_300);
  timers.set('consensus', 10_100);
  timers.set('sync', 10_200);
  expect(sleep()).toBe(100);
  expect(timers.takeDue()).toBeUndefined();
  pass(250);
  wake();
  expect(dueCalls()).toBe(1);
  expect([timers.takeDue(), timers.takeDue(), timers.takeDue()]).toEqual(['consensus', 'sync', undefined]);
  expect(sleep()).toBe(50);
});

test('a name that is set again has only the new time, and a cancelled one none, also when it was due already', () => {
  const { timers, pass, sleep } = setUp();
  timers.set('consensus', 10_100);
  timers.set('slot', 10_100);
  pass(100);
  timers.set('consensus', 10_900);
  timers.set('slot', undefined);
  expect(timers.takeDue()).toBeUndefined();
  expect(sleep()).toBe(800);
  timers.stop();
  expect(sleep()).toBeUndefined();
});

test('a wake that comes early sleeps again', () => {
  const { timers, pass, sleep, wake, dueCalls } = setUp();
  timers.set('slot', 10_100);
  pass(99.5);
  wake();
  expect(dueCalls()).toBe(0);
  expect(sleep()).toBe(1);
});

test('after the machine slept, what fell due meanwhile is found at the next look, at most five seconds later', () => {
  const { timers, time, sleep, wake, dueCalls } = setUp();
  timers.set('slot', 10_000 + 600_000);
  expect(sleep()).toBe(5_000);
  time.wall += 3_600_000;
  time.monotonic += 5_000;
  wake();
  expect(dueCalls()).toBe(1);
  expect(timers.takeDue()).toBe('slot');
});

test('a clock set back does not hold a timeout up', () => {
  const { timers, time } = setUp();
  timers.set('consensus', 11_000);
  time.wall -= 3_600_000;
  time.monotonic += 1_000;
  expect(timers.takeDue()).toBe('consensus');
});

test('after the clock was set back a timer that is due is not held up by one that was set since and is not', () => {
  const { timers, time } = setUp();
  timers.set('consensus', 11_000);
  time.wall -= 3_600_000;
  timers.set('peers', time.wall + 60_000);
  time.monotonic += 1_000;
  expect(timers.takeDue()).toBe('consensus');
  expect(timers.takeDue()).toBeUndefined();
});

test('a timer that goes through sleep runs once it is over, however long the machine slept, or after as long when the clock is set back', () => {
  const time = { wall: 10_000, monotonic: 0 };
  let sleep: { readonly delayMs: number; readonly wake: () => void } | undefined;
  let runs = 0;
  const start = (delayMs: number): (() => void) =>
    timerThroughSleep(
      { nowMs: () => time.wall, monotonicMs: () => time.monotonic },
      () => runs++,
      delayMs,
      (forMs, wake) => {
        sleep = { delayMs: forMs, wake };
        return () => {
          sleep = undefined;
        };
      },
    );
  const wake = (): void => {
    const { delayMs = 0, wake: woken } = sleep ?? {};
    time.wall += delayMs;
    time.monotonic += delayMs;
    woken?.();
  };

  start(7_000);
  expect(sleep?.delayMs).toBe(5_000);
  wake();
  expect([runs, sleep?.delayMs]).toEqual([0, 2_000]);
  wake();
  expect(runs).toBe(1);

  start(600_000);
  time.wall += 3_600_000;
  wake();
  expect(runs).toBe(2);

  start(6_000);
  time.wall -= 3_600_000;
  wake();
  wake();
  expect(runs).toBe(3);

  const cancel = start(7_000);
  wake();
  cancel();
  expect([sleep, runs]).toEqual([undefined, 3]);
});
