import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { contradictionLine } from '../../../src-shared/domain/contradiction.ts';
import type { Hash, Txid } from '../../../src-shared/domain/ids.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import { decodeVoteBundle, type HashedVoteBundle, signVoteBundle, type TransactionVote, type VoteRejectCode } from '../codec/vote-bundle.ts';
import { hashHex } from '../crypto/hash.ts';
import type { TallyEvent } from '../finality/tally.ts';
import { unreachable } from '../invariant.ts';
import { isCertified } from '../mempool/mempool-entry.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { GuardRecord, StoreOperation } from '../store-operation.ts';
import { BundleIntake } from './bundle-intake.ts';
import { type EngineContext, maxItemsInVerification } from './context.ts';
import type { ProposedBlocks } from './proposed-blocks.ts';
import { TransactionVoteSigner } from './transaction-vote-signer.ts';

/**
 * A bundle costs each member about as much as ten votes, so a flush waits longer while votes come fast: this many times `voteFlushMs` for each vote
 * a millisecond, up to four times (on public networks 200 ms, protocol section 6).
 */
const flushFactorPerVoteAMs = 2;
const maxFlushFactor = 4;
/** Signatures that wait to be verified, some quarter of a second's work of two cores: more, and this node is behind. */
const maxItemsWhenResending = maxItemsInVerification / 4;
/** Stalled transactions that are sent again at once, and the pause before the next: what a peer takes in that time beside all else. */
const maxResendsAtOnce = 500;
const resendPauseMs = 500;

/** Votes on transactions: others' are counted and relayed; our own are asked of the guard, stored, and sent in bundles. */
export class VotingFlow {
  readonly #context: EngineContext;
  readonly #proposed: ProposedBlocks;
  readonly bundles: BundleIntake;
  #flushAtMs: number | undefined;
  /** When the last bundle was signed, and how long after it the next one is. */
  #flushedMs = Number.NEGATIVE_INFINITY;
  #flushFactor = 1;
  #resendAtMs: number | undefined;
  /** Until when nothing is sent again, and how long that was when it began: if it is further off, the clock was set back. */
  #resendPause = { endMs: 0, pauseMs: 0 };

