import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { wellFacts } from '../node/health/health-facts.fixture.ts';
import type { HealthFacts } from '../node/health/health-facts.ts';
import { startHealth } from './health-loop.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what changes is logged once at its level and told to who listens, until it is stopped', () => {
  let facts: HealthFacts = { ...wellFacts, signing: 'listening' };
  const lines: unknown[] = [];
  const write = (level: string) => (message: string, fields?: object) => void lines.push([level, message, fields]);
  const log = { error: write('error'), warn: write('warn'), info: write('info'), debug: write('debug') };
  const health = startHealth({ facts: () => facts, nowMs: Date.now, monotonicMs: Date.now, uptimeMs: Date.now, log });
  const heard: unknown[] = [];
  health.onChange(({ raised, cleared }) => heard.push([raised.map(({ code }) => code), cleared]));
  vi.advanceTimersByTime(5_000);
  facts = { ...wellFacts, clock: 'stopped', clockOffsetSeconds: 16 };
  vi.advanceTimersByTime(5_000);
  expect(heard).toEqual([[['clock-stopped'], ['listening']]]);
  expect(lines).toEqual([
    ['info', 'alert', { code: 'listening' }],
    ['warn', 'alert', { code: 'clock-stopped', timeoffset: 16 }],
    ['info', 'alert over', { code: 'listening' }],
  ]);
  expect(health.view().verdict).toBe('attention');
  health.stop();
  facts = wellFacts;
  vi.advanceTimersByTime(5_000);
  expect(heard).toHaveLength(1);
});
