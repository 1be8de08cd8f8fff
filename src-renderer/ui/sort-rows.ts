export interface SortOrder {
  /** Of a column. */
  readonly id: string;
  readonly descending: boolean;
}
export type SortValue = string | number | undefined;

const compare = (a: string | number, b: string | number, collator: Intl.Collator): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));

/** Sorted by a value; rows without one come last either way, and equal ones keep their order. `collator` compares texts. */
export function sortRows<Row>(rows: readonly Row[], sortedBy: (row: Row) => SortValue, descending: boolean, collator: Intl.Collator): readonly Row[] {
  const keyed = rows.map((row) => ({ row, value: sortedBy(row) }));
  keyed.sort((a, b) => {
    if (a.value === undefined || b.value === undefined) return Number(a.value === undefined) - Number(b.value === undefined);
    return descending ? compare(b.value, a.value, collator) : compare(a.value, b.value, collator);
  });
  return keyed.map(({ row }) => row);
}

/** A first click sorts a column upwards, the next one downwards. */
export const orderAfterClick = (order: SortOrder, id: string): SortOrder => ({ id, descending: order.id === id && !order.descending });
