import { expect, test } from 'vitest';
import { BatchPacker, type PackedBatch } from './batch.ts';
import { CommitPace } from './commit-pace.ts';
import { TestChain } from './test-chain.ts';

function batchOf(operation: Parameters<BatchPacker['add']>[0]): PackedBatch {
  const packer = new BatchPacker();
  packer.add(operation);
  return packer.finish(1);
}
const votes = batchOf({ kind: 'remove-transactions', txids: [] });
const block = batchOf(new TestChain().next({ spends: 0 }));

test('what comes after a rest is committed at once, and what comes at a run a few milliseconds after the last', () => {
  const pace = new CommitPace();
  expect(pace.notBeforeMs(votes)).toBe(Number.NEGATIVE_INFINITY);
  expect(pace.notBeforeMs(block)).toBe(Number.NEGATIVE_INFINITY);
  pace.committed([votes], 1_000);
  expect(pace.notBeforeMs(votes)).toBe(1_004);
  expect(pace.notBeforeMs(block)).toBe(1_004);
});

test('blocks that follow one another fast are committed several at a time, and votes do not wait for them', () => {
  const pace = new CommitPace();
  pace.committed([votes, block], 1_000);
  expect(pace.notBeforeMs(block)).toBe(1_150);
  expect(pace.notBeforeMs(votes)).toBe(1_004);
  pace.committed([votes], 1_148);
  expect(pace.notBeforeMs(block)).toBe(1_152);
});
