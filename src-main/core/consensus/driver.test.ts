import { describe, expect, it } from 'vitest';
import { paramsOf } from '../params.ts';
import { block, node, precommit, prevote, snapshotOf } from './consensus.fixture.ts';
import { type DriverInput, type DriverOutput, HeightDriver, type HeightDriverOptions, maxProposalRoundsAhead } from './driver.ts';
import { freshHeight, type Validity } from './round-state.ts';
import { maxPastRounds } from './vote-keeper.ts';

const [a, b] = [block(1), block(2)];
const { timeouts } = paramsOf.devnet;

/** Four members of weight one; member `round % 4` proposes; the driver is member 3's unless said otherwise. */
function driverOf(over: Partial<HeightDriverOptions> = {}): HeightDriver {
  return new HeightDriver({
    height: 1,
    snapshot: snapshotOf([1, 1, 1, 1]),
    self: node(3),
    proposerAt: (round) => node(round % 4),
    timeouts,
    restored: freshHeight,
    ...over,
  });
}

const start: DriverInput = { kind: 'start', round: 0 };
const proposal = (round: number, blockHash = a, validRound?: number, validity: Validity = 'valid', by = round % 4): DriverInput => ({
  kind: 'proposal',
  proposal: { round, validRound, blockHash, nodeId: node(by) },
  validity,
});
const vote = (given: ReturnType<typeof prevote>): DriverInput => ({ kind: 'vote', vote: given });
const prevotes = (round: number, blockHash: typeof a | undefined, signers: readonly number[]): DriverInput[] =>
  signers.map((signer) => vote(prevote(signer, round, blockHash)));
const precommits = (round: number, blockHash: typeof a | undefined, signers: readonly number[]): DriverInput[] =>
  signers.map((signer) => vote(precommit(signer, round, blockHash)));
const timeout = (step: 'propose' | 'prevote' | 'precommit', round: number): DriverInput => ({ kind: 'timeout', timeout: { step, round } });

const feed = (driver: HeightDriver, ...inputs: readonly DriverInput[]): DriverOutput[] => inputs.flatMap((input) => driver.handle(input));
/** As "prevote 0 1": kind, round, and the block's number or nil. */
const brief = (outputs: readonly DriverOutput[]): string[] =>
  outputs.map((output) => {
    switch (output.kind) {
      case 'evidence':
        return `evidence ${output.second.round}`;
      case 'conflicting-certificates':
        return `conflicting-certificates ${output.first.round} ${output.second.round}`;
      case 'set-timeout':
        return `timeout ${output.step} ${output.round}`;
      case 'round':
      case 'get-value':
        return `${output.kind} ${output.round}`;
      default:
        return `${output.kind} ${output.round} ${output.blockHash === undefined ? 'nil' : Number.parseInt(output.blockHash.slice(1), 16)}`;
    }
  });

