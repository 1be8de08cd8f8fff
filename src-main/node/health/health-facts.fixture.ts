import type { WatchedFacts } from './health-facts.ts';

/** A masternode that is well. */
export const wellFacts: WatchedFacts = {
  launched: true,
  alone: false,
  peers: 4,
  quorum: true,
  behindBlocks: 0,
  sinceBlockMs: 4_000,
  overdueMs: -6_000,
  blockIntervalMs: 10_000,
  halted: undefined,
  silentThrough: undefined,
  signing: 'signing',
  masternode: { status: 'active', signed: 1_000, counted: 1_000, neededPercent: 90 },
  isMasternode: true,
  reachability: 'reachable',
  address: '203.0.113.5:24000',
  clock: 'good',
  clockOffsetSeconds: undefined,
  backlogBytes: 0,
  freeDiskBytes: 50 * 1_024 ** 3,
  later: undefined,
  settledMs: 3_600_000,
  slept: undefined,
};
