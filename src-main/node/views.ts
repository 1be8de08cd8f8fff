import type { BlockHash, NodeId, Txid } from '../../src-shared/domain/ids.ts';
import type { TransactionReason } from '../../src-shared/domain/rejection-code.ts';
import type { EngineViews, PendingTransaction } from '../core/engine/views.ts';
import type { EngineEvent } from '../core/events.ts';
import type { BlockSummary } from './storage/queries.ts';

/** What may be asked of an engine; a fake in tests has no private parts. */
export type EngineView = Pick<EngineViews, keyof EngineViews>;

/** What the overview's chart shows. */
const maxFinalitySamples = 100;
/** What the contract lets be asked for. */
export const maxRecentBlocks = 100;
/** A payment that settled stays in sight this long. */
const settledShownMs = 60_000;
/** What a person can read; under load the newest win. */
const maxVotingListed = 100;
/** Over which votes are averaged. */
const voteRateWindowMs = 5_000;

export interface FinalitySample {
  readonly atMs: number;
  readonly finalAfterMs: number;
}
export interface RecentBlock {
  readonly height: number;
  readonly hash: BlockHash;
  readonly timeMs: number;
  readonly proposer: NodeId;
  readonly round: number;
  readonly transactions: number;
  readonly decidedAtMs: number;
  /** From the start of the height's first round here; undefined where this node fetched the block, or was not there. */
  readonly decideMs: number | undefined;
}
export type VotingState = 'pending' | 'certified' | 'final' | 'rejected';
export interface VotingTransaction {
  readonly txid: Txid;
  readonly state: VotingState;
  readonly acceptWeight: number;
  readonly commitWeight: number;
  readonly rejectWeight: number;
  readonly totalWeight: number;
  /** How many masternodes these weights are of. */
  readonly acceptVoters: number;
  readonly commitVoters: number;
  readonly rejectVoters: number;
  readonly totalVoters: number;
  readonly sinceMs: number;
  readonly finalAfterMs: number | undefined;
  readonly contested: boolean;
  readonly reason: TransactionReason | undefined;
}

export interface HistorySources {
  readonly views: Pick<EngineView, 'pending' | 'newestPending' | 'votesCounted'>;
  /** Of the header of a decided block. */
  readonly blockTimeMs: (height: number) => number;
  readonly nowMs: () => number;
}

/** What an engine does not remember and people want to see: the recent past. Everything is bounded; nothing decides by it. */
export class NodeHistory {
  readonly #sources: HistorySources;
  /** Oldest first. */
  #finality: FinalitySample[] = [];
  /** Newest first. */
  #blocks: RecentBlock[] = [];
  /** The height whose first round began here last. */
  #began: { readonly height: number; readonly atMs: number } | undefined;
  /** The last look at each, and when it was over; oldest first. */
  readonly #settled = new Map<Txid, { readonly view: VotingTransaction; readonly atMs: number }>();
  #voteSamples: { readonly atMs: number; readonly count: number }[] = [];

  constructor(sources: HistorySources) {
    this.#sources = sources;
  }

