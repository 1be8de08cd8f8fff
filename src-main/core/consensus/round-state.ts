import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import { unreachable } from '../invariant.ts';

/**
 * The state machine of one height of Tendermint (Buchman, Kwon, Milosevic 2018, arXiv 1807.04938, algorithm 1), without messages, votes or
 * timers: `driver.ts` finds out which of the paper's "upon" lines hold and gives them here. "L22" and the like are the paper's lines.
 *
 * | input                   | lines | step                | next      | outputs                                 |
 * |-------------------------|-------|---------------------|-----------|-----------------------------------------|
 * | start-round             | 11-21 | waiting             | propose   | round, timeout, get-value or propose    |
 * | value                   | 18-19 | propose             | propose   | propose                                 |
 * | proposal                | 22-27 | propose             | prevote   | prevote                                 |
 * | proposal-earlier-polka  | 28-33 | propose             | prevote   | prevote                                 |
 * | polka-any               | 34-35 | prevote             | prevote   | timeout, the first time                 |
 * | proposal-polka          | 36-43 | prevote             | precommit | valid value, lock, precommit            |
 * | proposal-polka          | 42-43 | precommit           | precommit | valid value, the first time             |
 * | polka-nil               | 44-46 | prevote             | precommit | precommit nil                           |
 * | precommit-any           | 47-48 | any but waiting     | same      | timeout, the first time                 |
 * | proposal-precommits     | 49-54 | any                 | decided   | decide                                  |
 * | skip-round              | 55-56 | any, a later round  | propose   | as start-round                          |
 * | timeout propose         | 57-60 | propose, this round | prevote   | prevote nil                             |
 * | timeout prevote         | 61-64 | prevote, this round | precommit | precommit nil                           |
 * | timeout precommit       | 65-67 | any, this round     | propose   | as start-round of the next round        |
 *
 * Anything else changes nothing. A decided height stays decided: the paper's line 54, the next height, is a new state.
 */
export type Step = 'waiting' | 'propose' | 'prevote' | 'precommit' | 'decided';
export type TimeoutStep = 'propose' | 'prevote' | 'precommit';

export interface RoundValue {
  readonly round: number;
  readonly blockHash: BlockHash;
}

export interface RoundState {
  /** The paper's round_p; while `waiting`, the round that will be started. */
  readonly round: number;
  readonly step: Step;
  /** The step at which the round that is waited for starts: after a crash, the one after the last vote signed in it, which is not asked for again. */
  readonly firstStep: TimeoutStep;
  /** lockedValue_p and lockedRound_p; undefined is the paper's nil and -1. */
  readonly locked: RoundValue | undefined;
  /** validValue_p and validRound_p. */
  readonly valid: RoundValue | undefined;
  /** L18 asked for a value that has not come. */
  readonly awaitsValue: boolean;
  /** "For the first time" of L34 and L47, in this round. */
  readonly prevoteTimeoutSet: boolean;
  readonly precommitTimeoutSet: boolean;
}

export type Validity = 'valid' | 'invalid';

export type RoundInput =
  | { readonly kind: 'start-round'; readonly round: number }
  | { readonly kind: 'value'; readonly round: number; readonly blockHash: BlockHash }
  | { readonly kind: 'proposal'; readonly blockHash: BlockHash; readonly validity: Validity }
  | { readonly kind: 'proposal-earlier-polka'; readonly blockHash: BlockHash; readonly validRound: number; readonly validity: Validity }
  | { readonly kind: 'polka-any' }
  | { readonly kind: 'proposal-polka'; readonly blockHash: BlockHash }
  | { readonly kind: 'polka-nil' }
  | { readonly kind: 'precommit-any' }
  | { readonly kind: 'proposal-precommits'; readonly round: number; readonly blockHash: BlockHash }
  | { readonly kind: 'skip-round'; readonly round: number }
  | { readonly kind: 'timeout'; readonly step: TimeoutStep; readonly round: number };

/**
 * A prevote, with what allows it: nothing is asked of nil; a fresh proposal's block stands on L22; a block that is proposed again on L28,
 * by a quorum of prevotes for it in an earlier round.
 */
