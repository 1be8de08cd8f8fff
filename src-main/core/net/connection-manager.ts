import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { NetLimits } from '../../../src-shared/domain/net-limits.ts';
import type { Random } from '../ports.ts';
import type { AddressBook, AddressEntry } from './address-book.ts';
import type { Ban } from './ban.ts';
import type { ConnectionId } from './connection-id.ts';
import { countFailure, waitMs } from './dial-backoff.ts';
import { type Diversity, pickPeer } from './dial-plan.ts';
import { type DialEvent, nextDialState } from './dial-state.ts';
import type { AddressRole } from './network-state.ts';
import type { DialRoom } from './places.ts';
import { type BucketSize, TokenBucket } from './token-bucket.ts';

/** A connection that held this long ends the row of failures; a shorter one is part of it, or a peer that throws us out would be dialled for ever at the first wait. */
const stableMs = 60_000;
/** What was given up is left alone so long, whoever speaks of it. */
const givenUpMs = 600_000;
/** Ordinary peers are dialled no more at once than this, and one after another: a book of dead addresses is not worth a storm. */
const maxPeerDials = 8;
/** With half of the places for own dials taken there is no hurry. */
const maxPeerDialsLater = 2;
const peerDialSpacingMs = 100;
/**
 * Dials to hearsay, over all addresses that never answered; one that leads to a peer costs nothing. Each address has its own waits, but whoever
 * tells ever new ones could have every node knock at thousands of doors an hour. Enough at once to fill the places where one in ten is true;
 * then 120 an hour, so that a node with nothing but lies in its book soon tries what comes new.
 */
const hearsayDials: BucketSize = { perSecond: 1 / 30, burst: 100 };
/** From so many on no place is kept for an address. */
const doubtfulFailures = 3;

/** Which addresses are dialled when; logged with every dial. */
export const dialPhases = ['CONFIGURED', 'ANCHOR', 'PHASE1-MN', 'PHASE2-PEER', 'PHASE3-MN-PRIORITY', 'PHASE3-PEER'] as const;
export type DialPhase = (typeof dialPhases)[number];

export interface Dial {
  readonly address: string;
  readonly phase: DialPhase;
}

export interface ManagerOptions {
  readonly limits: NetLimits;
  readonly random: Random;
  readonly book: AddressBook;
  /** The ban that holds for this address, if one does. */
  readonly banOf: (nodeId: NodeId | undefined, host: string, nowMs: number) => Ban | undefined;
  /** Whether any peer is connected: else a dial that fails says nothing about the address. */
  readonly isOnline: () => boolean;
}

/** Which addresses are dialled, and when. One state each, changed by `nextDialState` alone. */
export class ConnectionManager {
  readonly #options: ManagerOptions;
  /** Keys with a ready connection, and the address that this proves or claims to be the node's. */
  readonly #connected = new Map<NodeId, string>();
  /** Dialing or handshaking. */
  readonly #underWay = new Set<AddressEntry>();
  /** The first time after the start that every address is looked at is phases 1 and 2, all that follows is phase 3. */
  #isFirstPhase = true;
  #nextPeerDialMs = 0;
  readonly #hearsay = new TokenBucket(hearsayDials, 0);
  /** As it was when it was asked for last, and whether there was more to dial than fitted. */
  #room: DialRoom = { configured: 0, masternode: 0, peer: 0, perGroup: 0 };
  #isShort = false;
  /** When the next peer may be dialled, if one waits for that alone. */
  #pacedUntilMs = Number.POSITIVE_INFINITY;
  /** Before this time nothing becomes due by itself. Undefined: something changed since it was found. */
  #nextDueMs: number | undefined;

  constructor(options: ManagerOptions) {
    this.#options = options;
  }

