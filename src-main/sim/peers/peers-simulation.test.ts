import { describe, expect, test, vi } from 'vitest';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import { formatPeerFaults, parsePeerFaults, peerFaultNames } from './peer-faults.ts';
import { type PeersSimulationOptions, simulatePeers } from './peers-simulation.ts';

const everything = parsePeerFaults('all');
const calm: Omit<PeersSimulationOptions, 'seed'> = { nodes: 5, hours: 1, faults: new Set(), maxPeers: 50, hostile: 0 };
const seedsFrom = (first: number, count: number, of: Partial<PeersSimulationOptions>): PeersSimulationOptions[] =>
  Array.from({ length: count }, (_, i) => ({ ...calm, ...of, seed: first + i }));

/** Each fault by itself, so that what breaks has few causes; and all of them at once. More of them, and bad company: `npm run sim -- --mode peers --hostile 5`. */
const cases: PeersSimulationOptions[] = [
  ...peerFaultNames.flatMap((name, index) => seedsFrom(10 * index, testRuns(0.3), { faults: new Set([name]) })),
  ...seedsFrom(200, testRuns(1), { nodes: 8, faults: everything }),
];
const optionsOf = ({ seed, nodes, hours, faults, maxPeers, hostile }: PeersSimulationOptions): string =>
  `--mode peers --nodes ${nodes} --hours ${hours} --faults ${formatPeerFaults(faults)} --max-peers ${maxPeers} --hostile ${hostile} --seed ${seed}`;

vi.setConfig({ testTimeout: 60_000 });

describe(`${cases.length} seeds`, () => {
  test.each(cases.map((one): [string, PeersSimulationOptions] => [optionsOf(one), one]))('%s', (again, one) => {
    const { broken, lastEvents, ready } = simulatePeers(one);
    expect(broken && [...lastEvents.slice(-30), broken.message, `again: npm run sim -- ${again}`].join('\n')).toBeUndefined();
    expect(ready).toBeGreaterThan(one.nodes);
  });
});

test('a seed is a run: the same again, event by event, and another for another seed', () => {
  const digestOf = (seed: number): string => simulatePeers({ ...calm, hours: 0.25, faults: everything, seed }).traceDigest;
  const first = digestOf(11);
  expect(digestOf(11)).toBe(first);
  expect(digestOf(12)).not.toBe(first);
});