export type Prevote =
  | { readonly round: number; readonly blockHash: undefined; readonly fresh: false }
  | { readonly round: number; readonly blockHash: BlockHash; readonly fresh: true }
  | { readonly round: number; readonly blockHash: BlockHash; readonly fresh: false; readonly quorumOfPrevotesInRound: number };

export type RoundOutput =
  | { readonly kind: 'round'; readonly round: number }
  | { readonly kind: 'get-value'; readonly round: number }
  | { readonly kind: 'propose'; readonly round: number; readonly blockHash: BlockHash; readonly validRound: number | undefined }
  | ({ readonly kind: 'prevote' } & Prevote)
  | { readonly kind: 'precommit'; readonly round: number; readonly blockHash: BlockHash | undefined }
  | { readonly kind: 'locked'; readonly round: number; readonly blockHash: BlockHash }
  | { readonly kind: 'valid-value'; readonly round: number; readonly blockHash: BlockHash }
  | { readonly kind: 'set-timeout'; readonly step: TimeoutStep; readonly round: number }
  | { readonly kind: 'decide'; readonly round: number; readonly blockHash: BlockHash };

export interface Transition {
  readonly state: RoundState;
  readonly outputs: readonly RoundOutput[];
}

/** What a height starts from: nothing, or what the guard kept through a restart. `step` is the one after the last vote signed in `round`. */
export interface RestoredHeight {
  readonly round: number;
  readonly step: TimeoutStep;
  readonly locked: RoundValue | undefined;
  readonly valid: RoundValue | undefined;
}
export const freshHeight: RestoredHeight = { round: 0, step: 'propose', locked: undefined, valid: undefined };

export const waitingAt = ({ round, step, locked, valid }: RestoredHeight): RoundState => ({
  round,
  step: 'waiting',
  firstStep: step,
  locked,
  valid,
  awaitsValue: false,
  prevoteTimeoutSet: false,
  precommitTimeoutSet: false,
});

/** `isProposer` is the paper's proposer(h_p, round) = p. */
export function step(state: RoundState, input: RoundInput, isProposer: (round: number) => boolean): Transition {
  if (state.step === 'decided') return { state, outputs: [] };
  switch (input.kind) {
    case 'start-round':
      return state.step === 'waiting' && input.round >= state.round ? startRound(state, input.round, isProposer(input.round)) : { state, outputs: [] };
    case 'skip-round':
      // L55. While waiting, the round to start is a higher one too: an honest member has started it.
      return input.round > state.round || (state.step === 'waiting' && input.round === state.round)
        ? startRound(state, input.round, isProposer(input.round))
        : { state, outputs: [] };
    case 'value':
      return propose(state, input);
    case 'proposal':
      return onProposal(state, input);
    case 'proposal-earlier-polka':
      return onProposalAndEarlierPolka(state, input);
    case 'polka-any':
      // L34, for the first time; L35.
      if (state.step !== 'prevote' || state.prevoteTimeoutSet) return { state, outputs: [] };
      return { state: { ...state, prevoteTimeoutSet: true }, outputs: [{ kind: 'set-timeout', step: 'prevote', round: state.round }] };
    case 'proposal-polka':
      return onPolka(state, input.blockHash);
    case 'polka-nil':
      // L44-46.
      return state.step === 'prevote' ? precommitNil(state) : { state, outputs: [] };
    case 'precommit-any':
      // L47, for the first time; L48.
      if (state.step === 'waiting' || state.precommitTimeoutSet) return { state, outputs: [] };
      return { state: { ...state, precommitTimeoutSet: true }, outputs: [{ kind: 'set-timeout', step: 'precommit', round: state.round }] };
    case 'proposal-precommits':
      // L49-51, of any round.
      return { state: { ...state, step: 'decided' }, outputs: [{ kind: 'decide', round: input.round, blockHash: input.blockHash }] };
    case 'timeout':
      return input.round === state.round ? onTimeout(state, input.step, isProposer) : { state, outputs: [] };
    default:
      return unreachable(input);
  }
}

/**
 * L11-21. Two differences: the proposer sets the timeout of L21 as well, so that a block it fails to build, or may not sign, costs it one
 * round and never stops it; and L18's value is asked for, and answered by `value`.
 */
