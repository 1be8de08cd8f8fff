/**
 * The node's clock: the wall clock's time at the pace of the monotonic one. Small corrections of the wall clock (NTP slewing, a second's
 * step) neither stop it nor turn it back; a jump (the machine slept, somebody set the clock) is followed at once.
 */
export interface Clock {
  /** Milliseconds since 1970, whole. */
  nowMs(): number;
  /** Milliseconds since some instant; never goes back. For durations. */
  monotonicMs(): number;
}

/** Beyond what NTP slews, and below every timeout of the protocol. */
const jumpMs = 1_000;

export function nodeClock(wallMs: () => number, monotonicMs: () => number): Clock {
  let offsetMs = wallMs() - monotonicMs();
  return {
    monotonicMs,
    nowMs: () => {
      const wall = wallMs();
      const steady = offsetMs + monotonicMs();
      if (Math.abs(wall - steady) <= jumpMs) return Math.floor(steady);
      offsetMs += wall - steady;
      return Math.floor(wall);
    },
  };
}

export const systemClock = (): Clock => nodeClock(Date.now, () => performance.now());
