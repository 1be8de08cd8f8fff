import { describe, expect, test } from 'vitest';
import { type AlertCode, severities } from '../../../src-shared/api/methods/health.ts';
import { wellFacts } from './health-facts.fixture.ts';
import type { WatchedFacts } from './health-facts.ts';
import { alertCodes, healthRules } from './health-rules.ts';

const gigabyte = 1_024 ** 3;

/** Facts with which it holds, what it says then, and the nearest ones with which it does not. */
const cases: { readonly [C in AlertCode]: readonly [holds: Partial<WatchedFacts>, says: object, not: Partial<WatchedFacts>] } = {
  halted: [{ halted: { height: 5, blocks: ['aa', 'bb'], faulty: 2 } }, { height: 5, blocks: ['aa', 'bb'], faulty: 2 }, {}],
  'after-revert': [{ silentThrough: { height: 7, epoch: 2 } }, { height: 7, epoch: 2 }, {}],
  'own-key-elsewhere': [{ signing: 'own-key-elsewhere' }, {}, { signing: 'off' }],
  'restored-old-copy': [{ signing: 'restored-old-copy' }, {}, { signing: 'off' }],
  'disk-full': [{ freeDiskBytes: 0.05 * gigabyte }, { freebytes: Math.floor(0.05 * gigabyte) }, { freeDiskBytes: 0.2 * gigabyte }],
  'disk-hangs': [{ oldestWriteMs: 45_000, backlogBytes: 50, behindBlocks: 300 }, { seconds: 45, waitingbytes: 50 }, { oldestWriteMs: 30_000 }],
  'database-damaged': [{ damage: { file: 'chain', what: 'page 7' } }, { file: 'chain', problem: 'page 7', canrepair: true }, {}],
  'no-peers': [{ peers: 0, keyElsewhere: true }, { keyelsewhere: true }, { peers: 0, alone: true }],
  'below-quorum': [{ quorum: false }, {}, {}],
  'no-block': [{ overdueMs: 20_001, sinceBlockMs: 32_900 }, { seconds: 32 }, { overdueMs: 20_000 }],
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

describe.each(alertCodes)('%s', (code) => {
  const [holds, says, not] = cases[code];
  test('holds, and says why', () => expect(healthRules[code].holds({ ...wellFacts, ...holds }, false)).toEqual(says));
  test('does not hold', () => expect(healthRules[code].holds({ ...wellFacts, ...not }, false)).toBeUndefined());
  test('does not hold of a node that is well', () => {
    expect(healthRules[code].holds(wellFacts, false)).toBeUndefined();
    expect(healthRules[code].holds(wellFacts, true)).toBeUndefined();
  });
});

test('what can be repaired from the window is the chain’s file, where the host can start the node anew', () => {
  const canRepair = (file: 'chain' | 'wallet', canRestart: boolean): boolean | undefined =>
    healthRules['database-damaged'].holds({ ...wellFacts, damage: { file, what: '' }, canRestart }, false)?.canrepair;
  expect([canRepair('chain', true), canRepair('chain', false), canRepair('wallet', true)]).toEqual([true, false, false]);
});

test('thresholds are laxer while the alert is raised', () => {
  const holds = (code: AlertCode, facts: Partial<WatchedFacts>, raised: boolean): boolean =>
    healthRules[code].holds({ ...wellFacts, ...facts }, raised) !== undefined;
  const disk = { freeDiskBytes: 1.2 * gigabyte };
  expect([holds('disk-low', disk, false), holds('disk-low', disk, true)]).toEqual([false, true]);
  const signed = { masternode: { status: 'active', signed: 939, counted: 1_000, neededPercent: 90 } } as const;
  expect([holds('participation-low', signed, false), holds('participation-low', signed, true)]).toEqual([false, true]);
  // A new check of the port that was closed does not take the alert back before it has an answer.
  expect([holds('unreachable', { reachability: 'checking' }, false), holds('unreachable', { reachability: 'checking' }, true)]).toEqual([false, true]);
});

test('the table is in the order of gravity, and causes are no circle', () => {
  const ranks = alertCodes.map((code) => severities.indexOf(healthRules[code].severity));
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  const reaches = (from: AlertCode, to: AlertCode): boolean => healthRules[from].followsFrom.some((cause) => cause === to || reaches(cause, to));
  expect(alertCodes.filter((code) => reaches(code, code))).toEqual([]);
});
