import { expect, test } from 'vitest';
import { silentLogger } from '../../node/logging/logger.ts';
import type { Companion, CompanionEnd } from './companion.ts';
import { KeptCompanion, restartDelayMs } from './kept-companion.ts';

/** A world in which companions end and time passes when the test says so. */
class World {
  nowMs = 0;
  readonly started: { end: () => Promise<void>; stopped: boolean }[] = [];
  readonly timers: { run: () => void; delayMs: number; cancelled: boolean }[] = [];
  readonly warnings: unknown[] = [];

  keep(): KeptCompanion {
    return new KeptCompanion('companion 1', {
      start: () => this.#start(),
      log: { ...silentLogger, warn: (_message, fields) => void this.warnings.push(fields) },
      monotonicMs: () => this.nowMs,
      setTimer: (run, delayMs) => {
        const timer = { run, delayMs, cancelled: false };
        this.timers.push(timer);
        return () => {
          timer.cancelled = true;
        };
      },
    });
  }
  /** The newest companion ends after it ran so long; answers when it is to be started again. */
  async endAfter(ranMs: number): Promise<number | undefined> {
    this.nowMs += ranMs;
    const before = this.timers.length;
    await this.started.at(-1)?.end();
    return this.timers.length > before ? this.timers.at(-1)?.delayMs : undefined;
  }
  elapse(): void {
    this.timers.at(-1)?.run();
  }

  #start(): Companion {
    const { promise, resolve } = Promise.withResolvers<CompanionEnd>();
    const end: CompanionEnd = { code: null, signal: 'SIGKILL', lastError: '' };
    const entry = {
      stopped: false,
      end: async (): Promise<void> => {
        resolve(end);
        await promise;
      },
    };
    this.started.push(entry);
    const stop = async (): Promise<void> => {
      entry.stopped = true;
      await entry.end();
    };
    return { pid: 1, ready: Promise.reject(new Error('not asked for')).catch(() => undefined as never), ended: promise, stop };
  }
}

test('the delay doubles from a second, and stays at a minute', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 1_000].map(restartDelayMs)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});

test('a companion that ends is started again, later each time, and one that ran well begins anew', async () => {
  const world = new World();
  world.keep();
  expect(await world.endAfter(10)).toBe(1_000);
  expect(world.started).toHaveLength(1);
  world.elapse();
  expect(world.started).toHaveLength(2);
  expect(await world.endAfter(10)).toBe(2_000);
  world.elapse();
  expect(await world.endAfter(60_000)).toBe(1_000);
  expect(world.warnings).toHaveLength(3);
  expect(world.warnings[0]).toMatchObject({ companion: 'companion 1', end: 'SIGKILL.', delayMs: 1_000 });
});

test('one that was stopped stays stopped', async () => {
  const world = new World();
  const kept = world.keep();
  await kept.stop();
  expect(world.started[0]?.stopped).toBe(true);
  expect(world.timers).toEqual([]);
  expect(world.warnings).toEqual([]);
});

test('stopped while it waits to be started again, it is not', async () => {
  const world = new World();
  const kept = world.keep();
  await world.endAfter(10);
  await kept.stop();
  expect(world.timers[0]?.cancelled).toBe(true);
  expect(world.started).toHaveLength(1);
});
