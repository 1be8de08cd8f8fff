import { describe, expect, test } from 'vitest';
import { addSample, paceWindowMs, type SyncSample, syncProgress } from './sync-progress.ts';

const samplesOf = (...heights: readonly (readonly [atMs: number, height: number])[]): readonly SyncSample[] =>
  heights.reduce<readonly SyncSample[]>((samples, [atMs, height]) => addSample(samples, { atMs, height }), []);

describe('how far a node has come', () => {
  test('is a share of all blocks, and a pace once it was looked at for a while', () => {
    expect(syncProgress(samplesOf([0, 0]), 100)).toEqual({ share: 0, pace: undefined });
    expect(syncProgress(samplesOf([0, 0], [1_000, 20]), 80)).toEqual({ share: 20 / 100, pace: undefined });
    expect(syncProgress(samplesOf([0, 0], [1_000, 20], [4_000, 40]), 60)).toEqual({ share: 40 / 100, pace: { blocksPerSecond: 10, leftMs: 6_000 } });
  });
  test('has no pace where nothing comes', () => {
    expect(syncProgress(samplesOf([0, 7], [10_000, 7]), 3)).toEqual({ share: 7 / 10, pace: undefined });
    expect(syncProgress([], 3)).toEqual({ share: 0, pace: undefined });
  });
  test('is measured over the last while, not over all the time', () => {
    const samples = samplesOf([0, 0], [1_000, 1_000], [paceWindowMs + 2_000, 1_010], [paceWindowMs + 12_000, 1_110]);
    expect(syncProgress(samples, 200).pace).toEqual({ blocksPerSecond: 10, leftMs: 20_000 });
  });
  test('begins anew where blocks were taken off', () => {
    expect(samplesOf([0, 50], [5_000, 90], [6_000, 40])).toEqual([{ atMs: 6_000, height: 40 }]);
  });
  test('keeps one sample of a moment, and no more than the window', () => {
    const many = samplesOf(...Array.from({ length: 1_000 }, (_, index) => [index * 250, index] as const), [250 * 999, 2_000]);
    expect(many.length).toBeLessThanOrEqual(paceWindowMs / 250 + 1);
    expect(many.at(-1)).toEqual({ atMs: 250 * 999, height: 2_000 });
  });
});
