import type { ConnectionId } from '../../core/net/connection-id.ts';
import { hostGroup } from '../../core/net/network-address.ts';
import type { TransportLimits } from './transport-limits.ts';

export type Admission =
  | { readonly admitted: true /** Must make room. */; readonly evicted: ConnectionId | undefined }
  | { readonly admitted: false; readonly limit: string };

/**
 * Decides who may begin a handshake, since that costs before anything is proved (toolchain.md). Hosts are limited by
 * number and by rate, exempt ones apart; in total the oldest pending one makes room for the newest: an honest handshake is
 * over in two round trips, so under a flood of silent sockets the silent ones go.
 */
export class InboundGate {
  readonly #limits: TransportLimits;
  readonly #isExempt: (host: string) => boolean;
  /** In order of arrival. */
  readonly #pending = new Map<ConnectionId, string>();
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

  begin(id: ConnectionId, host: string, nowMs: number): Admission {
    const group = hostGroup(host);
    if (!this.#isExempt(host)) {
      if (!this.#takeToken(group, nowMs)) return { admitted: false, limit: 'rate of this host' };
      if ((this.#pendingOfGroup.get(group) ?? 0) >= this.#limits.maxPendingInboundPerHost) return { admitted: false, limit: 'handshakes of this host' };
    }
    let evicted: ConnectionId | undefined;
    if (this.#pending.size >= this.#limits.maxPendingInbound) {
      [evicted] = this.#pending.keys();
      if (evicted !== undefined) this.end(evicted);
    }
    this.#pending.set(id, group);
    this.#pendingOfGroup.set(group, (this.#pendingOfGroup.get(group) ?? 0) + 1);
    return { admitted: true, evicted };
  }

  /** The handshake is over, well or not. Nothing happens for an id that is not pending. */
  end(id: ConnectionId): void {
    const group = this.#pending.get(id);
    if (group === undefined) return;
    this.#pending.delete(id);
    const left = (this.#pendingOfGroup.get(group) ?? 0) - 1;
    if (left > 0) this.#pendingOfGroup.set(group, left);
    else this.#pendingOfGroup.delete(group);
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
