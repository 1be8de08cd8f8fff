import type { BlockHash, OutpointKey, Txid } from '../../../src-shared/domain/ids.ts';
import { unreachable } from '../invariant.ts';
import type { GuardRecord } from '../store-operation.ts';
import { EpochVotes } from './epoch-votes.ts';
import { allow, type GuardAnswer, type GuardRefusal, refuse } from './guard-answer.ts';
import { type BlockVoteRecord, HeightMemory, type ProposalRecord } from './height-memory.ts';
import { freshHeight, type Prevote, type RestoredHeight, type RoundValue } from './round-state.ts';
import { Silence, type SilentThrough } from './silence.ts';

/**
 * Transactions of one epoch whose accepts bind: ten times what a mempool holds. Beyond it nothing more is accepted; a block settles
 * the transactions, and lets go of the accepts.
 */
export const maxAccepts = 100_000;

interface Voted {
  readonly epoch: number;
  readonly txid: Txid;
  readonly inputs: readonly OutpointKey[];
}

/**
 * The one guard of protocol section 7: every proposal, block vote, accept and commit is asked for here at the moment of signing, and the
 * answer's records are durable before the message leaves. Built from its own records it refuses the same again, so a crash at any
 * instant forgets only what nobody has seen.
 *
 * It enforces the rules of an honest masternode (section 6) that its Safety argument rests on:
 * - "certificates of conflicting transfers would share an honest accepter": rule 1, `accept`;
 * - "that node had not committed X before": rule 3, `prevote`, but under line 28;
 * - "could not in h after the prevote": rule 2, `commit`, over every prevote of the height, also from before a restart;
 * - "and cannot after h, where X is inapplicable": rule 2, `commit`, which asks whether X can still be applied;
 * - that one block at most is decided at a height: no vote contradicts another, goes back, or leaves a lock without a later quorum.
 * Rule 4, `commit`, is for liveness.
 *
 * Of decided heights and closed epochs it keeps no records, so an operator who takes blocks off (section 8) takes it back to where it does not know
 * what it signed: there it signs nothing, until both height and epoch are beyond all that it may have signed in.
 */
export class SignGuard {
  #height: number;
  #epoch: number;
  /** Of the height to decide next. A later one only if the chain is an older copy than these records; it is respected. */
  readonly #heights = new Map<number, HeightMemory>();
  #votes = new EpochVotes();
  /** Of epochs that begin later here, on a branch that was left: one a branch, and few are ever left. */
  readonly #votesOfLater = new Map<number, EpochVotes>();
  /** The highest height that a verified certificate was seen of. Found out anew after a start. */
  #certifiedHeight = 0;
  readonly #silence = new Silence();

  /** `records` in the order of writing; `height` is the one to decide next. Records of heights below it, and of other epochs, are void. */
  constructor(records: readonly GuardRecord[], height: number, epoch: number) {
    this.#height = height;
    this.#epoch = epoch;
    for (const record of records) this.#remember(record);
  }

