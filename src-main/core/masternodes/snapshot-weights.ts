import type { RegistryMember } from '../codec/registry.ts';
import type { Member } from '../snapshot.ts';
import { tiers } from '../tiers.ts';

/** Free members together weigh a tenth of the collateralised at most (protocol section 5). */
const freeShareDivisor = 10;
/** The network has launched when it has so many collateralised members … */
const launchMembers = 4;
/** … none of them with a third of their weight, and together so many times the number of the genesis file's members. */
const launchWeightPerGenesisMember = 10;

const isCollateralised = ({ tier }: RegistryMember): boolean => tiers[tier].collateralUnits > 0n;
const isOfGenesis = ({ registeredHeight }: RegistryMember): boolean => registeredHeight === 0;
const weightOf = ({ tier }: RegistryMember): number => tiers[tier].weight;
const total = (members: readonly RegistryMember[]): number => members.reduce((sum, member) => sum + weightOf(member), 0);

/** Whether the genesis file's Free members no longer carry the network. `active` of all registrations; `genesisMembers` is how many the genesis file had. */
export function hasLaunched(active: readonly RegistryMember[], genesisMembers: number): boolean {
  const collateralised = active.filter(isCollateralised);
  const weight = total(collateralised);
  return (
    collateralised.length >= launchMembers &&
    collateralised.every((member) => 3 * weightOf(member) < weight) &&
    weight >= launchWeightPerGenesisMember * genesisMembers
  );
}

/**
 * The members of a snapshot with their weights, in the order of registration: every active one with collateral, and of the Free the oldest up to the
 * cap. Before the launch those of the genesis file count in full, whatever the cap.
 */
export function weighedMembers(active: readonly RegistryMember[], launched: boolean): Member[] {
  let room = Math.floor(total(active.filter(isCollateralised)) / freeShareDivisor);
  return active.flatMap((member) => {
    if (!isCollateralised(member)) {
      const counts = room > 0 || (!launched && isOfGenesis(member));
      room -= weightOf(member);
      if (!counts) return [];
    }
    const { nodeId, tier, rewardLock, serviceAddress } = member;
    return { nodeId, tier, weight: weightOf(member), rewardLock, serviceAddress };
  });
}
