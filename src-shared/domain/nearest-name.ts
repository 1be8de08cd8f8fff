/** Levenshtein's distance: insertions, deletions and replacements of one character each. */
export function editDistance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (above[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[to.length] ?? 0;
}

/** What was probably meant: at most two in five of its letters differ. Undefined if nothing is near. */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  let nearest: { readonly name: string; readonly distance: number } | undefined;
  for (const name of names) {
    const isNear = (distance: number): boolean => distance <= 1 || distance * 10 <= name.length * 4 + 5;
    // No less lies between them than they differ in length: a megabyte that somebody sends is compared with nothing.
    if (!isNear(Math.abs(typed.length - name.length))) continue;
    const distance = editDistance(typed.toLowerCase(), name.toLowerCase());
    if (isNear(distance) && (nearest === undefined || distance < nearest.distance)) nearest = { name, distance };
  }
  return nearest?.name;
}

/** `, did you mean "listen"?`, or nothing. */
export function didYouMean(typed: string, names: readonly string[]): string {
  const nearest = nearestName(typed, names);
  return nearest === undefined ? '' : `, did you mean "${nearest}"?`;
}
