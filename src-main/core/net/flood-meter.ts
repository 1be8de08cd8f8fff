/** As many seconds of far too much. Less could be what gathered while a line stood still or a machine slept: a send queue and two sockets' buffers, all at once. */
const floodSeconds = 10;

/**
 * Tells too much from far too much: more than so much in each of ten seconds. A second in which less came takes one back, so that a flood
 * cannot hide behind short pauses, and a burst, however large, is one second.
 */
export class FloodMeter {
  readonly #threshold: number;
  #second = Number.NEGATIVE_INFINITY;
  #inSecond = 0;
  #hotSeconds = 0;

  /** In a second. */
  constructor(threshold: number) {
    this.#threshold = threshold;
  }

  /** Taken or not. True once for each flood. */
  add(count: number, nowMs: number): boolean {
    const second = Math.floor(nowMs / 1_000);
    if (second !== this.#second) {
      const quietSeconds = second > this.#second ? second - this.#second - 1 : floodSeconds;
      this.#hotSeconds = Math.max(0, this.#hotSeconds + (this.#inSecond > this.#threshold ? 1 : -1) - quietSeconds);
      this.#second = second;
      this.#inSecond = 0;
    }
    const wasHot = this.#inSecond > this.#threshold;
    this.#inSecond += count;
    return !wasHot && this.#inSecond > this.#threshold && this.#hotSeconds === floodSeconds - 1;
  }
}
