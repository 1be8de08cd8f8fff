import type { BlockHash, NodeId } from '../../../src-shared/domain/ids.ts';
import type { BlockCertificate } from '../codec/block.ts';
import type { BlockProposal, BlockVote } from '../codec/block-vote.ts';
import { invariant, unreachable } from '../invariant.ts';
import type { Params } from '../params.ts';
import type { Snapshot } from '../snapshot.ts';
import {
  type RestoredHeight,
  type RoundInput,
  type RoundOutput,
  type RoundState,
  type RoundValue,
  type Step,
  step,
  type TimeoutStep,
  type Validity,
  waitingAt,
} from './round-state.ts';
import type { Added, ValueWeight } from './round-tally.ts';
import { VoteKeeper } from './vote-keeper.ts';

/** Proposals of rounds further ahead than this are not held: their signers are asked again when the round comes. */
export const maxProposalRoundsAhead = 16;

export interface HeightDriverOptions {
  readonly height: number;
  readonly snapshot: Snapshot;
  /** Undefined, or of no member: follows and decides, and is never asked to propose or vote. */
  readonly self: NodeId | undefined;
  proposerAt(round: number): NodeId;
  readonly timeouts: Params['timeouts'];
  /** `freshHeight`, or what the guard kept (`SignGuard.restored`). */
  readonly restored: RestoredHeight;
  /** Marked as invalid by the operator: whatever quorum precommits it, it is not decided, and contradicts nothing. None where left out. */
  readonly isRefused?: (blockHash: BlockHash) => boolean;
}

/** What the driver needs of a signed proposal whose block is known and checked. `valid` is by the chain alone (protocol section 7). */
export type DriverProposal = Pick<BlockProposal, 'round' | 'validRound' | 'blockHash' | 'nodeId'>;

/**
 * Signatures are verified before. The node's own proposals and votes come in like any other's, once they are signed and durable.
 * Before `start` everything is held and counted already, and the height may start or be decided by what others sign.
 */
export type DriverInput =
  /** Once a block is due. The round is the restored one if that is later. */
  | { readonly kind: 'start'; readonly round: number }
  | { readonly kind: 'proposal'; readonly proposal: DriverProposal; readonly validity: Validity }
  /** A block that became known otherwise, such as the one asked for by `certified-unknown-block`. */
  | { readonly kind: 'block'; readonly blockHash: BlockHash; readonly validity: Validity }
  /** Of this height, by a member. */
  | { readonly kind: 'vote'; readonly vote: BlockVote }
  /** Of this height: a quorum of valid precommits. */
  | { readonly kind: 'certificate'; readonly certificate: BlockCertificate }
  /** Of this height: a quorum of prevotes for a block, which this node kept through a restart. */
  | { readonly kind: 'prevotes'; readonly votes: readonly BlockVote[] }
  /** Answers `get-value`. */
  | { readonly kind: 'value'; readonly round: number; readonly blockHash: BlockHash }
  | { readonly kind: 'timeout'; readonly timeout: { readonly step: TimeoutStep; readonly round: number } };

export type DriverOutput =
  /** Entered: what is sent from here on belongs to it. */
  | { readonly kind: 'round'; readonly round: number; readonly proposer: NodeId }
  /** L18: build a block, answered by `value`; the timeout of the round does not wait for it. */
  | Extract<RoundOutput, { kind: 'get-value' }>
  /** L19. */
  | Extract<RoundOutput, { kind: 'propose' }>
  /** A `fresh` block may be turned into nil, for the reasons that section 7 asks about only then. */
  | Extract<RoundOutput, { kind: 'prevote' }>
  | Extract<RoundOutput, { kind: 'precommit' }>
  /** To be durable, in this order, before the precommit that follows leaves. */
  | Extract<RoundOutput, { kind: 'locked' | 'valid-value' }>
  /** Answered by `timeout`. Those of earlier rounds do no harm when they fire. */
  | (Extract<RoundOutput, { kind: 'set-timeout' }> & { readonly afterMs: number })
  /** Once, and then nothing but evidence: the next height has a driver of its own. */
  | { readonly kind: 'decide'; readonly round: number; readonly blockHash: BlockHash; readonly certificate: BlockCertificate }
  /** Once for each such block: it is decided as soon as it is given here as valid. */
  | { readonly kind: 'certified-unknown-block'; readonly round: number; readonly blockHash: BlockHash }
  /** Section 8: a third of the weight is faulty. Nothing is decided here any more. */
  | { readonly kind: 'conflicting-certificates'; readonly first: BlockCertificate; readonly second: BlockCertificate }
  /** Once for each signer, round and phase. */
  | { readonly kind: 'evidence'; readonly first: BlockVote; readonly second: BlockVote };

