import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { NetLimits } from '../../../src-shared/domain/net-limits.ts';
import type { SharedAddress } from '../codec/message.ts';
import type { Effect } from '../effects.ts';
import type { Random } from '../ports.ts';
import { AddressBook } from './address-book.ts';
import { AddressExchange } from './address-exchange.ts';
import type { AddressRecord, AddressSource } from './address-record.ts';
import type { Ban } from './ban.ts';
import { ConnectionManager } from './connection-manager.ts';
import { formatNetworkAddress, parseNetworkAddress } from './network-address.ts';
import { homeOf, type Peer } from './peer-connection.ts';

/** Outbound peers that held longest are dialled first after a restart: whoever filled the book meanwhile does not get all the places. */
const maxAnchors = 4;
/** News of an address that answered are stored within this; the rest with the next upkeep. */
const storeSoonMs = 5_000;

export interface AddressOptions {
  /** host:port of peers to keep connected. */
  readonly connect: readonly string[];
  /** host:port of peers that lead to others. */
  readonly bootstrap: readonly string[];
  /** Members of the snapshot when it starts, this node apart. */
  readonly masternodes: readonly { readonly nodeId: NodeId; readonly serviceAddress: string }[];
  readonly discovery: boolean;
  /** As they were stored. */
  readonly addresses: readonly AddressRecord[];
  readonly limits: NetLimits;
  readonly random: Random;
  readonly banOf: (nodeId: NodeId | undefined, host: string, nowMs: number) => Ban | undefined;
  readonly isOnline: () => boolean;
}

export type AddressOutput =
  | Extract<Effect, { kind: 'persist' | 'send' | 'discover' | 'publish' }>
  | { readonly kind: 'prove'; readonly address: string; readonly nodeId: NodeId };

/** What a probe found out. */
export interface Proof {
  readonly address: string;
  readonly nodeId: NodeId;
  readonly reached: boolean;
}

/** All about addresses: which there are, when each is dialled, what is told and asked of them, and what the disk remembers. */
export class Addresses {
  readonly book: AddressBook;
  readonly manager: ConnectionManager;
  readonly exchange: AddressExchange;
  readonly #options: AddressOptions;
  #nextUpkeepMs = Number.POSITIVE_INFINITY;
  /** The first upkeep of those in a row, none of them late, that found peers connected. */
  #onlineSinceMs: number | undefined;
  #storeMs = Number.POSITIVE_INFINITY;

  constructor(options: AddressOptions) {
    const { limits, random, banOf, isOnline } = options;
    this.#options = options;
    this.book = new AddressBook(limits, random);
    this.manager = new ConnectionManager({ limits, random, book: this.book, banOf, isOnline });
    this.exchange = new AddressExchange({ book: this.book, manager: this.manager, limits, random, enabled: options.discovery });
  }

