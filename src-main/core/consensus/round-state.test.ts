import { describe, expect, it } from 'vitest';
import { block } from './consensus.fixture.ts';
import { freshHeight, type RoundInput, type RoundOutput, type RoundState, type Step, step, waitingAt } from './round-state.ts';

const [v, w] = [block(1), block(2)];
const always = (): boolean => true;
const never = (): boolean => false;

const at = (round: number, in_: Step, over: Partial<RoundState> = {}): RoundState => ({ ...waitingAt(freshHeight), round, step: in_, ...over });

const enter = (round: number): RoundOutput[] => [
  { kind: 'round', round },
  { kind: 'set-timeout', step: 'propose', round },
];
const prevoteNil = (round: number): RoundOutput => ({ kind: 'prevote', round, blockHash: undefined, fresh: false });
const precommitNil = (round: number): RoundOutput => ({ kind: 'precommit', round, blockHash: undefined });
const lockAndPrecommit = (round: number): RoundOutput[] => [
  { kind: 'valid-value', round, blockHash: v },
  { kind: 'locked', round, blockHash: v },
  { kind: 'precommit', round, blockHash: v },
];

interface Row {
  readonly lines: string;
  readonly from: RoundState;
  readonly input: RoundInput;
  readonly proposer?: boolean;
  readonly outputs: readonly RoundOutput[];
  /** What changes in the state. */
  readonly change: Partial<RoundState>;
}

