import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { NetLimits } from '../../../src-shared/domain/net-limits.ts';
import type { Random } from '../ports.ts';
import type { ConnectionId } from './connection-id.ts';
import { type DialEvent, type DialState, nextDialState } from './dial-state.ts';
import type { AddressRole } from './network-state.ts';

/** Waits vary by this much either way, so that nodes that lost one another at once do not meet at once again and again. */
const backoffJitter = 0.2;
/** A connection that held this long ends the row of failures; a shorter one is part of it, or a peer that throws us out would be dialled for ever at the first wait. */
const stableMs = 60_000;
/** Addresses come from an operator; this many is a mistake of theirs. */
const maxAddresses = 1_000;

const roles: { readonly [R in AddressRole]: { readonly maxFailures: (limits: NetLimits) => number; readonly phase: string } } = {
  configured: { maxFailures: () => Number.POSITIVE_INFINITY, phase: 'CONFIGURED' },
  masternode: { maxFailures: ({ maxMasternodeFailures }) => maxMasternodeFailures, phase: 'PHASE1-MN' },
  peer: { maxFailures: ({ maxPeerFailures }) => maxPeerFailures, phase: 'PHASE2-PEER' },
};

interface Entry {
  readonly address: string;
  readonly role: AddressRole;
  state: DialState;
  /** Who answered there last, as Noise proved it. */
  nodeId: NodeId | undefined;
  /** In a row. */
  failures: number;
  coveredSinceMs: number;
  lastReason: string | undefined;
}

/** An address without a connection. */
export interface WaitingPeer {
  readonly address: string;
  readonly state: Exclude<DialState['kind'], 'connected'>;
  /** Undefined while it is being tried, or if it never will be again. */
  readonly nextTryMs: number | undefined;
  /** Failures in a row. */
  readonly attempts: number;
  readonly lastReason: string | undefined;
}

/** The wait after that many failures in a row: 5, 10, 20 … 300 s, before jitter. */
export const backoffMs = ({ firstBackoffMs, maxBackoffMs }: Pick<NetLimits, 'firstBackoffMs' | 'maxBackoffMs'>, failures: number): number =>
  Math.min(maxBackoffMs, firstBackoffMs * 2 ** Math.max(0, failures - 1));

/** Which addresses are dialled, and when. One state each, changed by `nextDialState` alone. */
export class ConnectionManager {
  readonly #limits: NetLimits;
  readonly #random: Random;
  readonly #entries = new Map<string, Entry>();

  constructor(options: { readonly limits: NetLimits; readonly random: Random }) {
    this.#limits = options.limits;
    this.#random = options.random;
  }

  /** One that is known already is tried again now. False if there are too many. */
  add(address: string, role: AddressRole): boolean {
    const entry = this.#entries.get(address);
    if (entry !== undefined) this.#change(entry, { kind: 'asked' });
    else if (this.#entries.size >= maxAddresses) return false;
    else this.#entries.set(address, { address, role, state: { kind: 'known' }, nodeId: undefined, failures: 0, coveredSinceMs: 0, lastReason: undefined });
    return true;
  }
  /** It is not dialled again. A connection that there is stays. */
  remove(address: string): void {
    this.#entries.delete(address);
  }

  /** Those to dial now, `room` at most; from here on they are `dialing`. */
  takeDialable(room: number, nowMs: number): { readonly address: string; readonly phase: string }[] {
    const taken: { address: string; phase: string }[] = [];
    for (const entry of this.#entries.values()) {
      if (entry.state.kind === 'backoff' && entry.state.untilMs <= nowMs) this.#change(entry, { kind: 'waited' });
      if (entry.state.kind !== 'known' || taken.length >= room) continue;
      this.#change(entry, { kind: 'dial' });
      taken.push({ address: entry.address, phase: roles[entry.role].phase });
    }
    return taken;
  }
  nextWakeMs(): number {
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const { state } of this.#entries.values()) if (state.kind === 'backoff') earliestMs = Math.min(earliestMs, state.untilMs);
    return earliestMs;
  }
  dialing(): number {
    let count = 0;
    for (const { state } of this.#entries.values()) if (state.kind === 'dialing') count++;
    return count;
  }

  /** Answers when it is tried again; undefined: never. */
  dialFailed(address: string, reason: string, nowMs: number): number | undefined {
    const entry = this.#entries.get(address);
    return entry?.state.kind === 'dialing' ? this.#fail(entry, reason, nowMs) : undefined;
  }
  opened(address: string, connection: ConnectionId, nodeId: NodeId): void {
    const entry = this.#entries.get(address);
    if (entry?.state.kind !== 'dialing') return;
    entry.nodeId = nodeId;
    this.#change(entry, { kind: 'opened', connection });
  }
  /** The address is this node's own, and is never dialled again. */
  foundSelf(address: string): void {
    const entry = this.#entries.get(address);
    if (entry === undefined) return;
    entry.lastReason = 'self';
    this.#change(entry, { kind: 'self' });
  }
  /** A connection ended before it was ready. `covered`: there is another one with that node, ready or not. Answers when its address is tried again, if it is. */
  attemptEnded(connection: ConnectionId, covered: boolean, reason: string, nowMs: number): number | undefined {
    for (const entry of this.#entries.values()) {
      if (entry.state.kind !== 'handshaking' || entry.state.connection !== connection) continue;
      if (!covered) return this.#fail(entry, reason, nowMs);
      this.#cover(entry, nowMs);
    }
    return undefined;
  }
  /** There is a ready connection with this node: none of its addresses needs another. */
  covered(nodeId: NodeId, nowMs: number): void {
    for (const entry of this.#entries.values()) if (entry.nodeId === nodeId) this.#cover(entry, nowMs);
  }
  /** The last connection with this node ended. */
  lost(nodeId: NodeId, reason: string, nowMs: number): void {
    for (const entry of this.#entries.values()) {
      if (entry.nodeId !== nodeId || entry.state.kind !== 'connected') continue;
      if (nowMs - entry.coveredSinceMs >= stableMs) entry.failures = 0;
      this.#fail(entry, reason, nowMs);
    }
  }

  waiting(): WaitingPeer[] {
    return [...this.#entries.values()].flatMap(({ address, state, failures, lastReason }) =>
      state.kind === 'connected'
        ? []
        : [{ address, state: state.kind, nextTryMs: state.kind === 'backoff' ? state.untilMs : undefined, attempts: failures, lastReason }],
    );
  }

  #cover(entry: Entry, nowMs: number): void {
    if (entry.state.kind !== 'connected') entry.coveredSinceMs = nowMs;
    this.#change(entry, { kind: 'covered' });
  }
  #fail(entry: Entry, reason: string, nowMs: number): number | undefined {
    entry.failures++;
    entry.lastReason = reason;
    const givesUp = entry.failures >= roles[entry.role].maxFailures(this.#limits);
    const waitMs = backoffMs(this.#limits, entry.failures) * (1 - backoffJitter + 2 * backoffJitter * this.#random());
    const untilMs = givesUp ? undefined : nowMs + Math.ceil(waitMs);
    this.#change(entry, { kind: 'failed', untilMs });
    return untilMs;
  }
  #change(entry: Entry, event: DialEvent): void {
    entry.state = nextDialState(entry.state, event);
  }
}
