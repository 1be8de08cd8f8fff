import type { NetLimits } from '../../../src-shared/domain/net-limits.ts';
import type { Random, Stopwatch } from '../ports.ts';
import { addRoundTrip, noRtt, type Rtt } from './rtt-stats.ts';

/** Intervals vary by this much either way, so that nodes that started together do not ping together. */
const jitter = 0.1;

type PingLimits = Pick<NetLimits, 'pingIntervalMs' | 'pongTimeoutMs' | 'maxMissedPings'>;

/** What is due: a ping with this nonce, or the end of the connection. */
export type PingerAction = { readonly kind: 'ping'; readonly nonce: bigint } | { readonly kind: 'unresponsive' };

/** The one place that pings: each with a random nonce, at most one unanswered, three unanswered in a row are the end. */
export class Pinger {
  readonly #limits: PingLimits;
  readonly #random: Random;
  readonly #stopwatch: Stopwatch | undefined;
  #awaited: { readonly nonce: bigint; readonly sentMs: number; readonly sentReading: number } | undefined;
  #nextPingMs: number;
  #missed = 0;
  #sent = 0;
  #answered = 0;
  #probing = false;
  #rtt = noRtt;
  #clockOffsetMs: number | undefined;

  /** The first ping is due at once. Without a stopwatch round trips are measured in the times given. */
  constructor(options: { readonly limits: PingLimits; readonly random: Random; readonly stopwatch?: Stopwatch | undefined; readonly nowMs: number }) {
    this.#limits = options.limits;
    this.#random = options.random;
    this.#stopwatch = options.stopwatch;
    this.#nextPingMs = options.nowMs;
  }

  rtt(): Rtt {
    return this.#rtt;
  }
  /**
   * Our clock minus the peer's, at the last pong that came in time: the peer's reading is taken for that of half the way. Undefined before the
   * first.
   */
  clockOffsetMs(): number | undefined {
    return this.#clockOffsetMs;
  }
  /** In a row. */
  missed(): number {
    return this.#missed;
  }
  counts(): { readonly sent: number; readonly answered: number } {
    return { sent: this.#sent, answered: this.#answered };
  }
  nextWakeMs(): number {
    return this.#awaited === undefined ? this.#nextPingMs : this.#awaited.sentMs + this.#limits.pongTimeoutMs;
  }

  /** One missed pong a call at most: time that passed while this machine slept is not the peer's fault. */
  due(nowMs: number): PingerAction | undefined {
    if (nowMs < this.nextWakeMs()) return undefined;
    if (this.#awaited !== undefined) {
      this.#awaited = undefined;
      this.#missed++;
      if (this.#missed >= this.#limits.maxMissedPings) return { kind: 'unresponsive' };
      if (this.#probing) this.#nextPingMs = nowMs;
      if (nowMs < this.#nextPingMs) return undefined;
    }
    const nonce = this.#randomNonce();
    this.#awaited = { nonce, sentMs: nowMs, sentReading: this.#read(nowMs) };
    this.#nextPingMs = nowMs + this.#limits.pingIntervalMs * (1 - jitter + 2 * jitter * this.#random());
    this.#sent++;
    return { kind: 'ping', nonce };
  }

  /** `theirMs`: the peer's clock when it answered. False for a nonce that is not awaited: it came too late, or was never asked for. */
  pong(nonce: bigint, theirMs: number, nowMs: number): boolean {
    if (this.#awaited?.nonce !== nonce) return false;
    const { sentMs } = this.#awaited;
    // Further apart, this machine slept or its clock was set in between, and half the way is nowhere.
    if (nowMs >= sentMs && nowMs <= sentMs + this.#limits.pongTimeoutMs) this.#clockOffsetMs = (sentMs + nowMs) / 2 - theirMs;
    this.#rtt = addRoundTrip(this.#rtt, this.#read(nowMs) - this.#awaited.sentReading);
    this.#awaited = undefined;
    this.#answered++;
    this.#missed = 0;
    this.#probing = false;
    return true;
  }

  /** There is reason to doubt that the peer is still there: pings follow one another until it answers or is found gone. */
  probe(nowMs: number): void {
    if (this.#probing) return;
    this.#probing = true;
    if (this.#awaited === undefined) this.#nextPingMs = nowMs;
  }

  /** The clock was set back by so much: what is waited for is as far away as it was. */
  clockSetBack(byMs: number): void {
    this.#nextPingMs -= byMs;
    if (this.#awaited !== undefined) this.#awaited = { ...this.#awaited, sentMs: this.#awaited.sentMs - byMs };
  }

  #read(nowMs: number): number {
    return this.#stopwatch?.() ?? nowMs;
  }

  #randomNonce(): bigint {
    const half = (): bigint => BigInt(Math.floor(this.#random() * 2 ** 32));
    return (half() << 32n) | half();
  }
}
