import type { NodeId } from '../../../src-shared/domain/ids.ts';
import { type LimitName, limitSpecs, type NetLimits } from '../../../src-shared/domain/net-limits.ts';
import { itemsClaimed, type Message, type MessageType, messageTypeOf } from '../codec/message.ts';
import { maxMempoolTransactions, maxSnapshotMembers } from '../constants.ts';
import type { ConnectionId } from './connection-id.ts';
import { FloodMeter } from './flood-meter.ts';
import { hostGroup } from './network-address.ts';
import { PendingAllowance } from './pending-allowance.ts';
import { type BucketSize, TokenBucket } from './token-bucket.ts';

type Limits = Pick<
  NetLimits,
  | 'transactionsPerSecond'
  | 'utxoQueriesPerSecond'
  | 'subscriptionsPerMinute'
  | 'getPeersPerMinute'
  | 'pingsPerTenSeconds'
  | 'syncRequestsPerSecond'
  | 'otherMessagesPerSecond'
  | 'uselessPerSecond'
  | 'receivedBytesPerSecond'
  | 'servedBytesPerSecond'
  | 'maxPeersPerIp'
>;

/** Of a rate by the second, what ten seconds bring may come at once: what gathered while a line stood still is no more than that as a rule. */
const tenSeconds = (perSecond: number): BucketSize => ({ perSecond, burst: 10 * perSecond });

/** What is far too much if it lasts: so many times the limit. Of bytes less, since nobody can send ten times as many. */
const floodTimes = 10;
const floodTimesOfBytes = 2;

/** Each is a bucket of its own, so that one kind of message does not use up another's. */
const budgets = {
  transactions: { limit: 'transactionsPerSecond', size: (limits) => tenSeconds(limits.transactionsPerSecond) },
  /** What it fetches it was told of: no more than that of what it tells itself. */
  fetches: { limit: 'transactionsPerSecond', size: (limits) => tenSeconds(limits.transactionsPerSecond) },
  utxoQueries: { limit: 'utxoQueriesPerSecond', size: (limits) => tenSeconds(limits.utxoQueriesPerSecond) },
  subscriptions: {
    limit: 'subscriptionsPerMinute',
    size: ({ subscriptionsPerMinute }) => ({ perSecond: subscriptionsPerMinute / 60, burst: subscriptionsPerMinute }),
  },
  getPeers: { limit: 'getPeersPerMinute', size: ({ getPeersPerMinute }) => ({ perSecond: getPeersPerMinute / 60, burst: getPeersPerMinute }) },
  pings: { limit: 'pingsPerTenSeconds', size: ({ pingsPerTenSeconds }) => ({ perSecond: pingsPerTenSeconds / 10, burst: pingsPerTenSeconds }) },
  sync: { limit: 'syncRequestsPerSecond', size: (limits) => tenSeconds(limits.syncRequestsPerSecond) },
  /** Everything that is pending, looked up and sent anew: asked for once on each connection. */
  mempools: { limit: 'syncRequestsPerSecond', size: () => ({ perSecond: 1 / 10, burst: 2 }) },
  other: { limit: 'otherMessagesPerSecond', size: (limits) => tenSeconds(limits.otherMessagesPerSecond) },
  /** A peer whose line stood still brings what the others have brought meanwhile. */
  useless: { limit: 'uselessPerSecond', size: ({ uselessPerSecond }) => ({ perSecond: uselessPerSecond, burst: 100 * uselessPerSecond }) },
  receivedBytes: { limit: 'receivedBytesPerSecond', size: (limits) => tenSeconds(limits.receivedBytesPerSecond) },
  servedBytes: { limit: 'servedBytesPerSecond', size: (limits) => tenSeconds(limits.servedBytesPerSecond) },
} as const satisfies Record<string, { readonly limit: LimitName; readonly size: (limits: Limits) => BucketSize }>;
type Budget = keyof typeof budgets;
type PerBudget<T> = { readonly [B in Budget]: T };
const budgetNames = Object.keys(budgets) as Budget[];

