import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import type { BlockVotePhase } from '../codec/block-vote.ts';
import { unreachable } from '../invariant.ts';
import type { GuardRecord } from '../store-operation.ts';
import type { RestoredHeight, RoundValue, TimeoutStep } from './round-state.ts';

export type HeightRecord = Extract<GuardRecord, { readonly height: number }>;
export type BlockVoteRecord = Extract<GuardRecord, { readonly kind: 'block-vote' }>;
export type ProposalRecord = Extract<GuardRecord, { readonly kind: 'proposal' }>;

/** What the guard knows of one height: all that was signed in it, and the locked and valid values. Grows by three records a round. */
export class HeightMemory {
  readonly #votes: Readonly<Record<BlockVotePhase, Map<number, BlockHash | undefined>>> = { prevote: new Map(), precommit: new Map() };
  readonly #proposals = new Map<number, ProposalRecord>();
  readonly #ownVotes: BlockVoteRecord[] = [];
  #locked: RoundValue | undefined;
  #valid: RoundValue | undefined;
  #lastRound = 0;

  /** In the order of signing. */
  get ownVotes(): readonly BlockVoteRecord[] {
    return this.#ownVotes;
  }
  get locked(): RoundValue | undefined {
    return this.#locked;
  }
  get valid(): RoundValue | undefined {
    return this.#valid;
  }
  /** The latest with anything in it. */
  get lastRound(): number {
    return this.#lastRound;
  }

  remember(record: HeightRecord): void {
    switch (record.kind) {
      case 'block-vote':
        this.#votes[record.phase].set(record.round, record.blockHash);
        this.#ownVotes.push(record);
        this.#reach(record.round);
        return;
      case 'proposal':
        this.#proposals.set(record.round, record);
        this.#reach(record.round);
        return;
      case 'lock':
        this.#locked = { round: record.lockedRound, blockHash: record.lockedHash };
        this.#reach(record.lockedRound);
        return;
      case 'valid':
        this.#valid = { round: record.validRound, blockHash: record.validHash };
        this.#reach(record.validRound);
        return;
      default:
        unreachable(record);
    }
  }

  proposal(round: number): ProposalRecord | undefined {
    return this.#proposals.get(round);
  }

  voted(phase: BlockVotePhase, round: number, blockHash: BlockHash | undefined): 'nothing' | 'same' | 'other' {
    const votes = this.#votes[phase];
    if (!votes.has(round)) return 'nothing';
    return votes.get(round) === blockHash ? 'same' : 'other';
  }

  /** Something came after this step of this round: CometBFT's height/round/step check. A lock comes after the prevote. */
  isPast(step: TimeoutStep, round: number): boolean {
    if (round < this.#lastRound) return true;
    if (step !== 'precommit' && this.#locked?.round === round) return true;
    const later: Record<TimeoutStep, readonly BlockVotePhase[]> = { propose: ['prevote', 'precommit'], prevote: ['precommit'], precommit: [] };
    return later[step].some((phase) => this.#votes[phase].has(round));
  }

  prevotedBlocks(): readonly BlockHash[] {
    return [...new Set(this.#votes.prevote.values())].filter((blockHash) => blockHash !== undefined);
  }

  restored(): RestoredHeight {
    const round = this.#lastRound;
    const step = this.#votes.precommit.has(round) ? 'precommit' : this.isPast('propose', round) ? 'prevote' : 'propose';
    return { round, step, locked: this.#locked, valid: this.#valid };
  }

  #reach(round: number): void {
    this.#lastRound = Math.max(this.#lastRound, round);
  }
}
