import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { NetLimits } from '../../../src-shared/domain/net-limits.ts';
import type { RejectionCode } from '../../../src-shared/domain/rejection-code.ts';
import { type Ban, type BanSubject, banKey } from './ban.ts';
import type { ConnectionId } from './connection-id.ts';
import { hostGroup, isInSubnet, isIp, networkOf, parseSubnet } from './network-address.ts';
import type { ViolationRecord } from './network-state.ts';

/** What the window shows of the past; a peer that is banned leaves at least the reason here. */
const maxRecords = 200;
/** Some 200 bytes each. Who has more keys than this to waste is stopped by its IPs. */
const maxBans = 10_000;
/** Nodes and IPs whose violations are counted; whose last one is longest ago makes room. */
const maxCounted = 10_000;
/** As many keys of one IP, each with a violation, are one party that makes itself new keys. */
const keysForIpBan = 3;

type BanLimits = Pick<
  NetLimits,
  'maxPeersPerIp' | 'violationsForShortBan' | 'shortBanMs' | 'violationsForLongBan' | 'longBanMs' | 'violationsForLastingBan' | 'violationsForgottenMs'
>;

export interface BansOptions {
  readonly limits: BanLimits;
  readonly isMember: (nodeId: NodeId) => boolean;
  /** `parseSubnet`'s form: who comes from there is banned by an operator alone. */
  readonly whitelist: readonly string[];
}

export interface Violation {
  readonly connection: ConnectionId;
  readonly nodeId: NodeId;
  /** Normalised; an IP, except where a name was dialled. */
  readonly host: string;
  readonly code: RejectionCode;
  readonly detail: string;
  /** How many it counts as, by the table of penalties. */
  readonly weight: number;
}

interface Count {
  violations: number;
  /** Forgotten at this time, unless there is another one before. */
  untilMs: number;
  /** Of an IP: which nodes. As many as decide. */
  readonly nodes: Set<NodeId>;
}

/** What changed: those subjects may not be peers from now on, or may be again. */
export interface BanChanges {
  readonly banned: readonly Ban[];
  /** They had to make room. */
  readonly dropped: readonly BanSubject[];
}

/**
 * Violations counted by node, and by IP, since a key costs nothing; and the bans that come of them or of an operator (protocol section 10):
 * 3, 5 and 10 violations, forgotten after an hour in which the peer could have made another one. Members of the snapshot are banned for
 * a time and by their key alone: a network that shuts a tenth of its weight out because of a fault in a release would shut itself out.
 */
export class Bans {
  readonly #options: BansOptions;
  /** Oldest first. */
  readonly #bans = new Map<string, Ban>();
  /** How many bits the subnets of `#bans` have, so that looking one host up costs a few look-ups however many there are. */
  #networkBits: readonly number[] = [];
  #nextEndMs = Number.POSITIVE_INFINITY;
  /** By node id, or host group. Whose last violation is longest ago comes first. */
  readonly #counts = new Map<string, Count>();
  /** Newest last. */
  #records: ViolationRecord[] = [];

  constructor(options: BansOptions, restored: readonly Ban[]) {
    this.#options = options;
    for (const ban of restored.slice(-maxBans)) this.#bans.set(banKey(ban.subject), ban);
    this.#bansChanged();
  }

