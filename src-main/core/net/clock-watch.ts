import type { NetLimits } from '../../../src-shared/domain/net-limits.ts';
import type { ClockState, ClockView } from './network-state.ts';

/** So many members say enough wherever they are: in a large network a node is not connected with a third of the weight. */
const enoughMembers = 8;
/** A limit that was crossed is crossed back at this part of it, so that an offset beside a limit is not told over and over. */
const backAt = 4 / 5;

export interface ClockReading {
  /** Of the member, in the snapshot. */
  readonly weight: number;
  /** Our clock minus the member's. */
  readonly offsetMs: number;
}

/**
 * How far this machine's clock is from those of the snapshot's members (protocol section 10): the median by weight of the connected ones, which
 * whoever holds less than half of their weight cannot move beyond the honest readings. One who does can stop this node's proposals, and nothing else.
 */
export class ClockWatch {
  readonly #limits: Pick<NetLimits, 'clockWarnMs' | 'clockStopMs'>;
  #view: ClockView = { state: 'unknown', offsetMs: undefined, members: 0 };

  constructor(limits: Pick<NetLimits, 'clockWarnMs' | 'clockStopMs'>) {
    this.#limits = limits;
  }

  view(): ClockView {
    return this.#view;
  }

  /** All readings there are, in any order. `othersWeight`: of all members but this node, connected or not. */
  update(readings: readonly ClockReading[], othersWeight: number): ClockView {
    const members = readings.length;
    const weight = readings.reduce((sum, reading) => sum + reading.weight, 0);
    const isEnough = members >= enoughMembers || (members > 0 && 3 * weight >= othersWeight);
    const offsetMs = isEnough ? medianOf(readings, weight) : undefined;
    this.#view = { state: offsetMs === undefined ? 'unknown' : this.#stateAt(Math.abs(offsetMs)), offsetMs, members };
    return this.#view;
  }

  #stateAt(offMs: number): ClockState {
    const { clockWarnMs, clockStopMs } = this.#limits;
    const { state } = this.#view;
    if (offMs > clockStopMs || (state === 'stopped' && offMs > clockStopMs * backAt)) return 'stopped';
    const wasOff = state === 'warning' || state === 'stopped';
    return offMs > clockWarnMs || (wasOff && offMs > clockWarnMs * backAt) ? 'warning' : 'good';
  }
}

/** The lower one, where two share the middle. */
function medianOf(readings: readonly ClockReading[], totalWeight: number): number | undefined {
  let before = 0;
  for (const { weight, offsetMs } of [...readings].sort((a, b) => a.offsetMs - b.offsetMs)) {
    before += weight;
    if (2 * before >= totalWeight) return offsetMs;
  }
  return undefined;
}
