/** A timer that comes so much too late has waited for a machine that slept. */
const sleptMs = 30_000;
/** Clocks are corrected by less all the time. */
const setBackMs = 1_000;

export type ClockStep = { readonly kind: 'set-back'; readonly byMs: number } | { readonly kind: 'slept' };

/** What happened to time since `beforeMs`, when the next that was to be done was due at `timerAtMs`. A clock that is set ahead looks like sleep. */
export function stepOf(before: { readonly beforeMs: number; readonly timerAtMs: number | undefined }, nowMs: number): ClockStep | undefined {
  const byMs = before.beforeMs - nowMs;
  if (byMs > setBackMs) return { kind: 'set-back', byMs };
  return before.timerAtMs !== undefined && nowMs - before.timerAtMs > sleptMs ? { kind: 'slept' } : undefined;
}
