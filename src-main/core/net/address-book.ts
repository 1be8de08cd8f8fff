import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { NetLimits } from '../../../src-shared/domain/net-limits.ts';
import type { Random } from '../ports.ts';
import type { StoreOperation } from '../store-operation.ts';
import type { AddressRecord, AddressSource } from './address-record.ts';
import type { DialState } from './dial-state.ts';
import { parseNetworkAddress } from './network-address.ts';
import type { AddressRole, AddressState } from './network-state.ts';
import { type Place, placeOf } from './place.ts';

/**
 * Of all addresses, what hearsay of one origin may be: another's network, the DNS seeds, the lists. A liar would need very many networks
 * to crowd out what honest peers tell (the idea of Bitcoin Core's buckets).
 */
const sharePerOrigin = 16;
const minPerOrigin = 16;
/** An operator who names more than this is mistaken. */
const maxConfigured = 1_000;
/** An older success does not make an address worth telling. */
const goodForMs = 86_400_000;
/** What is given up and nobody spoke of for so long is gone. */
const rumourMs = 86_400_000;
/** In so long a node with peers tries all that it knows, at the pace of dials to hearsay. */
const trialMs = 86_400_000;
/** A connection that lasts is a success again and again; the disk hears of it this often. */
const successRenewalMs = 3_600_000;

/** One address and all that is known of it. Changed by the book, and its state by the connection manager alone. */
export interface AddressEntry {
  /** host:port, normalised. */
  readonly address: string;
  readonly host: string;
  readonly place: Place;
  role: AddressRole;
  readonly source: AddressSource;
  /** Who told of it, as a network: what the origin's share is counted by. */
  readonly origin: string;
  /** The operator named it as one to keep or to begin with: it never makes room. */
  pinned: boolean;
  /** Not to be dialled any more, and gone when its connection or dial is. */
  forgotten: boolean;
  state: DialState;
  /** Who answered there last, as Noise proved it. */
  provenId: NodeId | undefined;
  /** Who is said to answer there: nothing is ever left undone because of it. */
  saidId: NodeId | undefined;
  /** The inbound peer that says that it listens here, on its own IP. */
  claimedId: NodeId | undefined;
  /** Members of the snapshot that are registered with it. */
  members: readonly NodeId[];
  readonly firstSeenMs: number;
  heardMs: number;
  lastSuccessMs: number | undefined;
  lastTryMs: number | undefined;
  /** When it was last looked at without being dialled as a peer. */
  probedMs: number | undefined;
  /** In a row. */
  failures: number;
  /** In a row, beside the failures: it was reached, and had no place. Lengthens the waits, and says nothing against the address. */
  timesFull: number;
  anchor: boolean;
  /** Of the connection that there is or was. */
  coveredSinceMs: number;
  wasCovered: boolean;
  lastReason: string | undefined;
}

export interface Told {
  readonly address: string;
  readonly nodeId: NodeId | undefined;
}

type BookLimits = Pick<NetLimits, 'maxAddresses' | 'forgetAfterMs'>;

/** Of any spelling; an address of the configuration that is none is its own host, and will not be reached. */
const hostOf = (address: string): string => parseNetworkAddress(address)?.host ?? address;

/** Every known address, `maxAddresses` at most, and those that the operator and the snapshot name. */
export class AddressBook {
  readonly #limits: BookLimits;
  readonly #random: Random;
  readonly #entries = new Map<string, AddressEntry>();
  readonly #unproven = new Map<string, number>();
  /** Asked for with every input. Undefined: to be found anew. */
  #configured: Set<NodeId> | undefined;
  /** Since they were stored last. */
  readonly #changed = new Set<string>();
  readonly #removed = new Set<string>();

  constructor(limits: BookLimits, random: Random) {
    this.#limits = limits;
    this.#random = random;
  }