describe('one height', () => {
  it('goes straight through when all is well', () => {
    const driver = driverOf();
    expect(brief(feed(driver, start))).toEqual(['round 0', 'timeout propose 0']);
    expect(brief(feed(driver, proposal(0)))).toEqual(['prevote 0 1']);
    expect(brief(feed(driver, ...prevotes(0, a, [0, 1, 3])))).toEqual(['valid-value 0 1', 'locked 0 1', 'precommit 0 1']);
    const decided = feed(driver, ...precommits(0, a, [3, 1, 0]));
    expect(brief(decided)).toEqual(['decide 0 1']);
    expect(decided[0]).toMatchObject({ certificate: { height: 1, round: 0, blockHash: a, precommits: [0, 1, 3].map((signer) => ({ nodeId: node(signer) })) } });
    expect(feed(driver, ...precommits(0, a, [2]), timeout('precommit', 0), proposal(1, b), start)).toEqual([]);
    expect(driver.view().step).toBe('decided');
  });

  it('asks the proposer for a block, and proposes it once', () => {
    const driver = driverOf({ self: node(0) });
    expect(brief(feed(driver, start))).toEqual(['round 0', 'timeout propose 0', 'get-value 0']);
    const value: DriverInput = { kind: 'value', round: 0, blockHash: a };
    expect(brief(feed(driver, value))).toEqual(['propose 0 1']);
    expect(feed(driver, value)).toEqual([]);
    expect(brief(feed(driver, proposal(0)))).toEqual(['prevote 0 1']);
  });

  it('lets a value that comes too late go', () => {
    const driver = driverOf({ self: node(0) });
    feed(driver, start, timeout('propose', 0));
    expect(feed(driver, { kind: 'value', round: 0, blockHash: a })).toEqual([]);
  });

  it('takes what came before the start, and starts when a third of the weight has', () => {
    const early = driverOf();
    expect(feed(early, proposal(0), ...prevotes(0, a, [0]))).toEqual([]);
    expect(brief(feed(early, start))).toEqual(['round 0', 'timeout propose 0', 'prevote 0 1']);
    const called = driverOf();
    expect(brief(feed(called, proposal(0), ...prevotes(0, a, [0, 1])))).toEqual(['round 0', 'timeout propose 0', 'prevote 0 1']);
  });

  it('sets timeouts that grow with the round', () => {
    const driver = driverOf();
    const set = [...feed(driver, start), ...feed(driver, ...prevotes(6, undefined, [0, 1]))];
    expect(set.flatMap((output) => (output.kind === 'set-timeout' ? [output.afterMs] : []))).toEqual([
      timeouts.proposeMs,
      timeouts.proposeMs + 6 * timeouts.perRoundMs,
    ]);
  });

  it('goes through timeouts to the next round', () => {
    const driver = driverOf();
    expect(brief(feed(driver, start, timeout('propose', 0)))).toEqual(['round 0', 'timeout propose 0', 'prevote 0 nil']);
    expect(brief(feed(driver, ...prevotes(0, a, [0]), ...prevotes(0, undefined, [1, 3])))).toEqual(['timeout prevote 0']);
    expect(brief(feed(driver, timeout('prevote', 0)))).toEqual(['precommit 0 nil']);
    expect(brief(feed(driver, ...precommits(0, undefined, [0, 1, 3])))).toEqual(['timeout precommit 0']);
    expect(brief(feed(driver, timeout('precommit', 0)))).toEqual(['round 1', 'timeout propose 1']);
    expect(feed(driver, timeout('propose', 0), timeout('prevote', 0), timeout('precommit', 0))).toEqual([]);
  });

  it('precommits nil on a quorum of nil (line 44)', () => {
    const driver = driverOf();
    feed(driver, start, timeout('propose', 0));
    expect(brief(feed(driver, ...prevotes(0, undefined, [0, 1, 3])))).toEqual(['precommit 0 nil']);
  });
});

describe('proposals', () => {
  it.each([
    ['of another than the proposer', proposal(0, a, undefined, 'valid', 1)],
    ['with a valid round that is not earlier', proposal(0, a, 0)],
    ['of a round too far ahead', proposal(maxProposalRoundsAhead + 1)],
  ])('%s are none', (_, input) => {
    const driver = driverOf();
    expect(feed(driver, start).length).toBeGreaterThan(0);
    expect(feed(driver, input)).toEqual([]);
    feed(driver, ...prevotes(maxProposalRoundsAhead + 1, undefined, [0, 1]));
    expect(driver.view().step).toBe('propose');
  });

  it('of an invalid block get nil', () => {
    const driver = driverOf();
    expect(brief(feed(driver, start, proposal(0, a, undefined, 'invalid')))).toContain('prevote 0 nil');
  });

  it('wait for the quorum they name (line 28)', () => {
    const driver = driverOf();
    feed(driver, start, timeout('propose', 0), ...prevotes(1, undefined, [0, 1]));
    expect(feed(driver, proposal(1, a, 0))).toEqual([]);
    const outputs = feed(driver, ...prevotes(0, a, [0, 1, 2]));
    expect(outputs).toEqual([{ kind: 'prevote', round: 1, blockHash: a, fresh: false, quorumOfPrevotesInRound: 0 }]);
  });

  it('that contradict the first of their proposer matter only if a quorum votes for them', () => {
    const driver = driverOf();
    expect(brief(feed(driver, start, proposal(0, a), proposal(0, b)))).toContain('prevote 0 1');
    expect(brief(feed(driver, ...prevotes(0, b, [0, 1, 2])))).toEqual(['timeout prevote 0']);
    expect(brief(feed(driver, proposal(0, b)))).toEqual(['valid-value 0 2', 'locked 0 2', 'precommit 0 2']);
  });
});

