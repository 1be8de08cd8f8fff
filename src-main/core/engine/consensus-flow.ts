import type { BlockHash, NodeId } from '../../../src-shared/domain/ids.ts';
import type { BlockCertificate, HashedBlock } from '../codec/block.ts';
import type { BlockProposal, BlockVote } from '../codec/block-vote.ts';
import { type DriverInput, type DriverOutput, HeightDriver } from '../consensus/driver.ts';
import { evidenceOf } from '../consensus/evidence.ts';
import type { ValueWeight } from '../consensus/round-tally.ts';
import { earlyBlockBytes } from '../constants.ts';
import { unreachable } from '../invariant.ts';
import type { BlockBuilder } from './block-builder.ts';
import type { BlockChecker } from './block-checker.ts';
import { nextSlotMs } from './block-rules.ts';
import { BlockVoteIntake } from './block-vote-intake.ts';
import type { BlockVoteSigner } from './block-vote-signer.ts';
import type { EngineContext, RestoredState } from './context.ts';
import { HeightExchange } from './height-exchange.ts';
import { HeightMessages } from './height-messages.ts';
import { HeightTimers } from './height-timers.ts';
import { HeldVotes } from './held-votes.ts';
import type { LateVotes } from './late-votes.ts';
import { type KnownHeight, type LeftHeight, storedHeight, storedLeftHeight } from './left-height.ts';
import { ProposalIntake } from './proposal-intake.ts';
import { ProposalValue } from './proposal-value.ts';
import type { BlockValidity, CheckedBlock, ProposedBlocks } from './proposed-blocks.ts';

interface Parts {
  readonly proposed: ProposedBlocks;
  readonly checker: BlockChecker;
  readonly builder: BlockBuilder;
  readonly signer: BlockVoteSigner;
  readonly late: LateVotes;
  readonly proposers: { at(height: number, round: number): NodeId };
  /** Called once per height; the tip has moved when it returns. */
  readonly decided: (checked: CheckedBlock, certificate: BlockCertificate) => void;
}

/** Tendermint for one height after another: when a height begins, what its driver is told, and what the driver's answers become in the world. */
export class ConsensusFlow {
  readonly #context: EngineContext;
  readonly #parts: Parts;
  readonly #messages = new HeightMessages();
  readonly votes: BlockVoteIntake;
  readonly proposals: ProposalIntake;
  readonly exchange: HeightExchange;
  readonly value: ProposalValue;
  #driver: HeightDriver;
  #beganMs: number | undefined;
  readonly #timers = new HeightTimers();
  readonly #held = new HeldVotes();
  /** Up to a height's worth of blocks, so kept no longer than this node is silent: when it signs elsewhere, there is no way back. */
  #left: LeftHeight | undefined;
  #queue: DriverInput[] = [];
  #driving = false;
  /** What was prevoted in the round that decided the height before, if that was here. */
  #decidedPrevotes: { readonly blockHash: BlockHash; readonly prevotes: readonly ValueWeight[] } | undefined;