  get size(): number {
    return this.#entries.size;
  }
  get hasChanges(): boolean {
    return this.#changed.size + this.#removed.size > 0;
  }
  get(address: string): AddressEntry | undefined {
    return this.#entries.get(address);
  }
  /** Who answered at the addresses that the operator wants connected. */
  configured(): ReadonlySet<NodeId> {
    if (this.#configured === undefined) {
      this.#configured = new Set();
      for (const { role, provenId } of this.#entries.values()) if (role === 'configured' && provenId !== undefined) this.#configured.add(provenId);
    }
    return this.#configured;
  }
  /** In the order in which they were added. */
  all(): IterableIterator<AddressEntry> {
    return this.#entries.values();
  }

  restore(records: readonly AddressRecord[]): void {
    for (const record of records.slice(0, this.#limits.maxAddresses)) {
      const succeeded = record.lastSuccessMs !== undefined;
      // A role is given by the configuration and the snapshot of now; what was configured once is one address of many.
      this.#insert(record.address, {
        role: 'peer',
        source: record.source,
        origin: record.source,
        firstSeenMs: record.firstSeenMs,
        provenId: succeeded ? record.nodeId : undefined,
        saidId: succeeded ? undefined : record.nodeId,
        lastSuccessMs: record.lastSuccessMs,
        lastTryMs: record.lastTryMs,
        failures: record.failures,
        anchor: record.anchor,
      });
    }
    this.#changed.clear();
  }

