import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { NetLimits } from '../../../src-shared/domain/net-limits.ts';
import { maxSharedAddresses, type SharedAddress } from '../codec/message.ts';
import type { Random } from '../ports.ts';
import type { AddressBook, AddressEntry, Told } from './address-book.ts';
import type { ConnectionId } from './connection-id.ts';
import type { ConnectionManager } from './connection-manager.ts';
import { formatNetworkAddress, isIp, isPublic, parseNetworkAddress } from './network-address.ts';
import { homeOf, type Peer } from './peer-connection.ts';
import { placeOf } from './place.ts';

/** Asked at one upkeep: some answer nothing, one may lie. */
const peersAskedAtOnce = 3;
/** Far below what a peer may ask (5 a minute), also where upkeep is often. */
const askAgainMs = 60_000;
/** With so many good addresses nobody is asked for more. */
const enoughAddresses = 1_000;
/** With fewer the seeds and lists of the configuration are asked. */
const fewAddresses = 10;
/** How often those are asked again: alone, or without anybody to dial. Others pay for them. */
const discoverAloneMs = 600_000;
const discoverMs = 3_600_000;
/** Looked at at once, whether a peer that came by itself listens where it says. */
const maxProofs = 4;
const proveAgainMs = 600_000;

export interface ExchangeOptions {
  readonly book: AddressBook;
  readonly manager: ConnectionManager;
  readonly limits: NetLimits;
  readonly random: Random;
  /** Whether anything is asked, told or kept at all. */
  readonly enabled: boolean;
}

/** Learning addresses from peers, seeds and lists, and telling them (protocol section 10). Nothing that was heard is true before it was dialled. */
export class AddressExchange {
  readonly #options: ExchangeOptions;
  /** Who was asked, when, and whether an answer is due; gone with the peer. */
  readonly #asked = new Map<ConnectionId, { readonly atMs: number; readonly due: boolean }>();
  readonly #proving = new Set<string>();
  #discoveredMs = Number.NEGATIVE_INFINITY;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  /** A peer that came by itself says where it listens: on its own IP, so it can lie about the port alone. */
  listens(peer: Peer, nowMs: number): void {
    if (!this.#options.enabled || peer.listenPort === 0 || !isIp(peer.remoteHost)) return;
    const address = homeOf(peer);
    this.#options.book.hear([{ address, nodeId: peer.nodeId }], 'inbound', placeOf(peer.remoteHost).group, nowMs);
    this.#options.manager.heard([address], nowMs);
  }

  /** Whom to ask now. */
  asks(peers: readonly Peer[], nowMs: number): ConnectionId[] {
    const { enabled, book, random } = this.#options;
    if (!enabled || book.sample(enoughAddresses, nowMs, () => true).length >= enoughAddresses) return [];
    const open = peers.filter(({ connection }) => nowMs - (this.#asked.get(connection)?.atMs ?? Number.NEGATIVE_INFINITY) >= askAgainMs);
    // Those that this node chose before those that chose it; else by chance.
    const ranked = open
      .map((peer) => ({ peer, rank: (peer.direction === 'outbound' ? 0 : 1) + random() / 2 }))
      .sort((a, b) => a.rank - b.rank)
      .slice(0, peersAskedAtOnce)
      .map(({ peer }) => peer.connection);
    for (const connection of ranked) this.#asked.set(connection, { atMs: nowMs, due: true });
    return ranked;
  }
  gone(connection: ConnectionId): void {
    this.#asked.delete(connection);
  }

  /** Answers what was new; undefined if nobody had asked, which counts among what the peer may send anyway. */
  heard(from: Peer, shared: readonly SharedAddress[], nowMs: number): number | undefined {
    const asked = this.#asked.get(from.connection);
    if (asked?.due !== true) return undefined;
    this.#asked.set(from.connection, { atMs: asked.atMs, due: false });
    // A name could be anybody's, and looking it up tells that one about us; private addresses mean something only to who is in that network.
    const isFromHere = !isPublic(from.remoteHost);
    const told = shared.flatMap((one) => readTold(one, (host) => isIp(host) && (isFromHere || isPublic(host))));
    return this.#keep(told, 'peer', placeOf(from.remoteHost).group, nowMs);
  }
  /** From seeds and lists, which are the operator's choice: names too. Answers what was new. */
  discovered(source: 'dns' | 'http', found: readonly SharedAddress[], nowMs: number): number {
    if (!this.#options.enabled) return 0;
    return this.#keep(
      found.flatMap((one) => readTold(one, () => true)),
      source,
      source,
      nowMs,
    );
  }

  /** Addresses that answered lately, at random, none of the asker's own, and no private ones for who is not in a private network. */
  answer(to: Peer, nowMs: number): SharedAddress[] {
    const isHere = !isPublic(to.remoteHost);
    const mayKnow = ({ place, provenId, state }: AddressEntry): boolean =>
      place.isIp && (isHere || place.isPublic) && provenId !== to.nodeId && state.kind !== 'banned';
    return this.#options.book.sample(maxSharedAddresses, nowMs, mayKnow).map(({ address, provenId }) => ({ address, nodeId: provenId }));
  }

  /** Whether seeds and lists are to be asked now. */
  discovers(peers: number, nowMs: number): boolean {
    const { enabled, book, manager } = this.#options;
    if (!enabled || (peers > 0 && book.size >= fewAddresses && manager.dialable() > 0)) return false;
    if (nowMs - this.#discoveredMs < (peers === 0 ? discoverAloneMs : discoverMs)) return false;
    this.#discoveredMs = nowMs;
    return true;
  }

  /** Connected peers that came by themselves, whose address is to be looked at: only what is proven is told to others. */
  proofs(peers: readonly Peer[], nowMs: number): { readonly address: string; readonly nodeId: NodeId }[] {
    if (!this.#options.enabled) return [];
    const wanted: { address: string; nodeId: NodeId }[] = [];
    for (const peer of peers) {
      if (this.#proving.size >= maxProofs) break;
      const entry = peer.direction === 'inbound' ? this.#options.book.get(homeOf(peer)) : undefined;
      if (entry === undefined || entry.claimedId !== peer.nodeId || entry.provenId === peer.nodeId || this.#proving.has(entry.address)) continue;
      if (nowMs - (entry.probedMs ?? Number.NEGATIVE_INFINITY) < proveAgainMs) continue;
      entry.probedMs = nowMs;
      this.#proving.add(entry.address);
      wanted.push({ address: entry.address, nodeId: peer.nodeId });
    }
    return wanted;
  }
  proved(address: string, nodeId: NodeId, reached: boolean, nowMs: number): void {
    this.#proving.delete(address);
    const entry = this.#options.book.get(address);
    if (entry !== undefined) this.#options.manager.probed(entry, nodeId, reached, nowMs);
  }

  clockSetBack(byMs: number): void {
    this.#discoveredMs -= byMs;
    for (const [connection, { atMs, due }] of this.#asked) this.#asked.set(connection, { atMs: atMs - byMs, due });
  }

  #keep(told: readonly Told[], source: 'peer' | 'dns' | 'http', origin: string, nowMs: number): number {
    const added = this.#options.book.hear(told, source, origin, nowMs).length;
    this.#options.manager.heard(
      told.map(({ address }) => address),
      nowMs,
    );
    return added;
  }
}

function readTold({ address, nodeId }: SharedAddress, isWanted: (host: string) => boolean): Told[] {
  const parsed = parseNetworkAddress(address);
  return parsed === undefined || !isWanted(parsed.host) ? [] : [{ address: formatNetworkAddress(parsed.host, parsed.port), nodeId }];
}
