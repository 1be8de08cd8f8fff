import type { NetworkName } from './networks.ts';

/** How a limit is written in config.toml. In code it has the unit of its name: `…Ms` milliseconds, `…Bytes` bytes, else a plain number. */
export type LimitUnit = 'count' | 'percent' | 'per second' | 'per minute' | 'seconds' | 'days' | 'bytes';

interface LimitSpec {
  /** In config.toml and settings.json. */
  readonly key: string;
  readonly unit: LimitUnit;
  /** In that unit, like `min` and `max`, both of which are allowed. */
  readonly standard: number;
  readonly min: number;
  readonly max: number;
  /** Where everything runs on one machine: shorter waits, and no meaning in an IP. */
  readonly devnet?: number;
  /** For people: what it is, and what a larger or smaller one does. One sentence. */
  readonly meaning: string;
}

/**
 * Every number that the peer network goes by (protocol sections 9 and 10), named once: read by the configuration, described in
 * docs/config.md, shown by `getnetworkinfo`, obeyed by core and transport.
 */
const specs = {
  maxPeers: { key: 'max_peers', unit: 'count', standard: 50, min: 1, max: 1_000, meaning: 'Peers connected at once, both directions together.' },
  maxOutbound: {
    key: 'max_outbound',
    unit: 'count',
    standard: 30,
    min: 0,
    max: 1_000,
    meaning: 'Peers that this node dials by itself; the rest of the places is for those who dial it.',
  },
  masternodeSlotsPercent: {
    key: 'masternode_slots_percent',
    unit: 'percent',
    standard: 40,
    min: 0,
    max: 100,
    meaning: 'Share of the places that is kept for masternodes of the snapshot.',
  },
  masternodeSlotsMin: { key: 'masternode_slots_min', unit: 'count', standard: 20, min: 0, max: 1_000, meaning: 'At least so many places for masternodes.' },
  masternodeSlotsMax: { key: 'masternode_slots_max', unit: 'count', standard: 30, min: 0, max: 1_000, meaning: 'At most so many places for masternodes.' },
  maxPeersPerIp: {
    key: 'max_peers_per_ip',
    unit: 'count',
    standard: 4,
    devnet: 0,
    min: 0,
    max: 1_000,
    meaning: 'Peers from one IP, masternodes of the snapshot apart; 0 is no limit, and IPs are not banned then.',
  },
  maxPeersPerNetwork: {
    key: 'max_peers_per_network',
    unit: 'count',
    standard: 8,
    devnet: 0,
    min: 0,
    max: 1_000,
    meaning: 'Peers from one /24 (IPv4) or /48 (IPv6), masternodes of the snapshot apart; 0 is no limit.',
  },
  handshakeMs: {
    key: 'handshake_seconds',
    unit: 'seconds',
    standard: 10,
    min: 1,
    max: 60,
    meaning: 'For connecting, encryption and Hello together; slower connections are refused.',
  },
  pingIntervalMs: {
    key: 'ping_seconds',
    unit: 'seconds',
    standard: 30,
    devnet: 2,
    min: 1,
    max: 600,
    meaning: 'Between two pings of one peer; each varies by a tenth.',
  },
  pongTimeoutMs: { key: 'pong_seconds', unit: 'seconds', standard: 5, min: 1, max: 60, meaning: 'A pong that takes longer counts as missed.' },
  maxMissedPings: {
    key: 'max_missed_pings',
    unit: 'count',
    standard: 3,
    min: 1,
    max: 20,
    meaning: 'Missed in a row, then the peer is dropped as unresponsive.',
  },
  firstBackoffMs: {
    key: 'backoff_first_seconds',
    unit: 'seconds',
    standard: 5,
    devnet: 1 / 2,
    min: 1 / 2,
    max: 300,
    meaning: 'The wait after a first failed dial; it doubles with each further one.',
  },
  maxBackoffMs: {
    key: 'backoff_max_seconds',
    unit: 'seconds',
    standard: 300,
    min: 1,
    max: 3_600,
    meaning: 'The longest wait between two dials of one address.',
  },
  maxPeerFailures: { key: 'give_up_failures', unit: 'count', standard: 10, min: 1, max: 1_000, meaning: 'Failed dials in a row, then an address is given up.' },
  maxMasternodeFailures: {
    key: 'give_up_masternode_failures',
    unit: 'count',
    standard: 20,
    min: 1,
    max: 1_000,
    meaning: 'The same for the address of a masternode.',
  },
  upkeepMs: {
    key: 'upkeep_seconds',
    unit: 'seconds',
    standard: 120,
    devnet: 20,
    min: 1,
    max: 3_600,
    meaning: 'How often missing masternodes and free places are looked after (phase 3), and addresses asked for.',
  },
  forgetAfterMs: {
    key: 'forget_days',
    unit: 'days',
    standard: 7,
    min: 1,
    max: 365,
    meaning: 'An address without a successful connection for so long is forgotten.',
  },
  maxAddresses: {
    key: 'max_addresses',
    unit: 'count',
    standard: 2_000,
    min: 10,
    max: 100_000,
    meaning: 'Addresses remembered; the least promising make room.',
  },
  transactionsPerSecond: {
    key: 'rate_transactions',
    unit: 'per second',
    standard: 1_000,
    min: 1,
    max: 1_000_000,
    meaning: 'Transactions and announced ids taken from one peer.',
  },
  utxoQueriesPerSecond: {
    key: 'rate_utxo_queries',
    unit: 'per second',
    standard: 100,
    min: 1,
    max: 1_000_000,
    meaning: 'Outpoints that one peer may ask about.',
  },
  subscriptionsPerMinute: {
    key: 'rate_subscriptions',
    unit: 'per minute',
    standard: 10,
    min: 1,
    max: 1_000_000,
    meaning: 'Changes of subscriptions that one peer may make.',
  },
  maxSubscriptions: {
    key: 'max_subscriptions',
    unit: 'count',
    standard: 1_000,
    min: 0,
    max: 100_000,
    meaning: 'Outpoints and addresses that one peer may be subscribed to.',
  },
  getPeersPerMinute: { key: 'rate_get_peers', unit: 'per minute', standard: 5, min: 1, max: 1_000_000, meaning: 'Requests for addresses taken from one peer.' },
  pingsPerTenSeconds: {
    key: 'rate_pings',
    unit: 'count',
    standard: 6,
    devnet: 60,
    min: 1,
    max: 1_000_000,
    meaning: 'Pings taken from one peer in ten seconds.',
  },
  syncRequestsPerSecond: {
    key: 'rate_sync',
    unit: 'per second',
    standard: 10,
    min: 1,
    max: 1_000_000,
    meaning: 'Requests for blocks, pending transactions and votes of a height that one peer may make.',
  },
  otherMessagesPerSecond: { key: 'rate_other', unit: 'per second', standard: 100, min: 1, max: 1_000_000, meaning: 'All other messages taken from one peer.' },
  uselessPerSecond: {
    key: 'rate_useless',
    unit: 'per second',
    standard: 100,
    min: 1,
    max: 1_000_000,
    meaning: 'Duplicate or unusable votes and proposals taken from one peer.',
  },
  receivedBytesPerSecond: {
    key: 'rate_received_bytes',
    unit: 'bytes',
    standard: 10_000_000,
    min: 10_000,
    max: 1_000_000_000,
    meaning: 'Bytes a second taken from one peer.',
  },
  servedBytesPerSecond: {
    key: 'rate_served_bytes',
    unit: 'bytes',
    standard: 10_000_000,
    min: 10_000,
    max: 1_000_000_000,
    meaning: 'Bytes a second that one peer gets in answer to its requests.',
  },
  bundlesPerSignerPerSecond: {
    key: 'rate_bundles_per_signer',
    unit: 'per second',
    standard: 200,
    min: 1,
    max: 1_000_000,
    meaning: 'New vote bundles taken of one masternode, whoever brings them.',
  },
  blockVotesPerSignerPerSecond: {
    key: 'rate_block_votes_per_signer',
    unit: 'per second',
    standard: 20,
    min: 1,
    max: 1_000_000,
    meaning: 'New block votes and proposals taken of one masternode, whoever brings them.',
  },
  violationsForShortBan: { key: 'ban_short_violations', unit: 'count', standard: 3, min: 1, max: 1_000, meaning: 'Violations until the first ban.' },
  shortBanMs: { key: 'ban_short_seconds', unit: 'seconds', standard: 300, min: 1, max: 31_536_000, meaning: 'How long the first ban lasts.' },
  violationsForLongBan: { key: 'ban_long_violations', unit: 'count', standard: 5, min: 1, max: 1_000, meaning: 'Violations until a long ban.' },
  longBanMs: { key: 'ban_long_seconds', unit: 'seconds', standard: 3_600, min: 1, max: 31_536_000, meaning: 'How long a long ban lasts.' },
  violationsForLastingBan: {
    key: 'ban_lasting_violations',
    unit: 'count',
    standard: 10,
    min: 1,
    max: 1_000,
    meaning: 'Violations until a ban that only you lift; masternodes of the snapshot get long bans instead.',
  },
  violationsForgottenMs: {
    key: 'violations_forgotten_seconds',
    unit: 'seconds',
    standard: 3_600,
    min: 1,
    max: 31_536_000,
    meaning: 'Violations are forgotten after so long without a new one.',
  },
  syncParallel: { key: 'sync_parallel', unit: 'count', standard: 5, min: 1, max: 50, meaning: 'Peers that blocks are downloaded from at once.' },
  syncRangeBlocks: { key: 'sync_range_blocks', unit: 'count', standard: 200, min: 1, max: 500, meaning: 'Blocks asked of one peer at once.' },
  syncDeadlineMs: {
    key: 'sync_deadline_seconds',
    unit: 'seconds',
    standard: 10,
    min: 1,
    max: 600,
    meaning: 'A range of blocks that takes longer is asked of another peer.',
  },
  maxSendQueueBytes: {
    key: 'max_send_queue_bytes',
    unit: 'bytes',
    standard: 8_400_000,
    min: 2_200_000,
    max: 1_000_000_000,
    meaning:
      'Waiting for a peer that reads slowly: beyond a quarter of it announcements and pending payments are left out, beyond all of it the peer is dropped.',
  },
  acceptsPerIpPerSecond: {
    key: 'rate_accepts_per_ip',
    unit: 'per second',
    standard: 5,
    min: 1,
    max: 10_000,
    meaning: 'New connections taken from one IP; twenty at once are a burst. Where max_peers_per_ip is 0, this machine is excepted.',
  },
  clockWarnMs: { key: 'clock_warn_seconds', unit: 'seconds', standard: 5, min: 1, max: 3_600, meaning: 'A clock that is further from the masternodes’ warns.' },
  clockStopMs: {
    key: 'clock_stop_seconds',
    unit: 'seconds',
    standard: 15,
    min: 1,
    max: 3_600,
    meaning: 'A clock that is further from the masternodes’ stops this node from proposing blocks.',
  },
} as const satisfies Record<string, LimitSpec>;

export type LimitName = keyof typeof specs;
/** In the units of the names. */
export type NetLimits = { readonly [L in LimitName]: number };

export const limitSpecs: Readonly<Record<LimitName, LimitSpec>> = specs;
export const limitNames = Object.keys(specs) as LimitName[];

const unitFactor: Record<LimitUnit, number> = { count: 1, percent: 1, 'per second': 1, 'per minute': 1, seconds: 1_000, days: 86_400_000, bytes: 1 };

/** From a value as written in a file to the unit of the name. */
export const fromWritten = (name: LimitName, written: number): number => written * unitFactor[limitSpecs[name].unit];
export const toWritten = (name: LimitName, value: number): number => value / unitFactor[limitSpecs[name].unit];

/** What holds where nothing else is said. */
export function defaultLimits(network: NetworkName): NetLimits {
  const written = (spec: LimitSpec): number => (network === 'devnet' ? (spec.devnet ?? spec.standard) : spec.standard);
  return Object.fromEntries(limitNames.map((name) => [name, fromWritten(name, written(limitSpecs[name]))])) as NetLimits;
}
