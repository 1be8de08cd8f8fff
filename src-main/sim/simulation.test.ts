import { describe, expect, test } from 'vitest';
import { testRuns } from '../../src-shared/domain/test-runs.fixture.ts';
import { bronze } from './cluster.ts';
import { type FaultName, faultNames, formatFaults, parseFaults } from './faults.ts';
import { type Report, simulate } from './simulation.ts';

/** What is broken, and how to see it again. */
function expectSound(report: Report, again: string): void {
  const why = report.broken && [...report.lastEvents.slice(-30), report.broken.message, `again: npm run sim -- ${again}`].join('\n');
  expect(why).toBeUndefined();
}

const everything = parseFaults('all');
const paymentEveryMs = 1_000;

interface Case {
  readonly seed: number;
  readonly nodes: number;
  readonly byzantine: number;
  readonly faults: ReadonlySet<FaultName>;
}
const seedsFrom = (first: number, count: number, of: Omit<Case, 'seed'>): Case[] => Array.from({ length: count }, (_, i) => ({ ...of, seed: first + i }));
/** Each fault by itself, so that what breaks has few causes, and all of them at once, where what breaks is new. More of them: `npm run sim`. */
const cases: Case[] = [
  ...faultNames.flatMap((name, index) => seedsFrom(10 * index, testRuns(0.3), { nodes: 4, byzantine: 0, faults: new Set([name]) })),
  ...seedsFrom(100, testRuns(1), { nodes: 4, byzantine: 0, faults: everything }),
  ...seedsFrom(200, testRuns(1), { nodes: 4, byzantine: 1, faults: everything }),
  ...seedsFrom(300, testRuns(0.4), { nodes: 7, byzantine: 2, faults: everything }),
];

describe(`${cases.length} seeds`, () => {
  test.each(
    cases.map((one): [string, Case] => [
      `--nodes ${one.nodes} --heights 5 --seed ${one.seed} --byzantine ${one.byzantine} --faults ${formatFaults(one.faults)}`,
      one,
    ]),
  )('%s', (options, one) => {
    const report = simulate({ ...one, members: bronze(one.nodes), heights: 5, paymentEveryMs, sampleEvery: 2_000 });
    expectSound(report, `${options} --payment-every ${paymentEveryMs}`);
    expect(report.finalTransactions).toBeGreaterThan(10);
  });
});

test('every signature by the readable reference as well', () => {
  const report = simulate({ seed: 7, members: bronze(4), heights: 1, byzantine: 1, faults: new Set(), paymentEveryMs: 5_000, sampleEvery: 1 });
  expectSound(report, '--nodes 4 --heights 1 --seed 7 --byzantine 1 --faults none --payment-every 5000 --cross-check');
});

test('a seed is a run: the same again, event by event, and another for another seed', () => {
  const digestOf = (seed: number): string =>
    simulate({ seed, members: bronze(4), heights: 1, byzantine: 1, faults: parseFaults('all'), paymentEveryMs: 500, sampleEvery: 2_000 }).traceDigest;
  const first = digestOf(11);
  expect(digestOf(11)).toBe(first);
  expect(digestOf(12)).not.toBe(first);
});
