/** Heights from `from` up to, not including, `end`. */
export interface Span {
  readonly from: number;
  readonly end: number;
}

/** The first stretch of [from, end) that no span covers; spans may overlap and be in any order. */
export function firstGap(spans: readonly Span[], from: number, end: number): Span | undefined {
  let start = from;
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    if (span.end <= start) continue;
    if (span.from > start) return start < end ? { from: start, end: Math.min(span.from, end) } : undefined;
    start = span.end;
  }
  return start < end ? { from: start, end } : undefined;
}
