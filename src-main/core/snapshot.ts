import type { Hash, Lock, NodeId } from '../../src-shared/domain/ids.ts';

/** Protocol section 5. */
export type Tier = 'free' | 'bronze' | 'silver' | 'gold';

export interface Member {
  readonly nodeId: NodeId;
  readonly tier: Tier;
  /** Voting and reward weight: the tier's, capped for Free. */
  readonly weight: number;
  readonly rewardLock: Lock;
  /** host:port, or empty. */
  readonly serviceAddress: string;
}
/** The ordered members and weights that one epoch's votes, blocks and rewards are counted over. Never changes once taken. */
export interface Snapshot {
  readonly epoch: number;
  readonly hash: Hash;
  /** By registration height, then index. */
  readonly members: readonly Member[];
  readonly totalWeight: number;
  readonly byNode: ReadonlyMap<NodeId, Member>;
}

/** Protocol section 6: at least two thirds, in integers. An empty snapshot never decides anything. */
export const isQuorum = (weight: number, snapshot: Pick<Snapshot, 'totalWeight'>): boolean =>
  snapshot.totalWeight > 0 && 3 * weight >= 2 * snapshot.totalWeight;

/** Above one third: the complement of a quorum, so that a quorum has become impossible. */
export const blocksQuorum = (weight: number, snapshot: Pick<Snapshot, 'totalWeight'>): boolean => 3 * weight > snapshot.totalWeight;

/** At least one third: rounds are skipped at this (section 7). */
export const isSkipQuorum = (weight: number, snapshot: Pick<Snapshot, 'totalWeight'>): boolean =>
  snapshot.totalWeight > 0 && 3 * weight >= snapshot.totalWeight;
