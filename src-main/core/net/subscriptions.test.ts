import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Lock, OutpointKey } from '../../../src-shared/domain/ids.ts';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import type { ConnectionId } from './connection-id.ts';
import { Subscriptions } from './subscriptions.ts';

const key = fc.constantFrom('a:0', 'a:1', 'b:0', 'c:0', 'd:0') as fc.Arbitrary<OutpointKey>;
const lock = fc.constantFrom('x', 'y', 'z') as fc.Arbitrary<Lock>;
const connection = fc.constantFrom(1, 2, 3) as fc.Arbitrary<ConnectionId>;
const act = fc.record({
  what: fc.constantFrom('add', 'add', 'remove', 'gone'),
  connection,
  keys: fc.array(key, { maxLength: 4 }),
  locks: fc.array(lock, { maxLength: 3 }),
});
const max = 5;
const without = <T>(all: ReadonlySet<T>, some: readonly T[]): Set<T> => new Set([...all].filter((one) => !some.includes(one)));

test('whatever is added, removed or gone: the watchers of a coin are those who said so last, and nothing is left of who is gone', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const subject = new Subscriptions(max);
      const model = new Map<ConnectionId, { keys: Set<OutpointKey>; locks: Set<Lock> }>();
      for (const { what, connection, keys, locks } of acts) {
        const held = model.get(connection) ?? { keys: new Set(), locks: new Set() };
        if (what === 'add') {
          const more = { keys: new Set([...held.keys, ...keys]), locks: new Set([...held.locks, ...locks]) };
          const fits = more.keys.size + more.locks.size <= max;
          expect(subject.add(connection, keys, locks)).toBe(fits);
          if (fits) model.set(connection, more);
        } else if (what === 'remove') {
          subject.remove(connection, keys, locks);
          model.set(connection, { keys: without(held.keys, keys), locks: without(held.locks, locks) });
        } else {
          subject.gone(connection);
          model.delete(connection);
        }
      }
      const held = [...model].filter(([, { keys, locks }]) => keys.size + locks.size > 0);
      expect(subject.isEmpty).toBe(held.length === 0);
      expect(subject.hasLocks).toBe(held.some(([, { locks }]) => locks.size > 0));
      for (const key of ['a:0', 'a:1', 'b:0', 'c:0', 'd:0'] as OutpointKey[]) {
        expect(subject.isWatched(key)).toBe(held.some(([, { keys }]) => keys.has(key)));
        for (const lock of [undefined, 'x', 'y', 'z'] as (Lock | undefined)[]) {
          const watchers = held.filter(([, { keys, locks }]) => keys.has(key) || (lock !== undefined && locks.has(lock))).map(([id]) => id);
          expect([...subject.watchersOf(key, lock)].sort()).toEqual(watchers.sort());
        }
      }
    }),
    { numRuns: testRuns(300) },
  );
});
