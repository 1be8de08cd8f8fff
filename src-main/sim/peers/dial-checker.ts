import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { NetLimits } from '../../../src-shared/domain/net-limits.ts';
import { holds } from '../broken-invariant.ts';

/** Waits are shorter than the schedule by this share at most. */
const maxJitter = 1 / 5;
/** A connection that held this long ends the row of failures. */
const stableMs = 60_000;

/** What was given up and left alone so long, or forgotten and heard of anew, begins a new row. */
const restMs = 3_600_000;

interface Dialed {
  lastMs: number;
  /** Dials since a connection with whoever is there held. */
  row: number;
  /** Who is there, or was there last. */
  nodeId: NodeId | undefined;
  /** Who answered there. */
  provenId: NodeId | undefined;
}

/** Holds the dials of one process to the schedule of back-offs, which it computes anew. */
export class DialChecker {
  readonly #machine: { readonly name: string; readonly monotonicMs: number; readonly limits: NetLimits };
  readonly #dialed = new Map<string, Dialed>();

  constructor(machine: { readonly name: string; readonly monotonicMs: number; readonly limits: NetLimits }) {
    this.#machine = machine;
  }

  /** `nodeId`: who is there, or was there last. */
  dialed(address: string, nodeId: NodeId | undefined, isConnected: (nodeId: NodeId) => boolean): void {
    const { name, monotonicMs, limits } = this.#machine;
    const entry = this.#dialed.get(address);
    if (entry === undefined) {
      this.#dialed.set(address, { lastMs: monotonicMs, row: 1, nodeId, provenId: undefined });
      return;
    }
    const { provenId } = entry;
    holds(provenId === undefined || !isConnected(provenId), () => `${name} dials ${address}, where its peer ${provenId?.slice(0, 8)} is`);
    const sinceMs = monotonicMs - entry.lastMs;
    const row = sinceMs >= restMs ? 0 : entry.row;
    const leastMs = row === 0 ? 0 : Math.min(limits.maxBackoffMs, limits.firstBackoffMs * 2 ** (row - 1)) * (1 - maxJitter);
    holds(sinceMs >= leastMs, () => `${name} dials ${address} after ${sinceMs / 1_000} s: ${row} dials in a row mean at least ${leastMs / 1_000} s`);
    entry.lastMs = monotonicMs;
    entry.row = row + 1;
    entry.nodeId = nodeId;
  }
  reached(address: string, nodeId: NodeId): void {
    const entry = this.#dialed.get(address);
    if (entry !== undefined) entry.provenId = nodeId;
  }
  /** It came by itself: it is there, whatever failed before. */
  came(nodeId: NodeId): void {
    for (const entry of this.#dialed.values()) if (entry.nodeId === nodeId) entry.row = 0;
  }
  lost(nodeId: NodeId, afterMs: number): void {
    if (afterMs >= stableMs) this.came(nodeId);
  }
  /** The machine slept, or its clock was set: everything may be tried at once. */
  startOver(): void {
    for (const entry of this.#dialed.values()) entry.row = 0;
  }
}
