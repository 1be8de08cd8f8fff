import { type Clock, nodeClock } from '../../node/clock.ts';
import type { World } from '../world.ts';

export interface MachineClockOptions {
  readonly world: World;
  /** Of its wall clock, at first. */
  readonly skewMs: number;
  /** Linux' monotonic clock stands still in sleep, Windows' goes on. */
  readonly stopsInSleep: boolean;
}

/** The clocks of one machine, which may sleep and may be set wrong; and what is to happen by them. */
export class MachineClock {
  readonly #world: World;
  readonly #stopsInSleep: boolean;
  #skewMs: number;
  #sleptMs = 0;
  #asleepSinceMs: number | undefined;
  #overslept: (() => void)[] = [];

  constructor({ world, skewMs, stopsInSleep }: MachineClockOptions) {
    this.#world = world;
    this.#skewMs = skewMs;
    this.#stopsInSleep = stopsInSleep;
  }

  get isAsleep(): boolean {
    return this.#asleepSinceMs !== undefined;
  }
  get monotonicMs(): number {
    const sleptMs = this.#asleepSinceMs === undefined ? this.#sleptMs : this.#sleptMs + this.#world.nowMs - this.#asleepSinceMs;
    return this.#world.elapsedMs - (this.#stopsInSleep ? sleptMs : 0);
  }
  /** The node's own clock over this machine's two, for a process that starts now. */
  forProcess(): Clock {
    return nodeClock(
      () => this.#world.nowMs + this.#skewMs,
      () => this.monotonicMs,
    );
  }

  /** By the monotonic clock; never while the machine sleeps. */
  after(delayMs: number, run: () => void): void {
    const dueMs = this.monotonicMs + delayMs;
    const fire = (): void => {
      const leftMs = dueMs - this.monotonicMs;
      if (this.isAsleep) this.#overslept.push(fire);
      else if (leftMs > 0) this.#world.after(leftMs, fire);
      else run();
    };
    this.#world.after(delayMs, fire);
  }

  sleep(): void {
    this.#asleepSinceMs ??= this.#world.nowMs;
  }
  wake(): void {
    if (this.#asleepSinceMs === undefined) return;
    this.#sleptMs += this.#world.nowMs - this.#asleepSinceMs;
    this.#asleepSinceMs = undefined;
    const overslept = this.#overslept;
    this.#overslept = [];
    for (const fire of overslept) this.#world.after(0, fire);
  }
  /** Somebody sets the wall clock. */
  set(skewMs: number): void {
    this.#skewMs = skewMs;
  }
}