export interface DriverView {
  readonly height: number;
  readonly round: number;
  readonly step: Step;
  readonly proposer: NodeId;
  readonly totalWeight: number;
  /** Of the round, each value in the order of its first vote. */
  readonly prevotes: readonly ValueWeight[];
  readonly precommits: readonly ValueWeight[];
}

/** What only a member does. */
const ofMembers: ReadonlySet<RoundOutput['kind']> = new Set<RoundOutput['kind']>(['get-value', 'propose', 'prevote', 'precommit', 'locked', 'valid-value']);

/** One height: holds proposals and votes, and after each input takes every line of the paper that applies, until none does. */
export class HeightDriver {
  readonly #options: HeightDriverOptions;
  readonly #member: boolean;
  readonly #keeper: VoteKeeper;
  #state: RoundState;
  /** The first proposal of each round by its proposer; a proposer that signs more gains nothing by it. */
  readonly #proposals = new Map<number, DriverProposal>();
  /** The blocks of those proposals, and wanted ones. As small as the rounds entered are few. */
  readonly #validity = new Map<BlockHash, Validity>();
  /** One for each block with a precommit quorum in some round: within the model, one. */
  readonly #certified: RoundValue[] = [];

  constructor(options: HeightDriverOptions) {
    this.#options = options;
    this.#member = options.self !== undefined && options.snapshot.byNode.has(options.self);
    this.#keeper = new VoteKeeper(options.snapshot);
    this.#state = waitingAt(options.restored);
    this.#keeper.enterRound(this.#state.round);
  }

