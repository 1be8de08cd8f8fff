import type { AlertCode, HealthAlert, Severity } from '../../../src-shared/api/methods/health.ts';
import type { WatchedFacts } from './health-facts.ts';

export type AlertFacts<C extends AlertCode> = Omit<Extract<HealthAlert, { code: C }>, 'code' | 'severity' | 'sincems'>;

/** When an alert is raised, and when it is over. */
export interface HealthRule<C extends AlertCode = AlertCode> {
  readonly severity: Severity;
  /** It must hold for so long before anybody is told: what mends itself at once is no news. */
  readonly raiseAfterMs: number;
  /** It must not hold for so long before it is over: what comes and goes is one alert, not many. */
  readonly clearAfterMs: number;
  /** While one of these is raised, this one follows from it and is not said: people are told the cause. */
  readonly followsFrom: readonly AlertCode[];
  /** What its words need while it holds, undefined while it does not. `raised`: it is raised now; thresholds are laxer then. */
  holds(facts: WatchedFacts, raised: boolean): AlertFacts<C> | undefined;
}

/** A node that has just started or woken has not met its peers yet. */
const settlingMs = 10_000;
/** Connections that end are replaced within seconds. */
const reconnectMs = 10_000;
/** A block on its way is heard of before it is here. */
const catchUpMs = 10_000;
/** Slots without a block before it is said that none comes: one may be late, or decided in a later round. */
const missedSlots = 2;
/** What waits longer to be stored is late: the largest commit takes a tenth of a second on a good disk, and votes leave when it is done. */
const slowWriteMs = 3_000;
/** A disk that has not stored anything for so long may never; also while the node catches up, when it has all that a disk can do to do. */
const hungWriteMs = 30_000;
/** Half a year of busy blocks fits; below it there is time to make room, and below the other the next files may not be written. */
const lowDiskBytes = 1_024 * 1024 * 1024;
const fullDiskBytes = 100 * 1024 * 1024;
/** A disk has this much more room than when it was said to have too little before that is taken back. */
const regained = 1.25;
/** Parts of what a tier lets one miss: with only so much of it left one is told, and with so much is well again. */
const nearPart = 0.25;
const wellPart = 0.4;
/** Fewer blocks say little about anybody’s habits. */
const leastCounted = 20;
/** Who slept an hour ago has noticed. */
const wokenShownMs = 10 * 60_000;
/** A few peers may say anything. */
const leastPeersForVersions = 4;

const always: Pick<HealthRule, 'raiseAfterMs' | 'clearAfterMs' | 'followsFrom'> = { raiseAfterMs: 0, clearAfterMs: 0, followsFrom: [] };
const nothing = {} as const;

/** Room on the disk below a line, or not far above it if it was below before. */
const below = (freeBytes: number | undefined, lineBytes: number, raised: boolean): { readonly freebytes: number } | undefined =>
  freeBytes !== undefined && freeBytes < (raised ? lineBytes * regained : lineBytes) ? { freebytes: Math.floor(freeBytes) } : undefined;

const isOverdue = ({ overdueMs, blockIntervalMs }: WatchedFacts): boolean => overdueMs > missedSlots * blockIntervalMs;

const offset = ({ clockOffsetSeconds }: WatchedFacts): AlertFacts<'clock-off'> => (clockOffsetSeconds === undefined ? {} : { timeoffset: clockOffsetSeconds });

/** Rounded down to a tenth: what is shown as enough is enough. */
export const percentSigned = (signed: number, counted: number): number => (counted === 0 ? 100 : Math.floor((1_000 * signed) / counted) / 10);