const rows: readonly Row[] = [
  {
    lines: '11, 20-21: not the proposer',
    from: at(0, 'waiting'),
    input: { kind: 'start-round', round: 0 },
    outputs: enter(0),
    change: { step: 'propose' },
  },
  {
    lines: '14, 18: the proposer asks for a value',
    from: at(0, 'waiting'),
    input: { kind: 'start-round', round: 0 },
    proposer: true,
    outputs: [...enter(0), { kind: 'get-value', round: 0 }],
    change: { step: 'propose', awaitsValue: true },
  },
  {
    lines: '15-16, 19: the proposer has a valid value',
    from: at(1, 'precommit', { valid: { round: 0, blockHash: v } }),
    input: { kind: 'skip-round', round: 4 },
    proposer: true,
    outputs: [...enter(4), { kind: 'propose', round: 4, blockHash: v, validRound: 0 }],
    change: { round: 4, step: 'propose' },
  },
  {
    lines: '19: the value that was asked for',
    from: at(2, 'propose', { awaitsValue: true }),
    input: { kind: 'value', round: 2, blockHash: v },
    outputs: [{ kind: 'propose', round: 2, blockHash: v, validRound: undefined }],
    change: { awaitsValue: false },
  },
  {
    lines: '22-24: not locked',
    from: at(0, 'propose'),
    input: { kind: 'proposal', blockHash: v, validity: 'valid' },
    outputs: [{ kind: 'prevote', round: 0, blockHash: v, fresh: true }],
    change: { step: 'prevote' },
  },
  {
    lines: '23-24: locked on it',
    from: at(1, 'propose', { locked: { round: 0, blockHash: v } }),
    input: { kind: 'proposal', blockHash: v, validity: 'valid' },
    outputs: [{ kind: 'prevote', round: 1, blockHash: v, fresh: true }],
    change: { step: 'prevote' },
  },
  {
    lines: '23, 26: locked on another',
    from: at(1, 'propose', { locked: { round: 0, blockHash: w } }),
    input: { kind: 'proposal', blockHash: v, validity: 'valid' },
    outputs: [prevoteNil(1)],
    change: { step: 'prevote' },
  },
  {
    lines: '23, 26: invalid',
    from: at(0, 'propose'),
    input: { kind: 'proposal', blockHash: v, validity: 'invalid' },
    outputs: [prevoteNil(0)],
    change: { step: 'prevote' },
  },
  {
    lines: '28-30: not locked',
    from: at(3, 'propose'),
    input: { kind: 'proposal-earlier-polka', blockHash: v, validRound: 1, validity: 'valid' },
    outputs: [{ kind: 'prevote', round: 3, blockHash: v, fresh: false, quorumOfPrevotesInRound: 1 }],
    change: { step: 'prevote' },
  },
  {
    lines: '29-30: locked on another no later than the quorum',
    from: at(3, 'propose', { locked: { round: 1, blockHash: w } }),
    input: { kind: 'proposal-earlier-polka', blockHash: v, validRound: 1, validity: 'valid' },
    outputs: [{ kind: 'prevote', round: 3, blockHash: v, fresh: false, quorumOfPrevotesInRound: 1 }],
    change: { step: 'prevote' },
  },
  {
    lines: '29-30: locked on it later',
    from: at(3, 'propose', { locked: { round: 2, blockHash: v } }),
    input: { kind: 'proposal-earlier-polka', blockHash: v, validRound: 1, validity: 'valid' },
    outputs: [{ kind: 'prevote', round: 3, blockHash: v, fresh: false, quorumOfPrevotesInRound: 1 }],
    change: { step: 'prevote' },
  },
  {
    lines: '29, 32: locked on another later than the quorum',
    from: at(3, 'propose', { locked: { round: 2, blockHash: w } }),
    input: { kind: 'proposal-earlier-polka', blockHash: v, validRound: 1, validity: 'valid' },
    outputs: [prevoteNil(3)],
    change: { step: 'prevote' },
  },
  {
    lines: '29, 32: invalid',
    from: at(3, 'propose'),
    input: { kind: 'proposal-earlier-polka', blockHash: v, validRound: 1, validity: 'invalid' },
    outputs: [prevoteNil(3)],
    change: { step: 'prevote' },
  },
  {
    lines: '34-35',
    from: at(0, 'prevote'),
    input: { kind: 'polka-any' },
    outputs: [{ kind: 'set-timeout', step: 'prevote', round: 0 }],
    change: { prevoteTimeoutSet: true },
  },
  {
    lines: '36-43 in step prevote',
    from: at(1, 'prevote', { locked: { round: 0, blockHash: w }, valid: { round: 0, blockHash: w } }),
    input: { kind: 'proposal-polka', blockHash: v },
    outputs: lockAndPrecommit(1),
    change: { step: 'precommit', locked: { round: 1, blockHash: v }, valid: { round: 1, blockHash: v } },
  },
  {
    lines: '36, 42-43 in step precommit',
    from: at(1, 'precommit', { locked: { round: 0, blockHash: w }, valid: { round: 0, blockHash: w } }),
    input: { kind: 'proposal-polka', blockHash: v },
    outputs: [{ kind: 'valid-value', round: 1, blockHash: v }],
    change: { valid: { round: 1, blockHash: v } },
  },
  {
    lines: '44-46',
    from: at(0, 'prevote'),
    input: { kind: 'polka-nil' },
    outputs: [precommitNil(0)],
    change: { step: 'precommit' },
  },
  ...(['propose', 'prevote', 'precommit'] as const).map(
    (in_): Row => ({
      lines: `47-48 in step ${in_}`,
      from: at(0, in_),
      input: { kind: 'precommit-any' },
      outputs: [{ kind: 'set-timeout', step: 'precommit', round: 0 }],
      change: { precommitTimeoutSet: true },
    }),
  ),
  ...(['waiting', 'propose', 'prevote', 'precommit'] as const).map(
    (in_): Row => ({
      lines: `49-51 in step ${in_}, of any round`,
      from: at(2, in_),
      input: { kind: 'proposal-precommits', round: 7, blockHash: v },
      outputs: [{ kind: 'decide', round: 7, blockHash: v }],
      change: { step: 'decided' },
    }),
  ),
  {
    lines: '55-56',
    from: at(0, 'prevote', { prevoteTimeoutSet: true, precommitTimeoutSet: true, awaitsValue: true, locked: { round: 0, blockHash: v } }),
    input: { kind: 'skip-round', round: 5 },
    outputs: enter(5),
    change: { round: 5, step: 'propose', prevoteTimeoutSet: false, precommitTimeoutSet: false, awaitsValue: false },
  },
  {
    lines: '55-56 before the start',
    from: at(0, 'waiting'),
    input: { kind: 'skip-round', round: 0 },
    outputs: enter(0),
    change: { step: 'propose' },
  },
  {
    lines: '57-60',
    from: at(1, 'propose'),
    input: { kind: 'timeout', step: 'propose', round: 1 },
    outputs: [prevoteNil(1)],
    change: { step: 'prevote' },
  },
  {
    lines: '61-64',
    from: at(1, 'prevote'),
    input: { kind: 'timeout', step: 'prevote', round: 1 },
    outputs: [precommitNil(1)],
    change: { step: 'precommit' },
  },
  ...(['propose', 'prevote', 'precommit'] as const).map(
    (in_): Row => ({
      lines: `65-67 in step ${in_}`,
      from: at(1, in_, { precommitTimeoutSet: true }),
      input: { kind: 'timeout', step: 'precommit', round: 1 },
      outputs: enter(2),
      change: { round: 2, step: 'propose', precommitTimeoutSet: false },
    }),
  ),
  ...(['prevote', 'precommit'] as const).map(
    (firstStep): Row => ({
      lines: `a round left by a crash goes on in step ${firstStep}`,
      from: at(3, 'waiting', { firstStep }),
      input: { kind: 'start-round', round: 3 },
      proposer: true,
      outputs: [{ kind: 'round', round: 3 }],
      change: { step: firstStep },
    }),
  ),
  {
    lines: 'a round later than the one left by a crash starts as any',
    from: at(3, 'waiting', { firstStep: 'precommit' }),
    input: { kind: 'skip-round', round: 4 },
    outputs: enter(4),
    change: { round: 4, step: 'propose' },
  },
];

