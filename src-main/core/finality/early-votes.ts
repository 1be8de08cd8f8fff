import { maxMempoolTransactions, maxVotesPerBundle } from '../constants.ts';
import { oldestOver } from '../trim-oldest.ts';
import type { Ballot } from './ballot.ts';

/**
 * Transactions of which only votes are known. In total: ten mempools, 60 MB with 200 members. A member's share of that is at least one full
 * bundle, whose transactions may all be on their way, and at most a mempool, which is what an honest member can have voted on at once.
 * So up to about a hundred members that invent transactions push out nothing but their own votes; beyond, resending heals what was lost.
 */
export const maxEarlyTransactions = 10 * maxMempoolTransactions;
export const earlyTransactionsPerMember = (memberCount: number): number =>
  Math.min(maxMempoolTransactions, Math.max(maxVotesPerBundle, Math.floor(maxEarlyTransactions / Math.max(1, memberCount))));

/** What has to go to make room. */
export type EarlyEviction = { readonly kind: 'vote'; readonly ballot: Ballot; readonly member: number } | { readonly kind: 'ballot'; readonly ballot: Ballot };

/** Which unknown transactions were voted on, oldest first, in total and by each member. Eviction is local memory only; nodes need not agree on it. */
export class EarlyVotes {
  readonly #all = new Set<Ballot>();
  /** Those of `#all` that were there at the last sweep. */
  #old = new Set<Ballot>();
  readonly #ofMember: readonly Set<Ballot>[];
  readonly #maxPerMember: number;

  constructor(memberCount: number) {
    this.#ofMember = Array.from({ length: memberCount }, () => new Set<Ballot>());
    this.#maxPerMember = earlyTransactionsPerMember(memberCount);
  }

  get size(): number {
    return this.#all.size;
  }
  countOf(member: number): number {
    return this.#ofMember[member]?.size ?? 0;
  }

  add(ballot: Ballot, member: number): void {
    this.#all.add(ballot);
    this.#ofMember[member]?.add(ballot);
  }

  /** The transaction became known, or is dropped. */
  remove(ballot: Ballot): void {
    if (!this.#all.delete(ballot)) return;
    this.#old.delete(ballot);
    for (const [member, own] of this.#ofMember.entries()) if (ballot.bitsOf(member) !== 0) own.delete(ballot);
  }
  removeVote(ballot: Ballot, member: number): void {
    this.#ofMember[member]?.delete(ballot);
  }

  /**
   * Those that have waited for their transaction since the last sweep or longer. It comes within seconds or not at all: a rival that lost
   * is named by no block, and whoever still votes on it sends it again with its votes.
   */
  sweep(): Ballot[] {
    const waited = [...this.#old];
    this.#old = new Set(this.#all);
    for (const ballot of waited) this.#old.delete(ballot);
    return waited;
  }

  /**
   * After a bundle of this member: what to evict, each before the next is asked for. The oldest of the member's own first. Not after each vote, since to
   * look for the oldest is dear (`trimOldest`).
   */
  *excess(member: number): Generator<EarlyEviction, void, undefined> {
    const own = this.#ofMember[member];
    if (own !== undefined) for (const ballot of oldestOver(own, this.#maxPerMember)) yield { kind: 'vote', ballot, member };
    for (const ballot of oldestOver(this.#all, maxEarlyTransactions)) yield { kind: 'ballot', ballot };
  }
}
