import type { NodeId, Txid } from '../../../src-shared/domain/ids.ts';
import type { TransactionVote, VoteRejectCode } from '../codec/vote-bundle.ts';
import { maxVotesPerBundle } from '../constants.ts';
import { ResendSchedule } from './resend-schedule.ts';

/** The durable guard's answers at the moment of signing (protocol section 6, rules 1 and 2). A yes is on record and must be sent. */
export interface SigningRules {
  accept(txid: Txid): boolean;
  /** `later`: not in this height. `never`: a rival's commit stands. */
  commit(txid: Txid): 'signed' | 'later' | 'never';
}

/** Rejects are advice, and anybody can send transactions to reject: beyond one bundle's worth, further ones are not said. */
export const maxQueuedRejects = maxVotesPerBundle;

/**
 * What this masternode wants to say. It decides nothing: the engine says what it wants, the guard what it may.
 * Holds the mempool's transactions that it was asked to vote for, until each is withdrawn or settled.
 */
export class Voter {
  /** Whose votes these are. */
  readonly self: NodeId;
  readonly #accepts = new Set<Txid>();
  readonly #commits = new Set<Txid>();
  /** Refused in this height. */
  readonly #laterCommits = new Set<Txid>();
  readonly #rejects = new Map<Txid, VoteRejectCode>();
  /** Signed, so wanting them again says nothing new. */
  readonly #accepted = new Set<Txid>();
  readonly #committed = new Set<Txid>();
  readonly #resends: ResendSchedule;

  constructor(options: { readonly self: NodeId; readonly voteResendMs: number }) {
    this.self = options.self;
    this.#resends = new ResendSchedule(options.voteResendMs);
  }

  wantAccept(txid: Txid, nowMs: number): void {
    this.#resends.start(txid, nowMs);
    this.#rejects.delete(txid);
    if (!this.#accepted.has(txid)) this.#accepts.add(txid);
  }

  wantCommit(txid: Txid): void {
    this.#resends.start(txid, undefined);
    this.#rejects.delete(txid);
    if (!this.#committed.has(txid) && !this.#laterCommits.has(txid)) this.#commits.add(txid);
  }

  /** Takes the place of an accept or commit that is not signed yet; one that is signed stands beside it. */
  wantReject(txid: Txid, code: Exclude<VoteRejectCode, 'none'>): void {
    this.#dequeue(txid);
    if (this.#rejects.size < maxQueuedRejects) this.#rejects.set(txid, code);
  }

  /** Gone from the mempool, or nothing to be said about it any more. */
  withdraw(txid: Txid): void {
    this.#dequeue(txid);
    this.#accepted.delete(txid);
    this.#committed.delete(txid);
    this.#resends.stop(txid);
  }

  /** Nothing stalls any more, so nothing is sent again; a commit that waits is still said. */
  markFinal(txid: Txid): void {
    this.#resends.stop(txid);
  }

  markSettled(txids: Iterable<Txid>): void {
    for (const txid of txids) this.withdraw(txid);
  }

  /**
   * Votes for one bundle, those that the guard allows now: commits first, they end something. A commit refused for this height waits for the
   * next; a refused accept is dropped, the coin is contested and blocks settle it. Undefined if there is nothing to say.
   */
  takeBundle(ask: SigningRules): TransactionVote[] | undefined {
    const votes: TransactionVote[] = [];
    for (const txid of this.#commits) {
      if (votes.length === maxVotesPerBundle) break;
      this.#commits.delete(txid);
      const answer = ask.commit(txid);
      if (answer === 'later') this.#laterCommits.add(txid);
      if (answer !== 'signed') continue;
      this.#committed.add(txid);
      votes.push({ txid, choice: 'commit', code: 'none' });
    }
    for (const txid of this.#accepts) {
      if (votes.length === maxVotesPerBundle) break;
      this.#accepts.delete(txid);
      if (!ask.accept(txid)) continue;
      this.#accepted.add(txid);
      votes.push({ txid, choice: 'accept', code: 'none' });
    }
    for (const [txid, code] of this.#rejects) {
      if (votes.length === maxVotesPerBundle) break;
      this.#rejects.delete(txid);
      votes.push({ txid, choice: 'reject', code });
    }
    return votes.length > 0 ? votes : undefined;
  }

  /** Nothing that was said or wanted holds in another epoch. */
  newEpoch(): void {
    for (const txid of [...this.#accepted, ...this.#committed, ...this.#accepts, ...this.#commits, ...this.#laterCommits, ...this.#rejects.keys()])
      this.withdraw(txid);
  }

  /** A new height: refused commits are reconsidered (rule 2). */
  onHeight(): void {
    for (const txid of this.#laterCommits) this.#commits.add(txid);
    this.#laterCommits.clear();
  }

  /** Whether there is anything to ask the guard about. */
  hasWork(): boolean {
    return this.#commits.size > 0 || this.#accepts.size > 0 || this.#rejects.size > 0;
  }

  /** Stalled: the transactions to send again now, with own votes, in the order they were first wanted; those beyond `limit` stay due. */
  dueResends(nowMs: number, limit: number): Txid[] {
    return this.#resends.takeDue(nowMs, limit);
  }

  /** When to ask `dueResends` next; undefined while nothing is unfinished. */
  nextResendMs(): number | undefined {
    return this.#resends.nextMs();
  }

  #dequeue(txid: Txid): void {
    this.#accepts.delete(txid);
    this.#commits.delete(txid);
    this.#laterCommits.delete(txid);
    this.#rejects.delete(txid);
  }
}
