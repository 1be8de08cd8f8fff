import type { AlertCode } from '../../../src-shared/api/methods/health.ts';
import type { WatchedFacts } from './health-facts.ts';

export const gigabyte = 1_024 ** 3;

/** A masternode that is well. */
export const wellFacts: WatchedFacts = {
  launched: true,
  alone: false,
  peers: 4,
  keyElsewhere: false,
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
  oldestWriteMs: 0,
  damage: undefined,
  canRestart: true,
  freeDiskBytes: 50 * gigabyte,
  later: undefined,
  settledMs: 3_600_000,
  slept: undefined,
};

/** Facts with which it holds, what it says then, and the nearest ones with which it does not. */
export const ruleCases: { readonly [C in AlertCode]: readonly [holds: Partial<WatchedFacts>, says: object, not: Partial<WatchedFacts>] } = {
  halted: [{ halted: { height: 5, blocks: ['aa', 'bb'], faulty: 2 } }, { height: 5, blocks: ['aa', 'bb'], faulty: 2 }, {}],
  'after-revert': [{ silentThrough: { height: 7, epoch: 2 } }, { height: 7, epoch: 2 }, {}],
  'own-key-elsewhere': [{ signing: 'own-key-elsewhere' }, {}, { signing: 'off' }],
  'restored-old-copy': [{ signing: 'restored-old-copy' }, {}, { signing: 'off' }],
  'disk-full': [{ freeDiskBytes: 0.05 * gigabyte }, { freebytes: Math.floor(0.05 * gigabyte) }, { freeDiskBytes: 0.2 * gigabyte }],
  'disk-hangs': [{ oldestWriteMs: 45_000, backlogBytes: 50, behindBlocks: 300 }, { seconds: 45, waitingbytes: 50 }, { oldestWriteMs: 30_000 }],
  'database-damaged': [{ damage: { file: 'chain', what: 'page 7' } }, { file: 'chain', problem: 'page 7', canrepair: true }, {}],
  'no-peers': [{ peers: 0, keyElsewhere: true }, { keyelsewhere: true }, { peers: 0, alone: true }],
  'below-quorum': [{ quorum: false }, {}, {}],
  'no-block': [{ overdueMs: 20_001, sinceBlockMs: 32_900 }, { seconds: 32 }, { overdueMs: 20_001, behindBlocks: 1 }],
  'clock-stopped': [{ clock: 'stopped', clockOffsetSeconds: -16 }, { timeoffset: -16 }, { clock: 'warning' }],
  'masternode-inactive': [
    { masternode: { status: 'reviving', signed: 0, counted: 0, neededPercent: 90 } },
    { reviving: true },
    { masternode: { status: 'waiting', signed: 0, counted: 0, neededPercent: 90 } },
  ],
  'participation-low': [
    { masternode: { status: 'active', signed: 924, counted: 1_000, neededPercent: 90 } },
    { percent: 92.4, needed: 90 },
    { masternode: { status: 'active', signed: 925, counted: 1_000, neededPercent: 90 } },
  ],
  unreachable: [
    { reachability: 'unreachable', address: '203.0.113.5:24000' },
    { address: '203.0.113.5:24000' },
    { reachability: 'unreachable', isMasternode: false },
  ],
  'clock-off': [{ clock: 'warning' }, {}, { clock: 'unknown' }],
  behind: [{ behindBlocks: 3 }, { blocks: 3 }, {}],
  'disk-low': [{ freeDiskBytes: 0.9 * gigabyte }, { freebytes: Math.floor(0.9 * gigabyte) }, { freeDiskBytes: undefined }],
  'disk-slow': [
    { oldestWriteMs: 3_100, backlogBytes: 50 },
    { seconds: 3, waitingbytes: 50 },
    { oldestWriteMs: 3_100, behindBlocks: 300 },
  ],
  listening: [{ signing: 'listening' }, {}, { signing: 'off' }],
  'not-launched': [{ launched: false }, {}, {}],
  starting: [{ settledMs: 9_000, peers: 0 }, {}, { settledMs: 9_000 }],
  'update-available': [{ later: { version: '9.9.9', peers: 3 } }, { version: '9.9.9', peers: 3, of: 4 }, { later: { version: '9.9.9', peers: 2 }, peers: 3 }],
  woken: [{ slept: { forMs: 3_600_500, agoMs: 5_000 } }, { seconds: 3_600 }, { slept: { forMs: 3_600_500, agoMs: 700_000 } }],
};
