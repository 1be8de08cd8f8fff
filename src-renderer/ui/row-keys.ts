/** Rows that fit above one another on a small screen. */
const pageRows = 10;

/** Where a key leads from a row of a table; undefined for keys that lead nowhere. */
export function rowAfterKey(key: string, row: number, rows: number): number | undefined {
  const within = (target: number): number => Math.max(0, Math.min(rows - 1, target));
  switch (key) {
    case 'ArrowDown':
      return within(row + 1);
    case 'ArrowUp':
      return within(row - 1);
    case 'PageDown':
      return within(row + pageRows);
    case 'PageUp':
      return within(row - pageRows);
    case 'Home':
      return 0;
    case 'End':
      return within(rows - 1);
    default:
      return undefined;
  }
}
