import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { NetLimits } from '../../../src-shared/domain/net-limits.ts';
import type { AddressEntry } from './address-book.ts';
import type { ConnectionId } from './connection-id.ts';
import { Diversity } from './dial-plan.ts';
import { pickEvicted, type Tenant } from './eviction.ts';
import { isInSubnet } from './network-address.ts';
import { type Census, hasInboundRoom, hasRoom, type Places, placesOf } from './places.ts';

export interface AdmissionOptions {
  readonly limits: NetLimits;
  readonly isMember: (nodeId: NodeId) => boolean;
  /** `parseSubnet`'s form. */
  readonly whitelist: readonly string[];
  readonly countryOf: (host: string) => string | undefined;
}

export type Verdict =
  | { readonly kind: 'in'; readonly evicted: ConnectionId | undefined }
  /** `detail`: which limit. */
  | { readonly kind: 'full'; readonly detail: string };

/** Who gets a place, and who goes for it (protocol section 10). */
export class Admission {
  readonly #options: AdmissionOptions;
  #places: Places;
  /** A newcomer that makes nothing more diverse replaces an equal only so often: a full network still lets new nodes in, and does not churn. */
  #nextTurnoverMs = 0;

  /** `masternodes`: how many there are in the snapshot, this node apart. */
  constructor(options: AdmissionOptions, masternodes: number) {
    this.#options = options;
    this.#places = placesOf(options.limits, masternodes);
  }

  get places(): Places {
    return this.#places;
  }
  newSnapshot(masternodes: number): void {
    this.#places = placesOf(this.#options.limits, masternodes);
  }

  /** What is taken. `attempts`: addresses that are being dialled, without those that are among the tenants already. */
  census(tenants: readonly Tenant[], attempts: readonly AddressEntry[], configured: ReadonlySet<NodeId>): Census {
    const { isMember } = this.#options;
    const members = tenants.filter(({ nodeId }) => isMember(nodeId));
    const strangers = tenants.filter(({ nodeId }) => !isMember(nodeId));
    const dialled = (role: AddressEntry['role']): number => attempts.filter((attempt) => attempt.role === role).length;
    const outbound = strangers.filter(({ direction }) => direction === 'outbound').length;
    return {
      masternodes: members.length + dialled('masternode'),
      inboundStrangers: strangers.length - outbound,
      outboundStrangers: outbound + dialled('peer') + dialled('configured'),
      ownDials: tenants.filter(({ direction, nodeId }) => direction === 'outbound' && !configured.has(nodeId)).length + dialled('peer') + dialled('masternode'),
    };
  }

  /** Where they are. `attempts` as above. */
  diversity(tenants: readonly Tenant[], attempts: readonly AddressEntry[]): Diversity {
    const { limits, isMember, countryOf } = this.#options;
    const diversity = new Diversity(limits, countryOf);
    for (const { nodeId, host, place, direction } of tenants) {
      if (!isMember(nodeId)) diversity.addStranger(place);
      if (direction === 'outbound') diversity.addDialled(host, place);
    }
    for (const { role, host, place } of attempts) {
      if (role !== 'masternode') diversity.addStranger(place);
      diversity.addDialled(host, place);
    }
    return diversity;
  }

  /** `dialable`: strangers that own dials could still reach. `configured`: nodes that the operator wants. */
  admit(
    newcomer: Tenant,
    tenants: readonly Tenant[],
    census: Census,
    { dialable, configured }: { readonly dialable: () => number; readonly configured: ReadonlySet<NodeId> },
    nowMs: number,
  ): Verdict {
    const { limits, isMember } = this.#options;
    const isSpared = this.#isWhitelisted(newcomer.host);
    const isWanted = isSpared || isMember(newcomer.nodeId) || configured.has(newcomer.nodeId);
    const isInbound = newcomer.direction === 'inbound';
    const crowd = isWanted ? undefined : this.diversity(tenants, []).fullReason(newcomer.place);
    if (crowd !== undefined) return { kind: 'full', detail: crowd };
    const strangers = census.inboundStrangers + census.outboundStrangers;
    const fits = isWanted
      ? hasRoom(this.#places, census)
      : isInbound
        ? hasInboundRoom(this.#places, census, dialable())
        : hasRoom(this.#places, census) && strangers < this.#places.strangers;
    if (fits) return { kind: 'in', evicted: undefined };

    const candidates = tenants.filter(
      ({ nodeId, direction, host }) => direction === 'inbound' && !isMember(nodeId) && !configured.has(nodeId) && !this.#isWhitelisted(host),
    );
    // Own dials take back what those who came by themselves use beyond their share.
    const isOwed = isWanted || (!isInbound && census.inboundStrangers > this.#places.strangers - this.#places.ownStrangers);
    const mayTurnOver = isInbound && nowMs >= this.#nextTurnoverMs;
    const rule = isOwed ? 'somebody' : mayTurnOver ? 'may-replace-equal' : 'more-diverse';
    const evicted = isOwed || isInbound ? pickEvicted(candidates, newcomer, rule) : undefined;
    if (evicted !== undefined) {
      if (rule === 'may-replace-equal') this.#nextTurnoverMs = nowMs + limits.upkeepMs;
      return { kind: 'in', evicted: evicted.connection };
    }
    return isSpared ? { kind: 'in', evicted: undefined } : { kind: 'full', detail: `all ${this.#places.all} places are taken` };
  }
  clockSetBack(byMs: number): void {
    this.#nextTurnoverMs -= byMs;
  }

  #isWhitelisted(host: string): boolean {
    return this.#options.whitelist.some((subnet) => isInSubnet(host, subnet));
  }
}