/** `asks`: it has the answer charged to what the peer is served, and is not answered while that is used up. */
interface Charge {
  readonly budget: Budget;
  readonly asks?: true;
}
/** What a message is charged to when it comes. Of votes and proposals only what turns out to be useless is, by `useless`. */
const charges: { readonly [T in MessageType]: Charge } = {
  Hello: { budget: 'other' },
  HelloAck: { budget: 'other' },
  Ping: { budget: 'pings' },
  Pong: { budget: 'other' },
  Disconnect: { budget: 'other' },
  GetPeers: { budget: 'getPeers' },
  /** Unless it was asked for, as `Blocks`. */
  Peers: { budget: 'getPeers' },
  DialBackRequest: { budget: 'other' },
  DialBackResult: { budget: 'other' },
  GetBlockHeight: { budget: 'other' },
  BlockHeight: { budget: 'other' },
  BlockAnnouncement: { budget: 'other' },
  GetBlocks: { budget: 'sync', asks: true },
  Blocks: { budget: 'sync' },
  BlockProposal: { budget: 'useless' },
  BlockVote: { budget: 'useless' },
  GetBlockVotes: { budget: 'sync', asks: true },
  BlockVotes: { budget: 'useless' },
  Listening: { budget: 'other', asks: true },
  ListeningReport: { budget: 'other' },
  TransactionBroadcast: { budget: 'transactions' },
  TransactionAnnouncement: { budget: 'transactions' },
  GetTransactions: { budget: 'fetches', asks: true },
  GetPendingTransactions: { budget: 'mempools', asks: true },
  PendingTransactions: { budget: 'transactions' },
  TransactionVotes: { budget: 'useless' },
  Heartbeat: { budget: 'useless' },
  UtxoStateQuery: { budget: 'utxoQueries', asks: true },
  UtxoStates: { budget: 'other' },
  Subscribe: { budget: 'subscriptions' },
  Unsubscribe: { budget: 'subscriptions' },
  UtxoStateNotification: { budget: 'other' },
};

export type Admission =
  | { readonly kind: 'taken' }
  /** `untold`: so many were dropped since it was said last, and now it should be said. */
  | { readonly kind: 'dropped'; readonly limit: string; readonly untold: number | undefined }
  | { readonly kind: 'flood'; readonly limit: string };
const taken: Admission = { kind: 'taken' };

const keyOf = (budget: Budget): string => limitSpecs[budgets[budget].limit].key;
const floodOf = (budget: Budget): Admission => ({ kind: 'flood', limit: keyOf(budget) });

/** However often a line breaks, this is asked anew on each connection. */
const askedOnceAConnection: readonly Budget[] = ['mempools', 'getPeers'];
/** Dropped messages are told of this often. */
const tellEveryMs = 60_000;
/** Answers that are under way at once. Beyond that they count as if nobody had asked. */
const maxAwaitedMessages = 64;
const nothingAwaited: Awaited = { peers: 0, blocks: 0, transactions: 0, pending: false };
/** Of peers that are gone, and of IPs: who comes back finds its buckets as it left them. */
const maxDeparted = 1_000;
/** While a height stalls everybody says again what was said, every three seconds (engine, `HeightTimers`); half as often again is still that. */
const repeatedPerSecond = 1 / 2;

interface Awaited {
  /** Messages. */
  readonly peers: number;
  readonly blocks: number;
  readonly transactions: number;
  /** It was asked for all that is pending; how much of that is taken its allowances say. */
  readonly pending: boolean;
}

class PeerLimits {
  readonly nodeId: NodeId;
  readonly #buckets: PerBudget<TokenBucket>;
  readonly #floods: PerBudget<FloodMeter>;
  readonly #dropped = new Map<string, { total: number; untold: number; toldMs: number }>();
  /** Of its key, and of its IP where IPs mean something. */
  pending: readonly PendingAllowance[] = [];
  readonly ownPending: PendingAllowance;
  /** Answers to what this node asked: they were wanted, however much they are. */
  awaited: Awaited = nothingAwaited;
  /** Of `RateLimits`, when it was last looked at. */
  freshSeen: number;
  atMs: number;

  constructor(nodeId: NodeId, limits: Limits, fresh: number, nowMs: number) {
    const each = <T>(make: (size: BucketSize, budget: Budget) => T) =>
      Object.fromEntries(budgetNames.map((budget) => [budget, make(budgets[budget].size(limits), budget)]));
    this.nodeId = nodeId;
    this.#buckets = each((size) => new TokenBucket(size, nowMs)) as PerBudget<TokenBucket>;
    this.#floods = each(
      ({ perSecond }, budget) => new FloodMeter(perSecond * (budget === 'receivedBytes' ? floodTimesOfBytes : floodTimes)),
    ) as PerBudget<FloodMeter>;
    this.ownPending = new PendingAllowance(1, nowMs);
    this.freshSeen = fresh;
    this.atMs = nowMs;
  }

  isOpen(budget: Budget, nowMs: number): boolean {
    return this.#buckets[budget].isOpen(nowMs);
  }
  charge(budget: Budget, count: number, nowMs: number): void {
    this.#buckets[budget].take(count, nowMs);
  }
  give(budget: Budget, count: number): void {
    this.#buckets[budget].give(count);
  }
  isFlood(budget: Budget, count: number, nowMs: number): boolean {
    return this.#floods[budget].add(count, nowMs);
  }
  drop(budget: Budget, nowMs: number): Admission {
    const limit = keyOf(budget);
    const counted = this.#dropped.get(limit) ?? { total: 0, untold: 0, toldMs: Number.NEGATIVE_INFINITY };
    this.#dropped.set(limit, counted);
    counted.total++;
    counted.untold++;
    if (Math.abs(nowMs - counted.toldMs) < tellEveryMs) return { kind: 'dropped', limit, untold: undefined };
    const { untold } = counted;
    counted.toldMs = nowMs;
    counted.untold = 0;
    return { kind: 'dropped', limit, untold };
  }
  dropped(): DroppedMessages[] {
    return [...this.#dropped].map(([limit, { total }]) => ({ limit, messages: total }));
  }
}