  /** The ban that keeps this node out, if one does. Takes a normalised host, or a name, of which only the node id counts. */
  banOf(nodeId: NodeId | undefined, host: string, nowMs: number): Ban | undefined {
    const binds = (ban: Ban | undefined): ban is Ban =>
      ban !== undefined && (ban.untilMs ?? Number.POSITIVE_INFINITY) > nowMs && (ban.by === 'operator' || !this.#isSpared(ban.subject, nodeId, host));
    const ofNode = nodeId === undefined ? undefined : this.#bans.get(nodeId);
    if (binds(ofNode)) return ofNode;
    if (this.#networkBits.length === 0 || !isIp(host)) return undefined;
    return this.#networkBits.map((bits) => this.#bans.get(networkOf(host, { v4: bits, v6: bits }))).find(binds);
  }
  isBanned(nodeId: NodeId | undefined, host: string, nowMs: number): boolean {
    return this.banOf(nodeId, host, nowMs) !== undefined;
  }

  /** Records it, counts it, and answers the bans that follow from it. */
  violation(violation: Violation, nowMs: number): BanChanges {
    const { connection, nodeId, host, code, detail, weight } = violation;
    this.#records = [...this.#records.slice(1 - maxRecords), { atMs: nowMs, connection, nodeId, code, detail }];
    if (this.#isWhitelisted(host)) return { banned: [], dropped: [] };
    const isMember = this.#options.isMember(nodeId);
    const ofNode = this.#count(nodeId, nodeId, weight, nowMs);
    const banned = this.#ban({ kind: 'node', nodeId }, this.#durationMs(ofNode.violations, !isMember), code, nowMs);
    // On a network where an IP is no limit it says nothing about who is behind it.
    if (isMember || this.#options.limits.maxPeersPerIp === 0 || !isIp(host)) return this.#made(banned);
    const subnet = parseSubnet(hostGroup(host));
    if (subnet === undefined) return this.#made(banned);
    const ofIp = this.#count(subnet, nodeId, weight, nowMs);
    if (ofIp.nodes.size < keysForIpBan) return this.#made(banned);
    // Never for good: others will have this IP one day.
    return this.#made([...banned, ...this.#ban({ kind: 'network', subnet }, this.#durationMs(ofIp.violations, false), code, nowMs)]);
  }

  /** By an operator, whose bans hold for everybody. Undefined `untilMs`: until it is lifted. */
  set(subject: BanSubject, untilMs: number | undefined, reason: string, nowMs: number): BanChanges {
    return this.#made([{ subject, createdMs: nowMs, untilMs, reason, by: 'operator' }]);
  }
  /** Answers those that were banned. What they did is forgotten. Undefined: all of them. */
  clear(subjects: readonly BanSubject[] | undefined): BanSubject[] {
    const cleared = (subjects ?? [...this.#bans.values()].map(({ subject }) => subject)).filter((subject) => {
      this.#counts.delete(banKey(subject));
      return this.#bans.delete(banKey(subject));
    });
    if (subjects === undefined) this.#counts.clear();
    this.#bansChanged();
    return cleared;
  }
  /** Those whose time is over, at a restart or now. */
  takeEnded(nowMs: number): BanSubject[] {
    if (nowMs < this.#nextEndMs) return [];
    const ended = [...this.#bans.values()].filter(({ untilMs }) => untilMs !== undefined && untilMs <= nowMs).map(({ subject }) => subject);
    for (const subject of ended) this.#bans.delete(banKey(subject));
    this.#bansChanged();
    return ended;
  }
  nextWakeMs(): number {
    return this.#nextEndMs;
  }

  /** Newest first. */
  list(): readonly Ban[] {
    return [...this.#bans.values()].reverse();
  }
  /** Newest first. */
  records(): readonly ViolationRecord[] {
    return this.#records.toReversed();
  }
  /** Of this node, that are not forgotten yet. */
  violationsOf(nodeId: NodeId, nowMs: number): number {
    const count = this.#counts.get(nodeId);
    return count === undefined || count.untilMs <= nowMs ? 0 : count.violations;
  }

  #count(key: string, nodeId: NodeId, weight: number, nowMs: number): Count {
    const before = this.#counts.get(key);
    const count: Count = before === undefined || before.untilMs <= nowMs ? { violations: 0, untilMs: 0, nodes: new Set() } : before;
    count.violations += weight;
    count.untilMs = nowMs + this.#options.limits.violationsForgottenMs;
    if (count.nodes.size < keysForIpBan) count.nodes.add(nodeId);
    this.#counts.delete(key);
    this.#counts.set(key, count);
    if (this.#counts.size > maxCounted) {
      const [oldest] = this.#counts.keys();
      if (oldest !== undefined) this.#counts.delete(oldest);
    }
    return count;
  }

  /** Undefined: no ban. */
  #durationMs(violations: number, mayLast: boolean): number | undefined {
    const { violationsForShortBan, shortBanMs, violationsForLongBan, longBanMs, violationsForLastingBan } = this.#options.limits;
    if (violations >= violationsForLastingBan && mayLast) return Number.POSITIVE_INFINITY;
    if (violations >= violationsForLongBan) return longBanMs;
    return violations >= violationsForShortBan ? shortBanMs : undefined;
  }

  /** One at most: none where a longer one holds already. */
  #ban(subject: BanSubject, durationMs: number | undefined, code: RejectionCode, nowMs: number): Ban[] {
    if (durationMs === undefined) return [];
    const endMs = nowMs + durationMs;
    const count = this.#counts.get(banKey(subject));
    // An hour in which it is kept out is not an hour in which it behaved.
    if (count !== undefined && Number.isFinite(endMs)) count.untilMs = endMs + this.#options.limits.violationsForgottenMs;
    const before = this.#bans.get(banKey(subject));
    if (before !== undefined && (before.by === 'operator' || (before.untilMs ?? Number.POSITIVE_INFINITY) >= endMs)) return [];
    return [{ subject, createdMs: nowMs, untilMs: Number.isFinite(endMs) ? endMs : undefined, reason: code, by: 'violations' }];
  }

  #made(bans: readonly Ban[]): BanChanges {
    for (const ban of bans) {
      this.#bans.delete(banKey(ban.subject));
      this.#bans.set(banKey(ban.subject), ban);
    }
    const dropped = this.#makeRoom();
    if (bans.length > 0) this.#bansChanged();
    return { banned: bans, dropped };
  }

  /** What an operator wanted goes last. */
  #makeRoom(): BanSubject[] {
    const dropped: BanSubject[] = [];
    while (this.#bans.size > maxBans) {
      const all = [...this.#bans.values()];
      const oldest = all.find(({ by }) => by === 'violations') ?? all[0];
      if (oldest === undefined) break;
      this.#bans.delete(banKey(oldest.subject));
      dropped.push(oldest.subject);
    }
    return dropped;
  }

  #bansChanged(): void {
    const bits = new Set<number>();
    this.#nextEndMs = Number.POSITIVE_INFINITY;
    for (const { subject, untilMs } of this.#bans.values()) {
      if (subject.kind === 'network') bits.add(Number(subject.subnet.slice(subject.subnet.indexOf('/') + 1)));
      if (untilMs !== undefined) this.#nextEndMs = Math.min(this.#nextEndMs, untilMs);
    }
    this.#networkBits = [...bits].sort((a, b) => b - a);
  }

  #isSpared(subject: BanSubject, nodeId: NodeId | undefined, host: string): boolean {
    return this.#isWhitelisted(host) || (subject.kind === 'network' && nodeId !== undefined && this.#options.isMember(nodeId));
  }
  #isWhitelisted(host: string): boolean {
    return this.#options.whitelist.some((subnet) => isInSubnet(host, subnet));
  }
}
