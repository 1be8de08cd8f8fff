import { useOverview } from '../../stores/topics.ts';
import { useLocalNow } from '../../ui/clock.ts';
import { type Asked, useAsked } from '../wallet/use-asked.ts';
import type { TierRule } from './masternode-info.ts';

/** Heartbeats come every ten seconds at the soonest, and a list of ten thousand is some megabytes. */
const refreshMs = 15_000;

/** Changes with each block, and every so often between: when what is shown of masternodes is asked for anew. */
export function useMasternodeChange(): string {
  const height = useOverview()?.height ?? 0;
  return `${height} ${Math.floor(useLocalNow() / refreshMs)}`;
}

export const useMasternodes = (): Asked<'masternodelist'> => useAsked('masternodelist', {}, useMasternodeChange());

const noTiers: readonly TierRule[] = [];
/** They never change while a node runs. */
export const useTiers = (): readonly TierRule[] => useAsked('masternodetiers', {}, undefined).value ?? noTiers;