/** Messages of one peer that were not looked at because there were too many. */
export interface DroppedMessages {
  /** As it is written in config.toml. */
  readonly limit: string;
  readonly messages: number;
}

/**
 * How much is taken of each peer, and how much it is served (protocol section 10). Decided by a message's first bytes, before it is decoded.
 * Of votes, which members sign and anybody relays, only what was of no use is counted: an honest peer brings each new one once, whoever
 * was first, and repeats those of a height that stalls.
 */
export class RateLimits {
  readonly #limits: Limits;
  readonly #connected = new Map<ConnectionId, PeerLimits>();
  /** Gone longest ago first. */
  readonly #departed = new Map<NodeId, PeerLimits>();
  /** Of IPs, an IPv6 /64 as one; longest unseen first. */
  readonly #pendingOfHost = new Map<string, PendingAllowance>();
  /** Votes and proposals that were new here, ever: each may come once more from every other peer. */
  #fresh = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** `host`: normalised. */
  connected(connection: ConnectionId, nodeId: NodeId, host: string, nowMs: number): void {
    const before = this.#departed.get(nodeId);
    this.#departed.delete(nodeId);
    const peer = before ?? new PeerLimits(nodeId, this.#limits, this.#fresh, nowMs);
    for (const budget of askedOnceAConnection) peer.give(budget, 1);
    peer.pending = [peer.ownPending, ...this.#seenHost(host, nowMs)];
    this.#connected.set(connection, peer);
  }
  gone(connection: ConnectionId): void {
    const peer = this.#connected.get(connection);
    this.#connected.delete(connection);
    if (peer === undefined) return;
    peer.awaited = nothingAwaited;
    this.#departed.set(peer.nodeId, peer);
    if (this.#departed.size <= maxDeparted) return;
    const [oldest] = this.#departed.keys();
    if (oldest !== undefined) this.#departed.delete(oldest);
  }

  /** `heightVotes`: of the height being decided, known here. Takes everything of a connection that is not `connected`, which only handshakes. */
  admit(connection: ConnectionId, bytes: Uint8Array, heightVotes: number, nowMs: number): Admission {
    const peer = this.#connected.get(connection);
    const type = messageTypeOf(bytes);
    if (peer === undefined || type === undefined) return taken;
    const count = itemsClaimed(type, bytes);
    if (type === 'PendingTransactions' && peer.awaited.pending && peer.pending.every((allowance) => allowance.isOpen(nowMs))) {
      for (const allowance of peer.pending) allowance.take(count, bytes.length, nowMs);
      return peer.isFlood('receivedBytes', bytes.length, nowMs) ? floodOf('receivedBytes') : taken;
    }
    const awaited = answered(peer.awaited, type, bytes);
    if (awaited !== undefined) {
      peer.awaited = awaited;
      return taken;
    }
    const { budget, asks } = charges[type];
    this.#giveForRepeats(peer, heightVotes, nowMs);
    const isCharged = budget !== 'useless';
    const isOpen = peer.isOpen(budget, nowMs);
    if ((isCharged || !isOpen) && peer.isFlood(budget, count, nowMs)) return floodOf(budget);
    if (peer.isFlood('receivedBytes', bytes.length, nowMs)) return floodOf('receivedBytes');
    if (!isOpen) return peer.drop(budget, nowMs);
    if (!peer.isOpen('receivedBytes', nowMs)) return peer.drop('receivedBytes', nowMs);
    if (asks === true && !peer.isOpen('servedBytes', nowMs)) return peer.drop('servedBytes', nowMs);
    if (isCharged) peer.charge(budget, count, nowMs);
    peer.charge('receivedBytes', bytes.length, nowMs);
    return taken;
  }

  /** Of what was admitted: so many votes or proposals were new. */
  fresh(count: number): void {
    this.#fresh += count;
  }
  /** Of what was admitted: so many votes or proposals were known, or mean nothing here. True if that is a flood. */
  useless(connection: ConnectionId, count: number, nowMs: number): boolean {
    const peer = this.#connected.get(connection);
    if (peer === undefined || count === 0) return false;
    peer.charge('useless', count, nowMs);
    return !peer.isOpen('useless', nowMs) && peer.isFlood('useless', count, nowMs);
  }
  /** In answer to what it asked. */
  served(connection: ConnectionId, bytes: number, nowMs: number): void {
    this.#connected.get(connection)?.charge('servedBytes', bytes, nowMs);
  }

  /** What this node sends: the answer to a request is awaited. */
  sent(to: readonly ConnectionId[], message: Message): void {
    switch (message.type) {
      case 'GetPeers':
        return this.#await(to, (awaited) => ({ ...awaited, peers: Math.min(maxAwaitedMessages, awaited.peers + 1) }));
      case 'GetBlocks':
        return this.#await(to, (awaited) => ({ ...awaited, blocks: Math.min(maxAwaitedMessages, awaited.blocks + 1) }));
      case 'GetTransactions':
        return this.#await(to, (awaited) => ({
          ...awaited,
          transactions: Math.min(maxMempoolTransactions, awaited.transactions + message.body.txids.length),
        }));
      case 'GetPendingTransactions':
        return this.#await(to, (awaited) => ({ ...awaited, pending: true }));
      default:
    }
  }

