import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { Heartbeat } from '../codec/heartbeat.ts';

/** `unknown`: not heard, and this node has not listened long enough to say that it is gone. */
export type HeartbeatState = 'online' | 'late' | 'offline' | 'unknown';

/** Of what was heard of a masternode last. */
export interface HeartbeatView {
  readonly state: HeartbeatState;
  /** Undefined: nothing since the start. */
  readonly lastMs: number | undefined;
  readonly height: number | undefined;
}

/** Protocol section 5: late after 90 s and offline after 180 s, where they come every 60 s. */
const lateAfterIntervals = 3 / 2;
const offlineAfterIntervals = 3;
/** Sooner after the last one than this part of the interval it is one too many. */
const leastIntervalShare = 1 / 2;
/** By both clocks: an older one says nothing of now, and might have been kept by somebody. */
const maxSkewMs = 180_000;

interface Heard {
  readonly heartbeat: Heartbeat;
  readonly atMs: number;
}

/** The last heartbeat of each registered masternode; its maker asks who is registered. */
export class Heartbeats {
  readonly #intervalMs: number;
  readonly #sinceMs: number;
  readonly #heard = new Map<NodeId, Heard>();
  /** What was said of each last. */
  readonly #told = new Map<NodeId, HeartbeatState>();

  /** `intervalMs`: of the network. `sinceMs`: when this node began to listen. */
  constructor(intervalMs: number, sinceMs: number) {
    this.#intervalMs = intervalMs;
    this.#sinceMs = sinceMs;
  }

  /** Whether it is to be looked at: newer than the last, of now, and not one of too many. */
  isNews({ nodeId, sequence, time }: Heartbeat, nowMs: number): boolean {
    if (Math.abs(nowMs - time) > maxSkewMs) return false;
    const last = this.#heard.get(nodeId);
    return last === undefined || (sequence > last.heartbeat.sequence && Math.abs(nowMs - last.atMs) >= leastIntervalShare * this.#intervalMs);
  }
  /** Its signature is good. */
  take(heartbeat: Heartbeat, nowMs: number): void {
    this.#heard.set(heartbeat.nodeId, { heartbeat, atMs: nowMs });
  }

  of(nodeId: NodeId, nowMs: number): HeartbeatView {
    const last = this.#heard.get(nodeId);
    const silentMs = Math.abs(nowMs - (last?.atMs ?? this.#sinceMs));
    const isGone = silentMs >= offlineAfterIntervals * this.#intervalMs;
    const state = isGone ? 'offline' : last === undefined ? 'unknown' : silentMs >= lateAfterIntervals * this.#intervalMs ? 'late' : 'online';
    return { state, lastMs: last?.atMs, height: last?.heartbeat.height };
  }

  /** Whose state is another than was told last. `registered`: whoever is not is forgotten. */
  takeChanges(registered: readonly NodeId[], nowMs: number): { readonly nodeId: NodeId; readonly state: HeartbeatState }[] {
    const wanted = new Set(registered);
    for (const nodeId of [...this.#heard.keys(), ...this.#told.keys()]) {
      if (wanted.has(nodeId)) continue;
      this.#heard.delete(nodeId);
      this.#told.delete(nodeId);
    }
    return registered.flatMap((nodeId) => {
      const { state } = this.of(nodeId, nowMs);
      if (state === (this.#told.get(nodeId) ?? 'unknown')) return [];
      this.#told.set(nodeId, state);
      return { nodeId, state };
    });
  }
}
