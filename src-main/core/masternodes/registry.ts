import { type Hash, type NodeId, type OutpointKey, outpointKey } from '../../../src-shared/domain/ids.ts';
import { hashRegistry, hashSnapshot, type RegistryMember } from '../codec/registry.ts';
import type { Member, Snapshot } from '../snapshot.ts';
import { tiers } from '../tiers.ts';

/** Free masternodes count up to one part in this of the collateralised weight. */
const freeWeightDivisor = 10;
/** The launch is over once this many members have collateral … */
const launchMembers = 4;
/** … and weigh together this many times the number of genesis members. */
const launchWeightPerGenesisMember = 10;

/**
 * Who is a masternode (protocol section 5): chain state, and nothing else decides it. Registrations in blocks come with a later version of
 * the network; until then the registry is the genesis file's, so every member is of height 0 and active.
 */
export class Registry {
  /** By registration height, then index. */
  readonly members: readonly RegistryMember[];
  /** The `registryHash` of block headers. */
  readonly hash: Hash;
  readonly #collaterals: ReadonlySet<OutpointKey>;

  private constructor(members: readonly RegistryMember[]) {
    this.members = members;
    this.hash = hashRegistry(members);
    this.#collaterals = new Set(members.flatMap(({ collateral }) => (collateral === undefined ? [] : [outpointKey(collateral)])));
  }

  /** `members` in the order of the genesis file, with the collaterals that its block makes. */
  static fromGenesis(members: readonly RegistryMember[]): Registry {
    return new Registry(members);
  }

  isCollateral(key: OutpointKey): boolean {
    return this.#collaterals.has(key);
  }

  /** The members that count in an epoch. A Free one beyond the cap is not among them: a weight of 0 would decide nothing and be paid nothing. */
  snapshot(epoch: number): Snapshot {
    const counted = countedMembers(this.members);
    const members = counted.map(({ nodeId, tier, rewardLock, serviceAddress }): Member => {
      return { nodeId, tier, weight: tiers[tier].weight, rewardLock, serviceAddress };
    });
    return {
      epoch,
      hash: hashSnapshot({ epoch, members }),
      members,
      totalWeight: weightOf(members),
      byNode: new Map<NodeId, Member>(members.map((member) => [member.nodeId, member])),
    };
  }
}

const weightOf = (members: readonly { readonly tier: Member['tier'] }[]): number => members.reduce((sum, { tier }) => sum + tiers[tier].weight, 0);

const isCollateralised = ({ tier }: RegistryMember): boolean => tier !== 'free';

/** Everyone until the launch is over, then everyone with collateral and the oldest Free ones up to the cap. */
function countedMembers(members: readonly RegistryMember[]): readonly RegistryMember[] {
  if (isLaunching(members)) return members.filter((member) => isCollateralised(member) || member.registeredHeight === 0);
  let freeLeft = Math.floor(weightOf(members.filter(isCollateralised)) / freeWeightDivisor / tiers.free.weight);
  return members.filter((member) => isCollateralised(member) || freeLeft-- > 0);
}

/** Until there are four collateralised members, none with a third of their weight, weighing ten times the number of genesis members. */
function isLaunching(members: readonly RegistryMember[]): boolean {
  const collateralised = members.filter(isCollateralised);
  const weight = weightOf(collateralised);
  const genesisMembers = members.filter(({ registeredHeight }) => registeredHeight === 0).length;
  return (
    collateralised.length < launchMembers ||
    collateralised.some(({ tier }) => 3 * tiers[tier].weight >= weight) ||
    weight < launchWeightPerGenesisMember * genesisMembers
  );
}
