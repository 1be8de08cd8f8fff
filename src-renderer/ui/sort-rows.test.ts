import fc from 'fast-check';
import { expect, test } from 'vitest';
import { orderAfterClick, type SortValue, sortRows } from './sort-rows.ts';

const collator = new Intl.Collator('en', { numeric: true });
const sorted = (values: SortValue[], descending = false): SortValue[] =>
  [
    ...sortRows(
      values.map((value) => ({ value })),
      ({ value }) => value,
      descending,
      collator,
    ),
  ].map(({ value }) => value);

test.each<[SortValue[], boolean, SortValue[]]>([
  [[3, 1, 2], false, [1, 2, 3]],
  [[3, 1, 2], true, [3, 2, 1]],
  [[2, undefined, 1], false, [1, 2, undefined]],
  [[2, undefined, 1], true, [2, 1, undefined]],
  // Addresses are read by their numbers.
  [['10.0.0.10:1', '10.0.0.9:1'], false, ['10.0.0.9:1', '10.0.0.10:1']],
])('%j, descending %s', (values, descending, expected) => expect(sorted(values, descending)).toEqual(expected));

test('equal rows keep their order, either way, and none is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ key: fc.option(fc.nat(3), { nil: undefined }), id: fc.nat() })), fc.boolean(), (rows, descending) => {
      const result = sortRows(rows, ({ key }) => key, descending, collator);
      expect(new Set(result)).toEqual(new Set(rows));
      for (const key of [undefined, 0, 1, 2, 3]) expect(result.filter((row) => row.key === key)).toEqual(rows.filter((row) => row.key === key));
    }),
  );
});

test('clicks on a column turn its order, and another column begins upwards', () => {
  const first = orderAfterClick({ id: 'a', descending: false }, 'b');
  expect(first).toEqual({ id: 'b', descending: false });
  expect(orderAfterClick(first, 'b')).toEqual({ id: 'b', descending: true });
  expect(orderAfterClick({ id: 'b', descending: true }, 'b')).toEqual({ id: 'b', descending: false });
});