  constructor(context: EngineContext, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
    this.#driver = this.#newDriver();
    const height = (): number => this.height;
    this.votes = new BlockVoteIntake(context, {
      height,
      early: (connection, vote) => this.#messages.keepVote(connection, vote),
      late: parts.late,
      taken: (vote) => this.#drive({ kind: 'vote', vote }),
    });
    const round = (): number => this.#driver.view().round;
    const needs = (blockHash: BlockHash): boolean => this.#driver.needs(blockHash);
    this.proposals = new ProposalIntake(context, {
      messages: this.#messages,
      height,
      round,
      proposerAt: (at, inRound) => parts.proposers.at(at, inRound),
      needs,
      isHere: (blockHash) => parts.proposed.block(blockHash) !== undefined,
      taken: (proposal, block) => this.#takeProposal(proposal, block),
    });
    this.exchange = new HeightExchange(context, { messages: this.#messages, height, round, votes: () => this.#driver.votes(), needs });
    this.value = new ProposalValue(context, parts, {
      height,
      round,
      proposals: () => this.#messages.proposals(),
      keep: (checked) => this.#keep(checked.block, { kind: 'valid', checked }),
      found: (round, blockHash) => this.#drive({ kind: 'value', round, blockHash }),
    });
  }

  /** The one being decided. */
  get height(): number {
    return this.#context.tip.height + 1;
  }
  /** When the first round of this height began here; undefined while its slot has not come. */
  get beganMs(): number | undefined {
    return this.#beganMs;
  }
  view(): ReturnType<HeightDriver['view']> {
    return this.#driver.view();
  }
  /** Of the round that decided this block; undefined where that was not seen here. */
  prevotesFor(blockHash: BlockHash): readonly ValueWeight[] | undefined {
    return this.#decidedPrevotes?.blockHash === blockHash ? this.#decidedPrevotes.prevotes : undefined;
  }
  nextSlotMs(): number {
    return nextSlotMs(this.#context.tip, this.#context);
  }

  /** At start and after every decided block. */
  newHeight(): void {
    if (!this.#context.isReverting && this.#context.guard.silentThrough === undefined) this.#left = undefined;
    this.#parts.proposed.clear();
    this.#driver = this.#newDriver();
    this.#beganMs = undefined;
    this.#timers.clear();
    this.value.newHeight();
    this.#held.clear();
    this.#queue = [];
    this.votes.newHeight();
    this.exchange.newHeight();
    this.#context.emit({ kind: 'set-timer', timer: 'slot', atMs: this.nextSlotMs() });
    this.#setTimer();
    const early = this.#messages.nextHeight();
    for (const { connection, proposal } of early.proposals) this.proposals.received(connection, proposal);
    for (const { connection, vote } of early.votes) this.votes.received(connection, [vote]);
    this.startIfDue();
  }

  /** The tip is an earlier one, or an operator marked a block: what was heard of this height or another is asked for again. */
  afresh(): void {
    this.#messages.nextHeight();
    this.votes.afresh();
    this.newHeight();
    this.exchange.ask();
  }

  /**
   * The tip is about to be taken off. Where this node has signed at the height after it, it will be bound again if it comes back, and perhaps to a block that nobody else has
   * kept: where all have left, and all come back, the height goes on as it was.
   */
  leaving(): void {
    if (this.#context.guard.silentThrough !== undefined) return;
    const proposals = this.#messages.proposals().flatMap((proposal) => {
      const block = this.#parts.proposed.block(proposal.blockHash);
      return block === undefined ? [] : [{ proposal, block }];
    });
    this.#left = { tipHash: this.#context.tip.hash, quorums: [], blocks: [], votes: this.#driver.votes(), proposals };
  }
  /** Blocks were taken off or put on, and this is the tip now: as `afresh`, and if it is the one that was left, with all that was known there. */
  arrived(): void {
    const left = this.#left;
    this.afresh();
    if (left?.tipHash === this.#context.tip.hash) this.#recall(left);
    if (this.#context.maySign) this.maySign();
  }

  /** The timer of the slot: too early if the clock was set back since, and then it is set again. */
  slot(): void {
    this.startIfDue();
    if (this.#beganMs === undefined && this.#context.nowMs < this.nextSlotMs())
      this.#context.emit({ kind: 'set-timer', timer: 'slot', atMs: this.nextSlotMs() });
  }

  /** A height begins with its slot, or at once when final transactions fill half a block (protocol section 7). Who listens goes along, and begins nothing. */
  startIfDue(): void {
    const { snapshot, halted, listening } = this.#context;
    if (this.#beganMs !== undefined || snapshot.totalWeight === 0 || halted || listening.isListening) return;
    if (this.#context.nowMs >= this.nextSlotMs() || this.#context.isClosing || this.#context.mempool.finalBytes() >= earlyBlockBytes)
      this.#drive({ kind: 'start', round: 0 });
  }

  /** After a restart. */
  restore(stored: Pick<RestoredState, 'proposedBlocks' | 'blockVotes'>): void {
    if (this.#context.guard.silentThrough !== undefined) this.#left = storedLeftHeight(stored);
    this.#recall(storedHeight(stored, this.height));
  }
  #recall({ quorums, blocks, votes, proposals }: KnownHeight): void {
    for (const prevotes of quorums) this.#drive({ kind: 'prevotes', votes: prevotes });
    for (const block of blocks) this.#check(block);
    for (const vote of votes) this.#drive({ kind: 'vote', vote });
    for (const { proposal, block } of proposals) this.#takeProposal(proposal, block);
  }

  /**
   * This node has listened. What it signed at this height before a restart it signs again, byte for byte the same: others may have lost it, all of a
   * quorum at once too. Then it says what it would have said in this round.
   */
  maySign(): void {
    const { guard } = this.#context;
    for (const { round, phase, blockHash } of guard.ownVotes(this.height)) this.#sendOwn(this.#parts.signer.signAgain(this.height, round, phase, blockHash));
    for (let round = 0; round <= guard.restored(this.height).round; round++) this.#proposeAgain(round);
    for (const output of this.#held.take(this.#driver.view().round)) this.#carryOut(output);
    this.startIfDue();
  }

  timer(): void {
    const { nowMs } = this.#context;
    for (const timeout of this.#timers.takeDue(nowMs)) this.#drive({ kind: 'timeout', timeout });
    if (this.#timers.isRepeatDue(nowMs)) {
      this.#timers.repeatAfter(nowMs);
      this.exchange.repeat();
    }
    this.#setTimer();
  }

  #newDriver(): HeightDriver {
    const { snapshot, options, guard, params, voter, invalid } = this.#context;
    const { height } = this;
    return new HeightDriver({
      height,
      snapshot,
      self: voter === undefined ? undefined : options.self,
      proposerAt: (round) => this.#parts.proposers.at(height, round),
      timeouts: params.timeouts,
      restored: guard.restored(height),
      isRefused: (blockHash) => invalid.has(blockHash),
    });
  }

  #takeProposal(proposal: BlockProposal, block: HashedBlock): void {
    this.#messages.addProposal(proposal, (blockHash) => this.#driver.needs(blockHash));
    const validity = this.#parts.proposed.validity(block.hash);
    if (validity === undefined) this.#check(block);
    else if (validity.kind !== 'checking') this.#proposalChecked(proposal, validity.kind);
  }

  #check(block: HashedBlock): void {
    const { checker, proposed } = this.#parts;
    if (!this.#keep(block, { kind: 'checking' })) return;
    const height = this.height;
    checker.check(block, (result) => {
      // The height is decided, or the block had to make room.
      if (height !== this.height || proposed.block(block.hash) === undefined) return;
      proposed.setValidity(block.hash, result.ok ? { kind: 'valid', checked: result.value } : { kind: 'invalid', rejection: result.rejection });
      if (!result.ok)
        this.#context.publish({
          kind: 'vote-refused',
          what: `proposed block ${block.hash} of ${block.header.proposer}`,
          reason: `${result.rejection.code} ${result.rejection.detail}`,
        });
      const validity = result.ok ? 'valid' : 'invalid';
      for (const proposal of this.#messages.proposalsOf(block.hash)) this.#proposalChecked(proposal, validity);
      this.#drive({ kind: 'block', blockHash: block.hash, validity });
      this.value.mayBeKnown();
    });
  }

  /** Where there is no room, the oldest block goes that nobody needs. It may come again. */
  #keep(block: HashedBlock, validity: BlockValidity): boolean {
    const { kept, dropped } = this.#parts.proposed.add(block, validity, (blockHash) => this.#driver.needs(blockHash));
    if (dropped !== undefined) {
      this.#messages.dropProposalsOf(dropped);
      this.#driver.forget(dropped);
    }
    return kept;
  }

  /**
   * Another clock may be ahead of this one, and others know of more final transactions: what they propose begins the height here too, before its slot, but only by what this node would
   * prevote, and not by a later turn's. Whatever else would be voted down, and before the slot whose turn comes then can make no block: it would lose its round.
   */
  #proposalChecked(proposal: BlockProposal, validity: 'valid' | 'invalid'): void {
    const { round, validRound, blockHash, nodeId } = proposal;
    const mayBegin = this.#beganMs === undefined && round <= this.#driver.view().round;
    if (mayBegin && this.#parts.signer.isAcceptable(blockHash, round)) this.#drive({ kind: 'start', round: 0 });
    this.#drive({ kind: 'proposal', proposal: { round, validRound, blockHash, nodeId }, validity });
  }

  /** One input at a time: what carrying out its outputs brings (own votes above all) comes after them. None while blocks are taken off, under the driver. */
  #drive(input: DriverInput): void {
    if (!this.#context.isReverting) this.#queue.push(input);
    if (this.#driving) return;
    this.#driving = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        const driver = this.#driver;
        for (const output of driver.handle(next)) {
          this.#carryOut(output);
          if (driver !== this.#driver) break;
        }
      }
    } finally {
      this.#driving = false;
    }
    this.#setTimer();
  }

  #carryOut(output: DriverOutput): void {
    const { signer, proposed } = this.#parts;
    const { nowMs, listening } = this.#context;
    const height = this.height;
    if (listening.isListening && this.#held.hold(output)) return;
    switch (output.kind) {
      case 'round':
        if (this.#beganMs === undefined) {
          this.#beganMs = nowMs;
          this.#timers.repeatAfter(nowMs);
        }
        return this.#context.publish({ kind: 'round-started', height, round: output.round, proposer: output.proposer });
      case 'get-value':
        return this.value.wanted(output.round);
      case 'propose': {
        const block = proposed.block(output.blockHash);
        const proposal = block === undefined ? undefined : signer.propose(height, output.round, block, output.validRound);
        if (proposal === undefined || block === undefined) return;
        this.#context.broadcast({ type: 'BlockProposal', body: proposal });
        return this.#takeProposal(proposal, block);
      }
      case 'prevote':
        return this.#sendOwn(signer.prevote(height, output));
      case 'precommit':
        return this.#sendOwn(signer.precommit(height, output.round, output.blockHash));
      case 'locked':
        return signer.lock(height, output);
      case 'valid-value':
        return signer.keepValid(height, output, this.#driver.prevotesFor(output));
      case 'set-timeout':
        return this.#timers.add({ step: output.step, round: output.round }, output.afterMs + this.#proposersWaitMs(output), nowMs);
      case 'certified-unknown-block':
        this.#context.guard.certified(height);
        return this.exchange.ask();
      case 'decide':
        return this.#decide(output.blockHash, output.certificate);
      case 'conflicting-certificates':
        return this.#context.halts.conflict(output.first, output.second);
      case 'evidence':
        return this.#context.report(evidenceOf(output.first, output.second));
      default:
        unreachable(output);
    }
  }

  #proposeAgain(round: number): void {
    const { proposed, signer } = this.#parts;
    const before = this.#context.guard.proposalOf(this.height, round);
    const block = before && proposed.block(before.blockHash);
    const proposal = before && block && signer.propose(this.height, round, block, before.validRound);
    if (block !== undefined && proposal !== undefined) this.#takeProposal(proposal, block);
  }

  #sendOwn(vote: BlockVote | undefined): void {
    if (vote === undefined) return;
    this.votes.own(vote);
    this.#context.broadcast({ type: 'BlockVote', body: vote });
    this.#drive({ kind: 'vote', vote });
  }

  #decide(blockHash: BlockHash, certificate: BlockCertificate): void {
    const validity = this.#parts.proposed.validity(blockHash);
    if (validity?.kind !== 'valid' || this.#context.halted) return;
    const { round, prevotes } = this.#driver.view();
    this.#decidedPrevotes = round === certificate.round ? { blockHash, prevotes } : undefined;
    this.#parts.decided(validity.checked, certificate);
  }

  /** Who may close the epoch waits before it begins the block (protocol section 6, rule 4), so it is waited for so much longer. */
  #proposersWaitMs({ step, round }: Extract<DriverOutput, { readonly kind: 'set-timeout' }>): number {
    const { isClosing, params } = this.#context;
    return isClosing && step === 'propose' && round === 0 ? params.epochCloseWaitMs : 0;
  }
  #setTimer(): void {
    this.#context.emit({ kind: 'set-timer', timer: 'consensus', atMs: this.#timers.nextMs(this.#context.nowMs) });
  }
}
