import type { ConnectionId } from '../net/connection-id.ts';
import type { Span } from './spans.ts';

/** As long as a connection may take for one message. */
const maxDeadlineMs = 60_000;

/** What is known of one peer as a source of blocks. All of it is this node's own observation, but the height, which is a claim. */
export class SyncPeer {
  readonly connection: ConnectionId;
  #height: number;
  /** Since when it claims that height. */
  #sinceMs: number;
  #wrongFrom = Number.POSITIVE_INFINITY;
  /** How often what it sent was not this node's chain. Claims do not take it back: they cost nothing. */
  #wrongs = 0;
  #strikes = 0;
  #restsUntilMs = 0;
  #msPerBlock = 0;
  #askedMs = 0;
  /** The last request that it let go by. */
  late: (Span & { readonly askedMs: number }) | undefined;

  constructor(connection: ConnectionId, height: number, nowMs: number) {
    this.connection = connection;
    this.#height = height;
    this.#sinceMs = nowMs;
  }

  get sinceMs(): number {
    return this.#sinceMs;
  }
  /** Requests in a row that it did not answer as asked. */
  get strikes(): number {
    return this.#strikes;
  }
  get restsUntilMs(): number {
    return this.#restsUntilMs;
  }
  /** The highest block that it may be asked for. */
  lastUsable(): number {
    return Math.min(this.#height, this.#wrongFrom - 1);
  }
  /** Twice as long after every one that passed: the line may be slow, and asking again before the answer is through would only fill it. */
  deadlineMs(firstMs: number): number {
    return Math.max(firstMs, Math.min(maxDeadlineMs, firstMs * 2 ** this.#strikes));
  }

  /** Who has less than before has taken blocks off: what is above is another chain than the one it was wrong about. */
  claim(height: number, nowMs: number): void {
    if (height === this.#height) return;
    if (height < this.#height) this.#wrongFrom = Number.POSITIVE_INFINITY;
    this.#height = height;
    this.#sinceMs = nowMs;
  }
  asked(nowMs: number): void {
    this.#askedMs = nowMs;
  }
  delivered(blocks: number, tookMs: number): void {
    this.#strikes = 0;
    this.#restsUntilMs = 0;
    this.#msPerBlock = tookMs / blocks;
  }
  strike(nowMs: number, deadlineMs: number): void {
    this.#restsUntilMs = nowMs + this.deadlineMs(deadlineMs);
    this.#strikes++;
  }
  /** It answered that it has no more. If it claims so much, it has let a request down: else it could claim again and again, and look ahead for ever. */
  hasNothingFrom(height: number, nowMs: number, deadlineMs: number): void {
    if (height > this.#height) return;
    this.#height = height - 1;
    this.strike(nowMs, deadlineMs);
  }
  hasWrongFrom(height: number): void {
    this.#wrongFrom = Math.min(this.#wrongFrom, height);
    this.#wrongs++;
  }
  /** What it has is judged anew. */
  forgive(): void {
    this.#wrongFrom = Number.POSITIVE_INFINITY;
    this.#wrongs = 0;
  }

  /** All times that are kept of it. */
  shift(byMs: number): void {
    this.#sinceMs += byMs;
    this.#restsUntilMs += byMs;
    this.#askedMs += byMs;
    if (this.late !== undefined) this.late = { ...this.late, askedMs: this.late.askedMs + byMs };
  }

  /**
   * Who was wrong least often first: else a few that answer at once with what follows nothing, and claim anew, would keep this node from ever asking another. Then the
   * reliable, then the fast, then who was asked longest ago, so that several take turns.
   */
  static byPreference(a: SyncPeer, b: SyncPeer): number {
    return a.#wrongs - b.#wrongs || a.#strikes - b.#strikes || a.#msPerBlock - b.#msPerBlock || a.#askedMs - b.#askedMs || a.connection - b.connection;
  }
}
