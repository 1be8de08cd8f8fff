export interface BucketSize {
  readonly perSecond: number;
  /** What may come at once. */
  readonly burst: number;
}

/**
 * Fills steadily, up to its burst. Whoever finds one token may take any number and leave a debt: what comes as one message is taken or not as
 * one, however many things are in it, and on the average no more than the rate is taken.
 */
export class TokenBucket {
  readonly #size: BucketSize;
  #tokens: number;
  #atMs: number;

  constructor(size: BucketSize, nowMs: number) {
    this.#size = size;
    this.#tokens = size.burst;
    this.#atMs = nowMs;
  }

  isOpen(nowMs: number): boolean {
    this.#fill(nowMs);
    return this.#tokens >= 1;
  }
  /** Until it is open, if nothing else is taken; 0 if it is. */
  opensInMs(nowMs: number): number {
    return this.isOpen(nowMs) ? 0 : Math.ceil(((1 - this.#tokens) * 1_000) / this.#size.perSecond);
  }
  take(count: number, nowMs: number): void {
    this.#fill(nowMs);
    this.#tokens -= count;
  }
  /** Beside what time brings. */
  give(count: number): void {
    this.#tokens = Math.min(this.#size.burst, this.#tokens + count);
  }

  /** A clock that was set back brings nothing, and costs nothing. */
  #fill(nowMs: number): void {
    this.give((Math.max(0, nowMs - this.#atMs) * this.#size.perSecond) / 1_000);
    this.#atMs = nowMs;
  }
}