  constructor(context: EngineContext, proposed: ProposedBlocks) {
    this.#context = context;
    this.#proposed = proposed;
    this.bundles = new BundleIntake(context, (hashed, from) => this.#count(hashed, from));
  }

  /**
   * How far votes have come on what is not here yet: they may have come before it. What this node committed binds it, whatever became of the votes that certified it: a
   * restart or blocks that were taken off may have cost them. So it must never leave.
   */
  statusOf(txid: Txid): 'pending' | 'certified' | 'committed' {
    if (this.#context.guard.hasCommitted(txid)) return 'committed';
    return this.#context.tally.isCertified(txid) ? 'certified' : 'pending';
  }

  /** A transaction has become pending here. */
  admitted(hashed: HashedTransaction): void {
    const { tally, voter, nowMs, mempool } = this.#context;
    const { txid } = hashed;
    // The masternode kinds are decided by blocks alone.
    if (hashed.transaction.kind !== 'transfer') return;
    const settledConflict = mempool.conflictsOf(hashed).find((other) => isCertified(mempool.get(other)?.status ?? 'pending'));
    if (settledConflict === undefined) voter?.wantAccept(txid, nowMs);
    else voter?.wantReject(txid, 'conflict-certified');
    this.#handle(tally.setInputs(txid, hashed.inputKeys));
    this.#updateStates(txid);
    if (tally.isCertified(txid)) this.#certified(txid);
    // Whoever counted it may have lost it too.
    else if (mempool.get(txid)?.status === 'committed') voter?.wantCommit(txid);
    if (tally.isFinal(txid)) this.#final(txid);
    this.#schedule();
  }

  /** Votes of the epoch that closed say nothing of this one. */
  newEpoch(): void {
    this.#context.newTally();
    this.#context.voter?.newEpoch();
    this.#context.later(() => this.bundles.newEpoch());
  }

  /** At start: bundles that were verified and counted before. */
  restore(encoded: Uint8Array): void {
    const hashed = decodeVoteBundle(encoded);
    this.#context.listening.bundle(hashed.bundle);
    this.#handle(this.#context.tally.add(hashed).events);
  }

  /** A child's parent is final, a height began, or time has passed: what was refused may be allowed now. */
  onHeight(): void {
    this.#context.voter?.onHeight();
    this.#schedule();
  }

  flush(): void {
    this.#flushAtMs = undefined;
    const { voter, maySign } = this.#context;
    if (voter === undefined || !maySign) return;
    // One bundle; what is left waits for the next flush, so that a turn stays short.
    const signer = new TransactionVoteSigner(this.#context, this.#proposed);
    const votes = voter.takeBundle(signer);
    this.#paceFlushes(votes?.length ?? 0);
    if (votes !== undefined) this.#sendOwn(votes, signer.records);
    this.#schedule();
  }

  #paceFlushes(votes: number): void {
    const { nowMs } = this.#context;
    const votesAMs = votes / Math.max(1, nowMs - this.#flushedMs);
    this.#flushFactor = Math.min(maxFlushFactor, Math.max(1, flushFactorPerVoteAMs * votesAMs));
    this.#flushedMs = nowMs;
  }

  /**
   * Stalled votes: the transaction and every vote known of it once more, to the members whose vote is missing if they are connected. Not while
   * this node is behind with what it has received: the missing votes may be in there, and what it sends makes the others fall behind too.
   */
  resend(): void {
    this.#resendAtMs = undefined;
    const { voter, tally, mempool, exchange, peers, nowMs, params } = this.#context;
    const isBehind = this.#context.itemsInVerification > maxItemsWhenResending;
    const pauseMs = isBehind ? params.voteResendMs : resendPauseMs;
    this.#resendPause = { endMs: nowMs + pauseMs, pauseMs };
    if (isBehind) return this.#schedule();
    const ready = peers.ready();
    const dueOf = new Map<ConnectionId, Txid[]>();
    for (const txid of voter?.dueResends(nowMs, maxResendsAtOnce) ?? []) {
      if (!mempool.has(txid)) continue;
      const missing = new Set(tally.of(txid).missing);
      const first = ready.filter((peer) => missing.has(peer.nodeId));
      for (const { connection } of first.length > 0 ? first : ready) {
        const due = dueOf.get(connection);
        if (due === undefined) dueOf.set(connection, [txid]);
        else due.push(txid);
      }
    }
    for (const [connection, due] of dueOf) exchange.tell(connection, due);
    this.#schedule();
  }

  /** It left the mempool without being settled. What this node signed of it still binds: it may come back with a certificate. */
  dropped(hashed: HashedTransaction, reason: 'expired' | 'evicted'): void {
    const { txid } = hashed;
    this.#context.voter?.withdraw(txid);
    // What expires does so everywhere; what had to make room here may become final elsewhere, and its votes call it back.
    const hashes = reason === 'expired' ? this.#context.tally.settle([txid]) : this.#context.tally.forget([txid]);
    this.#context.persist([
      { kind: 'remove-transactions', txids: [txid] },
      { kind: 'remove-bundles', hashes },
    ]);
    for (const key of hashed.inputKeys) this.#context.coinEvent(key, { kind: 'released', txid });
    this.gone(txid, reason);
  }

  /** Votes that have waited too long for their transaction. */
  sweepEarly(): void {
    const hashes = this.#context.tally.sweepEarly();
    if (hashes.length > 0) this.#context.persist([{ kind: 'remove-bundles', hashes }]);
  }

  gone(txid: Txid, reason: 'expired' | 'evicted' | 'inapplicable'): void {
    this.#context.relay.transactions.forget(txid);
    this.#context.depart(txid, { state: 'dropped', reason, detail: '' });
    this.#context.publish({ kind: 'transaction-dropped', txid, reason });
  }

  /** At start: it was final before, also if the votes that showed it are not all here. Before its children are restored, which need it to be. */
  restoreFinal(hashed: HashedTransaction): void {
    const { mempool, nowMs, voter, newlyFinal } = this.#context;
    const { txid, inputKeys } = hashed;
    if (!mempool.markStatus(txid, 'final', nowMs)) return;
    voter?.markFinal(txid);
    for (const key of inputKeys) this.#context.coinEvent(key, { kind: 'final', txid });
    newlyFinal.push(txid);
  }

  report(events: readonly TallyEvent[]): void {
    this.#handle(events);
  }

  /** In a block, or made inapplicable by one: nothing said about these binds any more (protocol section 6, Scope). */
  settled(txids: readonly Txid[]): StoreOperation[] {
    const { tally, voter, guard } = this.#context;
    voter?.markSettled(txids);
    const hashes: Hash[] = tally.settle(txids);
    const operations: StoreOperation[] = guard.released(txids).map((record) => ({ kind: 'guard', record }));
    if (hashes.length > 0) operations.push({ kind: 'remove-bundles', hashes });
    return operations;
  }

  /** Answers whether it held a new vote. */
  #count(hashed: HashedVoteBundle, from: ConnectionId | undefined): boolean {
    const { tally, fetch, chain, listening, coinNews } = this.#context;
    if (from !== undefined) listening.bundle(hashed.bundle);
    const { events, fresh, accepted, unknown, dropped } = tally.add(hashed, coinNews.isWatched);
    if (dropped.length > 0) this.#context.persist([{ kind: 'remove-bundles', hashes: dropped }]);
    if (fresh) {
      this.#context.persist([{ kind: 'put-bundle', hash: hashed.hash, encoded: hashed.encoded }]);
      this.#context.relay.bundle(hashed, from === undefined ? 'own' : 'passed on');
    }
    this.#handle(events);
    for (const txid of accepted) this.#updateStates(txid);
    if (from !== undefined && unknown.length > 0)
      fetch.announced(
        from,
        unknown.filter((txid) => !fetch.holds(txid) && chain.transactionHeight(txid) === undefined),
      );
    return fresh;
  }

