const firstMs = 250;
/** Long enough to cost nothing, short enough that a node that is back is seen before anybody reloads. */
const maxMs = 5_000;

/**
 * Milliseconds until the next try after `failures` in a row, 1 or more: doubling, with jitter of a quarter either way.
 *
 * @param random 0..1
 */
export const retryDelayMs = (failures: number, random: number): number =>
  Math.round(Math.min(firstMs * 2 ** Math.min(failures - 1, 10), maxMs) * (0.75 + random / 2));
