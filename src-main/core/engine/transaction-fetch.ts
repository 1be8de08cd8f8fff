import type { Txid } from '../../../src-shared/domain/ids.ts';
import type { Message } from '../codec/message.ts';
import type { Effect } from '../effects.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import { FetchTable, type NextFetches } from '../net/fetch-table.ts';
import type { Peer } from '../net/peer-connection.ts';

/** What it needs of the engine's context, which holds it. */
interface FetchContext {
  readonly mempool: { has(txid: Txid): boolean };
  readonly orphans: { has(txid: Txid): boolean };
  readonly verifying: ReadonlySet<Txid>;
  readonly peers: { peer(connection: ConnectionId): Pick<Peer, 'direction'> | undefined };
  readonly nowMs: number;
  send(to: readonly ConnectionId[], message: Message): void;
  emit(effect: Effect): void;
}

/** Transactions that others have and this node has not: each is fetched once, whoever told of it, by announcement or by vote (protocol section 10). */
export class TransactionFetch {
  readonly #context: FetchContext;
  readonly #table = new FetchTable((connection) => this.#context.peers.peer(connection)?.direction === 'outbound');
  #timerAtMs: number | undefined;

  constructor(context: FetchContext) {
    this.#context = context;
  }

  /** It is here, or on its way in. */
  holds(txid: Txid): boolean {
    const { mempool, orphans, verifying } = this.#context;
    return mempool.has(txid) || orphans.has(txid) || verifying.has(txid);
  }

  /** This peer says that it has these, or passes on votes on them. */
  announced(connection: ConnectionId, txids: readonly Txid[]): void {
    const missing = txids.filter((txid) => !this.holds(txid));
    this.#ask(connection, this.#table.announced(connection, missing, this.#context.nowMs));
    this.#setTimer();
  }
  /** It came and will do, or no copy of it would. */
  done(txid: Txid): void {
    this.#table.done(txid);
  }
  peerGone(connection: ConnectionId): void {
    this.#askAll(this.#table.gone(connection, this.#context.nowMs));
    this.#setTimer();
  }
  /** The timer. */
  due(): void {
    this.#timerAtMs = undefined;
    this.#askAll(this.#table.due(this.#context.nowMs));
    this.#setTimer();
  }

  #askAll(next: NextFetches): void {
    for (const [connection, txids] of next)
      this.#ask(
        connection,
        txids.filter((txid) => {
          // It came by itself since, and is being verified.
          if (this.holds(txid)) this.#table.done(txid);
          return !this.holds(txid);
        }),
      );
  }
  #ask(connection: ConnectionId, txids: readonly Txid[]): void {
    if (txids.length > 0) this.#context.send([connection], { type: 'GetTransactions', body: { txids } });
  }
  #setTimer(): void {
    const atMs = this.#table.nextDueMs(this.#context.nowMs);
    if (atMs === this.#timerAtMs) return;
    this.#timerAtMs = atMs;
    this.#context.emit({ kind: 'set-timer', timer: 'transaction-fetch', atMs });
  }
}