  dropped(connection: ConnectionId): readonly DroppedMessages[] {
    return this.#connected.get(connection)?.dropped() ?? [];
  }

  /** What this host's peers may share. Nothing where IPs say nothing. */
  #seenHost(host: string, nowMs: number): PendingAllowance[] {
    const { maxPeersPerIp } = this.#limits;
    if (maxPeersPerIp === 0) return [];
    const group = hostGroup(host);
    const allowance = this.#pendingOfHost.get(group) ?? new PendingAllowance(maxPeersPerIp, nowMs);
    this.#pendingOfHost.delete(group);
    this.#pendingOfHost.set(group, allowance);
    const [oldest] = this.#pendingOfHost.keys();
    if (oldest !== undefined && this.#pendingOfHost.size > maxDeparted) this.#pendingOfHost.delete(oldest);
    return [allowance];
  }

  #await(to: readonly ConnectionId[], change: (awaited: Awaited) => Awaited): void {
    for (const connection of to) {
      const peer = this.#connected.get(connection);
      if (peer !== undefined) peer.awaited = change(peer.awaited);
    }
  }

  #giveForRepeats(peer: PeerLimits, heightVotes: number, nowMs: number): void {
    const seconds = Math.max(0, nowMs - peer.atMs) / 1_000;
    peer.give('useless', this.#fresh - peer.freshSeen + seconds * repeatedPerSecond * heightVotes);
    peer.freshSeen = this.#fresh;
    peer.atMs = nowMs;
  }
}

/** What is still awaited after this message; undefined if it is no answer, or larger than what was asked for: then all of it counts. */
function answered(awaited: Awaited, type: MessageType, bytes: Uint8Array): Awaited | undefined {
  const { peers, blocks, transactions } = awaited;
  if (type === 'Peers') return peers > 0 ? { ...awaited, peers: peers - 1 } : undefined;
  if (type === 'Blocks') return blocks > 0 ? { ...awaited, blocks: blocks - 1 } : undefined;
  if (type !== 'TransactionBroadcast') return undefined;
  const items = itemsClaimed(type, bytes);
  return transactions >= items ? { ...awaited, transactions: transactions - items } : undefined;
}

/** Of each member, however its votes come here: what it signs beyond this is not counted or relayed. */
export class SignerLimit {
  readonly #perSecond: number;
  /** As many as one snapshot may have; of members of earlier ones the first go first. */
  readonly #buckets = new Map<NodeId, TokenBucket>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** To be asked before its signature is verified. */
  isOpen(member: NodeId, nowMs: number): boolean {
    return this.#buckets.get(member)?.isOpen(nowMs) ?? true;
  }
  /** It is verified, and new: nobody else can use up a member's share. */
  take(member: NodeId, nowMs: number): void {
    let bucket = this.#buckets.get(member);
    if (bucket === undefined) {
      bucket = new TokenBucket(tenSeconds(this.#perSecond), nowMs);
      this.#buckets.set(member, bucket);
      const [first] = this.#buckets.keys();
      if (first !== undefined && this.#buckets.size > maxSnapshotMembers) this.#buckets.delete(first);
    }
    bucket.take(1, nowMs);
  }
}
