import type { BlockHash, Hash, Txid } from '../../../src-shared/domain/ids.ts';
import { type Message, maxTransactionsPerMessage } from '../codec/message.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import type { HashedVoteBundle } from '../codec/vote-bundle.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import { KnownBy } from '../net/known-by.ts';
import type { Peer } from '../net/peer-connection.ts';
import type { Snapshot } from '../snapshot.ts';

/** Of transactions or votes in one message: a few milliseconds of whoever receives it. A single one may be larger. */
export const maxPackedBytes = 100_000;
const maxPackedItems = 500;

/** Protocol section 10; and as many bundles, each of which serves some of these. */
const knownTransactions = 10_000;
const knownBundles = 10_000;

/** What it needs of the engine's context, which holds it. */
interface RelayContext {
  readonly peers: { ready(): readonly Peer[] };
  readonly tip: { readonly height: number; readonly hash: BlockHash };
  readonly snapshot: Pick<Snapshot, 'byNode'>;
  send(to: readonly ConnectionId[], message: Message): void;
  later(then: () => void): void;
}

/**
 * Gossip of transactions and votes: to each peer what it has not sent, announced or been sent (protocol section 10). What gathers in one turn of the
 * event loop leaves as one message to each peer: under load that is tens of transactions, and a message costs more than a transaction.
 */
export class Relay {
  /** Who has what: noted wherever something comes from a peer. */
  readonly transactions = new KnownBy<Txid>(knownTransactions);
  readonly bundles = new KnownBy<Hash>(knownBundles);
  readonly #context: RelayContext;
  #waitingTransactions: HashedTransaction[] = [];
  #waitingBundles = new Map<Hash, HashedVoteBundle>();
  #tipWaits = false;
  #scheduled = false;

  constructor(context: RelayContext) {
    this.#context = context;
  }

  transaction(item: HashedTransaction): void {
    this.#waitingTransactions.push(item);
    this.#schedule();
  }
  bundle(item: HashedVoteBundle): void {
    this.#waitingBundles.set(item.hash, item);
    this.#schedule();
  }
  /** To everybody: it says what this node has, also to those who had it first. */
  tip(): void {
    this.#tipWaits = true;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#context.later(() => this.#flush());
  }

  #flush(): void {
    const transactions = this.#waitingTransactions;
    const bundles = [...this.#waitingBundles.values()];
    const tipWaits = this.#tipWaits;
    this.#waitingTransactions = [];
    this.#waitingBundles = new Map();
    this.#tipWaits = false;
    this.#scheduled = false;
    const peers = this.#context.peers.ready();
    for (const peer of peers) {
      const { connection, nodeId } = peer;
      this.#sendTransactions(
        peer,
        transactions.filter(({ txid }) => isNews(this.transactions, txid, connection)),
      );
      // Who signed it has it.
      const votes = bundles.filter(({ hash, bundle }) => bundle.nodeId !== nodeId && isNews(this.bundles, hash, connection));
      for (const part of packed(votes.map(({ encoded }) => encoded))) this.#context.send([connection], { type: 'TransactionVotes', body: { bundles: part } });
    }
    if (!tipWaits) return;
    const { height, hash } = this.#context.tip;
    this.#context.send(
      peers.map(({ connection }) => connection),
      { type: 'BlockAnnouncement', body: { height, tipHash: hash } },
    );
  }

  /** Whole to masternodes, which vote on them; ids to others, who fetch each once (protocol section 10). */
  #sendTransactions({ connection, nodeId }: Peer, transactions: readonly HashedTransaction[]): void {
    if (transactions.length === 0) return;
    if (!this.#context.snapshot.byNode.has(nodeId)) {
      for (let from = 0; from < transactions.length; from += maxTransactionsPerMessage) {
        const txids = transactions.slice(from, from + maxTransactionsPerMessage).map(({ txid }) => txid);
        this.#context.send([connection], { type: 'TransactionAnnouncement', body: { txids } });
      }
      return;
    }
    for (const part of packed(transactions.map(({ encoded }) => encoded)))
      this.#context.send([connection], { type: 'TransactionBroadcast', body: { transactions: part } });
  }
}

/** It is from now on none. */
function isNews<Key extends string>(known: KnownBy<Key>, key: Key, connection: ConnectionId): boolean {
  if (known.has(key, connection)) return false;
  known.note(key, connection);
  return true;
}

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