function startRound(from: RoundState, round: number, isProposer: boolean): Transition {
  if (from.step === 'waiting' && round === from.round && from.firstStep !== 'propose') {
    return { state: { ...from, step: from.firstStep }, outputs: [{ kind: 'round', round }] };
  }
  const { valid } = from;
  const state: RoundState = {
    ...from,
    round,
    step: 'propose',
    awaitsValue: isProposer && valid === undefined,
    prevoteTimeoutSet: false,
    precommitTimeoutSet: false,
  };
  const outputs: RoundOutput[] = [
    { kind: 'round', round },
    { kind: 'set-timeout', step: 'propose', round },
  ];
  // L14-19.
  if (isProposer)
    outputs.push(valid === undefined ? { kind: 'get-value', round } : { kind: 'propose', round, blockHash: valid.blockHash, validRound: valid.round });
  return { state, outputs };
}

/** L19, with the value that L18 asked for. */
function propose(state: RoundState, { round, blockHash }: { readonly round: number; readonly blockHash: BlockHash }): Transition {
  if (state.step !== 'propose' || !state.awaitsValue || round !== state.round) return { state, outputs: [] };
  return { state: { ...state, awaitsValue: false }, outputs: [{ kind: 'propose', round, blockHash, validRound: undefined }] };
}

/** L22-27. */
function onProposal(state: RoundState, { blockHash, validity }: { readonly blockHash: BlockHash; readonly validity: Validity }): Transition {
  if (state.step !== 'propose') return { state, outputs: [] };
  const { round, locked } = state;
  // L23.
  if (validity === 'invalid' || (locked !== undefined && locked.blockHash !== blockHash)) return prevoteNil(state);
  return { state: { ...state, step: 'prevote' }, outputs: [{ kind: 'prevote', round, blockHash, fresh: true }] };
}

/** L28-33. */
function onProposalAndEarlierPolka(
  state: RoundState,
  { blockHash, validRound, validity }: { readonly blockHash: BlockHash; readonly validRound: number; readonly validity: Validity },
): Transition {
  const { round, locked } = state;
  if (state.step !== 'propose' || validRound >= round) return { state, outputs: [] };
  // L29.
  if (validity === 'invalid' || (locked !== undefined && locked.round > validRound && locked.blockHash !== blockHash)) return prevoteNil(state);
  return { state: { ...state, step: 'prevote' }, outputs: [{ kind: 'prevote', round, blockHash, fresh: false, quorumOfPrevotesInRound: validRound }] };
}

/**
 * L36-43. "For the first time" is what the step and the valid round say. The outputs are in the order in which they may become durable:
 * a lock without its valid value would have its holder propose blocks that it refuses itself, a precommit without its lock forget it.
 */
function onPolka(from: RoundState, blockHash: BlockHash): Transition {
  const { round } = from;
  const value = { round, blockHash };
  if (from.step === 'prevote') {
    return {
      state: { ...from, step: 'precommit', locked: value, valid: value },
      outputs: [
        { kind: 'valid-value', ...value },
        { kind: 'locked', ...value },
        { kind: 'precommit', ...value },
      ],
    };
  }
  if (from.step !== 'precommit' || from.valid?.round === round) return { state: from, outputs: [] };
  return { state: { ...from, valid: value }, outputs: [{ kind: 'valid-value', ...value }] };
}

function onTimeout(state: RoundState, timeout: TimeoutStep, isProposer: (round: number) => boolean): Transition {
  switch (timeout) {
    case 'propose':
      // L57-60.
      return state.step === 'propose' ? prevoteNil(state) : { state, outputs: [] };
    case 'prevote':
      // L61-64.
      return state.step === 'prevote' ? precommitNil(state) : { state, outputs: [] };
    case 'precommit':
      // L65-67.
      return state.step === 'waiting' ? { state, outputs: [] } : startRound(state, state.round + 1, isProposer(state.round + 1));
    default:
      return unreachable(timeout);
  }
}

const prevoteNil = (state: RoundState): Transition => ({
  state: { ...state, step: 'prevote' },
  outputs: [{ kind: 'prevote', round: state.round, blockHash: undefined, fresh: false }],
});

const precommitNil = (state: RoundState): Transition => ({
  state: { ...state, step: 'precommit' },
  outputs: [{ kind: 'precommit', round: state.round, blockHash: undefined }],
});
