import type { BlockHash, Hash, NodeId, Txid } from '../../../src-shared/domain/ids.ts';
import type { BlockProposal, BlockVote } from '../codec/block-vote.ts';
import { type Message, maxTransactionsPerMessage } from '../codec/message.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import type { HashedVoteBundle } from '../codec/vote-bundle.ts';
import { maxSnapshotMembers } from '../constants.ts';
import type { Effect } from '../effects.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import { KnownBy } from '../net/known-by.ts';
import type { Peer } from '../net/peer-connection.ts';
import type { Params } from '../params.ts';
import type { Snapshot } from '../snapshot.ts';
import { VoteWays } from './vote-ways.ts';

/** Of transactions or votes in one message: a few milliseconds of whoever receives it. A single one may be larger. */
export const maxPackedBytes = 100_000;
const maxPackedItems = 500;

/** Protocol section 10; and as many bundles, each of which serves some of these. */
const knownTransactions = 10_000;
const knownBundles = 10_000;
/**
 * Two phases of twenty rounds of the largest snapshot, of a hundred of one of two hundred. While a height stalls everything is told again every few seconds: what
 * was forgotten meanwhile would be verified and passed on each time, and take its signers' limit from what they sign now.
 */
export const knownBlockVotes = 40 * maxSnapshotMembers;
/** Some 10 ms of one core, to verify. */
const maxBlockVotesPacked = 256;

/** What it needs of the engine's context, which holds it. */
interface RelayContext {
  readonly peers: { ready(): readonly Peer[] };
  readonly tip: { readonly height: number; readonly hash: BlockHash };
  readonly snapshot: Pick<Snapshot, 'byNode'>;
  readonly options: { readonly self: NodeId };
  readonly epoch: number;
  readonly params: Pick<Params, 'voteFlushMs'>;
  readonly nowMs: number;
  emit(effect: Effect): void;
  send(to: readonly ConnectionId[], message: Message): void;
  later(then: () => void): void;
}

/** This node made it, or was the first to be handed it; or it passes it on. */
export type Source = 'own' | 'passed on';

/**
 * Gossip of transactions and votes: to each peer what it has not sent, announced or been sent (protocol section 10). What is this node's own leaves at the
 * end of the turn, and with it what waits; what it passes on gathers for half a flush of votes after the last time, and for two where
 * that is more than a message holds: meanwhile some of it comes from others too, who then need not be sent it. A message costs more than a transaction or
 * a bundle, and under load tens of these share one.
 */
export class Relay {
  /** Who has what: noted wherever something comes from a peer. */
  readonly transactions = new KnownBy<Txid>(knownTransactions);
  readonly bundles = new KnownBy<Hash>(knownBundles);
  /** By `blockVoteKey`. */
  readonly blockVotes = new KnownBy<string>(knownBlockVotes);
  readonly #ways: VoteWays;
  readonly #context: RelayContext;
  #waitingTransactions = new Map<HashedTransaction, Source>();
  #waitingBundles = new Map<Hash, { readonly item: HashedVoteBundle; readonly source: Source }>();
  #waitingBlockVotes: BlockVote[] = [];
  #tipWaits = false;
  /** At the end of this turn. */
  #leavesSoon = false;
  /** When the timer is due. */
  #leavesAtMs: number | undefined;
  #leftMs = Number.NEGATIVE_INFINITY;
  /** More left the last time than one message holds. */
  #isMuch = false;

  constructor(context: RelayContext) {
    this.#context = context;
    this.#ways = new VoteWays(context);
  }