describe('locks', () => {
  /** Member 3 locked on a in round 0; the others did not see the quorum and go on. */
  function lockedInRoundZero(): HeightDriver {
    const driver = driverOf();
    feed(driver, start, proposal(0), ...prevotes(0, a, [0, 1, 3]), ...precommits(0, undefined, [0, 1]), ...precommits(0, a, [3]), timeout('precommit', 0));
    expect(driver.view()).toMatchObject({ round: 1, step: 'propose' });
    return driver;
  }

  it('hold against a fresh proposal of another block', () => {
    expect(brief(feed(lockedInRoundZero(), proposal(1, b)))).toEqual(['prevote 1 nil']);
  });

  it('open to a later quorum: locked in 0, the others polka another block in 1, followed in 2 by line 28', () => {
    const driver = lockedInRoundZero();
    feed(driver, proposal(1, b), ...prevotes(1, undefined, [3]));
    // A quorum for b: this node sees it in step prevote, and its lock moves (line 36).
    expect(brief(feed(driver, ...prevotes(1, b, [0, 1, 2])))).toEqual(['timeout prevote 1', 'valid-value 1 2', 'locked 1 2', 'precommit 1 2']);
    feed(driver, ...precommits(1, undefined, [0, 1, 2]), timeout('precommit', 1));
    expect(brief(feed(driver, proposal(2, b, 1)))).toEqual(['prevote 2 2']);
  });

  it('stay when the quorum came too late to precommit, but the valid value follows it (line 42)', () => {
    const driver = lockedInRoundZero();
    feed(driver, timeout('propose', 1), ...prevotes(1, undefined, [3]), ...prevotes(1, b, [0, 1]), timeout('prevote', 1));
    expect(brief(feed(driver, ...prevotes(1, b, [2])))).toEqual([]);
    expect(brief(feed(driver, proposal(1, b)))).toEqual(['valid-value 1 2']);
    feed(driver, ...precommits(1, undefined, [0, 1, 2]), timeout('precommit', 1));
    // Locked on a in round 0, and b has its quorum in round 1: line 29 opens the lock.
    expect(brief(feed(driver, proposal(2, b, 1)))).toEqual(['prevote 2 2']);
    feed(driver, ...precommits(2, undefined, [0, 1, 2]), timeout('precommit', 2));
    // Its own turn: line 15 proposes the valid value, not the locked one.
    expect(driver.view().proposer).toBe(node(3));
  });

  it('of a later round hold against an earlier quorum (line 29)', () => {
    const driver = driverOf();
    feed(driver, start, proposal(0, a), ...prevotes(0, a, [0, 1, 2]), ...prevotes(1, undefined, [0, 1]));
    feed(driver, proposal(1, b), ...prevotes(1, b, [0, 1, 2, 3]), ...prevotes(2, undefined, [0, 1]));
    expect(brief(feed(driver, proposal(2, a, 0)))).toEqual(['prevote 2 nil']);
  });

  it('propose the valid value again (line 15)', () => {
    const driver = driverOf();
    feed(driver, start, proposal(0), ...prevotes(0, a, [0, 1, 3]));
    expect(brief(feed(driver, ...prevotes(3, undefined, [0, 1])))).toEqual(['round 3', 'timeout propose 3', 'propose 3 1']);
  });
});

describe('deciding', () => {
  it('of an earlier round, long after it (line 49)', () => {
    const driver = driverOf();
    feed(driver, start, proposal(0), ...precommits(0, a, [0, 1]), ...prevotes(5, undefined, [0, 1]));
    expect(driver.view().round).toBe(5);
    expect(brief(feed(driver, ...precommits(0, a, [2])))).toEqual(['decide 0 1']);
  });

  it('of a later round, before anything else there', () => {
    const driver = driverOf();
    feed(driver, start, proposal(2, a));
    expect(brief(feed(driver, ...precommits(2, a, [0, 1, 2])))).toEqual(['round 2', 'timeout propose 2', 'prevote 2 1', 'decide 2 1']);
  });

  it('waits for the block, asking for it once', () => {
    const driver = driverOf();
    feed(driver, start);
    expect(brief(feed(driver, ...precommits(0, a, [0, 1, 2, 3])))).toEqual(['certified-unknown-block 0 1', 'timeout precommit 0']);
    expect(driver.certificateFor(a)?.precommits.length).toBe(4);
    expect(driver.certificateFor(b)).toBeUndefined();
    expect(feed(driver, { kind: 'block', blockHash: b, validity: 'valid' })).toEqual([]);
    expect(feed(driver, { kind: 'block', blockHash: a, validity: 'invalid' })).toEqual([]);
    expect(brief(feed(driver, { kind: 'block', blockHash: a, validity: 'valid' }))).toEqual(['decide 0 1']);
  });

  it('by a certificate alone, also before the start and whatever its round', () => {
    const driver = driverOf();
    const certificate = {
      height: 1,
      round: 40,
      blockHash: a,
      precommits: [0, 1, 2].map((signer) => ({ nodeId: node(signer), signature: new Uint8Array(64) })),
    };
    expect(brief(feed(driver, { kind: 'certificate', certificate }))).toContain('certified-unknown-block 40 1');
    const [decided] = feed(driver, { kind: 'block', blockHash: a, validity: 'valid' });
    expect(decided).toEqual({ kind: 'decide', round: 40, blockHash: a, certificate });
  });

  it('stops at two certificates, before and after', () => {
    const undecided = driverOf();
    feed(undecided, start, ...precommits(0, a, [0, 1, 2]));
    expect(brief(feed(undecided, ...precommits(0, b, [0, 1, 2])))).toContain('conflicting-certificates 0 0');
    expect(feed(undecided, { kind: 'block', blockHash: a, validity: 'valid' }, { kind: 'block', blockHash: b, validity: 'valid' })).toEqual([]);
    const decided = driverOf();
    feed(decided, start, proposal(0), ...precommits(0, a, [0, 1, 2]));
    const certificate = { height: 1, round: 9, blockHash: b, precommits: [0, 1, 2].map((signer) => ({ nodeId: node(signer), signature: new Uint8Array(64) })) };
    expect(brief(feed(decided, { kind: 'certificate', certificate }))).toEqual(['conflicting-certificates 0 9']);
  });
});

