import type { Hash } from '../../../src-shared/domain/ids.ts';
import { type Message, maxTransactionsPerMessage } from '../codec/message.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import type { HashedVoteBundle } from '../codec/vote-bundle.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { Peer } from '../net/peer-connection.ts';
import type { Snapshot } from '../snapshot.ts';

/** Of transactions or votes in one message: a few milliseconds of whoever receives it. A single one may be larger. */
export const maxPackedBytes = 100_000;
const maxPackedItems = 500;

/** What it needs of the engine's context, which holds it. */
interface RelayContext {
  readonly peers: { ready(): readonly Peer[] };
  readonly snapshot: Pick<Snapshot, 'byNode'>;
  send(to: readonly ConnectionId[], message: Message): void;
  later(then: () => void): void;
}

interface Relayed<T> {
  readonly item: T;
  /** Who brought it; undefined if this node made it. */
  readonly from: ConnectionId | undefined;
}

/**
 * Gossip of transactions and votes, never back to who sent it (protocol section 10). What gathers in one turn of the event loop leaves as
 * one message to each peer: under load that is tens of transactions, and a message costs more than a transaction.
 */
export class Relay {
  readonly #context: RelayContext;
  #transactions: Relayed<HashedTransaction>[] = [];
  #bundles = new Map<Hash, Relayed<HashedVoteBundle>>();
  #scheduled = false;

  constructor(context: RelayContext) {
    this.#context = context;
  }

  transaction(item: HashedTransaction, from: ConnectionId | undefined): void {
    this.#transactions.push({ item, from });
    this.#schedule();
  }
  bundle(item: HashedVoteBundle, from: ConnectionId | undefined): void {
    this.#bundles.set(item.hash, { item, from });
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#context.later(() => this.#flush());
  }

  #flush(): void {
    const transactions = this.#transactions;
    const bundles = [...this.#bundles.values()];
    this.#transactions = [];
    this.#bundles = new Map();
    this.#scheduled = false;
    for (const peer of this.#context.peers.ready()) {
      this.#sendTransactions(
        peer,
        transactions.flatMap(({ item, from }) => (from === peer.connection ? [] : [item])),
      );
      // Who signed it has it.
      const unknown = bundles.flatMap(({ item, from }) => (from === peer.connection || item.bundle.nodeId === peer.nodeId ? [] : [item.encoded]));
      for (const part of packed(unknown)) this.#context.send([peer.connection], { type: 'TransactionVotes', body: { bundles: part } });
    }
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
