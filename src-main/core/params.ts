import { type Network, type NetworkName, networks } from '../../src-shared/domain/networks.ts';

/** What a network computes with (protocol section 12), and the pace of its timers. Times are milliseconds. */
export interface Params {
  readonly network: Network;
  readonly blockIntervalMs: number;
  /** Slot blocks of one epoch. */
  readonly epochSlotBlocks: number;
  /** Who closes an epoch waits so long from the beginning of the slot, for commits that are under way (section 6, rule 4). */
  readonly epochCloseWaitMs: number;
  /** Blocks until a coinbase may be spent. */
  readonly coinbaseMaturity: number;
  /** How often own votes leave in one bundle (section 6). */
  readonly voteFlushMs: number;
  /** An unfinished transaction and its votes are sent again after this, then at twice the time each. */
  readonly voteResendMs: number;
  /** A contested or uncertified transaction known this long may go in a fresh block. */
  readonly uncertifiedAgeMs: number;
  /** A fresh block must hold what this node has known final for this long times 2^round. */
  readonly finalMustBeIncludedMs: number;
  /** A transaction without a certificate leaves the mempool after this; no sooner than three blocks, as the second settles what is contested. */
  readonly mempoolExpiryMs: number;
  /** Before a masternode signs anything it listens so long for its own key (section 7): two heartbeats of another process that uses it. */
  readonly listenMs: number;
  /** How often a masternode says that it is there (section 5). */
  readonly heartbeatMs: number;
  /** Tendermint's timeouts: the first round's, and what each further round adds. */
  readonly timeouts: { readonly proposeMs: number; readonly prevoteMs: number; readonly precommitMs: number; readonly perRoundMs: number };
}

const shared = {
  voteResendMs: 3_000,
  finalMustBeIncludedMs: 10_000,
  mempoolExpiryMs: 10 * 60_000,
};
const wide = {
  coinbaseMaturity: 10,
  epochSlotBlocks: 12,
  epochCloseWaitMs: 2_000,
  heartbeatMs: 60_000,
  voteFlushMs: 50,
  uncertifiedAgeMs: 30_000,
  listenMs: 120_000,
  timeouts: { proposeMs: 6_000, prevoteMs: 2_000, precommitMs: 2_000, perRoundMs: 1_000 },
};

export const paramsOf: Record<NetworkName, Params> = {
  mainnet: { ...shared, ...wide, network: networks.mainnet, blockIntervalMs: 600_000, mempoolExpiryMs: 30 * 60_000 },
  testnet: { ...shared, ...wide, network: networks.testnet, blockIntervalMs: 120_000 },
  devnet: {
    ...shared,
    network: networks.devnet,
    blockIntervalMs: 10_000,
    epochSlotBlocks: 5,
    epochCloseWaitMs: 200,
    heartbeatMs: 10_000,
    coinbaseMaturity: 2,
    voteFlushMs: 10,
    uncertifiedAgeMs: 3_000,
    listenMs: 2_000,
    timeouts: { proposeMs: 1_000, prevoteMs: 500, precommitMs: 500, perRoundMs: 500 },
  },
};

/** The slot that a time falls in: `genesisTime + k * interval` (section 7). Negative before the genesis. */
export const slotOf = (params: Pick<Params, 'blockIntervalMs'>, genesisTimeMs: number, timeMs: number): number =>
  Math.floor((timeMs - genesisTimeMs) / params.blockIntervalMs);
