import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BlockHash, type Lock, type NodeId, outpointKey, type Txid } from '../../../src-shared/domain/ids.ts';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import type { MasternodePayload } from '../codec/masternode-payload.ts';
import type { Tier } from '../snapshot.ts';
import { Registry, type RegistryBlock } from './registry.ts';
import { decodeRegistryState, encodeRegistryState } from './registry-state.ts';

const txid = 'ab'.repeat(32) as Txid;
const length = 5;
const idOf = (number: number): NodeId => number.toString(16).padStart(64, '0') as NodeId;
const hashOf = (height: number): BlockHash => `b${height.toString(16).padStart(63, '0')}` as BlockHash;
type Founder = Parameters<typeof Registry.fromGenesis>[0][number];
const founder = (number: number, tier: Tier): Founder => ({
  nodeId: idOf(number),
  tier,
  collateral: tier === 'free' ? undefined : { txid, vout: number },
  ownerLock: '01'.repeat(20) as Lock,
  rewardLock: '02'.repeat(20) as Lock,
  serviceAddress: `10.0.0.${number}:24000`,
});
const registryOf = (...tiers: Tier[]): Registry => Registry.fromGenesis(tiers.map((tier, index) => founder(index, tier)));
const times = (count: number, tier: Tier): Tier[] => Array.from({ length: count }, () => tier);
const register = (number: number, tier: Tier): MasternodePayload => ({ kind: 'masternode-register', ...founder(number, tier) });
const revive = (number: number, epoch: number): MasternodePayload => ({ kind: 'masternode-revive', nodeId: idOf(number), epoch });
const exit = (number: number): MasternodePayload => ({ kind: 'masternode-exit', nodeId: idOf(number) });

/** A chain of registries: each block's certificate is signed by `signers`, of the members of the parent's snapshot by default. */
class Chain {
  registry: Registry;
  height = 0;
  /** Signs nothing. */
  absent: readonly number[] = [];

  constructor(registry: Registry) {
    this.registry = registry;
  }
  add(block: Partial<RegistryBlock> = {}): this {
    const absent = new Set(this.absent.map(idOf));
    const signers = this.registry.parentSnapshot(this.height).members.map(({ nodeId }) => nodeId);
    const whole: RegistryBlock = {
      height: this.height + 1,
      previousHash: hashOf(this.height),
      timeMs: 1_000 * (this.height + 1),
      isSlotBlock: true,
      closesEpoch: false,
      certificateSigners: this.height === 0 ? [] : signers.filter((nodeId) => !absent.has(nodeId)),
      lateSigners: [],
      operations: [],
      ...block,
    };
    this.registry = this.registry.after(whole, length);
    this.height++;
    return this;
  }
  /** Slot blocks, then the one that closes. */
  epoch(operations: readonly MasternodePayload[] = []): this {
    for (let block = 0; block < length; block++) this.add(block === 0 ? { operations } : {});
    return this.add({ closesEpoch: true });
  }
  statusOf(number: number): string | undefined {
    return this.registry.member(idOf(number))?.status;
  }
  /** Of the snapshot. */
  members(): number[] {
    return this.registry.snapshot.members.map(({ nodeId }) => Number.parseInt(nodeId, 16));
  }
}

/** Weight of the Free and of the others in the snapshot. */
const weights = ({ snapshot: { members } }: Registry): [number, number] => {
  const sum = (of: typeof members): number => of.reduce((total, { weight }) => total + weight, 0);
  return [sum(members.filter(({ tier }) => tier === 'free')), sum(members.filter(({ tier }) => tier !== 'free'))];
};

describe('the first snapshot', () => {
  it('has every member of the genesis in its order, with its tier’s weight', () => {
    const { snapshot } = registryOf('bronze', 'gold', 'free', 'silver');
    expect(snapshot.epoch).toBe(0);
    expect(snapshot.members.map(({ nodeId, weight }) => [Number(nodeId), weight])).toEqual([
      [0, 10],
      [1, 1_000],
      [2, 1],
      [3, 100],
    ]);
    expect(snapshot.totalWeight).toBe(1_111);
    expect(snapshot.byNode.get(idOf(1))).toBe(snapshot.members[1]);
    expect(snapshot.members[1]?.serviceAddress).toBe('10.0.0.1:24000');
  });

  it('of nobody is empty', () => {
    expect(registryOf().snapshot).toMatchObject({ members: [], totalWeight: 0 });
  });

  it.each<[string, Tier[], [number, number]]>([
    ['only Free members', times(20, 'free'), [20, 0]],
    ['three with collateral', [...times(3, 'gold'), ...times(400, 'free')], [400, 3_000]],
    ['one with a third of the weight', ['silver', ...times(20, 'bronze'), ...times(40, 'free')], [40, 300]],
    ['a weight below ten times the members', [...times(4, 'bronze'), ...times(9, 'free')], [9, 40]],
    ['a launch that is over, with more Free members than can be', [...times(4, 'silver'), ...times(36, 'free')], [36, 400]],
  ])('counts Free members of the genesis in full before the launch: %s', (_, tiers, expected) => {
    expect(weights(registryOf(...tiers))).toEqual(expected);
  });

  it('caps Free members at a tenth of the collateralised weight once launched, the oldest first', () => {
    // Of 40 genesis members the four Silver weigh exactly ten times as much.
    const launched = registryOf(...times(4, 'silver'), ...times(36, 'free'));
    expect(launched.progress.launched).toBe(true);
    const more = new Chain(launched).epoch(Array.from({ length: 10 }, (_, index) => register(100 + index, 'free'))).registry;
    expect(weights(more)).toEqual([40, 400]);
    expect(more.snapshot.members.at(-1)?.nodeId).toBe(idOf(103));
  });
});