  transaction(item: HashedTransaction, source: Source): void {
    this.#waitingTransactions.set(item, source);
    this.#schedule(source);
  }
  bundle(item: HashedVoteBundle, source: Source): void {
    this.#waitingBundles.set(item.hash, { item, source });
    this.#schedule(source);
  }
  /** Of somebody else. */
  blockVote(vote: BlockVote): void {
    this.#waitingBlockVotes.push(vote);
    this.#schedule('passed on');
  }
  /** Of somebody else too, and at once: everybody waits for it. */
  proposal(proposal: BlockProposal, from: ConnectionId): void {
    const to = this.#ways.of(this.#context.peers.ready()).map(({ connection }) => connection);
    this.#context.send(
      to.filter((connection) => connection !== from),
      { type: 'BlockProposal', body: proposal },
    );
  }
  /** To everybody: it says what this node has, also to those who had it first. */
  tip(): void {
    this.#tipWaits = true;
    this.#schedule('own');
  }
  /** The timer: what gathered leaves. */
  due(): void {
    this.#leavesAtMs = undefined;
    this.#flush();
  }

  #schedule(source: Source): void {
    if (this.#leavesSoon) return;
    const { nowMs, params } = this.#context;
    const sinceMs = nowMs - this.#leftMs;
    const gatherMs = params.voteFlushMs * (this.#isMuch ? 2 : 1 / 2);
    // A clock that is set back makes nobody wait.
    if (source === 'own' || sinceMs < 0 || sinceMs >= gatherMs) {
      this.#leavesSoon = true;
      this.#context.later(() => this.#flush());
    } else if (this.#leavesAtMs === undefined) {
      this.#leavesAtMs = this.#leftMs + gatherMs;
      this.#context.emit({ kind: 'set-timer', timer: 'relay', atMs: this.#leavesAtMs });
    }
  }

  #flush(): void {
    const transactions = [...this.#waitingTransactions];
    const bundles = [...this.#waitingBundles.values()];
    const blockVotes = this.#waitingBlockVotes;
    const tipWaits = this.#tipWaits;
    this.#waitingTransactions = new Map();
    this.#waitingBundles = new Map();
    this.#waitingBlockVotes = [];
    this.#tipWaits = false;
    this.#leavesSoon = false;
    this.#leftMs = this.#context.nowMs;
    this.#isMuch = bundles.reduce((bytes, { item }) => bytes + item.encoded.length, 0) > maxPackedBytes;
    const ready = this.#context.peers.ready();
    if (transactions.length + bundles.length + blockVotes.length > 0) {
      const ways = new Set(this.#ways.of(ready));
      this.#sendBlockVotes([...ways], blockVotes);
      const goesTo = (source: Source, peer: Peer): boolean => source === 'own' || ways.has(peer);
      this.#sendTransactions(ready, (peer) => {
        const news: HashedTransaction[] = [];
        for (const [item, source] of transactions) if (goesTo(source, peer) && this.transactions.note(item.txid, peer.connection)) news.push(item);
        return news;
      });
      const votes = alike(ready, (peer) => {
        const news: HashedVoteBundle[] = [];
        // Who signed it has it.
        for (const { item, source } of bundles)
          if (item.bundle.nodeId !== peer.nodeId && goesTo(source, peer) && this.bundles.note(item.hash, peer.connection)) news.push(item);
        return news;
      });
      for (const { to, items } of votes)
        for (const part of packed(items.map(({ encoded }) => encoded))) this.#context.send(to, { type: 'TransactionVotes', body: { bundles: part } });
    }
    if (!tipWaits) return;
    const { height, hash } = this.#context.tip;
    this.#context.send(
      ready.map(({ connection }) => connection),
      { type: 'BlockAnnouncement', body: { height, tipHash: hash } },
    );
  }

  #sendBlockVotes(ways: readonly Peer[], votes: readonly BlockVote[]): void {
    // Also to whom the key is of: another process may have signed with it, and this is how it is noticed.
    const newsFor = ({ connection }: Peer): BlockVote[] => votes.filter((vote) => this.blockVotes.note(blockVoteKey(vote), connection));
    for (const { to, items } of alike(ways, newsFor))
      for (let from = 0; from < items.length; from += maxBlockVotesPacked) {
        const part = items.slice(from, from + maxBlockVotesPacked);
        const [only] = part;
        this.#context.send(to, part.length === 1 && only !== undefined ? { type: 'BlockVote', body: only } : { type: 'BlockVotes', body: { votes: part } });
      }
  }

  /** Whole to masternodes, which vote on them; ids to others, who fetch each once (protocol section 10). */
  #sendTransactions(ready: readonly Peer[], newsFor: (peer: Peer) => HashedTransaction[]): void {
    const { byNode } = this.#context.snapshot;
    const members = ready.filter(({ nodeId }) => byNode.has(nodeId));
    for (const { to, items } of alike(members, newsFor))
      for (const part of packed(items.map(({ encoded }) => encoded))) this.#context.send(to, { type: 'TransactionBroadcast', body: { transactions: part } });
    const others = ready.filter(({ nodeId }) => !byNode.has(nodeId));
    for (const { to, items } of alike(others, newsFor))
      for (let from = 0; from < items.length; from += maxTransactionsPerMessage) {
        const txids = items.slice(from, from + maxTransactionsPerMessage).map(({ txid }) => txid);
        this.#context.send(to, { type: 'TransactionAnnouncement', body: { txids } });
      }
  }
}

/** Peers that get the same get one message, which is encoded once; in the order of the first of each. */
function alike<Item>(peers: readonly Peer[], newsFor: (peer: Peer) => Item[]): Iterable<{ readonly to: ConnectionId[]; readonly items: readonly Item[] }> {
  const groups = new Map<string, { readonly to: ConnectionId[]; readonly items: readonly Item[] }>();
  const numberOf = new Map<Item, number>();
  for (const peer of peers) {
    const items = newsFor(peer);
    if (items.length === 0) continue;
    const key = items.map((item) => numbered(numberOf, item)).join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { to: [peer.connection], items });
    else group.to.push(peer.connection);
  }
  return groups.values();
}
function numbered<Item>(numbers: Map<Item, number>, item: Item): number {
  const known = numbers.get(item);
  if (known !== undefined) return known;
  numbers.set(item, numbers.size);
  return numbers.size - 1;
}

/** What a vote says, whatever signature says it. */
export const blockVoteKey = ({ height, round, phase, blockHash, nodeId }: BlockVote): string => `${height} ${round} ${phase} ${blockHash} ${nodeId}`;

/** In order, in as few lists as each fit one message. */
export function packed(encoded: readonly Uint8Array[]): Uint8Array[][] {
  const lists: Uint8Array[][] = [];
  let bytes = 0;
  for (const one of encoded) {
    const last = lists.at(-1);
    if (last === undefined || bytes + one.length > maxPackedBytes || last.length >= maxPackedItems) {
      lists.push([one]);
      bytes = one.length;
    } else {
      last.push(one);
      bytes += one.length;
    }
  }
  return lists;
}
