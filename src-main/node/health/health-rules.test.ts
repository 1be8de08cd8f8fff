import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type AlertCode, severities } from '../../../src-shared/api/methods/health.ts';
import { gigabyte, ruleCases, wellFacts } from './health-facts.fixture.ts';
import type { WatchedFacts } from './health-facts.ts';
import { alertCodes, healthRules } from './health-rules.ts';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

describe.each(alertCodes)('%s', (code) => {
  const [holds, says, not] = ruleCases[code];
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

test('docs/alerts.md has each in its row, and the specs that it names know it', () => {
  const rows = [...read('docs/alerts.md').matchAll(/^\| ([a-z-]+) \| (\w+) \| ([^|]+) \| ([^|]+) \| ([^|]*) \| [^|]+ \| ([^|]+) \|$/gm)].slice(1);
  const spoken = (ms: number): string => (ms === 0 ? 'at once' : ms < 3_600_000 ? `${ms / 1_000} s` : `${ms / 3_600_000} h`);
  const written = rows.map(([, code, severity, held, gone, followsFrom]) => [code, severity, held, gone, followsFrom?.trim()]);
  expect(written).toEqual(
    alertCodes.map((code) => {
      const { severity, raiseAfterMs, clearAfterMs, followsFrom } = healthRules[code];
      return [code, severity, spoken(raiseAfterMs), spoken(clearAfterMs), followsFrom.join(', ')];
    }),
  );
  const named = rows.flatMap(([, code = '', , , , , specs = '']) => [...specs.matchAll(/(?:network|soak)\/alerts/g)].map(([spec]) => ({ code, spec })));
  expect(named.filter(({ code, spec }) => !read(`e2e/${spec}.spec.ts`).includes(`'${code}'`))).toEqual([]);
});
