import type { Txid } from '../../../src-shared/domain/ids.ts';
import type { ConnectionId } from './connection-id.ts';

/** An answer is a round trip away; on a slow line a second copy does no harm. */
const patienceMs = 2_000;
/** Under way at once: two mempools. What is announced beyond it is not fetched, until somebody announces it again. */
const maxFetches = 20_000;
/** Of these, asked of one peer: what it may announce within that time, twice. */
const maxFetchesPerPeer = 4_000;
interface Fetch {
  asked: ConnectionId;
  untilMs: number;
  /** To be asked next, in the order in which they spoke up. All of them, so that a few cannot hide it from this node: at most one a connection. */
  readonly others: ConnectionId[];
}
/** Whom to ask for what. */
export type NextFetches = ReadonlyMap<ConnectionId, readonly Txid[]>;

/**
 * Transactions that are being fetched, each from one peer at a time (protocol section 10): the next one is asked where it does not come. Who announces
 * what it does not have delays it by two seconds, and gains nothing else. Those whom this node chose to dial come first: others may all be one.
 */
export class FetchTable {
  /** In the order in which their time runs out: whoever is asked anew goes to the end. */
  readonly #fetches = new Map<Txid, Fetch>();
  /** How many each is asked for. */
  readonly #askedOf = new Map<ConnectionId, number>();
  readonly #isOutbound: (connection: ConnectionId) => boolean;

  constructor(isOutbound: (connection: ConnectionId) => boolean) {
    this.#isOutbound = isOutbound;
  }

  get size(): number {
    return this.#fetches.size;
  }

  /** Answers those that this peer is to be asked for now. It is remembered as one who has the others. */
  announced(connection: ConnectionId, txids: readonly Txid[], nowMs: number): Txid[] {
    return txids.filter((txid) => {
      const fetch = this.#fetches.get(txid);
      if (fetch === undefined) return this.#ask(txid, connection, [], nowMs);
      if (fetch.asked !== connection && !fetch.others.includes(connection)) fetch.others.push(connection);
      return false;
    });
  }

  /** It is here, or not wanted any more. */
  done(txid: Txid): void {
    const fetch = this.#fetches.get(txid);
    if (fetch === undefined) return;
    this.#fetches.delete(txid);
    this.#release(fetch.asked);
  }

  /** What it was asked for is asked of others. */
  gone(connection: ConnectionId, nowMs: number): NextFetches {
    const lost: [Txid, Fetch][] = [];
    for (const [txid, fetch] of this.#fetches) {
      const at = fetch.others.indexOf(connection);
      if (at >= 0) fetch.others.splice(at, 1);
      if (fetch.asked === connection) lost.push([txid, fetch]);
    }
    this.#askedOf.delete(connection);
    return this.#askNext(lost, nowMs);
  }

  /** Those whose time is over. What nobody else has is forgotten. */
  due(nowMs: number): NextFetches {
    const late: [Txid, Fetch][] = [];
    for (const [txid, fetch] of this.#fetches) {
      // One that is further off than anybody is given was asked for before the clock was set back.
      if (fetch.untilMs > nowMs && fetch.untilMs <= nowMs + patienceMs) break;
      late.push([txid, fetch]);
    }
    for (const [, { asked }] of late) this.#release(asked);
    return this.#askNext(late, nowMs);
  }
  /** Undefined: nothing is under way. */
  nextDueMs(nowMs: number): number | undefined {
    for (const { untilMs } of this.#fetches.values()) return Math.min(untilMs, nowMs + patienceMs);
    return undefined;
  }

  #askNext(fetches: readonly [Txid, Fetch][], nowMs: number): NextFetches {
    const ask = new Map<ConnectionId, Txid[]>();
    for (const [txid, { others }] of fetches) {
      this.#fetches.delete(txid);
      for (let next = this.#takeNext(others); next !== undefined; next = this.#takeNext(others)) {
        if (!this.#ask(txid, next, others, nowMs)) continue;
        const txids = ask.get(next);
        if (txids === undefined) ask.set(next, [txid]);
        else txids.push(txid);
        break;
      }
    }
    return ask;
  }

  #takeNext(others: ConnectionId[]): ConnectionId | undefined {
    return others.splice(Math.max(0, others.findIndex(this.#isOutbound)), 1)[0];
  }
  /** False if there is no room for it. */
  #ask(txid: Txid, asked: ConnectionId, others: ConnectionId[], nowMs: number): boolean {
    const count = this.#askedOf.get(asked) ?? 0;
    if (count >= maxFetchesPerPeer || this.#fetches.size >= maxFetches) return false;
    this.#askedOf.set(asked, count + 1);
    this.#fetches.set(txid, { asked, untilMs: nowMs + patienceMs, others });
    return true;
  }
  #release(asked: ConnectionId): void {
    const count = (this.#askedOf.get(asked) ?? 0) - 1;
    if (count > 0) this.#askedOf.set(asked, count);
    else this.#askedOf.delete(asked);
  }
}
