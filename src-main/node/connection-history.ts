import type { NodeId } from '../../src-shared/domain/ids.ts';
import type { EngineEvent } from '../core/events.ts';
import { banKey } from '../core/net/ban.ts';
import type { ConnectionId } from '../core/net/connection-id.ts';

type Direction = 'inbound' | 'outbound';

/** What happened to one connection, attempt or ban. */
export interface ConnectionRecord {
  readonly atMs: number;
  readonly kind: 'connected' | 'gone' | 'refused' | 'failed' | 'banned' | 'ban-ended';
  /** host:port; of a ban its subject. Empty where the system did not tell it. */
  readonly address: string;
  readonly nodeId: NodeId | undefined;
  readonly direction: Direction | undefined;
  /** Of the dial that began it. */
  readonly phase: string | undefined;
  readonly by: 'us' | 'peer' | 'operator' | 'violations' | 'time' | 'room' | undefined;
  /** As `src-shared/domain/connection-reasons.ts` has it; of a ban in words. */
  readonly reason: string | undefined;
  /** Of the connection that is gone. */
  readonly durationMs: number | undefined;
  /** Of an attempt that failed: when the next one is; undefined: never. */
  readonly nextTryMs: number | undefined;
}

/**
 * How many of each are kept. Whoever knocks in vain can do so often, addresses where nobody answers are tried often, and peers may come and go: none of
 * them pushes out what became of the others, nor what was done about it.
 */
const kept = { connections: 500, bans: 250, refusals: 250, failures: 250 } as const;
const ringOf: Record<ConnectionRecord['kind'], keyof typeof kept> = {
  connected: 'connections',
  gone: 'connections',
  banned: 'bans',
  'ban-ended': 'bans',
  refused: 'refusals',
  failed: 'failures',
};

/** Each dial ends with an event that takes it out again; should one be missed, this many are enough for the largest `max_outbound`. */
const maxDialing = 1_000;

interface Numbered {
  readonly number: number;
  readonly record: ConnectionRecord;
}
interface OpenConnection {
  readonly sinceMs: number;
  readonly direction: Direction;
  readonly phase: string | undefined;
}

/** The recent past of connections, for people, from what the engine tells. Nothing decides by it. */
export class ConnectionHistory {
  /** Oldest first each. */
  readonly #rings: Record<keyof typeof kept, Numbered[]> = { connections: [], bans: [], refusals: [], failures: [] };
  /** Phases of the dials that go on, by address. */
  readonly #dialing = new Map<string, string>();
  /** As many as there are peers. */
  readonly #open = new Map<ConnectionId, OpenConnection>();
  #count = 0;

  /** Answers what it added to the history, if anything. */
  onEvent(event: EngineEvent, atMs: number): ConnectionRecord | undefined {
    switch (event.kind) {
      case 'dialing':
        this.#dialing.delete(event.address);
        this.#dialing.set(event.address, event.phase);
        if (this.#dialing.size > maxDialing) this.#dialing.delete(this.#dialing.keys().next().value ?? '');
        return undefined;
      case 'peer-ready': {
        const { connection, nodeId, address, direction } = event;
        const phase = direction === 'outbound' ? this.#takePhase(address) : undefined;
        this.#open.set(connection, { sinceMs: atMs, direction, phase });
        return this.#add({ atMs, kind: 'connected', address, nodeId, direction, phase });
      }
      case 'peer-gone': {
        const { connection, nodeId, address, reason } = event;
        const open = this.#open.get(connection);
        this.#open.delete(connection);
        const durationMs = open && Math.max(0, atMs - open.sinceMs);
        return this.#add({ atMs, kind: 'gone', address, nodeId, direction: open?.direction, phase: open?.phase, reason, durationMs });
      }
      case 'peer-refused': {
        const { address, nodeId, code, by } = event;
        const phase = this.#takePhase(address);
        const reason = by === 'us' ? code : `the peer said ${code}`;
        return this.#add({ atMs, kind: 'refused', address, nodeId, direction: phase === undefined ? 'inbound' : 'outbound', phase, by, reason });
      }
      case 'handshake-ended':
        return this.#add({ atMs, kind: 'refused', address: event.address, nodeId: event.nodeId, direction: 'inbound', reason: event.reason });
      case 'dial-failed': {
        const { address, reason, nextTryMs } = event;
        return this.#add({ atMs, kind: 'failed', address, direction: 'outbound', phase: this.#takePhase(address), reason, nextTryMs });
      }
      case 'banned':
        return this.#add({ atMs, kind: 'banned', address: banKey(event.ban.subject), by: event.ban.by, reason: event.ban.reason });
      case 'ban-ended':
        return this.#add({ atMs, kind: 'ban-ended', address: banKey(event.subject), by: event.by });
      default:
        return undefined;
    }
  }

  /** Somebody knocked and was not let in before the key was known. The address is undefined where the system did not hand the connection over. */
  inboundFailed(address: string | undefined, reason: string, atMs: number): void {
    this.#add({ atMs, kind: 'refused', address: address ?? '', direction: 'inbound', reason });
  }

  /** Of the dial that led to an open connection. */
  phaseOf(connection: ConnectionId): string | undefined {
    return this.#open.get(connection)?.phase;
  }

  /** Newest first. Of the node, of the address, or, with neither, all; with both, of either. */
  newest(count: number, of: { readonly nodeId?: string | undefined; readonly address?: string | undefined } = {}): ConnectionRecord[] {
    const all = of.nodeId === undefined && of.address === undefined;
    const isOf = ({ nodeId, address }: ConnectionRecord): boolean =>
      all || (of.nodeId !== undefined && (nodeId === of.nodeId || address === of.nodeId)) || address === of.address;
    return Object.values(this.#rings)
      .flatMap((ring) => ring.filter(({ record }) => isOf(record)))
      .sort((a, b) => b.number - a.number)
      .slice(0, count)
      .map(({ record }) => record);
  }

  #add(record: Partial<ConnectionRecord> & Pick<ConnectionRecord, 'atMs' | 'kind' | 'address'>): ConnectionRecord {
    const name = ringOf[record.kind];
    const ring = this.#rings[name];
    const absent = { nodeId: undefined, direction: undefined, phase: undefined, by: undefined, reason: undefined, durationMs: undefined, nextTryMs: undefined };
    const whole = { ...absent, ...record };
    ring.push({ number: this.#count++, record: whole });
    if (ring.length > kept[name]) ring.shift();
    return whole;
  }

  #takePhase(address: string): string | undefined {
    const phase = this.#dialing.get(address);
    this.#dialing.delete(address);
    return phase;
  }
}
