import { type Params, slotOf } from '../params.ts';
import type { Registry } from './registry.ts';

/** Rule 4 of protocol section 6: a block of this time may close the epoch, whose length an earlier slot completed. From then on nothing is committed until it closes. */
export function mayCloseEpoch(registry: Pick<Registry, 'progress'>, genesisTimeMs: number, params: Pick<Params, 'blockIntervalMs'>, timeMs: number): boolean {
  const { completedMs } = registry.progress;
  return completedMs !== undefined && slotOf(params, genesisTimeMs, timeMs) > slotOf(params, genesisTimeMs, completedMs);
}

/** At least so many blocks come until the next epoch's first, the closing one included: slot blocks that are missing, and what is early comes on top. */
export const blocksUntilNextEpoch = ({ progress: { counted, tipCounts, completedMs } }: Pick<Registry, 'progress'>, epochSlotBlocks: number): number =>
  1 + (completedMs === undefined ? Math.max(0, epochSlotBlocks - counted.length - (tipCounts ? 1 : 0)) : 0);