  /** Keeps it connected, or (`peer`) begins with it. One that is known already is tried again now. False if there are too many. */
  add(address: string, role: 'configured' | 'peer', nowMs: number): boolean {
    const entry = this.#options.book.configure(address, role, nowMs);
    if (entry === undefined) return false;
    this.#change(entry, { kind: 'asked' });
    this.#coverIfConnected(entry, nowMs);
    return true;
  }
  /** It waits no longer, in the role that it has, or as a stranger's. False if there is no room for one more. */
  tryNow(address: string, nowMs: number): boolean {
    const { book } = this.#options;
    const entry = book.get(address) ?? book.hear([{ address, nodeId: undefined }], 'configured', 'configured', nowMs)[0];
    if (entry === undefined) return false;
    this.#change(entry, { kind: 'asked' });
    return true;
  }
  /** One of many from now on if it was heard of or answered, else not dialled again. A dial or a connection that there is stays. */
  remove(address: string): void {
    const entry = this.#options.book.get(address);
    if (entry === undefined) return;
    const isAtWork = entry.state.kind === 'dialing' || entry.state.kind === 'handshaking' || entry.state.kind === 'connected';
    if (!this.#options.book.unconfigure(entry)) {
      if (isAtWork) entry.forgotten = true;
      else this.#options.book.remove(entry);
    }
    this.#nextDueMs = undefined;
  }
  /** The masternodes that there are from now on. */
  register(masternodes: readonly { readonly address: string; readonly nodeId: NodeId }[], nowMs: number): void {
    this.#options.book.register(masternodes, nowMs);
    for (const entry of this.#options.book.all()) {
      if (this.#isCovered(entry)) this.#coverIfConnected(entry, nowMs);
      // Its masternode is connected, and registered elsewhere now; or one that is not connected is registered with it.
      else this.#change(entry, { kind: 'uncovered' });
    }
    this.#nextDueMs = undefined;
  }
  /** They are in the book since now, or were heard of again. */
  heard(addresses: readonly string[], nowMs: number): void {
    for (const address of addresses) {
      const entry = this.#options.book.get(address);
      if (entry === undefined) continue;
      this.#coverIfConnected(entry, nowMs);
      this.#revive(entry, nowMs);
    }
    this.#nextDueMs = undefined;
  }

  /** Whether `takeDialable` might answer any: time came for one, an address changed, or what had no place may have one now. */
  mayDial(room: DialRoom, nowMs: number): boolean {
    const before = this.#room;
    this.#room = room;
    const hasGrown = room.configured > before.configured || room.masternode > before.masternode || room.peer > before.peer;
    return (hasGrown && this.#isShort) || nowMs >= Math.min(this.#pacedUntilMs, this.#nextDueMs ?? 0);
  }
  /** Those to dial now, as far as there is room; from here on they are `dialing`. */
  takeDialable(room: DialRoom, diversity: Diversity, nowMs: number): Dial[] {
    const due = this.#due(nowMs);
    const taken: Dial[] = [];
    const take = (entry: AddressEntry): void => {
      const phase = this.#phaseOf(entry);
      this.#change(entry, { kind: 'dial', nowMs });
      this.#options.book.tried(entry, nowMs);
      taken.push({ address: entry.address, phase });
      if (isHearsay(entry)) this.#hearsay.take(1, nowMs);
    };
    for (const entry of due.configured.splice(0, room.configured)) take(entry);
    const free = room.configured - taken.length;
    const masternodes = due.masternode.sort(byLoss).splice(0, Math.min(room.masternode, free));
    for (const entry of masternodes) take(entry);
    const places = Math.min(
      room.peer,
      free - masternodes.length,
      room.masternode - masternodes.length,
      (Number.isFinite(room.perGroup) ? maxPeerDialsLater : maxPeerDials) - this.#peersUnderWay(),
    );
    const open = this.#hearsay.isOpen(nowMs) ? due.peer : due.peer.filter((entry) => !isHearsay(entry));
    const picked = places > 0 && nowMs >= this.#nextPeerDialMs ? pickPeer(open, diversity, this.#connected, room.perGroup, this.#options.random) : undefined;
    if (picked !== undefined) {
      due.peer.splice(due.peer.indexOf(picked), 1);
      take(picked);
      this.#nextPeerDialMs = nowMs + peerDialSpacingMs;
    }
    this.#isShort = due.configured.length + due.masternode.length + due.peer.length > 0;
    this.#nextDueMs = this.#nextWaitMs();
    this.#pacedUntilMs = places > (picked === undefined ? 0 : 1) ? this.#paceOf(due.peer, nowMs) : Number.POSITIVE_INFINITY;
    return taken;
  }
  /** When one of those peers may be dialled that has nothing else to wait for. */
  #paceOf(waiting: readonly AddressEntry[], nowMs: number): number {
    if (nowMs < this.#nextPeerDialMs && waiting.length > 0) return this.#nextPeerDialMs;
    const opensInMs = this.#hearsay.opensInMs(nowMs);
    return opensInMs > 0 && waiting.some(isHearsay) ? nowMs + opensInMs : Number.POSITIVE_INFINITY;
  }

  nextWakeMs(): number {
    return Math.min(this.#pacedUntilMs, this.#nextDueMs ?? this.#nextWaitMs());
  }
  /** Attempts that are no ready connection yet, by the role of their address. */
  underWay(): readonly AddressEntry[] {
    return [...this.#underWay];
  }
  /** Strangers that could be dialled, now or when they have waited. */
  dialable(): number {
    let count = 0;
    for (const { role, state, failures } of this.#options.book.all())
      if (role === 'peer' && (state.kind === 'known' || state.kind === 'backoff') && failures < doubtfulFailures) count++;
    return count;
  }

  /** Answers when it is tried again, at the earliest where it was given up; undefined: it is not. */
  dialFailed(address: string, reason: string, nowMs: number): number | undefined {
    const entry = this.#options.book.get(address);
    return entry?.state.kind === 'dialing' ? this.#fail(entry, reason, nowMs) : undefined;
  }
  /** Answers since when it was dialled; undefined if it was not. */
  opened(address: string, connection: ConnectionId, nodeId: NodeId): number | undefined {
    const entry = this.#options.book.get(address);
    if (entry?.state.kind !== 'dialing') return undefined;
    const { sinceMs } = entry.state;
    this.#options.book.proven(entry, nodeId);
    this.#change(entry, { kind: 'opened', connection });
    return sinceMs;
  }
  /** The address is this node's own, and is never dialled again. */
  foundSelf(address: string): void {
    const entry = this.#options.book.get(address);
    if (entry === undefined) return;
    entry.lastReason = 'self';
    this.#change(entry, { kind: 'self' });
  }
  /** A connection ended before it was ready. `covered`: there is another one with that node, ready or not. Answers when its address is tried again, if it is. */
  attemptEnded(connection: ConnectionId, covered: boolean, reason: string, nowMs: number): number | undefined {
    for (const entry of this.#underWay) {
      if (entry.state.kind !== 'handshaking' || entry.state.connection !== connection) continue;
      if (!covered) return this.#fail(entry, reason, nowMs);
      this.#cover(entry, nowMs);
    }
    return undefined;
  }
  /** There is a ready connection with this node: none of its addresses needs another. `isDialed`: it leads to `home`, and does not only say so. */
  covered(nodeId: NodeId, { home, isDialed }: { readonly home: string; readonly isDialed: boolean }, nowMs: number): void {
    this.#connected.set(nodeId, home);
    for (const entry of this.#options.book.all()) {
      // Who says where it listens says that it does so nowhere else.
      const wasClaimed = entry.claimedId === nodeId;
      if (wasClaimed) entry.claimedId = undefined;
      if (entry.address === home && !isDialed) entry.claimedId = nodeId;
      const wasProven = entry.members.length > 0 && entry.provenId === nodeId;
      // One that shakes hands proved it this moment. A stranger with two addresses is not dialled at both again and again.
      if (wasProven && isDialed && entry.address !== home && entry.state.kind !== 'handshaking') this.#options.book.moved(entry);
      if (this.#isCovered(entry)) this.#coverIfConnected(entry, nowMs);
      else if (wasClaimed || wasProven) this.#change(entry, { kind: 'uncovered' });
    }
    const entry = this.#options.book.get(home);
    if (!isDialed || entry?.provenId !== nodeId) return;
    if (isHearsay(entry)) this.#hearsay.give(1);
    this.#options.book.succeeded(entry, nowMs);
  }
  /** The last connection with this node ended. `home`: which of its addresses that was about; of the others it says nothing. */
  lost(nodeId: NodeId, home: string, reason: string, nowMs: number): void {
    this.#connected.delete(nodeId);
    for (const entry of [...this.#options.book.all()]) {
      if (entry.state.kind !== 'connected' || !isOf(entry, nodeId) || this.#isCovered(entry)) continue;
      if (entry.address !== home) this.#rest(entry, reason, nowMs);
      else {
        if (nowMs - entry.coveredSinceMs >= stableMs) entry.failures = entry.timesFull = 0;
        this.#fail(entry, reason, nowMs);
      }
    }
  }
  /** A dial that only asks who is there answered: it is the node that says so, or it is not. */
  probed(entry: AddressEntry, nodeId: NodeId, reached: boolean, nowMs: number): void {
    this.#options.book.tried(entry, nowMs);
    if (!reached) {
      entry.failures++;
      entry.lastReason = 'not reached when it was looked at';
      return;
    }
    entry.failures = 0;
    this.#options.book.proven(entry, nodeId);
    this.#options.book.succeeded(entry, nowMs);
  }

  /** What comes back after a while: masternodes, and what answered once. The start is over. */
  upkeep(nowMs: number): void {
    this.#isFirstPhase = false;
    for (const entry of this.#options.book.all()) {
      if (entry.role === 'masternode' || entry.lastSuccessMs !== undefined) this.#revive(entry, nowMs);
      const isThere = entry.provenId !== undefined && this.#connected.get(entry.provenId) === entry.address;
      if (isThere && entry.lastSuccessMs !== undefined) this.#options.book.succeeded(entry, nowMs);
    }
    this.#nextDueMs = undefined;
  }
  /** The machine slept: everything that waits is tried at once. */
  woke(): void {
    for (const entry of this.#options.book.all()) this.#change(entry, { kind: 'woke' });
  }
  /** The clock was set back by so much. */
  clockSetBack(byMs: number): void {
    this.#nextPeerDialMs -= byMs;
    this.#nextDueMs = undefined;
    for (const entry of this.#options.book.all()) {
      this.#change(entry, { kind: 'clock-set-back', byMs });
      entry.coveredSinceMs -= byMs;
    }
  }
  /** Somebody was banned, or is so no more. */
  bansChanged(): void {
    this.#nextDueMs = undefined;
  }

  /** Those in `known`, after what waited long enough, was banned or is so no more. */
  #due(nowMs: number): { readonly [R in AddressRole]: AddressEntry[] } {
    const due: { readonly [R in AddressRole]: AddressEntry[] } = { configured: [], masternode: [], peer: [] };
    for (const entry of this.#options.book.all()) {
      if (entry.forgotten) continue;
      if (entry.state.kind === 'backoff' && entry.state.untilMs <= nowMs) this.#change(entry, { kind: 'waited' });
      this.#coverIfConnected(entry, nowMs);
      if (entry.state.kind === 'known' || entry.state.kind === 'banned') this.#checkBan(entry, nowMs);
      if (entry.state.kind === 'known') due[entry.role].push(entry);
    }
    return due;
  }
  #checkBan(entry: AddressEntry, nowMs: number): void {
    const ban = this.#options.banOf(entry.provenId, entry.host, nowMs);
    if (ban !== undefined) this.#change(entry, { kind: 'banned', untilMs: ban.untilMs });
    else if (entry.state.kind === 'banned') this.#change(entry, { kind: 'unbanned' });
  }
  #phaseOf(entry: AddressEntry): DialPhase {
    if (entry.role === 'configured') return 'CONFIGURED';
    if (entry.role === 'masternode') return this.#isFirstPhase ? 'PHASE1-MN' : 'PHASE3-MN-PRIORITY';
    if (!this.#isFirstPhase) return 'PHASE3-PEER';
    return entry.anchor ? 'ANCHOR' : 'PHASE2-PEER';
  }
  #peersUnderWay(): number {
    let count = 0;
    for (const { role } of this.#underWay) if (role === 'peer') count++;
    return count;
  }
  #nextWaitMs(): number {
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const { state } of this.#options.book.all()) {
      if (state.kind === 'backoff') earliestMs = Math.min(earliestMs, state.untilMs);
      if (state.kind === 'banned') earliestMs = Math.min(earliestMs, state.untilMs ?? Number.POSITIVE_INFINITY);
    }
    return earliestMs;
  }

  /**
   * Whoever is there is connected already. What a stranger says of an address never counts; nor, where masternodes are registered, who answered
   * there once and is connected from elsewhere.
   */
  #isCovered({ address, provenId, claimedId, members }: AddressEntry): boolean {
    if (provenId !== undefined && this.#connected.get(provenId) === address) return true;
    if (members.length > 0) return members.every((nodeId) => this.#connected.has(nodeId));
    if (provenId !== undefined) return this.#connected.has(provenId);
    return claimedId !== undefined && this.#connected.has(claimedId);
  }
  #coverIfConnected(entry: AddressEntry, nowMs: number): void {
    if (entry.state.kind !== 'connected' && this.#isCovered(entry)) this.#cover(entry, nowMs);
  }
  #cover(entry: AddressEntry, nowMs: number): void {
    if (entry.state.kind !== 'connected') entry.coveredSinceMs = nowMs;
    entry.wasCovered = true;
    this.#change(entry, { kind: 'covered' });
  }
  #revive(entry: AddressEntry, nowMs: number): void {
    const { state } = entry;
    if (state.kind === 'givenUp' && state.why === 'failures' && nowMs >= state.restsUntilMs) this.#change(entry, { kind: 'revived' });
  }
  #fail(entry: AddressEntry, reason: string, nowMs: number): number | undefined {
    const { limits, isOnline, book } = this.#options;
    const isGivenUp = countFailure(entry, reason, limits, isOnline());
    entry.lastReason = reason;
    book.tried(entry, nowMs);
    if (isGivenUp && !entry.forgotten) {
      const restsUntilMs = nowMs + givenUpMs;
      this.#change(entry, { kind: 'failed', next: { kind: 'givenUp', why: 'failures', restsUntilMs } });
      return restsUntilMs;
    }
    return this.#rest(entry, reason, nowMs);
  }
  /** It waits as its failures so far say. */
  #rest(entry: AddressEntry, reason: string, nowMs: number): number | undefined {
    const { limits, random } = this.#options;
    entry.lastReason = reason;
    if (entry.forgotten) return this.#forget(entry);
    const untilMs = nowMs + waitMs(limits, entry, random);
    this.#change(entry, { kind: 'failed', next: { kind: 'backoff', untilMs } });
    return untilMs;
  }
  #forget(entry: AddressEntry): undefined {
    this.#underWay.delete(entry);
    this.#options.book.remove(entry);
  }
  #change(entry: AddressEntry, event: DialEvent): void {
    entry.state = nextDialState(entry.state, event);
    const { kind } = entry.state;
    if (kind === 'dialing' || kind === 'handshaking') this.#underWay.add(entry);
    else this.#underWay.delete(entry);
    this.#nextDueMs = undefined;
  }
}

/** Nobody but others says that there is a node. */
const isHearsay = ({ role, pinned, anchor, lastSuccessMs }: AddressEntry): boolean => role === 'peer' && !pinned && !anchor && lastSuccessMs === undefined;
const isOf = ({ provenId, claimedId, members }: AddressEntry, nodeId: NodeId): boolean =>
  provenId === nodeId || claimedId === nodeId || members.includes(nodeId);

/** One that was connected and was lost goes before one that never was (protocol section 10). */
const byLoss = (a: AddressEntry, b: AddressEntry): number => Number(b.wasCovered) - Number(a.wasCovered);