  start(nowMs: number): AddressOutput[] {
    const { connect, bootstrap, masternodes, addresses, limits } = this.#options;
    this.book.restore(addresses);
    const outputs = connect.flatMap((address) => this.add(address, nowMs));
    for (const address of bootstrap) this.manager.add(spelled(address), 'peer', nowMs);
    this.newSnapshot(masternodes, nowMs);
    this.#nextUpkeepMs = nowMs + limits.upkeepMs;
    return [...outputs, ...this.#discover([], nowMs)];
  }

  /** Its masternodes take the place of those before; one whose registered address changed within the epoch is dialled there from the next on. */
  newSnapshot(masternodes: AddressOptions['masternodes'], nowMs: number): void {
    const named = masternodes.filter(({ serviceAddress }) => serviceAddress !== '');
    this.manager.register(
      named.map(({ serviceAddress, nodeId }) => ({ address: spelled(serviceAddress), nodeId })),
      nowMs,
    );
  }

  /** Keeps it connected. One that waits is tried now. */
  add(address: string, nowMs: number): AddressOutput[] {
    return this.manager.add(spelled(address), 'configured', nowMs) ? [] : [notTaken(address, 'too many addresses are configured')];
  }
  /** Does not wait any longer. It stays what it is, or becomes one address of many. */
  tryNow(address: string, nowMs: number): AddressOutput[] {
    return this.manager.tryNow(spelled(address), nowMs) ? [] : [notTaken(address, 'too many addresses are known')];
  }
  remove(address: string): void {
    this.manager.remove(spelled(address));
  }

  becameReady(peer: Peer, nowMs: number): AddressOutput[] {
    const isDialed = peer.direction === 'outbound';
    if (!isDialed) this.exchange.listens(peer, nowMs);
    this.manager.covered(peer.nodeId, { home: homeOf(peer), isDialed }, nowMs);
    if (isDialed) this.#storeMs = Math.min(this.#storeMs, nowMs + storeSoonMs);
    return [...this.#ask([peer], nowMs), ...this.#prove([peer], nowMs)];
  }
  heard(from: Peer, shared: readonly SharedAddress[], nowMs: number): AddressOutput[] {
    const added = this.exchange.heard(from, shared, nowMs);
    return added === undefined ? [] : [found('peer', shared.length, added)];
  }
  discovered(source: 'dns' | 'http', shared: readonly SharedAddress[], nowMs: number): AddressOutput[] {
    return [found(source, shared.length, this.exchange.discovered(source, shared, nowMs))];
  }
  proved(peers: readonly Peer[], { address, nodeId, reached }: Proof, nowMs: number): AddressOutput[] {
    this.exchange.proved(address, nodeId, reached, nowMs);
    return this.#prove(peers, nowMs);
  }

  nextWakeMs(): number {
    return Math.min(this.#nextUpkeepMs, this.#storeMs, this.manager.nextWakeMs());
  }
  due(peers: readonly Peer[], nowMs: number): AddressOutput[] {
    const outputs: AddressOutput[] = [];
    if (nowMs >= this.#nextUpkeepMs) {
      this.#forget(peers, nowMs);
      this.#nextUpkeepMs = nowMs + this.#options.limits.upkeepMs;
      this.manager.upkeep(nowMs);
      this.book.setAnchors(anchorsOf(peers));
      outputs.push(...this.#ask(peers, nowMs), ...this.#prove(peers, nowMs), ...this.#discover(peers, nowMs));
      this.#storeMs = nowMs;
    }
    if (nowMs >= this.#storeMs) outputs.push(...this.#store());
    return outputs;
  }
  clockSetBack(byMs: number): void {
    this.#nextUpkeepMs -= byMs;
    this.#storeMs -= byMs;
    if (this.#onlineSinceMs !== undefined) this.#onlineSinceMs -= byMs;
    this.manager.clockSetBack(byMs);
    this.exchange.clockSetBack(byMs);
  }

  /** Without peers, and after a sleep or a clock that was set ahead, an old address is no bad one: nobody was there to try it. */
  #forget(peers: readonly Peer[], nowMs: number): void {
    const isLate = nowMs - this.#nextUpkeepMs > this.#options.limits.upkeepMs;
    if (peers.length === 0) this.#onlineSinceMs = undefined;
    else if (this.#onlineSinceMs === undefined || isLate) this.#onlineSinceMs = nowMs;
    else this.book.forget(nowMs, this.#onlineSinceMs);
  }
  #discover(peers: readonly Peer[], nowMs: number): AddressOutput[] {
    return this.exchange.discovers(peers.length, nowMs) ? [{ kind: 'discover' }] : [];
  }
  #prove(peers: readonly Peer[], nowMs: number): AddressOutput[] {
    return this.exchange.proofs(peers, nowMs).map((proof) => ({ kind: 'prove', ...proof }));
  }
  #ask(peers: readonly Peer[], nowMs: number): AddressOutput[] {
    const to = this.exchange.asks(peers, nowMs);
    return to.length === 0 ? [] : [{ kind: 'send', to, message: { type: 'GetPeers', body: {} } }];
  }
  #store(): AddressOutput[] {
    this.#storeMs = Number.POSITIVE_INFINITY;
    const operations = this.book.takeOperations();
    return operations.length === 0 ? [] : [{ kind: 'persist', operations }];
  }
}

const notTaken = (address: string, reason: string): AddressOutput => ({
  kind: 'publish',
  event: { kind: 'dial-failed', address, reason, nextTryMs: undefined },
});
const found = (source: AddressSource, count: number, added: number): AddressOutput => ({
  kind: 'publish',
  event: { kind: 'addresses-found', source, found: count, added },
});

/** The operator's spelling of an address may be one of many. */
function spelled(address: string): string {
  const parsed = parseNetworkAddress(address);
  return parsed === undefined ? address : formatNetworkAddress(parsed.host, parsed.port);
}

const anchorsOf = (peers: readonly Peer[]): ReadonlySet<string> =>
  new Set(
    peers
      .filter(({ direction }) => direction === 'outbound')
      .toSorted((a, b) => a.readySinceMs - b.readySinceMs)
      .slice(0, maxAnchors)
      .map(({ address }) => address),
  );
