import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { ClosedEpoch, RegistryMember } from '../codec/registry.ts';
import { maxClosedEpochs } from '../codec/registry.ts';
import type { Snapshot, Tier } from '../snapshot.ts';
import { tiers } from '../tiers.ts';

/** Of the weight, at most so much becomes inactive at the end of one epoch (protocol section 5): a part of it, so that no attack on a few lines shifts the quorum at once. */
const inactiveShareDivisor = 10;

/**
 * Whether a member took part enough in its last closed epochs to be paid. One that has none behind it is judged by the epoch that goes on, of which `countedNow` blocks count so far: nobody is paid
 * for having registered. Those of the genesis file are trusted until their first epoch closes, or the first blocks would pay nobody.
 */
export function isEligible(member: Pick<RegistryMember, 'tier' | 'closed' | 'signed' | 'registeredHeight'>, countedNow: number): boolean {
  const { tier, closed, signed, registeredHeight } = member;
  if (closed.length > 0) return isEnough(tier, closed);
  return registeredHeight === 0 || (countedNow > 0 && isEnough(tier, [{ signed: signed.length, counted: countedNow }]));
}
function isEnough(tier: Tier, epochs: readonly ClosedEpoch[]): boolean {
  const sum = (of: (epoch: ClosedEpoch) => number): number => epochs.reduce((all, epoch) => all + of(epoch), 0);
  return 100 * sum(({ signed }) => signed) >= tiers[tier].participationPercent * sum(({ counted }) => counted);
}

/** With the epoch that closes now, in which `counted` blocks counted. */
export const closeEpochOf = (member: RegistryMember, counted: number): ClosedEpoch[] =>
  [...member.closed, { signed: member.signed.length, counted }].slice(-maxClosedEpochs);

/**
 * Who is inactive from the next epoch on: members of the snapshot that signed less than half of the counted blocks, the least first and among
 * equals the youngest registration, as long as they fit into a tenth of the weight together.
 */
export function inactiveAfter(members: readonly RegistryMember[], snapshot: Snapshot, counted: number): ReadonlySet<NodeId> {
  const absent = members
    .filter(({ nodeId, status, signed }) => status === 'active' && snapshot.byNode.has(nodeId) && 2 * signed.length < counted)
    .reverse()
    .sort((a, b) => a.signed.length - b.signed.length);
  const inactive = new Set<NodeId>();
  let weight = 0;
  for (const { nodeId } of absent) {
    const more = weight + (snapshot.byNode.get(nodeId)?.weight ?? 0);
    if (inactiveShareDivisor * more > snapshot.totalWeight) continue;
    weight = more;
    inactive.add(nodeId);
  }
  return inactive;
}
