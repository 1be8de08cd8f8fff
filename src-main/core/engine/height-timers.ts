import type { DriverInput } from '../consensus/driver.ts';

type Timeout = Extract<DriverInput, { kind: 'timeout' }>['timeout'];

/** A height without a decision for this long after it began: what this node said is said again, and others are asked what they have. */
const stallMs = 3_000;

/** The timeouts of one height's rounds, and when to say again what was said of it. One timer of the world's serves them all. */
export class HeightTimers {
  #timeouts: (Timeout & { readonly atMs: number })[] = [];
  #repeatAtMs: number | undefined;

  clear(): void {
    this.#timeouts = [];
    this.#repeatAtMs = undefined;
  }
  add(timeout: Timeout, atMs: number): void {
    this.#timeouts.push({ ...timeout, atMs });
  }
  /** The height has begun, or was just repeated. */
  repeatAfter(nowMs: number): void {
    this.#repeatAtMs = nowMs + stallMs;
  }
  isRepeatDue(nowMs: number): boolean {
    return this.#repeatAtMs !== undefined && this.#repeatAtMs <= nowMs;
  }
  takeDue(nowMs: number): Timeout[] {
    const due = this.#timeouts.filter(({ atMs }) => atMs <= nowMs);
    this.#timeouts = this.#timeouts.filter(({ atMs }) => atMs > nowMs);
    return due.map(({ step, round }) => ({ step, round }));
  }
  /** Undefined while nothing is to come. */
  nextMs(): number | undefined {
    const times = this.#timeouts.map(({ atMs }) => atMs);
    if (this.#repeatAtMs !== undefined) times.push(this.#repeatAtMs);
    return times.length === 0 ? undefined : Math.min(...times);
  }
}
