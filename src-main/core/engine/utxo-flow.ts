import type { Lock, Outpoint } from '../../../src-shared/domain/ids.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { EngineContext } from './context.ts';

export interface Watched {
  readonly outpoints: readonly Outpoint[];
  readonly locks: readonly Lock[];
}

/** Questions and subscriptions of light clients (protocol sections 4 and 10). */
export class UtxoFlow {
  readonly #context: EngineContext;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  queried(connection: ConnectionId, query: number, _outpoints: readonly Outpoint[]): void {
    this.#context.send([connection], { type: 'UtxoStates', body: { query, states: [] } });
  }
  subscribe(_connection: ConnectionId, _watched: Watched): void {}
  unsubscribe(_connection: ConnectionId, _watched: Watched): void {}
  flush(): void {}
  peerGone(_connection: ConnectionId): void {}
}
