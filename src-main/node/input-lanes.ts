import type { Input } from '../core/inputs.ts';
import type { ConnectionId } from '../core/net/connection-id.ts';

/** Whose inputs they are: a connection's, or the person's at this node. */
export type LaneId = ConnectionId | 'person';

export interface LaneLimits {
  readonly maxLaneInputs: number;
  readonly maxLaneBytes: number;
  readonly maxQueuedBytes: number;
}

export const defaultLaneLimits: LaneLimits = {
  /** Tens of milliseconds of work, so that reading goes on while the loop is busy, and what a pause still lets in is small. */
  maxLaneInputs: 256,
  /** A quarter of a block; a single message may be larger. */
  maxLaneBytes: 512 * 1024,
  /** Of all connections together: what a home computer can spare when all of them send large messages at once. */
  maxQueuedBytes: 64 * 1024 * 1024,
};

interface Lane {
  readonly id: LaneId;
  readonly inputs: { readonly input: Input; readonly bytes: number }[];
  bytes: number;
}

/**
 * Inputs that wait for the loop, one queue for each connection. They are taken in turn, so a connection that floods waits for itself alone, and it is
 * paused until half of what it piled up is worked off. Bounded by the limits and what the transport had read at the time of the pause.
 */
export class InputLanes {
  readonly #limits: LaneLimits;
  readonly #gate: { pause(id: ConnectionId): void; resume(id: ConnectionId): void };
  readonly #lanes = new Map<LaneId, Lane>();
  /** The lanes with inputs, in the order of their turns. */
  readonly #turns: Lane[] = [];
  readonly #paused = new Set<ConnectionId>();
  #queuedBytes = 0;

  constructor(gate: { pause(id: ConnectionId): void; resume(id: ConnectionId): void }, limits: LaneLimits = defaultLaneLimits) {
    this.#gate = gate;
    this.#limits = limits;
  }

  get isEmpty(): boolean {
    return this.#turns.length === 0;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  push(id: LaneId, input: Input): void {
    let lane = this.#lanes.get(id);
    if (lane === undefined) {
      lane = { id, inputs: [], bytes: 0 };
      this.#lanes.set(id, lane);
    }
    const bytes = input.kind === 'message' ? input.bytes.length : 0;
    if (lane.inputs.length === 0) this.#turns.push(lane);
    lane.inputs.push({ input, bytes });
    lane.bytes += bytes;
    this.#queuedBytes += bytes;
    if (id === 'person') return;
    if (input.kind === 'closed') this.#paused.delete(id);
    else if (!this.#paused.has(id) && this.#isOver(lane)) {
      this.#paused.add(id);
      this.#gate.pause(id);
    }
  }

  /** The oldest input of the lane whose turn it is. */
  take(): Input | undefined {
    const lane = this.#turns.shift();
    const next = lane?.inputs.shift();
    if (lane === undefined || next === undefined) return undefined;
    const wasFull = this.#isFull();
    lane.bytes -= next.bytes;
    this.#queuedBytes -= next.bytes;
    if (lane.inputs.length > 0) this.#turns.push(lane);
    else this.#lanes.delete(lane.id);
    if (wasFull) for (const id of this.#paused) this.#resumeIfLow(id);
    else if (lane.id !== 'person') this.#resumeIfLow(lane.id);
    return next.input;
  }

  #isFull(): boolean {
    return this.#queuedBytes > this.#limits.maxQueuedBytes;
  }

  #isOver(lane: Lane): boolean {
    return lane.inputs.length > this.#limits.maxLaneInputs || lane.bytes > this.#limits.maxLaneBytes || this.#isFull();
  }

  #resumeIfLow(id: ConnectionId): void {
    if (!this.#paused.has(id) || this.#isFull()) return;
    const { inputs, bytes } = this.#lanes.get(id) ?? { inputs: [], bytes: 0 };
    if (inputs.length > this.#limits.maxLaneInputs / 2 || bytes > this.#limits.maxLaneBytes / 2) return;
    this.#paused.delete(id);
    this.#gate.resume(id);
  }
}