describe('evidence', () => {
  it('comes once for a signer, round and phase, and the votes count for each value', () => {
    const driver = driverOf();
    feed(driver, start, proposal(0, b));
    const first = prevote(0, 0, a);
    expect(feed(driver, vote(first), vote(prevote(0, 0, b)), vote(prevote(0, 0, undefined)), vote(prevote(0, 0, b)))).toEqual([
      { kind: 'evidence', first, second: prevote(0, 0, b) },
    ]);
    expect(brief(feed(driver, ...prevotes(0, b, [1, 3])))).toContain('precommit 0 2');
  });
});

describe('after a restart', () => {
  it('goes on in the round and step it left, asking for nothing that is signed', () => {
    const driver = driverOf({ self: node(2), restored: { round: 2, step: 'prevote', locked: undefined, valid: undefined } });
    expect(brief(feed(driver, start))).toEqual(['round 2']);
    expect(feed(driver, proposal(2), timeout('propose', 2))).toEqual([]);
    expect(brief(feed(driver, ...prevotes(2, a, [0, 1, 3])))).toEqual(['valid-value 2 1', 'locked 2 1', 'precommit 2 1']);
  });

  it('starts a later round when that is due, and keeps its lock', () => {
    const value = { round: 2, blockHash: a };
    const driver = driverOf({ restored: { round: 2, step: 'precommit', locked: value, valid: value } });
    expect(brief(feed(driver, ...prevotes(5, undefined, [0, 1]), proposal(5, b)))).toEqual(['round 5', 'timeout propose 5', 'prevote 5 nil']);
    expect(brief(feed(driver, ...prevotes(7, undefined, [0, 1])))).toContain('propose 7 1');
  });

  it('shows the quorum that it kept, however long ago, and goes by it', () => {
    const [kept, round] = [[0, 1, 2].map((signer) => prevote(signer, 0, a)), maxPastRounds + 2];
    const driver = driverOf({ restored: { round, step: 'propose', locked: { round: 0, blockHash: a }, valid: { round: 0, blockHash: a } } });
    expect(feed(driver, { kind: 'prevotes', votes: kept })).toEqual([]);
    expect(driver.votes()).toEqual(kept);
    expect(driver.prevotesFor({ round: 0, blockHash: a })).toEqual(kept);
    expect(driver.prevotesFor({ round: 0, blockHash: b })).toEqual([]);
    expect(brief(feed(driver, start, proposal(round, a, 0)))).toContain(`prevote ${round} 1`);
  });
});

describe('who does not vote', () => {
  it.each([undefined, node(9)])('follows and decides', (self) => {
    const driver = driverOf({ self, proposerAt: () => self ?? node(0) });
    const outputs = feed(driver, start, {
      kind: 'proposal',
      proposal: { round: 0, validRound: undefined, blockHash: a, nodeId: self ?? node(0) },
      validity: 'valid',
    });
    expect(brief(outputs)).toEqual(['round 0', 'timeout propose 0']);
    expect(feed(driver, ...prevotes(0, a, [0, 1, 2]))).toEqual([]);
    expect(brief(feed(driver, ...precommits(0, a, [0, 1, 2])))).toEqual(['decide 0 1']);
  });
});

describe('the view and the votes', () => {
  it('show the round, by weight', () => {
    const driver = driverOf();
    feed(driver, start, ...prevotes(0, a, [2, 0]), ...precommits(0, undefined, [1]));
    expect(driver.view()).toEqual({
      height: 1,
      round: 0,
      step: 'propose',
      proposer: node(0),
      totalWeight: 4,
      prevotes: [{ blockHash: a, weight: 2, voters: [node(2), node(0)] }],
      precommits: [{ blockHash: undefined, weight: 1, voters: [node(1)] }],
    });
    expect(driver.votes().map(({ nodeId, phase }) => `${phase} ${nodeId}`)).toEqual([`prevote ${node(0)}`, `prevote ${node(2)}`, `precommit ${node(1)}`]);
  });

  it('of another height are a bug of the caller', () => {
    expect(() => driverOf().handle(vote({ ...prevote(0, 0, a), height: 2 }))).toThrow();
  });
});
