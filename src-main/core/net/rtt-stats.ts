/** About half an hour of pings at the usual pace: what a sparkline shows. */
const maxHistory = 60;
/** RFC 6298's alpha: one round trip moves the smoothed value by an eighth of the difference. */
const smoothing = 1 / 8;
/** RFC 3550's: one moves the jitter by a sixteenth. */
const jitterSmoothing = 1 / 16;

export interface Rtt {
  readonly lastMs: number | undefined;
  readonly minMs: number | undefined;
  readonly smoothedMs: number | undefined;
  /** How much two round trips that follow one another differ, smoothed; undefined before there are two. */
  readonly jitterMs: number | undefined;
  /** Oldest first, at most 60. */
  readonly historyMs: readonly number[];
}

export const noRtt: Rtt = { lastMs: undefined, minMs: undefined, smoothedMs: undefined, jitterMs: undefined, historyMs: [] };

/** With one more round trip. A clock that was set back in between must not make it negative. */
export function addRoundTrip(rtt: Rtt, measuredMs: number): Rtt {
  const lastMs = Math.max(0, measuredMs);
  return {
    lastMs,
    minMs: Math.min(rtt.minMs ?? lastMs, lastMs),
    smoothedMs: rtt.smoothedMs === undefined ? lastMs : rtt.smoothedMs + smoothing * (lastMs - rtt.smoothedMs),
    jitterMs: rtt.lastMs === undefined ? undefined : jitterAfter(rtt.jitterMs, Math.abs(lastMs - rtt.lastMs)),
    historyMs: [...rtt.historyMs, lastMs].slice(-maxHistory),
  };
}

const jitterAfter = (jitterMs: number | undefined, differenceMs: number): number =>
  jitterMs === undefined ? differenceMs : jitterMs + jitterSmoothing * (differenceMs - jitterMs);
