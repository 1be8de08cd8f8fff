/** What a column of a table takes of its width. */
export interface ColumnWidth {
  /** Undefined: what is left. */
  readonly widthPx?: number | undefined;
  /** Of what is left: less than this, and the table scrolls sideways. */
  readonly leastPx?: number;
  /** It goes where there is no room for all, the lowest first: for what a row says as well once it is opened. */
  readonly yields?: number;
}

/** For a column without a width of its own, unless it says what it needs. */
const leastRestPx = 180;

export const leastWidthOf = (columns: readonly ColumnWidth[]): number =>
  columns.reduce((sum, { widthPx, leastPx = leastRestPx }) => sum + (widthPx ?? leastPx), 0);

/** Those that there is room for, in their order; `roomPx` undefined: not known yet, so all of them. */
export function fittingColumns<Column extends ColumnWidth>(columns: readonly Column[], roomPx: number | undefined): readonly Column[] {
  let shown = columns;
  const yielding = columns.filter(({ yields }) => yields !== undefined).sort((a, b) => (a.yields ?? 0) - (b.yields ?? 0));
  for (const next of yielding) {
    if (roomPx === undefined || leastWidthOf(shown) <= roomPx) break;
    shown = shown.filter((column) => column !== next);
  }
  return shown;
}
