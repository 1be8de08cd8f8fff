import { unitsPerTime } from '../../src-shared/domain/amount.ts';
import type { Tier } from './snapshot.ts';

interface TierRule {
  /** Exactly this, in units; 0 needs no coin. */
  readonly collateralUnits: bigint;
  /** Of votes and rewards. */
  readonly weight: number;
  /** Of the last closed epochs' counted blocks, to be signed for rewards. */
  readonly participationPercent: number;
}

/** Protocol section 5. */
export const tiers: Record<Tier, TierRule> = {
  free: { collateralUnits: 0n, weight: 1, participationPercent: 85 },
  bronze: { collateralUnits: 1_000n * unitsPerTime, weight: 10, participationPercent: 90 },
  silver: { collateralUnits: 10_000n * unitsPerTime, weight: 100, participationPercent: 95 },
  gold: { collateralUnits: 100_000n * unitsPerTime, weight: 1_000, participationPercent: 98 },
};
