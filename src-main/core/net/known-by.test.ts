import { expect, test } from 'vitest';
import type { ConnectionId } from './connection-id.ts';
import { KnownBy } from './known-by.ts';

const [a, b] = [1, 2] as ConnectionId[] as [ConnectionId, ConnectionId];

test('who has what is remembered of each thing by itself', () => {
  const known = new KnownBy<string>(10);
  known.note('x', a);
  known.note('x', a);
  known.note('y', b);
  expect([known.has('x', a), known.has('x', b), known.has('y', b), known.has('z', a)]).toEqual([true, false, true, false]);
  known.forget('x');
  expect([known.has('x', a), known.has('y', b)]).toEqual([false, true]);
});

test('what was noted longest ago makes room, never all at once', () => {
  const known = new KnownBy<string>(2);
  known.note('x', a);
  known.note('y', a);
  known.note('x', b);
  known.note('z', a);
  expect([known.has('x', a), known.has('x', b), known.has('y', a), known.has('z', a)]).toEqual([true, true, false, true]);
});
