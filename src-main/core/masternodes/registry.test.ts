import { describe, expect, it } from 'vitest';
import { type Lock, type NodeId, outpointKey, type Txid } from '../../../src-shared/domain/ids.ts';
import type { RegistryMember } from '../codec/registry.ts';
import type { Tier } from '../snapshot.ts';
import { Registry } from './registry.ts';

const txid = 'ab'.repeat(32) as Txid;
const member = (number: number, tier: Tier): RegistryMember => ({
  nodeId: number.toString(16).padStart(64, '0') as NodeId,
  tier,
  collateral: tier === 'free' ? undefined : { txid, vout: number },
  ownerLock: '01'.repeat(20) as Lock,
  rewardLock: '02'.repeat(20) as Lock,
  serviceAddress: `10.0.0.${number}:24000`,
  registeredHeight: 0,
});
const registryOf = (...tiers: Tier[]): Registry => Registry.fromGenesis(tiers.map((tier, index) => member(index, tier)));
const times = (count: number, tier: Tier): Tier[] => Array.from({ length: count }, () => tier);
/** Weight of the Free and of the others in the snapshot. */
const weights = (registry: Registry): [number, number] => {
  const { members } = registry.snapshot(0);
  const sum = (of: typeof members): number => of.reduce((total, { weight }) => total + weight, 0);
  return [sum(members.filter(({ tier }) => tier === 'free')), sum(members.filter(({ tier }) => tier !== 'free'))];
};

describe('a snapshot', () => {
  it('has every member of the genesis in its order, with its tier’s weight', () => {
    const snapshot = registryOf('bronze', 'gold', 'free', 'silver').snapshot(3);
    expect(snapshot.epoch).toBe(3);
    expect(snapshot.members.map(({ nodeId, weight }) => [Number(nodeId), weight])).toEqual([
      [0, 10],
      [1, 1_000],
      [2, 1],
      [3, 100],
    ]);
    expect(snapshot.totalWeight).toBe(1_111);
    expect(snapshot.byNode.get(member(1, 'gold').nodeId)).toBe(snapshot.members[1]);
    expect(snapshot.members[1]?.serviceAddress).toBe('10.0.0.1:24000');
  });

  it('of nobody is empty', () => {
    expect(registryOf().snapshot(0)).toMatchObject({ members: [], totalWeight: 0 });
  });

  it.each<[string, Tier[], [number, number]]>([
    ['only Free members', times(20, 'free'), [20, 0]],
    ['three with collateral', [...times(3, 'gold'), ...times(20, 'free')], [20, 3_000]],
    ['one with a third of the weight', ['silver', ...times(20, 'bronze'), ...times(9, 'free')], [9, 300]],
    ['a weight below ten times the members', [...times(4, 'bronze'), ...times(1, 'free')], [1, 40]],
    ['a launch that is over, with as many Free members as can be', [...times(4, 'silver'), ...times(36, 'free')], [36, 400]],
  ])('counts Free members of the genesis in full: %s', (_, tiers, expected) => {
    expect(weights(registryOf(...tiers))).toEqual(expected);
  });
});

describe('hashes', () => {
  it('of the registry change with anything in it', () => {
    const { hash } = registryOf('bronze', 'free');
    const changes: Partial<RegistryMember>[] = [
      { tier: 'silver' },
      { collateral: { txid, vout: 9 } },
      { ownerLock: '09'.repeat(20) as Lock },
      { rewardLock: '09'.repeat(20) as Lock },
      { serviceAddress: '' },
      { registeredHeight: 1 },
    ];
    for (const change of changes) expect(Registry.fromGenesis([{ ...member(0, 'bronze'), ...change }, member(1, 'free')]).hash).not.toBe(hash);
    expect(Registry.fromGenesis([member(1, 'free'), member(0, 'bronze')]).hash).not.toBe(hash);
    expect(registryOf('bronze', 'free').hash).toBe(hash);
  });

  it('of a snapshot change with the epoch and with what votes and rewards depend on, not with an address', () => {
    const registry = registryOf('bronze', 'free');
    const { hash } = registry.snapshot(0);
    expect(registry.snapshot(1).hash).not.toBe(hash);
    expect(registryOf('free', 'bronze').snapshot(0).hash).not.toBe(hash);
    expect(Registry.fromGenesis([{ ...member(0, 'bronze'), serviceAddress: '' }, member(1, 'free')]).snapshot(0).hash).toBe(hash);
  });
});

describe('collateral', () => {
  it('is what members name, and nothing else', () => {
    const registry = registryOf('bronze', 'free', 'gold');
    expect([0, 1, 2, 3].map((vout) => registry.isCollateral(outpointKey({ txid, vout })))).toEqual([true, false, true, false]);
  });
});