describe('an epoch', () => {
  it('is as long as its slot blocks, early ones apart, and is complete with the last of them', () => {
    const chain = new Chain(registryOf(...times(4, 'bronze')));
    for (let block = 1; block < length; block++) expect(chain.add().add({ isSlotBlock: false }).registry.isComplete).toBe(false);
    expect(chain.add().registry).toMatchObject({ isComplete: true, progress: { completedMs: 1_000 * chain.height } });
    // Those that come before it closes are counted as well, and do not move its completion.
    const { completedMs } = chain.registry.progress;
    expect(chain.add().registry.progress.completedMs).toBe(completedMs);
  });

  it('ends with the block that closes it: the next begins with nothing counted, and the snapshot before decided that block', () => {
    const chain = new Chain(registryOf(...times(4, 'bronze')));
    const first = chain.registry.snapshot;
    chain.epoch([register(9, 'silver')]);
    expect(chain.registry.progress).toMatchObject({ epoch: 1, startHeight: length + 2, counted: [], tipCounts: false, completedMs: undefined });
    expect(chain.members()).toEqual([0, 1, 2, 3, 9]);
    expect(chain.registry.parentSnapshot(chain.height)).toBe(first);
    chain.add();
    expect(chain.registry.parentSnapshot(chain.height)).toBe(chain.registry.snapshot);
  });

  it('keeps its snapshot, whoever registers, updates or leaves meanwhile', () => {
    const chain = new Chain(registryOf(...times(4, 'bronze')));
    const { snapshot } = chain.registry;
    const update: MasternodePayload = { kind: 'masternode-update', nodeId: idOf(2), rewardLock: '09'.repeat(20) as Lock, serviceAddress: 'x:1' };
    chain.add({ operations: [register(9, 'gold'), update, exit(3)] });
    expect(chain.registry.snapshot).toBe(snapshot);
    expect(chain.registry.member(idOf(2))).toMatchObject({ rewardLock: update.rewardLock, serviceAddress: 'x:1' });
    expect([chain.statusOf(9), chain.statusOf(3)]).toEqual(['waiting', undefined]);
    expect(chain.registry.isCollateral(outpointKey({ txid, vout: 3 }))).toBe(false);
    expect(chain.registry.holderOf(outpointKey({ txid, vout: 9 }))).toBe(idOf(9));
    // Who has left is not paid any more, who came not yet.
    expect([2, 3, 9].map((number) => chain.registry.isEligible({ nodeId: idOf(number) }))).toEqual([true, false, false]);
  });
});