  #sendOwn(votes: readonly TransactionVote[], records: readonly GuardRecord[]): void {
    const { options, epoch } = this.#context;
    const hashed = signVoteBundle({ nodeId: options.self, epoch, votes }, this.#context.genesis.hash, options.signer);
    this.#context.persistGuard(records);
    this.#count(hashed, undefined);
  }

  #handle(events: readonly TallyEvent[]): void {
    for (const event of events) {
      switch (event.kind) {
        case 'certified':
          this.#certified(event.txid);
          break;
        case 'final':
          this.#final(event.txid);
          break;
        case 'rejected':
          this.#rejected(event.txid);
          break;
        case 'evidence':
          this.#evidence(event);
          break;
        default:
          unreachable(event);
      }
    }
    this.#schedule();
  }

  #evidence({ nodeId, contradiction, bundles }: Extract<TallyEvent, { kind: 'evidence' }>): void {
    const encoded = concatBytes(...bundles.map((bundle) => bundle.encoded));
    // One pair of bundles may show several things.
    const hash = hashHex('evidence', utf8ToBytes(contradictionLine(contradiction)), encoded);
    this.#context.report({ hash, nodeId, contradiction, encoded });
  }

  #certified(txid: Txid): void {
    const { mempool, voter } = this.#context;
    const entry = mempool.get(txid);
    if (entry === undefined || entry.status === 'final') return;
    mempool.markStatus(txid, 'certified');
    this.#updateStates(txid);
    voter?.wantCommit(txid);
    for (const other of mempool.conflictsOf(entry.hashed)) this.#rejectAs(other, 'conflict-certified');
    this.#context.publish({ kind: 'transaction-certified', txid });
  }

  #rejectAs(txid: Txid, code: Exclude<VoteRejectCode, 'none'>): void {
    this.#context.voter?.wantReject(txid, code);
  }

  #final(txid: Txid): void {
    const { mempool, nowMs } = this.#context;
    const entry = mempool.get(txid);
    if (entry === undefined || !mempool.markStatus(txid, 'final', nowMs)) return;
    const finalAfterMs = nowMs - entry.receivedMs;
    this.#context.voter?.markFinal(txid);
    for (const key of entry.hashed.inputKeys) this.#context.coinEvent(key, { kind: 'final', txid });
    this.#context.coinNews.created(entry.hashed);
    this.#context.persist([{ kind: 'mark-final', txid, finalAfterMs }]);
    this.#context.newlyFinal.push(txid);
    this.#context.publish({ kind: 'transaction-final', txid, finalAfterMs });
  }

  /** Advice only: a certificate or a block overrides it (protocol section 6). */
  #rejected(txid: Txid): void {
    const { mempool } = this.#context;
    const entry = mempool.get(txid);
    if (entry === undefined || entry.status !== 'pending') return;
    mempool.markStatus(txid, 'rejected');
    for (const key of entry.hashed.inputKeys) this.#context.coinEvent(key, { kind: 'released', txid });
    this.#context.publish({ kind: 'transaction-rejected', txid, reason: 'voted-down' });
  }

  /** Once votes came in, what a coin's state says of their weight is what the tally says: this is for who hears of changes, and for which of several spends it. */
  #updateStates(txid: Txid): void {
    const entry = this.#context.mempool.get(txid);
    if (entry === undefined || entry.status === 'rejected') return;
    const acceptWeight = this.#context.tally.acceptWeightOf(txid);
    if (acceptWeight > 0) for (const key of entry.hashed.inputKeys) this.#context.coinEvent(key, { kind: 'votes', txid, weight: acceptWeight });
  }

  /** One timer each for what is to be said and what is to be said again. */
  #schedule(): void {
    const { voter, nowMs, params } = this.#context;
    if (voter === undefined) return;
    if (this.#flushAtMs === undefined && voter.hasWork()) {
      this.#flushAtMs = nowMs + Math.round(params.voteFlushMs * this.#flushFactor);
      this.#context.emit({ kind: 'set-timer', timer: 'vote-flush', atMs: this.#flushAtMs });
    }
    const nextMs = voter.nextResendMs();
    const { endMs, pauseMs } = this.#resendPause;
    const notBeforeMs = endMs > nowMs + pauseMs ? nowMs : endMs;
    const resendAtMs = nextMs === undefined ? undefined : Math.max(nextMs, notBeforeMs);
    if (resendAtMs !== this.#resendAtMs) {
      this.#resendAtMs = resendAtMs;
      this.#context.emit({ kind: 'set-timer', timer: 'vote-resend', atMs: resendAtMs });
    }
  }
}
