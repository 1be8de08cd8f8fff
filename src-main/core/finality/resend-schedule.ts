import type { Txid } from '../../../src-shared/domain/ids.ts';

/** Doubling ends at 64 times the first delay (3 minutes): after a long partition healed nothing waits for hours. */
const maxDoublings = 6;
/** Due times are rounded up to this fraction of the first delay (100 ms of 3 s), so that a thousand stalled transactions make few messages. */
const ticksPerDelay = 30;

interface Entry {
  startMs: number;
  doublings: number;
  dueMs: number;
}

/** When unfinished transactions are sent again: at the ages delay * 2^n, then every delay * 2^6 (protocol section 6, Stalled votes). */
export class ResendSchedule {
  readonly #delayMs: number;
  readonly #tickMs: number;
  readonly #entries = new Map<Txid, Entry>();
  /** Nothing is due before. */
  #nextMs: number | undefined = undefined;
  /** The last time that was told. */
  #toldMs = 0;

  constructor(delayMs: number) {
    this.#delayMs = delayMs;
    this.#tickMs = Math.max(1, Math.floor(delayMs / ticksPerDelay));
  }

  /** Keeps the time of an earlier start. Without a time: the last that was told, which is early rather than late. */
  start(txid: Txid, nowMs: number | undefined): void {
    if (nowMs !== undefined) this.#setClock(nowMs);
    if (this.#entries.has(txid)) return;
    const startMs = nowMs ?? this.#toldMs;
    const dueMs = this.#onTick(startMs + this.#delayMs);
    this.#entries.set(txid, { startMs, doublings: 0, dueMs });
    this.#nextMs = Math.min(this.#nextMs ?? dueMs, dueMs);
  }

  stop(txid: Txid): void {
    this.#entries.delete(txid);
    if (this.#entries.size === 0) this.#nextMs = undefined;
  }

  /** In order of their start; those beyond `limit` stay due. After a long silence each once, not once for every time that was missed. */
  takeDue(nowMs: number, limit: number): Txid[] {
    this.#setClock(nowMs);
    if (this.#nextMs === undefined || nowMs < this.#nextMs) return [];
    const due: Txid[] = [];
    let nextMs: number | undefined;
    for (const [txid, entry] of this.#entries) {
      if (entry.dueMs <= nowMs && due.length < limit) {
        due.push(txid);
        this.#postpone(entry, nowMs);
      }
      nextMs = Math.min(nextMs ?? entry.dueMs, entry.dueMs);
    }
    this.#nextMs = nextMs;
    return due;
  }

  /** A lower bound: what was due then may have finished, and the next question corrects it. */
  nextMs(): number | undefined {
    return this.#nextMs;
  }

  #postpone(entry: Entry, nowMs: number): void {
    while (entry.doublings < maxDoublings) {
      entry.doublings += 1;
      entry.dueMs = this.#onTick(entry.startMs + this.#delayMs * 2 ** entry.doublings);
      if (entry.dueMs > nowMs) return;
    }
    entry.dueMs = this.#onTick(nowMs + this.#delayMs * 2 ** maxDoublings);
  }

  /** Where the clock was set back, everything is moved along with it: nothing waits as long as the jump. */
  #setClock(nowMs: number): void {
    const backMs = this.#toldMs - nowMs;
    this.#toldMs = nowMs;
    if (backMs <= 0 || this.#nextMs === undefined) return;
    for (const entry of this.#entries.values()) {
      entry.startMs -= backMs;
      entry.dueMs = this.#onTick(entry.dueMs - backMs);
    }
    this.#nextMs = this.#onTick(this.#nextMs - backMs);
  }

  #onTick(timeMs: number): number {
    return Math.ceil(timeMs / this.#tickMs) * this.#tickMs;
  }
}