  /** Undefined: there are too many. */
  configure(address: string, role: 'configured' | 'peer', nowMs: number): AddressEntry | undefined {
    const known = this.#entries.get(address);
    const entry = known ?? (this.#countPinned() < maxConfigured ? this.#insert(address, { role, source: 'configured', firstSeenMs: nowMs }) : undefined);
    if (entry === undefined) return undefined;
    if (role === 'configured') entry.role = role;
    this.#configured = undefined;
    entry.pinned = true;
    entry.forgotten = false;
    return entry;
  }
  /** Answers whether there is reason to keep it all the same. */
  unconfigure(entry: AddressEntry): boolean {
    entry.pinned = false;
    this.#configured = undefined;
    entry.role = entry.members.length > 0 ? 'masternode' : 'peer';
    return entry.members.length > 0 || entry.source !== 'configured' || entry.heardMs !== entry.firstSeenMs || entry.lastSuccessMs !== undefined;
  }
  /**
   * The snapshot's, bounded by its members, in the place of those before. Where a masternode was and is no more, somebody may still answer: such an
   * address is kept for a week like any that answered, and not at all if it never did.
   */
  register(masternodes: readonly { readonly address: string; readonly nodeId: NodeId }[], nowMs: number): void {
    const before = [...this.#entries.values()].filter(({ members }) => members.length > 0);
    for (const entry of before) entry.members = [];
    for (const { address, nodeId } of masternodes) {
      const entry = this.#entries.get(address) ?? this.#insert(address, { role: 'masternode', source: 'masternode', firstSeenMs: nowMs });
      if (entry.role === 'peer') entry.role = 'masternode';
      if (!entry.members.includes(nodeId)) entry.members = [...entry.members, nodeId];
    }
    for (const entry of before) {
      if (entry.members.length > 0) continue;
      if (entry.role === 'masternode') entry.role = 'peer';
      if (!isKept(entry) && isAtRest(entry) && entry.lastSuccessMs === undefined) this.remove(entry);
    }
  }

  /** Adds what is new of them; answers those that it added. `origin`: whose share of the room they take. */
  hear(told: readonly Told[], source: AddressSource, origin: string, nowMs: number): AddressEntry[] {
    const added: AddressEntry[] = [];
    // Where one finds no room, so does the rest: the book is gone through once for each that gets in, and once more.
    let hasRoom = true;
    for (const { address, nodeId } of told) {
      const known = this.#entries.get(address);
      if (known !== undefined) {
        known.heardMs = nowMs;
        if (known.provenId === undefined) known.saidId ??= nodeId;
      } else {
        hasRoom &&= this.#makeRoom(origin);
        if (hasRoom) added.push(this.#insert(address, { role: 'peer', source, origin, firstSeenMs: nowMs, saidId: nodeId }));
      }
    }
    return added;
  }

  proven(entry: AddressEntry, nodeId: NodeId): void {
    if (entry.provenId === nodeId) return;
    entry.provenId = nodeId;
    this.#configured = undefined;
    this.#changed.add(entry.address);
  }
  /** Who answered there is proven to be elsewhere now. */
  moved(entry: AddressEntry): void {
    entry.provenId = undefined;
    this.#configured = undefined;
    this.#changed.add(entry.address);
  }
  succeeded(entry: AddressEntry, nowMs: number): void {
    if (entry.lastSuccessMs !== undefined && Math.abs(nowMs - entry.lastSuccessMs) < successRenewalMs) return;
    this.#count(entry, -1);
    entry.lastSuccessMs = nowMs;
    this.#count(entry, 1);
    this.#changed.add(entry.address);
  }
  tried(entry: AddressEntry, nowMs: number): void {
    entry.lastTryMs = nowMs;
    this.#changed.add(entry.address);
  }
  /** Without any the ones before stay: who has lost all peers needs them most. */
  setAnchors(anchors: ReadonlySet<string>): void {
    if (anchors.size === 0) return;
    for (const entry of this.#entries.values()) {
      if (entry.anchor === anchors.has(entry.address)) continue;
      entry.anchor = !entry.anchor;
      this.#changed.add(entry.address);
    }
  }
  remove(entry: AddressEntry): void {
    this.#configured = undefined;
    this.#count(entry, -1);
    this.#entries.delete(entry.address);
    this.#changed.delete(entry.address);
    this.#removed.add(entry.address);
  }

  /**
   * Those that nobody needs any more: without a success for a week, or given up, never reached, and spoken of no more. Each was tried since this
   * machine has peers again, or had a day to be: a week without network says nothing about an address.
   */
  forget(nowMs: number, onlineSinceMs: number): void {
    const hadTime = nowMs - onlineSinceMs > trialMs;
    for (const entry of [...this.#entries.values()]) {
      if (isKept(entry) || !isAtRest(entry)) continue;
      if (!hadTime && (entry.lastTryMs === undefined || entry.lastTryMs < onlineSinceMs)) continue;
      const isOld = nowMs - (entry.lastSuccessMs ?? entry.firstSeenMs) > this.#limits.forgetAfterMs;
      // While others speak of it, forgetting it would only mean to begin the row of its failures anew.
      const isHopeless = entry.state.kind === 'givenUp' && entry.lastSuccessMs === undefined && nowMs - entry.heardMs > rumourMs;
      if (isOld || isHopeless) this.remove(entry);
    }
  }

  /** At random, of those that are connected, or answered within a day and did not fail since. `isFor` says which the asker may know. */
  sample(count: number, nowMs: number, isFor: (entry: AddressEntry) => boolean): AddressEntry[] {
    const good = [...this.#entries.values()].filter((entry) => isGood(entry, nowMs) && isFor(entry));
    const size = Math.min(count, good.length);
    for (let at = 0; at < size; at++) {
      const from = at + Math.floor(this.#random() * (good.length - at));
      [good[at], good[from]] = [good[from] as AddressEntry, good[at] as AddressEntry];
    }
    return good.slice(0, size);
  }

  /** What is to be stored since it was asked last: never an address that only this configuration names. */
  takeOperations(): StoreOperation[] {
    const records = [...this.#changed].flatMap((address) => {
      const entry = this.#entries.get(address);
      return entry === undefined || (entry.source === 'configured' && entry.lastSuccessMs === undefined) ? [] : [recordOf(entry)];
    });
    const removed = [...this.#removed].filter((address) => !this.#entries.has(address));
    this.#changed.clear();
    this.#removed.clear();
    return [
      ...(records.length > 0 ? [{ kind: 'put-addresses', records } as const] : []),
      ...(removed.length > 0 ? [{ kind: 'remove-addresses', addresses: removed } as const] : []),
    ];
  }

  states(): AddressState[] {
    return [...this.#entries.values()].filter(({ forgotten }) => !forgotten).map(stateOf);
  }

  #insert(address: string, given: Pick<AddressEntry, 'role' | 'source' | 'firstSeenMs'> & Partial<AddressEntry>): AddressEntry {
    const host = hostOf(address);
    const entry: AddressEntry = {
      address,
      host,
      place: placeOf(host),
      origin: given.source,
      pinned: false,
      forgotten: false,
      state: { kind: 'known' },
      provenId: undefined,
      saidId: undefined,
      claimedId: undefined,
      members: [],
      heardMs: given.firstSeenMs,
      lastSuccessMs: undefined,
      lastTryMs: undefined,
      probedMs: undefined,
      failures: 0,
      timesFull: 0,
      anchor: false,
      coveredSinceMs: 0,
      wasCovered: false,
      lastReason: undefined,
      ...given,
    };
    this.#entries.set(address, entry);
    this.#changed.add(address);
    this.#removed.delete(address);
    this.#count(entry, 1);
    return entry;
  }

  #count(entry: AddressEntry, by: 1 | -1): void {
    if (entry.lastSuccessMs !== undefined) return;
    const count = (this.#unproven.get(entry.origin) ?? 0) + by;
    if (count === 0) this.#unproven.delete(entry.origin);
    else this.#unproven.set(entry.origin, count);
  }
  #countPinned(): number {
    let count = 0;
    for (const { pinned } of this.#entries.values()) if (pinned) count++;
    return count;
  }

  #mostTalkative(): string | undefined {
    let most: { readonly origin: string; readonly count: number } | undefined;
    for (const [origin, count] of this.#unproven) if (most === undefined || count > most.count) most = { origin, count };
    return most?.origin;
  }

  /** False if nothing may go for one more of this origin. */
  #makeRoom(origin: string): boolean {
    const share = Math.max(minPerOrigin, Math.floor(this.#limits.maxAddresses / sharePerOrigin));
    const overShare = (this.#unproven.get(origin) ?? 0) >= share;
    if (!overShare && this.#entries.size < this.#limits.maxAddresses) return true;
    // What never answered goes for news; what did stays, or news would be a way to make a node forget its peers.
    const crowded = overShare ? origin : this.#mostTalkative();
    let least: AddressEntry | undefined;
    for (const entry of this.#entries.values()) {
      if (isKept(entry) || !isAtRest(entry) || entry.lastSuccessMs !== undefined || (overShare && entry.origin !== origin)) continue;
      // One that was never tried is worth no less than the new one, unless its origin has told more than this one.
      const mayGo = entry.failures > 0 || (crowded !== origin && entry.origin === crowded);
      if (mayGo && (least === undefined || isLessPromising(entry, least))) least = entry;
    }
    if (least === undefined) return false;
    this.remove(least);
    return true;
  }
}

const isGood = ({ lastSuccessMs, failures, forgotten, state }: AddressEntry, nowMs: number): boolean =>
  lastSuccessMs !== undefined && nowMs - lastSuccessMs < goodForMs && !forgotten && (failures <= 1 || state.kind === 'connected');
const isKept = ({ role, pinned, anchor, state }: AddressEntry): boolean =>
  role !== 'peer' || pinned || anchor || (state.kind === 'givenUp' && state.why === 'self');
const isAtRest = ({ state }: AddressEntry): boolean => state.kind !== 'dialing' && state.kind !== 'handshaking' && state.kind !== 'connected';
const isLessPromising = (a: AddressEntry, b: AddressEntry): boolean => (a.failures !== b.failures ? a.failures > b.failures : a.heardMs < b.heardMs);

const recordOf = (entry: AddressEntry): AddressRecord => ({
  address: entry.address,
  nodeId: idOf(entry),
  source: entry.source,
  firstSeenMs: entry.firstSeenMs,
  lastSuccessMs: entry.lastSuccessMs,
  lastTryMs: entry.lastTryMs,
  failures: entry.failures,
  anchor: entry.anchor,
});
const stateOf = (entry: AddressEntry): AddressState => ({
  address: entry.address,
  nodeId: idOf(entry),
  role: entry.role,
  source: entry.source,
  state: entry.state.kind,
  nextTryMs: nextTryOf(entry.state),
  attempts: entry.failures,
  lastReason: entry.lastReason,
  lastSuccessMs: entry.lastSuccessMs,
  lastTryMs: entry.lastTryMs,
  anchor: entry.anchor,
});
const nextTryOf = (state: DialState): number | undefined => {
  if (state.kind === 'backoff') return state.untilMs;
  return state.kind === 'givenUp' && state.why === 'failures' ? state.restsUntilMs : undefined;
};
const idOf = ({ provenId, claimedId, members, saidId }: AddressEntry): NodeId | undefined => provenId ?? claimedId ?? members[0] ?? saidId;
