import type { TimerName } from '../core/effects.ts';
import type { Clock } from './clock.ts';

/** How a thread is woken: `setTimeout`, or a test's. Answers what takes it back. */
export type WakeAfter = (delayMs: number, wake: () => void) => () => void;

const wakeAfterTimeout: WakeAfter = (delayMs, wake) => {
  const handle = setTimeout(wake, delayMs);
  return () => clearTimeout(handle);
};

/** A machine that slept has its timers standing still; so the clock is looked at this often, and what fell due meanwhile fires. */
const maxSleepMs = 5_000;

interface Armed {
  readonly name: TimerName;
  readonly atMs: number;
  /** When it is due if the clock is set back meanwhile: a timeout must not take an hour because of that. */
  readonly dueMonotonicMs: number;
}

/**
 * Core's timers: at most one of each name. The loop takes what is due when it gets to it, and not when it fell due, so that a timer which is
 * set again or cancelled in between never fires.
 */
export class NamedTimers {
  readonly #clock: Clock;
  readonly #wakeAfter: WakeAfter;
  readonly #onDue: () => void;
  readonly #armed = new Map<TimerName, Armed>();
  /** The earliest of them; infinite if there is none. Saves looking at each before every input. */
  #nextAtMs = Number.POSITIVE_INFINITY;
  #nextDueMonotonicMs = Number.POSITIVE_INFINITY;
  #cancelWake: () => void = () => {};

  /** `onDue`: `takeDue` has something. */
  constructor(clock: Clock, onDue: () => void, wakeAfter: WakeAfter = wakeAfterTimeout) {
    this.#clock = clock;
    this.#onDue = onDue;
    this.#wakeAfter = wakeAfter;
  }

  /** Replaces the timer of that name; undefined cancels it. */
  set(name: TimerName, atMs: number | undefined): void {
    this.#armed.delete(name);
    if (atMs !== undefined) this.#armed.set(name, { name, atMs, dueMonotonicMs: this.#clock.monotonicMs() + Math.max(0, atMs - this.#clock.nowMs()) });
    this.#sleep();
  }

  /** The one that is due longest, which is then no longer set. */
  takeDue(): TimerName | undefined {
    if (!this.#anyDue()) return undefined;
    const [nowMs, monotonicMs] = [this.#clock.nowMs(), this.#clock.monotonicMs()];
    let first: Armed | undefined;
    for (const timer of this.#armed.values()) {
      // Once the clock was set back, one that is not due may have the smaller time.
      const isDue = nowMs >= timer.atMs || monotonicMs >= timer.dueMonotonicMs;
      if (isDue && (first === undefined || timer.atMs < first.atMs)) first = timer;
    }
    if (first === undefined) return undefined;
    this.#armed.delete(first.name);
    this.#sleep();
    return first.name;
  }

  stop(): void {
    this.#armed.clear();
    this.#sleep();
  }

  #anyDue(): boolean {
    return this.#clock.nowMs() >= this.#nextAtMs || this.#clock.monotonicMs() >= this.#nextDueMonotonicMs;
  }

  #sleep(): void {
    this.#cancelWake();
    this.#cancelWake = () => {};
    this.#nextAtMs = this.#nextDueMonotonicMs = Number.POSITIVE_INFINITY;
    for (const { atMs, dueMonotonicMs } of this.#armed.values()) {
      this.#nextAtMs = Math.min(this.#nextAtMs, atMs);
      this.#nextDueMonotonicMs = Math.min(this.#nextDueMonotonicMs, dueMonotonicMs);
    }
    if (this.#armed.size === 0) return;
    const delayMs = Math.min(this.#nextAtMs - this.#clock.nowMs(), this.#nextDueMonotonicMs - this.#clock.monotonicMs());
    this.#cancelWake = this.#wakeAfter(Math.min(maxSleepMs, Math.max(0, Math.ceil(delayMs))), () => this.#wake());
  }

  /** Node's timers may come a little early, and sleeps are cut short. */
  #wake(): void {
    if (this.#anyDue()) this.#onDue();
    else this.#sleep();
  }
}

/** Runs it when so much time has passed, asleep or not. Answers what takes it back. */
export function timerThroughSleep(clock: Clock, run: () => void, delayMs: number, wakeAfter: WakeAfter = wakeAfterTimeout): () => void {
  const [atMs, dueMonotonicMs] = [clock.nowMs() + delayMs, clock.monotonicMs() + delayMs];
  let cancel = (): void => {};
  const look = (): void => {
    const leftMs = Math.min(atMs - clock.nowMs(), dueMonotonicMs - clock.monotonicMs());
    if (leftMs <= 0) run();
    else cancel = wakeAfter(Math.min(maxSleepMs, Math.ceil(leftMs)), look);
  };
  cancel = wakeAfter(Math.min(maxSleepMs, Math.max(0, Math.ceil(delayMs))), look);
  return () => cancel();
}
