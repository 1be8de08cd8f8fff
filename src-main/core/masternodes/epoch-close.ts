import { type Params, slotOf } from '../params.ts';
import type { Registry } from './registry.ts';

/** Rule 4 of protocol section 6: a block of this time may close the epoch, whose length an earlier slot completed. From then on nothing is committed until it closes. */
export function mayCloseEpoch(registry: Pick<Registry, 'progress'>, genesisTimeMs: number, params: Pick<Params, 'blockIntervalMs'>, timeMs: number): boolean {
  const { completedMs } = registry.progress;
  return completedMs !== undefined && slotOf(params, genesisTimeMs, timeMs) > slotOf(params, genesisTimeMs, completedMs);
}