  /** With the newest blocks in the file, in any order; those decided meanwhile are known better here. */
  seed(stored: readonly BlockSummary[]): void {
    const known = new Set(this.#blocks.map(({ height }) => height));
    const seeded = stored
      .filter(({ height }) => !known.has(height))
      .map(({ time, ...block }): RecentBlock => ({ ...block, timeMs: time, decideMs: undefined }));
    this.#blocks = [...this.#blocks, ...seeded].sort((a, b) => b.height - a.height).slice(0, maxRecentBlocks);
  }

  onEvent(event: EngineEvent, atMs: number): void {
    switch (event.kind) {
      case 'transaction-final': {
        this.#finality = [...this.#finality, { atMs, finalAfterMs: event.finalAfterMs }].slice(-maxFinalitySamples);
        const pending = this.#sources.views.pending(event.txid);
        if (pending !== undefined) this.#remember(votingOf(pending), atMs);
        return;
      }
      case 'transaction-rejected':
      case 'transaction-dropped':
        this.#ended(event.txid, event.reason, atMs);
        return;
      case 'round-started':
        if (event.height !== this.#began?.height) this.#began = { height: event.height, atMs };
        return;
      case 'block-decided': {
        const { height, hash, round, proposer, transactions } = event;
        const decideMs = this.#began?.height === height ? Math.max(0, atMs - this.#began.atMs) : undefined;
        const block: RecentBlock = { height, hash, round, proposer, transactions, decideMs, decidedAtMs: atMs, timeMs: this.#sources.blockTimeMs(height) };
        this.#blocks = [block, ...this.#blocks].slice(0, maxRecentBlocks);
        return;
      }
      case 'block-reverted':
        this.#blocks = this.#blocks.filter(({ height }) => height < event.height);
        return;
      default:
        return;
    }
  }

  /** Newest first. */
  recentBlocks(count: number): readonly RecentBlock[] {
    return this.#blocks.slice(0, count);
  }

  /** The last hundred, oldest first, with their median and 99th percentile: the value that this share of them does not exceed. */
  finality(): { readonly samples: readonly FinalitySample[]; readonly medianMs: number | undefined; readonly p99Ms: number | undefined } {
    const sorted = this.#finality.map(({ finalAfterMs }) => finalAfterMs).sort((a, b) => a - b);
    return { samples: this.#finality, medianMs: percentile(sorted, 0.5), p99Ms: percentile(sorted, 0.99) };
  }

  /** What is in voting, newest first, then what settled within the last minute. */
  voting(): readonly VotingTransaction[] {
    const nowMs = this.#sources.nowMs();
    this.#forget(nowMs);
    const live = this.#sources.views.newestPending(maxVotingListed).map(votingOf);
    for (const view of live) {
      const settled = this.#settled.get(view.txid);
      // Votes that come after it is final are shown too.
      if (settled !== undefined) this.#settled.set(view.txid, { view, atMs: settled.atMs });
    }
    const listed = new Set(live.map(({ txid }) => txid));
    const settled = [...this.#settled.values()].map(({ view }) => view).filter(({ txid }) => !listed.has(txid));
    return [...live, ...settled.reverse()].slice(0, maxVotingListed);
  }

  /** The last look at a transaction that settled within the last minute. */
  lastSeen(txid: Txid): VotingTransaction | undefined {
    return this.#settled.get(txid)?.view;
  }

  /** Of the last seconds; asked a few times a second while somebody looks. */
  votesPerSecond(): number {
    const atMs = this.#sources.nowMs();
    const count = this.#sources.views.votesCounted();
    const kept = this.#voteSamples.filter((sample) => sample.atMs <= atMs && atMs - sample.atMs <= voteRateWindowMs);
    const [oldest] = kept;
    this.#voteSamples = kept.at(-1)?.atMs === atMs ? kept : [...kept, { atMs, count }];
    if (oldest === undefined || oldest.atMs === atMs) return 0;
    return Math.max(0, ((count - oldest.count) * 1_000) / (atMs - oldest.atMs));
  }

  #ended(txid: Txid, reason: TransactionReason, atMs: number): void {
    const pending = this.#sources.views.pending(txid);
    const last = pending === undefined ? this.#settled.get(txid)?.view : votingOf(pending);
    if (last !== undefined) this.#remember({ ...last, state: 'rejected', reason }, atMs);
  }

  #remember(view: VotingTransaction, atMs: number): void {
    this.#settled.delete(view.txid);
    this.#settled.set(view.txid, { view, atMs });
    this.#forget(atMs);
  }

  #forget(nowMs: number): void {
    for (const [txid, { atMs }] of this.#settled) {
      if (nowMs - atMs <= settledShownMs && this.#settled.size <= maxVotingListed) return;
      this.#settled.delete(txid);
    }
  }
}

const votingStates: Record<PendingTransaction['status'], VotingState> = {
  pending: 'pending',
  certified: 'certified',
  committed: 'certified',
  final: 'final',
  rejected: 'rejected',
};

export function votingOf({ hashed, status, tally, receivedMs, finalAfterMs, contested }: PendingTransaction): VotingTransaction {
  const { acceptWeight, commitWeight, rejectWeight, totalWeight, acceptVoters, commitVoters, rejectVoters, totalVoters } = tally;
  const state = votingStates[status];
  return {
    txid: hashed.txid,
    state,
    acceptWeight,
    commitWeight,
    rejectWeight,
    totalWeight,
    acceptVoters,
    commitVoters,
    rejectVoters,
    totalVoters,
    sinceMs: receivedMs,
    finalAfterMs,
    contested,
    // What is pending is rejected by votes alone: what breaks a rule is not taken.
    reason: state === 'rejected' ? 'voted-down' : undefined,
  };
}

/** Nearest rank. */
export function percentile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
