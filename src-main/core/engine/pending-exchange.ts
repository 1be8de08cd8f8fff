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
 * A mempool and its votes may be hundreds of megabytes, and a connection is given up where eight wait for it (`max_send_queue`): so a peer is told in
 * portions. Two of them are two megabytes a second, a fifth of what is taken of a peer (`rate_received_bytes`); votes of the moment pass between them.
 */
const portionBytes = 1_000_000;
const portionEveryMs = 500;

/** Pending transactions with every vote known of them, told to peers: on connecting, and again where votes stall (protocol section 6). */
export class PendingExchange {
  readonly #context: ExchangeContext;
  /** What is still to be told, in order: of peers that are there, each transaction once. */
  readonly #rest = new Map<ConnectionId, Set<Txid>>();

  constructor(context: ExchangeContext) {
    this.#context = context;
  }

  /** Parents come before their children. While more is on its way to that peer, these follow it. */
  tell(connection: ConnectionId, txids: readonly Txid[]): void {
    const rest = this.#rest.get(connection);
    if (rest === undefined) this.#portion(connection, new Set(txids));
    else for (const txid of txids) rest.add(txid);
  }

  /** The timer. */
  due(): void {
    const waiting = [...this.#rest];
    this.#rest.clear();
    for (const [connection, rest] of waiting) this.#portion(connection, rest);
  }

  peerGone(connection: ConnectionId): void {
    this.#rest.delete(connection);
  }

  /** One at least. What is no longer pending by now is left out. A vote bundle on transactions of two portions is in both. */
  #portion(connection: ConnectionId, rest: Set<Txid>): void {
    const { mempool, tally } = this.#context;
    const transactions: Uint8Array[] = [];
    const bundles = new Map<Hash, Uint8Array>();
    let bytes = 0;
    for (const txid of rest) {
      if (bytes >= portionBytes) break;
      rest.delete(txid);
      const encoded = mempool.get(txid)?.hashed.encoded;
      if (encoded === undefined) continue;
      transactions.push(encoded);
      bytes += encoded.length;
      for (const bundle of tally.bundlesFor(txid)) {
        if (bundles.has(bundle.hash)) continue;
        bundles.set(bundle.hash, bundle.encoded);
        bytes += bundle.encoded.length;
      }
    }
    this.#send(connection, transactions, [...bundles.values()]);
    if (rest.size > 0) this.#later(connection, rest);
  }

  #send(connection: ConnectionId, pending: readonly Uint8Array[], votes: readonly Uint8Array[]): void {
    const { intake } = this.#context;
    for (const transactions of packed(pending)) intake.answer(connection, { type: 'PendingTransactions', body: { transactions, bundles: [] } });
    for (const bundles of packed(votes)) intake.answer(connection, { type: 'PendingTransactions', body: { transactions: [], bundles } });
  }

  #later(connection: ConnectionId, rest: Set<Txid>): void {
    if (this.#rest.size === 0) this.#context.emit({ kind: 'set-timer', timer: 'pending-exchange', atMs: this.#context.nowMs + portionEveryMs });
    this.#rest.set(connection, rest);
  }
}
