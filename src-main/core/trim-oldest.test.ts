import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testRuns } from '../../src-shared/domain/test-runs.fixture.ts';
import { most, trimOldest } from './trim-oldest.ts';

test('the last keys are remembered, in a Map as in a Set, and few more', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 600 }), (capacity, keys) => {
      const [map, set] = [new Map<number, string>(), new Set<number>()];
      const last: number[] = [];
      for (const key of keys) {
        const isKnown = set.has(key);
        map.set(key, '');
        set.add(key);
        trimOldest(map, capacity);
        trimOldest(set, capacity);
        if (!isKnown) last.push(key);
        expect([...map.keys()]).toEqual([...set]);
        expect([...set]).toEqual(last.slice(-set.size));
        expect(set.size).toBeGreaterThanOrEqual(Math.min(capacity, last.length));
        expect(set.size).toBeLessThanOrEqual(most(capacity));
      }
    }),
    { numRuns: testRuns(100) },
  );
});

test('a small table holds no more than it is to remember', () => {
  expect([1, 2, 63, 64, 10_000].map(most)).toEqual([1, 2, 63, 65, 10_156]);
});

test('the front, which is dear to find, is looked for once for many keys', () => {
  let looks = 0;
  class Table extends Set<number> {
    override keys(): SetIterator<number> {
      looks++;
      return super.keys();
    }
  }
  const table = new Table();
  for (let key = 0; key < 20_000; key++) {
    table.add(key);
    trimOldest(table, 6_400);
  }
  expect(table.size).toBeGreaterThanOrEqual(6_400);
  expect(looks).toBeGreaterThan(0);
  expect(looks).toBeLessThanOrEqual(20_000 / 100);
});
