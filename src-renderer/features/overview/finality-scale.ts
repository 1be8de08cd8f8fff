/** The protocol's promise for the 99th percentile (section 6). */
export const limitMs = 3_000;
const decades = [0.1, 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

/**
 * Whole decades that hold every sample and the limit, so that the axis changes seldom. Zero has no place on a logarithmic axis and counts
 * as the lowest decade.
 */
export function scaleOf(samples: readonly number[]): { readonly min: number; readonly max: number } {
  const positive = samples.filter((ms) => ms > 0);
  const least = Math.min(limitMs, ...positive);
  const most = Math.max(limitMs, ...positive);
  const min = decades.findLast((decade) => decade <= least) ?? 0.1;
  const max = decades.find((decade) => decade > most) ?? 1_000_000;
  // One decade alone would hide small differences below a limit of three seconds.
  return { min: Math.min(min, 10), max };
}

export const decadesWithin = (min: number, max: number): number[] => decades.filter((decade) => decade >= min && decade <= max);
