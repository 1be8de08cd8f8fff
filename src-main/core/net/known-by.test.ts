import { expect, test } from 'vitest';
import type { ConnectionId } from './connection-id.ts';
import { KnownBy } from './known-by.ts';

const [a, b] = [1, 2] as ConnectionId[] as [ConnectionId, ConnectionId];

test('who has what is remembered of each thing by itself', () => {
  const known = new KnownBy<string>(10);
  expect([known.note('x', a), known.note('x', a), known.note('x', b), known.note('y', b)]).toEqual([true, false, true, true]);
  expect([known.has('x', a), known.has('x', b), known.has('y', b), known.has('z', a)]).toEqual([true, true, true, false]);
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

test('if all were noted again, one goes all the same', () => {
  const known = new KnownBy<string>(3);
  for (const key of ['x', 'y', 'z', 'x', 'y', 'z', 'w']) known.note(key, a);
  expect(['x', 'y', 'z', 'w'].filter((key) => known.has(key, a))).toHaveLength(3);
  expect(known.has('w', a)).toBe(true);
});

test('of many things the last are remembered, and few more', () => {
  const known = new KnownBy<string>(640);
  for (let thing = 0; thing < 3_000; thing++) {
    known.note(`${thing}`, a);
    if (thing % 2 === 0) known.note(`${thing}`, b);
  }
  const held = Array.from({ length: 3_000 }, (_, thing) => thing).filter((thing) => known.has(`${thing}`, a));
  expect(held.length).toBeGreaterThanOrEqual(640);
  expect(held.length).toBeLessThanOrEqual(650);
  // Of those before, who was noted again had another turn.
  expect(held.filter((thing) => thing % 2 === 0).length).toBeGreaterThan(held.length / 2);
});