/** Every condition there is, the gravest first, as alerts are shown. */
export const healthRules: { readonly [C in AlertCode]: HealthRule<C> } = {
  halted: { ...always, severity: 'critical', holds: ({ halted }) => halted && { ...halted, blocks: [...halted.blocks] } },
  'after-revert': { ...always, severity: 'critical', holds: ({ silentThrough }) => silentThrough },
  'own-key-elsewhere': { ...always, severity: 'critical', holds: ({ signing }) => (signing === 'own-key-elsewhere' ? nothing : undefined) },
  'restored-old-copy': { ...always, severity: 'critical', holds: ({ signing }) => (signing === 'restored-old-copy' ? nothing : undefined) },
  'disk-full': { ...always, severity: 'critical', holds: ({ freeDiskBytes }, raised) => below(freeDiskBytes, fullDiskBytes, raised) },
  'disk-hangs': {
    ...always,
    severity: 'critical',
    clearAfterMs: 2_000,
    holds: ({ oldestWriteMs, backlogBytes }) =>
      oldestWriteMs > hungWriteMs ? { seconds: Math.floor(oldestWriteMs / 1_000), waitingbytes: backlogBytes } : undefined,
  },
  'database-damaged': {
    ...always,
    severity: 'critical',
    holds: ({ damage, canRestart }) => damage && { file: damage.file, problem: damage.what, canrepair: canRestart && damage.file === 'chain' },
  },
  'no-peers': {
    severity: 'critical',
    raiseAfterMs: reconnectMs,
    clearAfterMs: 0,
    followsFrom: ['halted', 'not-launched'],
    holds: ({ alone, peers, keyElsewhere }) => (!alone && peers === 0 ? { keyelsewhere: keyElsewhere } : undefined),
  },
  'below-quorum': {
    severity: 'critical',
    raiseAfterMs: reconnectMs,
    clearAfterMs: 0,
    followsFrom: ['halted', 'not-launched', 'no-peers', 'starting'],
    holds: ({ quorum }) => (quorum ? undefined : nothing),
  },
  'no-block': {
    severity: 'critical',
    raiseAfterMs: 0,
    clearAfterMs: 0,
    // By a clock that is ahead every block is late.
    followsFrom: ['halted', 'not-launched', 'no-peers', 'below-quorum', 'behind', 'clock-stopped', 'starting'],
    // Who was cut off has blocks to fetch as soon as anybody is back, which is said if it takes long: they were made.
    holds: (facts) => (isOverdue(facts) && facts.behindBlocks === 0 ? { seconds: Math.max(0, Math.floor(facts.sinceBlockMs / 1_000)) } : undefined),
  },
  'clock-stopped': { ...always, severity: 'warning', holds: (facts) => (facts.clock === 'stopped' ? offset(facts) : undefined) },
  'masternode-inactive': {
    ...always,
    severity: 'warning',
    followsFrom: ['halted', 'own-key-elsewhere'],
    holds: ({ masternode }) =>
      masternode?.status === 'inactive' || masternode?.status === 'reviving' ? { reviving: masternode.status === 'reviving' } : undefined,
  },
  'participation-low': {
    ...always,
    severity: 'warning',
    followsFrom: ['halted', 'own-key-elsewhere', 'masternode-inactive'],
    holds: ({ masternode }, raised) => {
      if (masternode === undefined || masternode.counted < leastCounted) return undefined;
      const percent = percentSigned(masternode.signed, masternode.counted);
      const needed = masternode.neededPercent;
      return percent < needed + (100 - needed) * (raised ? wellPart : nearPart) ? { percent, needed } : undefined;
    },
  },
  // Who only follows loses nothing by it; a masternode that nobody can dial is the first to be cut off.
  unreachable: {
    ...always,
    severity: 'warning',
    holds: ({ isMasternode, reachability, address }, raised) =>
      isMasternode && (reachability === 'unreachable' || (raised && reachability === 'checking')) ? { address } : undefined,
  },
  'clock-off': { ...always, severity: 'warning', holds: (facts) => (facts.clock === 'warning' ? offset(facts) : undefined) },
  behind: {
    severity: 'warning',
    raiseAfterMs: catchUpMs,
    clearAfterMs: 2_000,
    followsFrom: ['halted', 'not-launched', 'no-peers', 'starting'],
    holds: ({ behindBlocks }) => (behindBlocks > 0 ? { blocks: behindBlocks } : undefined),
  },
  'disk-low': {
    ...always,
    severity: 'warning',
    followsFrom: ['disk-full'],
    holds: ({ freeDiskBytes }, raised) => below(freeDiskBytes, lowDiskBytes, raised),
  },
  // A node that catches up is held back by its disk as a matter of course.
  'disk-slow': {
    severity: 'warning',
    raiseAfterMs: 0,
    clearAfterMs: 15_000,
    followsFrom: ['behind', 'disk-hangs'],
    holds: ({ oldestWriteMs, backlogBytes, behindBlocks }) =>
      oldestWriteMs > slowWriteMs && behindBlocks === 0 ? { seconds: Math.floor(oldestWriteMs / 1_000), waitingbytes: backlogBytes } : undefined,
  },
  listening: {
    ...always,
    severity: 'notice',
    followsFrom: ['halted', 'not-launched'],
    holds: ({ signing }) => (signing === 'listening' ? nothing : undefined),
  },
  'not-launched': { ...always, severity: 'notice', holds: ({ launched }) => (launched ? undefined : nothing) },
  starting: {
    ...always,
    severity: 'notice',
    followsFrom: ['halted', 'not-launched'],
    holds: (facts) => {
      const isAmongOthers = facts.peers > 0 && facts.quorum && facts.behindBlocks === 0;
      return facts.settledMs < settlingMs && ((!facts.alone && !isAmongOthers) || isOverdue(facts)) ? nothing : undefined;
    },
  },
  'update-available': {
    severity: 'info',
    raiseAfterMs: 60_000,
    clearAfterMs: 60 * 60_000,
    followsFrom: [],
    holds: ({ later, peers }) => (later !== undefined && peers >= leastPeersForVersions ? { ...later, of: peers } : undefined),
  },
  woken: {
    ...always,
    severity: 'info',
    followsFrom: ['starting'],
    holds: ({ slept }) => (slept !== undefined && slept.agoMs < wokenShownMs ? { seconds: Math.floor(slept.forMs / 1_000) } : undefined),
  },
};

export const alertCodes = Object.keys(healthRules) as AlertCode[];
