import { expect, test } from 'vitest';
import { World } from '../world.ts';
import { MachineClock } from './machine-clock.ts';

const startMs = 1_000_000;

function setUp(stopsInSleep: boolean) {
  const world = new World(startMs);
  const clock = new MachineClock({ world, skewMs: 0, stopsInSleep });
  const happened: number[] = [];
  clock.after(10_000, () => happened.push(world.elapsedMs));
  world.run(startMs + 4_000);
  clock.sleep();
  world.run(startMs + 60_000);
  clock.wake();
  return { world, clock, happened };
}

test('what was to happen waits for the machine to wake, and for the rest of its time where the clock stood still', () => {
  const standing = setUp(true);
  expect(standing.happened).toEqual([]);
  expect(standing.clock.monotonicMs).toBe(4_000);
  standing.world.run(startMs + 120_000);
  expect(standing.happened).toEqual([66_000]);

  const running = setUp(false);
  expect(running.happened).toEqual([]);
  expect(running.clock.monotonicMs).toBe(60_000);
  running.world.run(startMs + 120_000);
  expect(running.happened).toEqual([60_000]);
});

test('a process sees a wall clock that was set, and no durations change', () => {
  const world = new World(startMs);
  const clock = new MachineClock({ world, skewMs: 0, stopsInSleep: true });
  const process = clock.forProcess();
  clock.set(-500_000);
  expect(process.nowMs()).toBe(startMs - 500_000);
  expect(process.monotonicMs()).toBe(0);
});
