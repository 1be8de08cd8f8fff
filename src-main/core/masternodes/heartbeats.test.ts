import { describe, expect, it } from 'vitest';
import type { NodeId } from '../../../src-shared/domain/ids.ts';
import { Heartbeats } from './heartbeats.ts';

const nodeId = 'aa'.repeat(32) as NodeId;
const startMs = 1_000_000_000;
const of = (sequence: number, time: number) => ({ nodeId, sequence, time, height: 5, signature: new Uint8Array(64) });

it('is online, late after 90 s and offline after 180 s', () => {
  const heartbeats = new Heartbeats(60_000, startMs);
  const stateAt = (seconds: number) => heartbeats.of(nodeId, startMs + seconds * 1_000).state;
  expect([0, 179].map(stateAt)).toEqual(['unknown', 'unknown']);
  expect(stateAt(180)).toBe('offline');
  heartbeats.take(of(1, startMs), startMs);
  expect([0, 89].map(stateAt)).toEqual(['online', 'online']);
  expect([90, 179].map(stateAt)).toEqual(['late', 'late']);
  expect(stateAt(180)).toBe('offline');
  expect(heartbeats.of(nodeId, startMs)).toEqual({ state: 'online', lastMs: startMs, height: 5 });
});

it('takes each once, in order, of now, and no more of one than it has to send', () => {
  const heartbeats = new Heartbeats(60_000, startMs);
  expect(heartbeats.isNews(of(1, startMs - 180_001), startMs)).toBe(false);
  expect(heartbeats.isNews(of(1, startMs + 180_001), startMs)).toBe(false);
  expect(heartbeats.isNews(of(7, startMs), startMs)).toBe(true);
  heartbeats.take(of(7, startMs), startMs);
  expect(heartbeats.isNews(of(8, startMs), startMs + 29_999)).toBe(false);
  expect(heartbeats.isNews(of(8, startMs), startMs + 30_000)).toBe(true);
  expect(heartbeats.isNews(of(7, startMs), startMs + 60_000)).toBe(false);
  // A restarted node's sequence begins above all of before.
  expect(heartbeats.isNews(of(startMs, startMs), startMs + 60_000)).toBe(true);
});

describe('changes', () => {
  it('are told once, and nothing is kept of who is not registered', () => {
    const heartbeats = new Heartbeats(60_000, startMs);
    heartbeats.take(of(1, startMs), startMs);
    expect(heartbeats.takeChanges([nodeId], startMs)).toEqual([{ nodeId, state: 'online' }]);
    expect(heartbeats.takeChanges([nodeId], startMs + 60_000)).toEqual([]);
    expect(heartbeats.takeChanges([nodeId], startMs + 120_000)).toEqual([{ nodeId, state: 'late' }]);
    expect(heartbeats.takeChanges([nodeId], startMs + 180_000)).toEqual([{ nodeId, state: 'offline' }]);
    heartbeats.take(of(2, startMs + 180_000), startMs + 180_000);
    expect(heartbeats.takeChanges([nodeId], startMs + 180_000)).toEqual([{ nodeId, state: 'online' }]);
    expect(heartbeats.takeChanges([], startMs + 180_000)).toEqual([]);
    expect(heartbeats.of(nodeId, startMs + 180_000).lastMs).toBeUndefined();
  });
});