  prevote(vote: Prevote & { readonly height: number; conflicts(committed: Txid): boolean }): GuardAnswer {
    const { height, round, blockHash } = vote;
    const memory = this.#at(height);
    if (memory === undefined) return this.#refusedAt(height);
    const signed = memory.voted('prevote', round, blockHash);
    if (signed === 'same') return allow();
    if (signed === 'other') return refuse('contradiction', `another prevote is signed in round ${round}`);
    if (memory.isPast('prevote', round)) return refuse('regression', `round ${round} is behind round ${memory.lastRound}`);
    const reason = blockHash === undefined ? undefined : (locks(memory, vote) ?? this.#commitLocks(vote));
    if (reason !== undefined) return { ok: false, reason };
    return this.#record({ kind: 'block-vote', height, round, phase: 'prevote', blockHash });
  }

  /** Of a block: after `lock` for it in this round. Rule 3 does not restrict it (lines 36 and 49). */
  precommit({ height, round, blockHash }: { readonly height: number; readonly round: number; readonly blockHash: BlockHash | undefined }): GuardAnswer {
    const memory = this.#at(height);
    if (memory === undefined) return this.#refusedAt(height);
    const signed = memory.voted('precommit', round, blockHash);
    if (signed === 'same') return allow();
    if (signed === 'other') return refuse('contradiction', `another precommit is signed in round ${round}`);
    if (memory.isPast('precommit', round)) return refuse('regression', `round ${round} is behind round ${memory.lastRound}`);
    if (blockHash !== undefined && !isSameValue(memory.locked, { round, blockHash })) return refuse('not-locked', `no lock on ${blockHash} in round ${round}`);
    return this.#record({ kind: 'block-vote', height, round, phase: 'precommit', blockHash });
  }

  /** One proposal per round, and none by a node that is behind. */
  propose(proposal: { readonly height: number; readonly round: number; readonly validRound: number | undefined; readonly blockHash: BlockHash }): GuardAnswer {
    const { height, round, validRound, blockHash } = proposal;
    const memory = this.#at(height);
    if (memory === undefined) return this.#refusedAt(height);
    if (this.isBehind(height)) return refuse('behind', `height ${this.#certifiedHeight} has a certificate`);
    const signed = memory.proposal(round);
    if (signed?.blockHash === blockHash && signed.validRound === validRound) return allow();
    if (signed !== undefined) return refuse('contradiction', `another proposal is signed in round ${round}`);
    if (memory.isPast('propose', round)) return refuse('regression', `round ${round} is behind, or voted in already`);
    return this.#record({ kind: 'proposal', height, round, validRound, blockHash });
  }

  /** Line 38, before the precommit of line 40: never once another precommit is signed in the round. */
  lock({ height, round, blockHash }: RoundValue & { readonly height: number }): GuardAnswer {
    const memory = this.#at(height);
    if (memory === undefined) return this.#refusedAt(height);
    return (
      raise(memory.locked, { round, blockHash }, memory.isPast('prevote', round)) ??
      this.#record({ kind: 'lock', height, lockedRound: round, lockedHash: blockHash })
    );
  }

  /** Lines 42 and 43. */
  valid({ height, round, blockHash }: RoundValue & { readonly height: number }): GuardAnswer {
    const memory = this.#at(height);
    if (memory === undefined) return this.#refusedAt(height);
    return (
      raise(memory.valid, { round, blockHash }, round < memory.lastRound) ?? this.#record({ kind: 'valid', height, validRound: round, validHash: blockHash })
    );
  }

  /** Rule 1: one transfer per outpoint per epoch. */
  accept({ epoch, txid, inputs }: Voted): GuardAnswer {
    if (epoch !== this.#epoch) return refuse('wrong-epoch', `the epoch is ${this.#epoch}`);
    const silent = this.#refusedBySilence();
    if (silent !== undefined) return silent;
    const { accepts } = this.#votes;
    if (accepts.has(txid)) return allow();
    const taken = accepts.firstTaken(inputs);
    if (taken !== undefined) return refuse('accepted-another', `${taken.by} of ${taken.input}`);
    if (accepts.size >= maxAccepts) return refuse('too-many-accepts', `${maxAccepts} bind`);
    return this.#record({ kind: 'accept', epoch, txid, inputs });
  }

  /**
   * Rule 2. `applicable`: it can still be applied after the last decided block. `prevotedBlockConflicts` is asked of each block prevoted in
   * this height; of one whose content is not known any more the answer is yes.
   */
  commit(
    vote: Voted & {
      readonly hasCertificate: boolean;
      readonly applicable: boolean;
      readonly closing: boolean;
      prevotedBlockConflicts(blockHash: BlockHash): boolean;
    },
  ): GuardAnswer {
    const { epoch, txid, inputs } = vote;
    if (epoch !== this.#epoch) return refuse('wrong-epoch', `the epoch is ${this.#epoch}`);
    const silent = this.#refusedBySilence();
    if (silent !== undefined) return silent;
    const { commits } = this.#votes;
    if (commits.has(txid)) return allow();
    if (vote.closing) return refuse('epoch-closing', `epoch ${epoch}`);
    if (!vote.hasCertificate) return refuse('no-certificate', txid);
    if (!vote.applicable) return refuse('inapplicable', txid);
    const taken = commits.firstTaken(inputs);
    if (taken !== undefined) return refuse('committed-another', `${taken.by} of ${taken.input}`);
    // Whatever height is under way: a later one's records, of a chain that lost blocks, count as well.
    for (const memory of this.#heights.values()) {
      const conflict = memory.prevotedBlocks().find((blockHash) => vote.prevotedBlockConflicts(blockHash));
      if (conflict !== undefined) return refuse('prevoted-conflict', `${conflict} in height ${this.#height}, until the next`);
    }
    return this.#record({ kind: 'commit', epoch, txid, inputs });
  }

  /** The height is decided and its block applied: its votes and locks bind nothing any more. The store deletes their records with it. */
  decided(height: number): void {
    this.#height = Math.max(this.#height, height + 1);
    for (const old of this.#heights.keys()) if (old < this.#height) this.#heights.delete(old);
  }

  /** A block closed the epoch before: accepts and commits of that bind nothing in this one (protocol section 6, Scope). The store deletes their records with the block. */
  newEpoch(epoch: number): void {
    this.#epoch = epoch;
    this.#votes = this.#votesOfLater.get(epoch) ?? new EpochVotes();
    for (const later of this.#votesOfLater.keys()) if (later <= epoch) this.#votesOfLater.delete(later);
  }

  /**
   * An operator takes blocks off, from this tip on. Nothing is signed from now on until a height and an epoch after all that this node may have signed in, or until
   * it is back at this tip. To be stored before the first of them goes.
   */
  leave(tipHash: BlockHash): readonly GuardRecord[] {
    const record: GuardRecord = { kind: 'silence', throughHeight: Math.max(this.#height - 1, ...this.#heights.keys()), throughEpoch: this.#epoch, tipHash };
    this.#remember(record);
    return [record];
  }
  /** The tip is this one. It may be the one that was left last, where all records of what was signed after it are. To be stored with it. */
  arrived(tipHash: BlockHash): readonly GuardRecord[] {
    if (!this.#silence.isTipLeftLast(tipHash)) return [];
    const record: GuardRecord = { kind: 'end-silence' };
    this.#remember(record);
    return [record];
  }
  /** They are gone: `height` is to be decided next, in this epoch. */
  reverted(height: number, epoch: number): void {
    this.#height = height;
    this.forgetCertified();
    if (epoch === this.#epoch) return;
    this.#votesOfLater.set(this.#epoch, this.#votes);
    this.newEpoch(epoch);
  }
  /** Undefined: it may sign. */
  get silentThrough(): SilentThrough | undefined {
    return this.#silence.at(this.#height, this.#epoch);
  }

  /**
   * Settled, or made inapplicable, by a decided block: commits and accepts bind nothing any more (protocol section 6). So may an accept be
   * forgotten within its epoch: an inapplicable transfer can never be final, whatever certificate it has, since the block that made it
   * so was decided; then another that spends its remaining inputs conflicts with nothing final. Never for age or eviction. One batch with that block.
   */
  released(txids: readonly Txid[]): readonly GuardRecord[] {
    const bound = txids.filter((txid) => this.#votes.has(txid));
    if (bound.length === 0) return [];
    const record: GuardRecord = { kind: 'release', txids: bound };
    this.#remember(record);
    return [record];
  }

  /** A verified certificate of a height: a node that has not applied it never proposes (section 7). */
  certified(height: number): void {
    this.#certifiedHeight = Math.max(this.#certifiedHeight, height);
  }

  /** An operator has said which blocks are none, and these may be what was certified. What stands is seen again. */
  forgetCertified(): void {
    this.#certifiedHeight = this.#height - 1;
  }

  isBehind(height: number): boolean {
    return this.#certifiedHeight >= height;
  }

  /** Where the height goes on after a restart. */
  restored(height: number): RestoredHeight {
    return this.#signedIn(height)?.restored() ?? freshHeight;
  }
  /**
   * The votes signed in the height, in order, to be signed and sent again after a restart: others may have lost them, all of a quorum at
   * once too, and without the prevotes of a locked round nobody could be shown why to follow the lock.
   */
  ownVotes(height: number): readonly BlockVoteRecord[] {
    return this.#signedIn(height)?.ownVotes ?? [];
  }
  /** The proposal signed in that round: after a restart, the only one that may be sent. */
  proposalOf(height: number, round: number): ProposalRecord | undefined {
    return this.#signedIn(height)?.proposal(round);
  }
  /** Whether this was signed here, or may have been: of a height that is decided, here or on a branch that was left, nothing is kept. */
  knowsVote({ height, round, phase, blockHash }: Omit<BlockVoteRecord, 'kind'>): boolean {
    return this.#isForgotten(height) || this.#heights.get(height)?.voted(phase, round, blockHash) === 'same';
  }
  knowsProposal({ height, round, validRound, blockHash }: Omit<ProposalRecord, 'kind'>): boolean {
    const signed = this.#heights.get(height)?.proposal(round);
    return this.#isForgotten(height) || (signed !== undefined && signed.blockHash === blockHash && signed.validRound === validRound);
  }
  acceptedFor(key: OutpointKey): Txid | undefined {
    return this.#votes.accepts.spenderOf(key);
  }
  committedFor(key: OutpointKey): Txid | undefined {
    return this.#votes.commits.spenderOf(key);
  }
  hasAccepted(txid: Txid): boolean {
    return this.#votes.accepts.has(txid);
  }
  /** In this epoch, or in one of a branch that was left and may be come back to. */
  hasCommitted(txid: Txid): boolean {
    return [this.#votes, ...this.#votesOfLater.values()].some(({ commits }) => commits.has(txid));
  }

  #isForgotten(height: number): boolean {
    return height < this.#height || height <= this.#silence.height;
  }
  /** What may still be said again: nothing of a branch that was left. */
  #signedIn(height: number): HeightMemory | undefined {
    return this.#isForgotten(height) ? undefined : this.#heights.get(height);
  }

  #at(height: number): HeightMemory | undefined {
    if (height !== this.#height || this.silentThrough !== undefined) return undefined;
    for (const known of this.#heights.keys()) if (known > height) return undefined;
    return this.#memory(height);
  }

  #memory(height: number): HeightMemory {
    const known = this.#heights.get(height);
    if (known !== undefined) return known;
    const memory = new HeightMemory();
    this.#heights.set(height, memory);
    return memory;
  }

  #refusedBySilence(): GuardAnswer | undefined {
    const through = this.silentThrough;
    return through && refuse('silent', `through height ${through.height} and epoch ${through.epoch}`);
  }
  #refusedAt(height: number): GuardAnswer {
    const silent = this.#refusedBySilence();
    if (silent !== undefined) return silent;
    return refuse('wrong-height', `${height}: the next to decide is ${this.#height}, the latest signed in ${Math.max(0, ...this.#heights.keys())}`);
  }

  /** Rule 3: a commit is a lock from round -1. Only line 28 lifts it: a quorum of prevotes proves that X cannot become final in this height. */
  #commitLocks(vote: Prevote & { conflicts(committed: Txid): boolean }): GuardRefusal | undefined {
    if (earlierQuorumRound(vote) !== undefined) return undefined;
    for (const txid of this.#votes.commits.txids())
      if (vote.conflicts(txid)) return { code: 'conflicts-with-commit', detail: `${vote.blockHash} with ${txid}` };
    return undefined;
  }

  /** Undefined of an epoch that is over. A later one was begun on a branch that was left. */
  #votesIn(epoch: number): EpochVotes | undefined {
    if (epoch <= this.#epoch) return epoch === this.#epoch ? this.#votes : undefined;
    const later = this.#votesOfLater.get(epoch) ?? new EpochVotes();
    this.#votesOfLater.set(epoch, later);
    return later;
  }

  #record(record: GuardRecord): GuardAnswer {
    this.#remember(record);
    return allow(record);
  }

  /** The one place where the guard learns, now and from its records after a start: so both come to the same. */
  #remember(record: GuardRecord): void {
    switch (record.kind) {
      case 'block-vote':
      case 'proposal':
      case 'lock':
      case 'valid':
        if (record.height >= this.#height) this.#memory(record.height).remember(record);
        return;
      case 'accept':
        this.#votesIn(record.epoch)?.accepts.bind(record.txid, record.inputs);
        return;
      case 'commit':
        this.#votesIn(record.epoch)?.commits.bind(record.txid, record.inputs);
        return;
      case 'silence':
        this.#silence.begin({ height: record.throughHeight, epoch: record.throughEpoch }, record.tipHash);
        return;
      case 'end-silence':
        this.#silence.end();
        return;
      case 'release':
        for (const txid of record.txids) this.#votes.release(txid);
        return;
      default:
        unreachable(record);
    }
  }
}

/** The round of line 28's quorum, if there is one in an earlier round. */
const earlierQuorumRound = (vote: Prevote): number | undefined =>
  'quorumOfPrevotesInRound' in vote && vote.quorumOfPrevotesInRound < vote.round ? vote.quorumOfPrevotesInRound : undefined;

/** Lines 23 and 29 of the paper. */
function locks({ locked }: HeightMemory, vote: Prevote): GuardRefusal | undefined {
  if (locked === undefined || locked.blockHash === vote.blockHash) return undefined;
  const quorumRound = earlierQuorumRound(vote);
  if (quorumRound !== undefined && quorumRound >= locked.round) return undefined;
  return { code: 'locked', detail: `on ${locked.blockHash} in round ${locked.round}` };
}

/** Locked and valid values only rise. Undefined: this one may be recorded. */
function raise(held: RoundValue | undefined, value: RoundValue, isPast: boolean): GuardAnswer | undefined {
  if (isSameValue(held, value)) return allow();
  if (held?.round === value.round) return refuse('contradiction', `round ${value.round} has ${held.blockHash}`);
  return isPast ? refuse('regression', `round ${value.round} is past`) : undefined;
}

const isSameValue = (a: RoundValue | undefined, b: RoundValue): boolean => a !== undefined && a.round === b.round && a.blockHash === b.blockHash;
