import type { DriverInput } from '../consensus/driver.ts';

type Timeout = Extract<DriverInput, { kind: 'timeout' }>['timeout'];

/** A height without a decision for this long after it began: what this node said is said again, and others are asked what they have. */
const stallMs = 3_000;

interface Due {
  readonly atMs: number;
  readonly afterMs: number;
}
/** What is further off than it ever was has been set before the clock was set back: nobody waits an hour for it. */
const isDue = ({ atMs, afterMs }: Due, nowMs: number): boolean => atMs <= nowMs || atMs > nowMs + afterMs;

/** The timeouts of one height's rounds, and when to say again what was said of it. One timer of the world's serves them all. */
export class HeightTimers {
  #timeouts: (Timeout & Due)[] = [];
  #repeat: Due | undefined;

  clear(): void {
    this.#timeouts = [];
    this.#repeat = undefined;
  }
  add(timeout: Timeout, afterMs: number, nowMs: number): void {
    this.#timeouts.push({ ...timeout, atMs: nowMs + afterMs, afterMs });
  }
  /** The height has begun, or was just repeated. */
  repeatAfter(nowMs: number): void {
    this.#repeat = { atMs: nowMs + stallMs, afterMs: stallMs };
  }
  isRepeatDue(nowMs: number): boolean {
    return this.#repeat !== undefined && isDue(this.#repeat, nowMs);
  }
  takeDue(nowMs: number): Timeout[] {
    const due = this.#timeouts.filter((timeout) => isDue(timeout, nowMs));
    this.#timeouts = this.#timeouts.filter((timeout) => !isDue(timeout, nowMs));
    return due.map(({ step, round }) => ({ step, round }));
  }
  /** Undefined while nothing is to come. */
  nextMs(nowMs: number): number | undefined {
    const dues: readonly Due[] = this.#repeat === undefined ? this.#timeouts : [...this.#timeouts, this.#repeat];
    return dues.length === 0 ? undefined : Math.min(...dues.map((due) => (isDue(due, nowMs) ? nowMs : due.atMs)));
  }
}
