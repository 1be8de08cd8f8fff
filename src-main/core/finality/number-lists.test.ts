import fc from 'fast-check';
import { expect, it } from 'vitest';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import { emptyList, NumberLists } from './number-lists.ts';

it('holds what plain arrays would, however lists grow and go', () => {
  const step = fc.record({ list: fc.nat(4), add: fc.nat(40), drop: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const lists = new NumberLists();
      const places = [emptyList, emptyList, emptyList, emptyList, emptyList];
      const model: number[][] = [[], [], [], [], []];
      for (const [value, { list, add, drop }] of steps.entries()) {
        if (drop) {
          lists.drop(places[list] as number);
          places[list] = emptyList;
          model[list] = [];
        }
        for (let count = 0; count < add; count++) {
          places[list] = lists.added(places[list] as number, value + count);
          model[list]?.push(value + count);
        }
        expect(places.map((place) => lists.all(place))).toEqual(model);
        expect(places.map((place) => lists.lastOf(place))).toEqual(model.map((values) => values.at(-1)));
      }
    }),
    { numRuns: testRuns(100) },
  );
});
