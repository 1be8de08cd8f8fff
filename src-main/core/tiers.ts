import { unitsPerTime } from '../../src-shared/domain/amount.ts';
import type { Tier } from './snapshot.ts';

interface TierRule {
  /** Exactly this, in units; 0 needs no coin. */
  readonly collateralUnits: bigint;
  /** Of votes and rewards. */
  readonly weight: number;
}

/** Protocol section 5. */
export const tiers: Record<Tier, TierRule> = {
  free: { collateralUnits: 0n, weight: 1 },
  bronze: { collateralUnits: 1_000n * unitsPerTime, weight: 10 },
  silver: { collateralUnits: 10_000n * unitsPerTime, weight: 100 },
  gold: { collateralUnits: 100_000n * unitsPerTime, weight: 1_000 },
};
