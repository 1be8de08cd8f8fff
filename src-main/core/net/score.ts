import type { Rtt } from './rtt-stats.ts';

/** Where a connection is as bad as it counts. */
const worstRttMs = 1_000;
const worstJitterMs = 200;
/** One that has held so long has proven itself. */
const fullAgeMs = 3_600_000;

export interface Quality {
  readonly pings: { readonly sent: number; readonly answered: number };
  readonly rtt: Rtt;
  /** In a row. */
  readonly missedPings: number;
  readonly ageMs: number;
}

/**
 * 0 to 100, how good a connection is: 40 for pings that were answered, 30 for a short round trip (none from a second on), 15 for a steady
 * one (none from 200 ms of jitter on), 15 for age (all after an hour); halved with each ping in a row that was missed.
 */
export function scoreOf({ pings, rtt, missedPings, ageMs }: Quality): number {
  // The one under way is not counted against it, and before the first answer nothing is known.
  const asked = Math.max(1, pings.sent - 1);
  const answered = Math.min(1, pings.answered / asked);
  const left = (value: number | undefined, worst: number): number => (value === undefined ? 1 / 2 : Math.max(0, 1 - value / worst));
  const full =
    40 * answered + 30 * left(rtt.smoothedMs, worstRttMs) + 15 * left(rtt.jitterMs, worstJitterMs) + 15 * Math.min(1, Math.max(0, ageMs) / fullAgeMs);
  return Math.round(full / 2 ** missedPings);
}
