import type { Hash, Txid } from '../../../src-shared/domain/ids.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import type { HashedVoteBundle } from '../codec/vote-bundle.ts';
import type { Effect } from '../effects.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { Intake } from './intake.ts';
import { packed } from './relay.ts';

/** What it needs of the engine's context, which holds it. */
interface ExchangeContext {
  readonly mempool: { get(txid: Txid): { readonly hashed: Pick<HashedTransaction, 'encoded'> } | undefined };
  readonly tally: { bundlesFor(txid: Txid): readonly Pick<HashedVoteBundle, 'hash' | 'encoded'>[] };
  readonly intake: Pick<Intake, 'answer'>;
  readonly nowMs: number;
  emit(effect: Effect): void;
}

/**
 * A mempool and its votes may be hundreds of megabytes, and a connection is given up where eight wait for it (`max_send_queue_bytes`): so a peer is told in
 * portions. Two of them are two megabytes a second, a fifth of what is taken of a peer (`rate_received_bytes`); votes of the moment pass between them.
 */
const portionBytes = 1_000_000;
const portionEveryMs = 500;
/** To more at once, as after a restart, it would be a turn of seconds: the others follow in the next. */
const peersAtOnce = 8;
/**
 * In a large network one transaction has hundreds of bundles, each with the votes of a whole flush, which its neighbours have too. So votes follow what they
 * are on over as many portions as they fill; so many are looked up for one, in a few milliseconds, and so many are remembered, so as to be told once.
 */
const maxListed = 20_000;

/** What a peer is still to be told, in order. */
interface Telling {
  /** Each once. */
  readonly txids: Set<Txid>;
  /** On transactions that it was told. */
  readonly votes: Set<Uint8Array>;
  /** These, and those that it was told before. */
  readonly listed: Set<Hash>;
}

/** Pending transactions with every vote known of them, told to peers: on connecting, and again where votes stall (protocol section 6). */
export class PendingExchange {
  readonly #context: ExchangeContext;
  /** Of peers that are there. */
  readonly #rest = new Map<ConnectionId, Telling>();

  constructor(context: ExchangeContext) {
    this.#context = context;
  }

  /** Parents come before their children. While more is on its way to that peer, these follow it. */
  tell(connection: ConnectionId, txids: readonly Txid[]): void {
    const rest = this.#rest.get(connection);
    if (rest === undefined) {
      const isFirst = this.#rest.size === 0;
      this.#portion(connection, { txids: new Set(txids), votes: new Set(), listed: new Set() });
      if (isFirst) this.#setTimer();
    } else {
      for (const txid of txids) rest.txids.add(txid);
      // What it was told may have been left out where its line is slow.
      rest.listed.clear();
    }
  }

  /** The timer. */
  due(): void {
    for (const [connection, rest] of [...this.#rest].slice(0, peersAtOnce)) {
      // Behind the others, if it is to be told more.
      this.#rest.delete(connection);
      this.#portion(connection, rest);
    }
    this.#setTimer();
  }

  peerGone(connection: ConnectionId): void {
    this.#rest.delete(connection);
  }

  #portion(connection: ConnectionId, rest: Telling): void {
    const { txids, votes } = rest;
    const transactions: Uint8Array[] = [];
    const bundles: Uint8Array[] = [];
    let bytes = this.#takeVotes(votes, bundles, 0);
    if (votes.size === 0) bytes = this.#takeTransactions(rest, transactions, bytes);
    this.#takeVotes(votes, bundles, bytes);
    this.#send(connection, transactions, bundles);
    if (txids.size > 0 || votes.size > 0) this.#rest.set(connection, rest);
  }

  /** Moves votes to `bundles` until the portion is full. Answers its bytes. */
  #takeVotes(votes: Set<Uint8Array>, bundles: Uint8Array[], from: number): number {
    let bytes = from;
    for (const encoded of votes) {
      if (bytes >= portionBytes) break;
      votes.delete(encoded);
      bundles.push(encoded);
      bytes += encoded.length;
    }
    return bytes;
  }

  /** Moves them to `transactions` until the portion is full, with their votes. What is no longer pending by now is left out. Answers its bytes. */
  #takeTransactions(rest: Telling, transactions: Uint8Array[], from: number): number {
    const { mempool, tally } = this.#context;
    const { txids, votes, listed } = rest;
    if (listed.size >= maxListed) listed.clear();
    let bytes = from;
    let looked = 0;
    for (const txid of txids) {
      if (bytes >= portionBytes || looked >= maxListed) break;
      txids.delete(txid);
      const encoded = mempool.get(txid)?.hashed.encoded;
      if (encoded === undefined) continue;
      transactions.push(encoded);
      bytes += encoded.length;
      for (const bundle of tally.bundlesFor(txid)) {
        looked++;
        if (listed.has(bundle.hash)) continue;
        listed.add(bundle.hash);
        votes.add(bundle.encoded);
      }
    }
    return bytes;
  }

  #send(connection: ConnectionId, pending: readonly Uint8Array[], votes: readonly Uint8Array[]): void {
    const { intake } = this.#context;
    for (const transactions of packed(pending)) intake.answer(connection, { type: 'PendingTransactions', body: { transactions, bundles: [] } });
    for (const bundles of packed(votes)) intake.answer(connection, { type: 'PendingTransactions', body: { transactions: [], bundles } });
  }

  #setTimer(): void {
    if (this.#rest.size > 0) this.#context.emit({ kind: 'set-timer', timer: 'pending-exchange', atMs: this.#context.nowMs + portionEveryMs });
  }
}