const inputs: readonly RoundInput[] = [
  { kind: 'start-round', round: 1 },
  { kind: 'value', round: 1, blockHash: v },
  { kind: 'proposal', blockHash: v, validity: 'valid' },
  { kind: 'proposal-earlier-polka', blockHash: v, validRound: 0, validity: 'valid' },
  { kind: 'polka-any' },
  { kind: 'proposal-polka', blockHash: v },
  { kind: 'polka-nil' },
  { kind: 'precommit-any' },
  { kind: 'proposal-precommits', round: 1, blockHash: v },
  { kind: 'skip-round', round: 1 },
  { kind: 'skip-round', round: 0 },
  { kind: 'timeout', step: 'propose', round: 1 },
  { kind: 'timeout', step: 'prevote', round: 1 },
  { kind: 'timeout', step: 'precommit', round: 1 },
  { kind: 'timeout', step: 'propose', round: 0 },
  { kind: 'timeout', step: 'prevote', round: 0 },
  { kind: 'timeout', step: 'precommit', round: 0 },
  { kind: 'timeout', step: 'precommit', round: 2 },
];
/** In round 1, by step: the inputs that do something; all others change nothing. */
const acts: Record<Step, readonly number[]> = {
  waiting: [0, 8, 9],
  propose: [2, 3, 7, 8, 11, 13],
  prevote: [4, 5, 6, 7, 8, 12, 13],
  precommit: [5, 7, 8, 13],
  decided: [],
};

describe('the round state', () => {
  it.each(rows)('lines $lines', ({ from, input, proposer, outputs, change }) => {
    const { state, outputs: given } = step(from, input, proposer ? always : never);
    expect(given).toEqual(outputs);
    expect(state).toEqual({ ...from, ...change });
  });

  describe.each(Object.entries(acts) as [Step, readonly number[]][])('in step %s', (in_, active) => {
    it.each(inputs.map((input, index) => ({ input, does: active.includes(index) })))('$input: acts $does', ({ input, does }) => {
      const from = at(1, in_);
      const { state, outputs } = step(from, input, never);
      expect(outputs.length > 0).toBe(does);
      if (!does) expect(state).toEqual(from);
    });
  });

  it('takes each "first time" line once in a round', () => {
    const once: readonly [RoundState, RoundInput][] = [
      [at(0, 'prevote', { prevoteTimeoutSet: true }), { kind: 'polka-any' }],
      [at(0, 'prevote', { precommitTimeoutSet: true }), { kind: 'precommit-any' }],
      [at(0, 'precommit', { valid: { round: 0, blockHash: v } }), { kind: 'proposal-polka', blockHash: v }],
      [at(0, 'propose', { awaitsValue: false }), { kind: 'value', round: 0, blockHash: v }],
    ];
    for (const [from, input] of once) expect(step(from, input, always)).toEqual({ state: from, outputs: [] });
  });

  it('does not take a later or the same round for an earlier one (line 28: vr < round)', () => {
    for (const validRound of [2, 3]) {
      expect(step(at(2, 'propose'), { kind: 'proposal-earlier-polka', blockHash: v, validRound, validity: 'valid' }, never).outputs).toEqual([]);
    }
  });
});
