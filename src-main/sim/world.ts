import { holds } from './broken-invariant.ts';
import { Trace, type Words } from './trace.ts';

/** More than this at one instant is a loop that never ends: timers set for now, over and over. */
const maxEventsPerInstant = 200_000;

interface Event {
  readonly atMs: number;
  /** Orders events of one instant by when they were asked for. */
  readonly sequence: number;
  readonly run: () => void;
}

/** Virtual time: whole milliseconds, standing still while anything happens, and what is to happen next. */
export class World {
  readonly startMs: number;
  readonly trace = new Trace();
  #nowMs: number;
  /** A binary heap, the earliest first. */
  readonly #events: Event[] = [];
  #sequence = 0;
  #eventsAtInstant = 0;

  constructor(startMs: number) {
    this.startMs = startMs;
    this.#nowMs = startMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }
  get elapsedMs(): number {
    return this.#nowMs - this.startMs;
  }
  /** Events so far. */
  get count(): number {
    return this.#sequence - this.#events.length;
  }

  /** `mark`: see `Trace`. */
  log(who: string, what: Words, mark?: string | number): void {
    this.trace.add(this.elapsedMs, who, what, mark);
  }

  /** See `Trace`. */
  aside(who: string, what: () => string): void {
    this.trace.aside(this.elapsedMs, who, what);
  }

  /** Never before what happens now is done with. A time that has passed is now. */
  at(timeMs: number, run: () => void): void {
    const event = { atMs: Math.max(this.#nowMs, Math.ceil(timeMs)), sequence: this.#sequence++, run };
    let at = this.#events.length;
    for (let parent = (at - 1) >> 1; at > 0 && isBefore(event, this.#events[parent] as Event); parent = (at - 1) >> 1) {
      this.#events[at] = this.#events[parent] as Event;
      at = parent;
    }
    this.#events[at] = event;
  }
  after(delayMs: number, run: () => void): void {
    this.at(this.#nowMs + delayMs, run);
  }

  /** Until `isDone` says so, asked after every event; false if `deadlineMs` came first. */
  run(deadlineMs: number, isDone: () => boolean = () => false): boolean {
    while (!isDone()) {
      const next = this.#events[0];
      if (next === undefined || next.atMs > deadlineMs) {
        this.#nowMs = Math.max(this.#nowMs, deadlineMs);
        return false;
      }
      this.#take();
      this.#eventsAtInstant = next.atMs === this.#nowMs ? this.#eventsAtInstant + 1 : 0;
      holds(this.#eventsAtInstant < maxEventsPerInstant, () => `${maxEventsPerInstant} events and time stands still`);
      this.#nowMs = next.atMs;
      next.run();
    }
    return true;
  }

  /** The earliest is gone; the last takes its place and sinks. */
  #take(): void {
    const last = this.#events.pop();
    const { length } = this.#events;
    if (last === undefined || length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      if (child + 1 < length && isBefore(this.#events[child + 1] as Event, this.#events[child] as Event)) child++;
      if (!isBefore(this.#events[child] as Event, last)) break;
      this.#events[at] = this.#events[child] as Event;
      at = child;
    }
    this.#events[at] = last;
  }
}

const isBefore = (a: Event, b: Event): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence);
