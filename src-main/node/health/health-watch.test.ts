import { beforeEach, expect, test } from 'vitest';
import { ruleCases, wellFacts } from './health-facts.fixture.ts';
import type { HealthFacts } from './health-facts.ts';
import { alertCodes, healthRules } from './health-rules.ts';
import { type HealthChange, HealthWatch } from './health-watch.ts';

const startMs = 1_700_000_000_000;
let facts: HealthFacts;
let passedMs: number;
let sleptMs: number;
/** By which somebody has set the clock. */
let setMs: number;
let watch: HealthWatch;

beforeEach(() => {
  facts = wellFacts;
  passedMs = 0;
  sleptMs = 0;
  setMs = 0;
  watch = newWatch();
});
const newWatch = (): HealthWatch =>
  new HealthWatch({
    facts: () => facts,
    nowMs: () => startMs + passedMs + sleptMs + setMs,
    monotonicMs: () => passedMs,
    uptimeMs: () => 5_000 + passedMs + sleptMs,
  });

/** A look each second. */
function wait(seconds: number): HealthChange {
  const changes = { raised: [] as HealthChange['raised'][number][], cleared: [] as HealthChange['cleared'][number][] };
  for (let i = 0; i < seconds; i++) {
    passedMs += 1_000;
    const { raised, cleared } = watch.look();
    changes.raised.push(...raised);
    changes.cleared.push(...cleared);
  }
  return changes;
}
const codes = (): string[] => watch.view.alerts.map(({ code }) => code);

test('a node that is well says nothing', () => {
  expect(wait(60)).toEqual({ raised: [], cleared: [] });
  expect(watch.view).toEqual({ verdict: 'good', alerts: [] });
});

test('an alert is raised once, keeps when it began while its numbers move, and is cleared once', () => {
  wait(20);
  facts = { ...wellFacts, behindBlocks: 7 };
  expect(wait(10).raised).toEqual([]);
  expect(wait(1).raised).toEqual([{ code: 'behind', severity: 'warning', sincems: startMs + 31_000, blocks: 7 }]);
  facts = { ...wellFacts, behindBlocks: 9 };
  expect(wait(30)).toEqual({ raised: [], cleared: [] });
  expect(watch.view).toEqual({ verdict: 'attention', alerts: [{ code: 'behind', severity: 'warning', sincems: startMs + 31_000, blocks: 9 }] });
  facts = wellFacts;
  expect(wait(2).cleared).toEqual([]);
  expect(wait(1).cleared).toEqual(['behind']);
  expect(watch.view).toEqual({ verdict: 'good', alerts: [] });
});

test('what comes and goes sooner than it matters is never said, and what pauses is not cleared', () => {
  wait(20);
  for (let i = 0; i < 20; i++) {
    facts = { ...wellFacts, behindBlocks: i % 5 === 0 ? 0 : 2 };
    expect(wait(1).raised).toEqual([]);
  }
  facts = { ...wellFacts, oldestWriteMs: 4_000 };
  expect(wait(1).raised).toHaveLength(1);
  for (let i = 0; i < 100; i++) {
    facts = { ...wellFacts, oldestWriteMs: i % 10 === 0 ? 4_000 : 0 };
    expect(wait(1)).toEqual({ raised: [], cleared: [] });
  }
});

test('who was cut off and is connected again is told of no block that does not come, while those that came are fetched', () => {
  wait(60);
  facts = { ...wellFacts, peers: 0, quorum: false };
  expect(wait(20).raised.map(({ code }) => code)).toEqual(['no-peers']);
  facts = { ...wellFacts, overdueMs: 300_000, behindBlocks: 40 };
  expect(wait(30)).toMatchObject({ raised: [{ code: 'behind' }], cleared: ['no-peers'] });
  facts = wellFacts;
  expect(wait(30)).toEqual({ raised: [], cleared: ['behind'] });
});

/** What the watch knows by itself is not told to it. */
const told = alertCodes.filter((code) => code !== 'starting' && code !== 'woken');
test.each(told)('%s is said once, when it has held for long enough, and is over once', (code) => {
  const { raiseAfterMs, clearAfterMs } = healthRules[code];
  const [holds] = ruleCases[code];
  /** It may hold with something else. */
  const heard = (seconds: number): readonly string[] => {
    const { raised, cleared } = wait(seconds);
    return [...raised.filter((alert) => alert.code === code).map(() => 'raised'), ...cleared.filter((one) => one === code).map(() => 'over')];
  };
  wait(60);
  facts = { ...wellFacts, ...holds };
  expect(heard(raiseAfterMs / 1_000)).toEqual([]);
  expect(heard(1)).toEqual(['raised']);
  expect(heard(120)).toEqual([]);
  facts = wellFacts;
  expect(heard(clearAfterMs / 1_000)).toEqual([]);
  expect(heard(1)).toEqual(['over']);
  expect(heard(60)).toEqual([]);
});

test('a start is a start for ten seconds, and then what it is', () => {
  facts = { ...wellFacts, peers: 0, quorum: false, overdueMs: 60_000 };
  watch = newWatch();
  expect(codes()).toEqual(['starting']);
  wait(9);
  expect(codes()).toEqual(['starting']);
  expect(wait(1).cleared).toEqual(['starting']);
  // Not two alarms for one thing: without peers there is no quorum, and no block.
  expect(codes()).toEqual(['no-peers']);
  expect(watch.view.verdict).toBe('bad');
});

test('by a clock that is ahead no block is late', () => {
  wait(60);
  facts = { ...wellFacts, clock: 'stopped', clockOffsetSeconds: -30, overdueMs: 25_000 };
  wait(10);
  expect(codes()).toEqual(['clock-stopped']);
});

test('a clock that is set is no sleep', () => {
  wait(60);
  setMs = 8 * 3_600_000;
  expect(wait(5)).toEqual({ raised: [], cleared: [] });
  setMs = 0;
  expect(wait(5)).toEqual({ raised: [], cleared: [] });
});

test('a node whose connections have not noticed yet that the machine slept misses no block, for the time of a start', () => {
  wait(60);
  sleptMs = 8 * 3_600_000;
  facts = { ...wellFacts, overdueMs: 28_800_000 };
  expect(wait(1).raised.map(({ code }) => code)).toEqual(['starting']);
  wait(9);
  expect(codes()).toEqual(['starting']);
  wait(1);
  expect(codes()).toEqual(['no-block', 'woken']);
});

test('a chain that is given up is all there is to say, beside what is wrong with the machine', () => {
  facts = { ...wellFacts, halted: { height: 5, blocks: [], faulty: 0 }, quorum: false, peers: 0, behindBlocks: 5, overdueMs: 60_000, freeDiskBytes: 0 };
  wait(60);
  expect(codes()).toEqual(['halted', 'disk-full']);
});

test('waking is quiet: a start over, and a word afterwards', () => {
  wait(60);
  sleptMs = 8 * 3_600_000;
  facts = { ...wellFacts, peers: 0, quorum: false, behindBlocks: 2_880, overdueMs: 28_800_000 };
  expect(wait(1).raised.map(({ code }) => code)).toEqual(['starting']);
  expect(watch.view.verdict).toBe('attention');
  facts = wellFacts;
  expect(wait(1)).toMatchObject({ raised: [{ code: 'woken', severity: 'info', seconds: 28_801 }], cleared: ['starting'] });
  expect(watch.view.verdict).toBe('good');
  expect(wait(600).cleared).toEqual(['woken']);
});
