import { type Lock, type Outpoint, type OutpointKey, outpointKey, outpointOf } from '../../../src-shared/domain/ids.ts';
import type { Coin } from '../codec/coin.ts';
import { maxOutpointsPerMessage } from '../codec/message.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import type { UtxoStatus } from '../codec/utxo-status.ts';
import type { UtxoState } from '../ledger/utxo-state.ts';
import { MempoolCoins } from '../mempool/mempool-coins.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import { Subscriptions } from '../net/subscriptions.ts';
import type { EngineContext } from './context.ts';

/** Changes gather for so long: votes on a transaction come within a few milliseconds of each other. */
const gatherMs = 100;
/** Coins with news; beyond it they are told at once. A few messages' worth. */
const maxGathered = 10 * maxOutpointsPerMessage;

export interface Watched {
  readonly outpoints: readonly Outpoint[];
  readonly locks: readonly Lock[];
}
interface News {
  readonly status: UtxoStatus;
  readonly lock: Lock | undefined;
}

/** Questions and subscriptions of light clients (protocol sections 4 and 10). */
export class UtxoFlow {
  readonly #context: EngineContext;
  readonly #subscriptions: Subscriptions;
  readonly #coins: MempoolCoins;
  /** The latest of each coin, in the order of their last change. */
  readonly #news = new Map<OutpointKey, News>();

  constructor(context: EngineContext) {
    this.#context = context;
    this.#subscriptions = new Subscriptions(context.options.limits.maxSubscriptions);
    this.#coins = new MempoolCoins(context.mempool, context.chain, () => context.tip.height + 1);
  }

  queried(connection: ConnectionId, query: number, outpoints: readonly Outpoint[]): void {
    const states: UtxoStatus[] = [];
    this.#context.inSlices(
      outpoints,
      (outpoint) => states.push(this.#statusOf(outpoint)) > 0,
      () => this.#context.intake.answer(connection, { type: 'UtxoStates', body: { query, refused: false, states } }),
    );
  }

  /** The answer has the states from which on changes are told. Where it would be too much, nothing of it is taken, and the answer says so. */
  subscribe(connection: ConnectionId, query: number, { outpoints, locks }: Watched): void {
    if (this.#subscriptions.add(connection, outpoints.map(outpointKey), locks)) return this.queried(connection, query, outpoints);
    this.#context.send([connection], { type: 'UtxoStates', body: { query, refused: true, states: [] } });
  }
  unsubscribe(connection: ConnectionId, { outpoints, locks }: Watched): void {
    this.#subscriptions.remove(connection, outpoints.map(outpointKey), locks);
  }
  peerGone(connection: ConnectionId): void {
    this.#subscriptions.gone(connection);
  }

  get isWatched(): boolean {
    return !this.#subscriptions.isEmpty;
  }

  /** `spent`: the coin, if it is gone from the set. */
  changed(key: OutpointKey, state: UtxoState, spent: Coin | undefined): void {
    if (this.#subscriptions.isEmpty || !(this.#subscriptions.hasLocks || this.#subscriptions.isWatched(key))) return;
    const coin = spent ?? this.#coins.coin(key);
    this.#tell({ status: { outpoint: outpointOf(key), coin: spent === undefined ? held(coin) : undefined, state }, lock: coin?.lock });
  }

  /** The outputs of a transaction are coins from now on: it became final, or is in a block. */
  created({ txid, transaction }: HashedTransaction): void {
    if (this.#subscriptions.isEmpty) return;
    for (const [vout, output] of transaction.outputs.entries()) {
      const outpoint = { txid, vout };
      const state = this.#context.utxoState(outpointKey(outpoint));
      this.#tell({ status: { outpoint, coin: held(output), state }, lock: output.lock });
    }
  }

  /** The timer, or too much has gathered. */
  flush(): void {
    const told = new Map<ConnectionId, UtxoStatus[]>();
    for (const [key, { status, lock }] of this.#news)
      for (const connection of this.#subscriptions.watchersOf(key, lock)) {
        const states = told.get(connection);
        if (states === undefined) told.set(connection, [status]);
        else states.push(status);
      }
    this.#news.clear();
    for (const [connection, states] of told)
      for (let from = 0; from < states.length; from += maxOutpointsPerMessage)
        this.#context.send([connection], { type: 'UtxoStateNotification', body: { states: states.slice(from, from + maxOutpointsPerMessage) } });
  }

  #tell(news: News): void {
    const key = outpointKey(news.status.outpoint);
    if (this.#subscriptions.watchersOf(key, news.lock).size === 0) return;
    if (this.#news.size === 0) this.#context.emit({ kind: 'set-timer', timer: 'subscriptions', atMs: this.#context.nowMs + gatherMs });
    this.#news.delete(key);
    this.#news.set(key, news);
    if (this.#news.size < maxGathered) return;
    this.#context.emit({ kind: 'set-timer', timer: 'subscriptions', atMs: undefined });
    this.flush();
  }

  #statusOf(outpoint: Outpoint): UtxoStatus {
    const key = outpointKey(outpoint);
    const state = this.#context.utxoState(key);
    const coin = held(this.#coins.coin(key));
    return { outpoint, coin, state: state.kind === 'unspent' && coin === undefined ? { kind: 'unknown' } : state };
  }
}

const held = (coin: Pick<Coin, 'amount' | 'lock'> | undefined): UtxoStatus['coin'] => coin && { amount: coin.amount, lock: coin.lock };
