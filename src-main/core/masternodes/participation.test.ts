import { describe, expect, it } from 'vitest';
import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { RegistryMember } from '../codec/registry.ts';
import type { Snapshot, Tier } from '../snapshot.ts';
import { inactiveAfter, isEligible } from './participation.ts';

const idOf = (number: number): NodeId => number.toString(16).padStart(64, '0') as NodeId;

describe('rewards', () => {
  it.each<[Tier, number, number, boolean]>([
    ['free', 85, 100, true],
    ['free', 84, 100, false],
    ['free', 17, 20, true],
    ['free', 16, 20, false],
    ['bronze', 9, 10, true],
    ['bronze', 8, 9, false],
    ['silver', 19, 20, true],
    ['silver', 18, 19, false],
    ['gold', 49, 50, true],
    ['gold', 48, 49, false],
    ['gold', 118, 120, true],
    ['gold', 117, 120, false],
  ])('of %s that signed %i of %i: %s, with nothing rounded in anybody’s favour', (tier, signed, counted, expected) => {
    const of = { tier, signed: [], registeredHeight: 5 };
    expect(isEligible({ ...of, closed: [{ signed, counted }] }, 0)).toBe(expected);
    // All epochs together, not each by itself.
    expect(
      isEligible(
        {
          ...of,
          closed: [
            { signed: 0, counted: 0 },
            { signed, counted },
          ],
        },
        0,
      ),
    ).toBe(expected);
    // Who has no closed epoch behind it is judged by the one that goes on.
    const soFar = Array.from({ length: signed }, (_, place) => place);
    expect(isEligible({ ...of, signed: soFar, closed: [] }, counted)).toBe(expected);
    expect(isEligible({ ...of, signed: soFar, closed: [{ signed: 1, counted: 1 }] }, counted)).toBe(true);
  });

  it('of who has just registered, and signed nothing yet, are none; those of the genesis file begin with them', () => {
    for (const countedNow of [0, 1, 5]) {
      expect(isEligible({ tier: 'gold', signed: [], closed: [], registeredHeight: 1 }, countedNow)).toBe(false);
      expect(isEligible({ tier: 'gold', signed: [], closed: [], registeredHeight: 0 }, countedNow)).toBe(true);
    }
    expect(isEligible({ tier: 'gold', signed: [], closed: [{ signed: 0, counted: 5 }], registeredHeight: 0 }, 0)).toBe(false);
  });
});

/** So many Bronze members of which the given ones signed so many of the counted blocks. */
function inactive(count: number, counted: number, signedBy: Readonly<Record<number, number>>, status: RegistryMember['status'] = 'active'): number[] {
  const members = Array.from({ length: count }, (_, number) => ({
    nodeId: idOf(number),
    status,
    signed: Array.from({ length: signedBy[number] ?? counted }, (_place, place) => place),
  })) as unknown as RegistryMember[];
  const seats = members.map(({ nodeId }) => ({ nodeId, weight: 10 }));
  const snapshot = { totalWeight: 10 * count, byNode: new Map(seats.map((seat) => [seat.nodeId, seat])) } as unknown as Snapshot;
  return [...inactiveAfter(members, snapshot, counted)].map((nodeId) => Number.parseInt(nodeId, 16));
}

describe('inactivity', () => {
  it('begins below half, and not at half', () => {
    expect(inactive(20, 12, { 3: 6 })).toEqual([]);
    expect(inactive(20, 12, { 3: 5 })).toEqual([3]);
    expect(inactive(20, 5, { 3: 3 })).toEqual([]);
    expect(inactive(20, 5, { 3: 2 })).toEqual([3]);
    expect(inactive(20, 0, { 3: 0 })).toEqual([]);
  });

  it('takes a tenth of the weight and not a unit more, whoever stays away', () => {
    const all = Object.fromEntries(Array.from({ length: 40 }, (_, number) => [number, 0]));
    expect(inactive(40, 5, all)).toHaveLength(4);
    expect(inactive(39, 5, all)).toHaveLength(3);
    expect(inactive(9, 5, all)).toHaveLength(0);
  });

  it('is of active members alone: who waits or revives has not had its epoch yet', () => {
    for (const status of ['waiting', 'reviving', 'inactive'] as const) expect(inactive(20, 5, { 3: 0 }, status)).toEqual([]);
  });
});