describe('participation', () => {
  it('is the certificates’, of slot blocks that do not close', () => {
    const chain = new Chain(registryOf(...times(4, 'bronze')));
    chain.absent = [1];
    chain.add().add({ isSlotBlock: false }).add();
    chain.absent = [];
    chain.add();
    // Blocks 1 and 3 count so far, each with the certificate in the block after it.
    expect(chain.registry.progress.counted.map(({ height }) => height)).toEqual([1, 3]);
    expect([0, 1].map((number) => chain.registry.member(idOf(number))?.signed)).toEqual([[0, 1], [1]]);
  });

  it('takes late precommits for the parent and for blocks before it, once each', () => {
    const chain = new Chain(registryOf(...times(4, 'bronze')));
    chain.absent = [1];
    chain.add().add().add();
    expect(chain.registry.member(idOf(1))?.signed).toEqual([]);
    const late = [1, 2, 3].map((height) => ({ height, nodeId: idOf(1) }));
    chain.add({ lateSigners: late });
    expect(chain.registry.member(idOf(1))?.signed).toEqual([0, 1, 2]);
    chain.add({ lateSigners: late });
    expect(chain.registry.member(idOf(1))?.signed).toEqual([0, 1, 2]);
  });

  it('below half makes inactive from the next epoch on, a tenth of the weight at most, the least present first and the youngest among equals', () => {
    const chain = new Chain(registryOf(...times(30, 'bronze')));
    chain.absent = [3, 7, 11, 20];
    chain.epoch();
    expect([3, 7, 11, 20].map((number) => chain.statusOf(number))).toEqual(['active', 'inactive', 'inactive', 'inactive']);
    expect(chain.members()).toHaveLength(27);
    chain.epoch();
    // A tenth of 270 is two more, and only one is still absent.
    expect(chain.statusOf(3)).toBe('inactive');
  });

  it('of one too heavy for a tenth makes nobody inactive, and does not keep a lighter one', () => {
    const chain = new Chain(registryOf('gold', ...times(15, 'silver')));
    chain.absent = [0, 9];
    chain.epoch();
    expect([chain.statusOf(0), chain.statusOf(9)]).toEqual(['active', 'inactive']);
  });

  it('of who leaves and registers again in every epoch is never paid for without a vote', () => {
    const chain = new Chain(registryOf(...times(10, 'bronze')));
    chain.epoch([register(20, 'bronze')]);
    const isPaid = (): boolean => chain.registry.isEligible({ nodeId: idOf(20) });
    for (let epoch = 0; epoch < 3; epoch++) {
      chain.absent = [20];
      for (let block = 0; block < length - 1; block++) {
        expect([chain.members().includes(20), isPaid()]).toEqual([true, false]);
        chain.add();
      }
      chain.add({ operations: [exit(20)] });
      chain.add({ operations: [register(20, 'bronze')] });
      chain.add({ closesEpoch: true });
    }
    // With its first vote that counts it is.
    chain.absent = [];
    chain.add();
    expect(isPaid()).toBe(false);
    chain.add();
    expect(isPaid()).toBe(true);
  });

  it('that was enough in the last ten closed epochs is paid; the tiers ask for more the more they hold', () => {
    const chain = new Chain(registryOf('free', 'bronze', 'silver', 'gold', ...times(40, 'silver')));
    const paid = (): boolean[] => [0, 1, 2, 3].map((number) => chain.registry.isEligible({ nodeId: idOf(number) }));
    expect(paid()).toEqual([true, true, true, true]);
    // Of ten epochs of five, each of the four misses three: 47 of 50 are 94 %.
    for (let epoch = 0; epoch < 10; epoch++) {
      chain.absent = epoch < 3 ? [0, 1, 2, 3] : [];
      chain.add();
      chain.add();
      chain.absent = [];
      for (let block = 2; block < length; block++) chain.add();
      chain.add({ closesEpoch: true });
    }
    expect(chain.registry.member(idOf(0))?.closed.reduce((sum, { signed }) => sum + signed, 0)).toBe(47);
    expect(paid()).toEqual([true, true, false, false]);
    // Three epochs later what was missed is forgotten.
    chain.epoch().epoch().epoch();
    expect(paid()).toEqual([true, true, true, true]);
  });
});

describe('a revive', () => {
  it('brings an inactive member back with the next epoch, and its absence counts for nothing', () => {
    const chain = new Chain(registryOf(...times(20, 'bronze')));
    chain.absent = [4];
    chain.epoch();
    expect([chain.statusOf(4), chain.members().includes(4)]).toEqual(['inactive', false]);
    const closed = chain.registry.member(idOf(4))?.closed;
    chain.absent = [];
    chain.epoch([revive(4, 1)]);
    expect([chain.statusOf(4), chain.members().includes(4)]).toEqual(['active', true]);
    expect(chain.registry.member(idOf(4))?.closed).toEqual(closed);
    // In the place that its registration has.
    expect(chain.members()[4]).toBe(4);
  });
});

describe('a registry', () => {
  it('hashes everything that decides, and comes back from its stored bytes the same', () => {
    const operations = fc.array(
      fc.record({ kind: fc.constantFrom('register', 'exit', 'revive'), number: fc.integer({ min: 0, max: 12 }), absent: fc.integer({ min: 0, max: 12 }) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(operations, (list) => {
        const chain = new Chain(registryOf(...times(8, 'bronze'), 'free'));
        const seen = new Map([[chain.registry.hash, chain.height]]);
        for (const { kind, number, absent } of list) {
          const status = chain.statusOf(number);
          const made: MasternodePayload[] =
            kind === 'register' && status === undefined
              ? [register(number, 'bronze')]
              : kind === 'exit' && status !== undefined
                ? [exit(number)]
                : kind === 'revive' && status === 'inactive'
                  ? [revive(number, chain.registry.progress.epoch)]
                  : [];
          chain.absent = [absent];
          chain.add({ operations: made, closesEpoch: chain.registry.isComplete });
          const { registry } = chain;
          const back = decodeRegistryState(encodeRegistryState(registry));
          expect(back.hash).toBe(registry.hash);
          expect(back.snapshot).toEqual(registry.snapshot);
          expect(back.previousSnapshot).toEqual(registry.previousSnapshot);
          expect(seen.has(registry.hash)).toBe(false);
          seen.set(registry.hash, chain.height);
          const { members } = registry.snapshot;
          expect(new Set(members.map(({ nodeId }) => nodeId)).size).toBe(members.length);
        }
      }),
      { numRuns: testRuns(60) },
    );
  });
});
