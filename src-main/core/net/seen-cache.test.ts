import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SeenCache } from './seen-cache.ts';

test('the key seen longest ago is forgotten first', () => {
  const cache = new SeenCache<string>(2);
  expect(cache.add('a')).toBe(true);
  expect(cache.add('b')).toBe(true);
  expect(cache.add('a')).toBe(false);
  expect(cache.add('c')).toBe(true);
  expect(['a', 'b', 'c'].map((key) => cache.has(key))).toEqual([true, false, true]);
});

test('what was forgotten on purpose may come again', () => {
  const cache = new SeenCache<string>(2);
  cache.add('a');
  cache.forget('a');
  expect(cache.add('a')).toBe(true);
});

test('it holds the last different keys, as a plain list would', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g')), (capacity, keys) => {
      const cache = new SeenCache<string>(capacity);
      let model: string[] = [];
      for (const key of keys) {
        expect(cache.add(key)).toBe(!model.includes(key));
        model = [...model.filter((other) => other !== key), key].slice(-capacity);
        for (const one of 'abcdefg') expect(cache.has(one)).toBe(model.includes(one));
      }
    }),
  );
});
