import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LimitConflict, limitOrders, readLimit, settleLimits } from './net-limit-rules.ts';
import { defaultLimits, fromWritten, type LimitName, limitNames, limitSpecs, type NetLimits } from './net-limits.ts';
import { type NetworkName, networks } from './networks.ts';
import { testRuns } from './test-runs.fixture.ts';

const networkNames = Object.keys(networks) as NetworkName[];

describe('the table', () => {
  it.each(networkNames)('has defaults on %s that are within their ranges, and need nothing to give way', (network) => {
    const defaults = defaultLimits(network);
    for (const name of limitNames) {
      expect([name, defaults[name]]).toEqual([
        name,
        Math.min(fromWritten(name, limitSpecs[name].max), Math.max(fromWritten(name, limitSpecs[name].min), defaults[name])),
      ]);
      expect(Number.isInteger(defaults[name]), name).toBe(true);
    }
    expect(settleLimits(network, {})).toEqual(defaults);
  });
  it('has a key of its own for each', () => {
    expect(new Set(limitNames.map((name) => limitSpecs[name].key)).size).toBe(limitNames.length);
  });
});

describe('a limit as it is written', () => {
  it.each<[LimitName, number, number]>([
    ['maxPeers', 1, 1],
    ['firstBackoffMs', 0.5, 500],
    ['firstBackoffMs', 1.1, 1_100],
    ['pongTimeoutMs', 4.035, 4_035],
    ['forgetAfterMs', 1.5, 129_600_000],
    ['receivedBytesPerSecond', 1e9, 1e9],
  ])('%s = %d', (name, written, value) => {
    expect(readLimit(name, written)).toBe(value);
  });
  it.each<[LimitName, unknown, string]>([
    ['maxPeers', 0, 'expected a whole number from 1 to 1000'],
    ['maxPeers', 1_001, 'expected a whole number from 1 to 1000'],
    ['maxPeers', 1.5, 'expected a whole number from 1 to 1000'],
    ['maxPeers', '5', 'expected a whole number from 1 to 1000'],
    ['maxPeers', Number.NaN, 'expected a whole number from 1 to 1000'],
    ['maxPeers', Number.POSITIVE_INFINITY, 'expected a whole number from 1 to 1000'],
    ['maxPeers', [5], 'expected a whole number from 1 to 1000'],
    ['pongTimeoutMs', 4.0355, 'expected a number of seconds from 1 to 60'],
    ['pongTimeoutMs', 0.999, 'expected a number of seconds from 1 to 60'],
    ['forgetAfterMs', true, 'expected a number of days from 1 to 365'],
  ])('%s = %j is refused', (name, written, message) => {
    expect(() => readLimit(name, written)).toThrow(message);
  });
});

describe('limits that bound each other', () => {
  it.each<[Partial<NetLimits>, Partial<NetLimits>]>([
    [{ maxPeers: 10 }, { maxOutbound: 6, masternodeSlotsMax: 6, masternodeSlotsMin: 4 }],
    [{ maxPeers: 1 }, { maxOutbound: 1, masternodeSlotsMax: 1, masternodeSlotsMin: 1 }],
    [{ maxPeers: 200 }, { maxOutbound: 30, masternodeSlotsMax: 30, masternodeSlotsMin: 20 }],
    [{ maxOutbound: 80 }, { maxPeers: 80, masternodeSlotsMax: 30 }],
    [{ masternodeSlotsMin: 60 }, { masternodeSlotsMax: 60, maxPeers: 60, maxOutbound: 30 }],
    [
      { masternodeSlotsMin: 60, maxOutbound: 55 },
      { masternodeSlotsMax: 60, maxPeers: 60 },
    ],
    [{ masternodeSlotsMax: 0 }, { masternodeSlotsMin: 0, maxPeers: 50 }],
    [{ maxPeersPerNetwork: 1 }, { maxPeersPerIp: 1 }],
    [{ maxPeersPerNetwork: 0 }, { maxPeersPerIp: 4 }],
    [{ maxPeersPerIp: 0 }, { maxPeersPerNetwork: 8 }],
    [{ violationsForLastingBan: 1 }, { violationsForLongBan: 1, violationsForShortBan: 1 }],
    [{ violationsForShortBan: 20 }, { violationsForLongBan: 20, violationsForLastingBan: 20 }],
    [{ maxBackoffMs: 1_000 }, { firstBackoffMs: 500 }],
    [{ clockStopMs: 3_000 }, { clockWarnMs: 1_000 }],
  ])('%j takes with it %j', (written, rest) => {
    expect(settleLimits('mainnet', written)).toMatchObject({ ...written, ...rest });
  });

  it.each<[Partial<NetLimits>, string]>([
    [{ maxPeers: 10, maxOutbound: 20 }, 'max_outbound, 20, is more than max_peers, 10'],
    [{ clockWarnMs: 20_000, clockStopMs: 10_000 }, 'clock_warn_seconds, 20, is more than clock_stop_seconds, 10'],
    [{ maxPeers: 20, masternodeSlotsMin: 40 }, 'masternode_slots_min, 40, is more than masternode_slots_max, 12 (which follows from max_peers)'],
  ])('%j contradict', (written, message) => {
    expect(() => settleLimits('mainnet', written)).toThrow(message);
  });

  const someLimits = fc
    .uniqueArray(fc.oneof(fc.constantFrom(...limitNames), fc.constantFrom(...limitOrders.flat())), { maxLength: 6 })
    .chain((names) =>
      fc.tuple(
        ...names.map((name) =>
          fc
            .integer({ min: Math.ceil(fromWritten(name, limitSpecs[name].min)), max: fromWritten(name, limitSpecs[name].max) })
            .map((value) => [name, value] as const),
        ),
      ),
    )
    .map((entries) => Object.fromEntries(entries) as Partial<NetLimits>);

  it('hold whatever is written, which is never changed; only written values contradict', () => {
    fc.assert(
      fc.property(fc.constantFrom(...networkNames), someLimits, (network, written) => {
        const settled = outcome(network, written);
        if (settled instanceof LimitConflict) {
          // For errors that name the file, and never because of a default alone.
          expect([settled.lower, settled.upper].some((name) => written[name] !== undefined)).toBe(true);
          expect(limitOrders.some(([lower, upper]) => isAbove(written, lower, upper))).toBe(true);
          return;
        }
        expect(settled).toMatchObject(written);
        for (const name of limitNames) expect(readLimit(name, settled[name] / fromWritten(name, 1))).toBe(settled[name]);
        for (const [lower, upper] of limitOrders)
          if (upper !== 'maxPeersPerNetwork' || settled[upper] > 0) expect([lower, settled[lower] <= settled[upper]]).toEqual([lower, true]);
      }),
      { numRuns: testRuns(300) },
    );
  });
});

/** Whether what is written of the first and below is more than what is written of the second and above. */
function isAbove(written: Partial<NetLimits>, lower: LimitName, upper: LimitName): boolean {
  const reach = (from: LimitName, side: 0 | 1): number[] => [
    ...(written[from] === undefined ? [] : [written[from]]),
    ...limitOrders.filter((order) => order[1 - side] === from).flatMap((order) => reach(order[side], side)),
  ];
  return Math.max(...reach(lower, 0)) > Math.min(...reach(upper, 1));
}

function outcome(network: NetworkName, written: Partial<NetLimits>): NetLimits | LimitConflict {
  try {
    return settleLimits(network, written);
  } catch (error) {
    if (error instanceof LimitConflict) return error;
    throw error;
  }
}
