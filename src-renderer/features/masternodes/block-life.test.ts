import { expect, test } from 'vitest';
import { blockLifeOf } from './block-life.ts';

test('a transaction that only a block decides is never said to be voted on', () => {
  const waiting = { kind: 'sent', words: 'Waiting for its block' };
  expect([blockLifeOf(undefined), blockLifeOf({ state: 'voting' })]).toEqual([waiting, waiting]);
  expect(blockLifeOf({ state: 'confirmed', blockheight: 1_205 })).toEqual({ kind: 'in-block', words: 'In block 1,205' });
});

test('one that comes into no block says why', () => {
  expect(blockLifeOf({ state: 'rejected', reason: 'already-registered' })).toMatchObject({ kind: 'failed', words: expect.stringContaining('Rejected: ') });
  expect(blockLifeOf({ state: 'dropped' })).toMatchObject({ kind: 'failed', words: expect.stringContaining('Not done: ') });
});
