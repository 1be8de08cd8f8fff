import { type Hash, type NodeId, type OutpointKey, outpointKey } from '../../../src-shared/domain/ids.ts';
import { hashRegistry, hashSnapshot, type RegistryMember } from '../codec/registry.ts';
import type { Member, Snapshot } from '../snapshot.ts';
import { tiers } from '../tiers.ts';

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

  /**
   * Every member, with its tier's weight. The cap on Free members cannot bite yet: the launch rule counts those of the genesis in full until
   * the collateralised weigh ten times the number of genesis members, and then a tenth of that weight is room for them all.
   */
  snapshot(epoch: number): Snapshot {
    const members = this.members.map(({ nodeId, tier, rewardLock, serviceAddress }): Member => {
      return { nodeId, tier, weight: tiers[tier].weight, rewardLock, serviceAddress };
    });
    return {
      epoch,
      hash: hashSnapshot({ epoch, members }),
      members,
      totalWeight: members.reduce((sum, { weight }) => sum + weight, 0),
      byNode: new Map<NodeId, Member>(members.map((member) => [member.nodeId, member])),
    };
  }
}
