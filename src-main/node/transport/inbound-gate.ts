import type { ConnectionId } from '../../core/net/connection-id.ts';
import { hostGroup } from '../../core/net/network-address.ts';
import { tooMany } from './transport.ts';
import type { TransportLimits } from './transport-limits.ts';

export type Admission =
  | { readonly admitted: true /** Must make room. */; readonly evicted: ConnectionId | undefined }
  | { readonly admitted: false; readonly limit: string };

interface Pending {
  readonly group: string;
  readonly isExempt: boolean;
  /** Its handshake went well. */
  readonly isOpen: boolean;
}

/**
 * Decides who may begin a handshake, since that costs before anything is proved (toolchain.md), and how long it counts: until core has made a peer of it,
 * for a key costs nobody anything. Hosts are limited by number and by rate, exempt ones apart; when all places are taken the oldest of the host that has
 * most makes room: an honest one is a peer in a few round trips, so under a flood of silent sockets the silent ones go.
 */
export class InboundGate {
  readonly #limits: TransportLimits;
  readonly #isExempt: (host: string) => boolean;
  /** In order of arrival. */
  readonly #pending = new Map<ConnectionId, Pending>();
  readonly #pendingOfGroup = new Map<string, number>();
  /** Token buckets, longest unseen first. */
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>();

  constructor(limits: TransportLimits, isExempt: (host: string) => boolean) {
    this.#limits = limits;
    this.#isExempt = isExempt;
  }

  get pending(): number {
    return this.#pending.size;
  }

  /** `isFull`: as many inbound connections as there may be are open; one of them that is no peer yet makes room. */
  begin(id: ConnectionId, host: string, nowMs: number, isFull = false): Admission {
    const group = hostGroup(host);
    const isExempt = this.#isExempt(host);
    if (isFull && this.#choose(isFull) === undefined) return { admitted: false, limit: tooMany(this.#limits.maxInbound, 'inbound').detail };
    if (!isExempt) {
      if (!this.#takeToken(group, nowMs)) return { admitted: false, limit: 'rate of this host' };
      if ((this.#pendingOfGroup.get(group) ?? 0) >= this.#limits.maxPendingInboundPerHost) return { admitted: false, limit: 'handshakes of this host' };
    }
    const evicted = isFull || this.#pending.size >= this.#limits.maxPendingInbound ? this.#choose(isFull) : undefined;
    if (evicted !== undefined) this.end(evicted);
    this.#pending.set(id, { group, isExempt, isOpen: false });
    this.#pendingOfGroup.set(group, (this.#pendingOfGroup.get(group) ?? 0) + 1);
    return { admitted: true, evicted };
  }

  /** The handshake went well. */
  opened(id: ConnectionId): void {
    const pending = this.#pending.get(id);
    if (pending?.isExempt === true) this.end(id);
    else if (pending !== undefined) this.#pending.set(id, { ...pending, isOpen: true });
  }

  /** It is a peer, or gone. Nothing happens for an id that is not pending. */
  end(id: ConnectionId): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    const { group } = pending;
    this.#pending.delete(id);
    const left = (this.#pendingOfGroup.get(group) ?? 0) - 1;
    if (left > 0) this.#pendingOfGroup.set(group, left);
    else this.#pendingOfGroup.delete(group);
  }

  /** Who would make room: the oldest of the host that has most. At most `maxPendingInbound` are looked at. */
  #choose(isOpenOnly: boolean): ConnectionId | undefined {
    let chosen: ConnectionId | undefined;
    let most = 0;
    for (const [id, { group, isOpen }] of this.#pending) {
      const count = this.#pendingOfGroup.get(group) ?? 0;
      if (count <= most || (isOpenOnly && !isOpen)) continue;
      chosen = id;
      most = count;
    }
    return chosen;
  }

  #takeToken(group: string, nowMs: number): boolean {
    const { acceptBurstPerHost, acceptsPerHostPerSecond, maxTrackedHosts } = this.#limits;
    const before = this.#buckets.get(group);
    const tokens =
      before === undefined ? acceptBurstPerHost : Math.min(acceptBurstPerHost, before.tokens + ((nowMs - before.atMs) / 1_000) * acceptsPerHostPerSecond);
    this.#buckets.delete(group);
    if (this.#buckets.size >= maxTrackedHosts) {
      const [oldest] = this.#buckets.keys();
      if (oldest !== undefined) this.#buckets.delete(oldest);
    }
    this.#buckets.set(group, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: nowMs });
    return tokens >= 1;
  }
}