  handle(input: DriverInput): DriverOutput[] {
    const outputs: DriverOutput[] = [];
    this.#take(input, outputs);
    for (let due = this.#due(); due !== undefined; due = this.#due()) this.#step(due, outputs);
    return outputs;
  }

  view(): DriverView {
    const { round, step } = this.#state;
    const tally = this.#keeper.round(round);
    return {
      height: this.#options.height,
      round,
      step,
      proposer: this.#options.proposerAt(round),
      totalWeight: this.#options.snapshot.totalWeight,
      prevotes: tally?.prevote.weights() ?? [],
      precommits: tally?.precommit.weights() ?? [],
    };
  }

  /** Every vote held, to answer who asks for them: by round, prevotes first, in snapshot order. */
  votes(): readonly BlockVote[] {
    return this.#keeper.votes();
  }

  /** What a valid value of this height stands on. */
  prevotesFor(value: RoundValue): readonly BlockVote[] {
    return this.#keeper.prevotesFor(value);
  }

  /** Of a block with a quorum of precommits in one round; undefined of any other. */
  certificateFor(blockHash: BlockHash): BlockCertificate | undefined {
    const value = this.#certified.find((one) => one.blockHash === blockHash);
    return value && this.#keeper.certificate(this.#options.height, value);
  }

  /** What this height may still turn on: a block that is locked or valid here, or that a quorum voted for in any round. */
  needs(blockHash: BlockHash): boolean {
    const { locked, valid } = this.#state;
    return locked?.blockHash === blockHash || valid?.blockHash === blockHash || this.#isCertified(blockHash) || this.#keeper.hasPolkaInAnyRound(blockHash);
  }
  /** Its block is not here any more: it is unknown again, and asked for if it gets a certificate. */
  forget(blockHash: BlockHash): void {
    this.#validity.delete(blockHash);
  }

  #take(input: DriverInput, outputs: DriverOutput[]): void {
    switch (input.kind) {
      case 'start':
        this.#step({ kind: 'start-round', round: Math.max(input.round, this.#options.restored.round) }, outputs);
        return;
      case 'proposal':
        this.#holdProposal(input.proposal, input.validity);
        return;
      case 'block':
        if (this.#isWanted(input.blockHash)) this.#validity.set(input.blockHash, input.validity);
        return;
      case 'vote':
        invariant(input.vote.height === this.#options.height, 'a vote reaches the driver of its height');
        this.#counted(this.#keeper.add(input.vote), input.vote, outputs);
        return;
      case 'certificate':
        this.#countQuorum(votesOf(input.certificate), outputs);
        return;
      case 'prevotes':
        this.#countQuorum(input.votes, outputs);
        return;
      case 'value':
        this.#step(input, outputs);
        return;
      case 'timeout':
        this.#step({ kind: 'timeout', ...input.timeout }, outputs);
        return;
      default:
        unreachable(input);
    }
  }

  #holdProposal(proposal: DriverProposal, validity: Validity): void {
    const { round, validRound, blockHash, nodeId } = proposal;
    if (round > this.#state.round + maxProposalRoundsAhead || nodeId !== this.#options.proposerAt(round)) return;
    // A proposal that could never be prevoted is none: L28 asks for vr < round_p.
    if (validRound !== undefined && validRound >= round) return;
    const held = this.#proposals.get(round);
    if (held === undefined) this.#proposals.set(round, proposal);
    if (held === undefined || held.blockHash === blockHash || this.#isWanted(blockHash)) this.#validity.set(blockHash, validity);
  }

  /** A quorum voted for it, so it is known and valid to honest members, whatever else its proposer signed. */
  #isWanted(blockHash: BlockHash): boolean {
    return this.#isCertified(blockHash) || this.#keeper.hasPolka({ round: this.#state.round, blockHash });
  }

  #isCertified(blockHash: BlockHash): boolean {
    return this.#certified.some((one) => one.blockHash === blockHash);
  }

  #countQuorum(votes: readonly BlockVote[], outputs: DriverOutput[]): void {
    for (const { added, vote } of this.#keeper.addQuorum(votes)) this.#counted(added, vote, outputs);
  }

  #counted(added: Added, vote: BlockVote, outputs: DriverOutput[]): void {
    if (added.kind === 'ignored') return;
    if (added.kind === 'conflict') outputs.push({ kind: 'evidence', first: added.first, second: vote });
    const { round, blockHash, phase } = vote;
    if (phase !== 'precommit' || blockHash === undefined || this.#isCertified(blockHash) || this.#options.isRefused?.(blockHash) === true) return;
    if (!this.#keeper.hasPrecommitQuorum({ round, blockHash })) return;
    const [first] = this.#certified;
    this.#certified.push({ round, blockHash });
    // A quorum was there: what is held of this round is not ahead any more, and stays.
    this.#keeper.enterRound(round);
    if (first !== undefined) {
      const { height } = this.#options;
      outputs.push({
        kind: 'conflicting-certificates',
        first: this.#keeper.certificate(height, first),
        second: this.#keeper.certificate(height, { round, blockHash }),
      });
    } else if (!this.#validity.has(blockHash)) outputs.push({ kind: 'certified-unknown-block', round, blockHash });
  }

  /** A line of the paper whose condition holds and that changes the state; taking it makes its condition false, so this comes to an end. */
  #due(): RoundInput | undefined {
    const { step, round } = this.#state;
    if (step === 'decided') return undefined;
    const [certified, another] = this.#certified;
    // L49. That a quorum precommitted it stands for the proposal: an honest member among them had it from the round's proposer.
    if (certified !== undefined && another === undefined && this.#validity.get(certified.blockHash) === 'valid')
      return { kind: 'proposal-precommits', ...certified };
    // L55.
    const later = this.#keeper.latestSkipRound(step === 'waiting' ? round : round + 1);
    if (later !== undefined) return { kind: 'skip-round', round: later };
    if (step === 'waiting') return undefined;
    if (step === 'propose') return this.#dueProposal(round);
    return this.#duePolka(step, round) ?? this.#dueTimeout(step, round);
  }

  /** L22 and L28. */
  #dueProposal(round: number): RoundInput | undefined {
    const proposal = this.#proposals.get(round);
    const validity = proposal && this.#validity.get(proposal.blockHash);
    if (proposal !== undefined && validity !== undefined) {
      const { blockHash, validRound } = proposal;
      if (validRound === undefined) return { kind: 'proposal', blockHash, validity };
      if (this.#keeper.hasPolka({ round: validRound, blockHash })) return { kind: 'proposal-earlier-polka', blockHash, validRound, validity };
    }
    return this.#dueTimeout('propose', round);
  }

  /** L36 and L44. As in L49, the quorum stands for the proposal. */
  #duePolka(step: 'prevote' | 'precommit', round: number): RoundInput | undefined {
    const prevotes = this.#keeper.round(round)?.prevote;
    const blockHash = prevotes?.blockWithQuorum();
    const fires = step === 'prevote' || this.#state.valid?.round !== round;
    if (fires && blockHash !== undefined && this.#validity.get(blockHash) === 'valid') return { kind: 'proposal-polka', blockHash };
    return step === 'prevote' && prevotes?.hasQuorumFor(undefined) ? { kind: 'polka-nil' } : undefined;
  }

  /** L34 and L47, for the first time each. */
  #dueTimeout(step: 'propose' | 'prevote' | 'precommit', round: number): RoundInput | undefined {
    const { prevoteTimeoutSet, precommitTimeoutSet } = this.#state;
    const tally = this.#keeper.round(round);
    if (step === 'prevote' && !prevoteTimeoutSet && tally?.prevote.hasQuorumOfAny()) return { kind: 'polka-any' };
    return !precommitTimeoutSet && tally?.precommit.hasQuorumOfAny() ? { kind: 'precommit-any' } : undefined;
  }

  #step(input: RoundInput, outputs: DriverOutput[]): void {
    this.#enter(
      step(this.#state, input, (round) => this.#member && this.#options.proposerAt(round) === this.#options.self),
      outputs,
    );
  }

  #enter(transition: { readonly state: RoundState; readonly outputs: readonly RoundOutput[] }, outputs: DriverOutput[]): void {
    this.#state = transition.state;
    for (const output of transition.outputs) {
      if (output.kind === 'round') this.#keeper.enterRound(output.round);
      if (this.#member || !ofMembers.has(output.kind)) outputs.push(this.#withContext(output));
    }
  }

  #withContext(output: RoundOutput): DriverOutput {
    if (output.kind === 'round') return { ...output, proposer: this.#options.proposerAt(output.round) };
    if (output.kind === 'set-timeout') return { ...output, afterMs: this.#timeoutMs(output.step, output.round) };
    if (output.kind === 'decide') return { ...output, certificate: this.#keeper.certificate(this.#options.height, output) };
    return output;
  }

  /** The paper's timeouts grow with the round, so that in the end they exceed what messages take. */
  #timeoutMs(step: TimeoutStep, round: number): number {
    const { proposeMs, prevoteMs, precommitMs, perRoundMs } = this.#options.timeouts;
    const firstMs: Record<TimeoutStep, number> = { propose: proposeMs, prevote: prevoteMs, precommit: precommitMs };
    return firstMs[step] + round * perRoundMs;
  }
}

const votesOf = ({ height, round, blockHash, precommits }: BlockCertificate): readonly BlockVote[] =>
  precommits.map(({ nodeId, signature }) => ({ height, round, phase: 'precommit', blockHash, nodeId, signature }));
