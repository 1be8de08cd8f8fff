import type { SharedAddress } from '../codec/message.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { Peer } from '../net/peer-connection.ts';
import type { EngineContext } from './context.ts';

/** Finding addresses and telling them (protocol section 10). */
export class DiscoveryFlow {
  readonly #context: EngineContext;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  peerReady(_peer: Peer): void {}
  requested(connection: ConnectionId): void {
    this.#context.send([connection], { type: 'Peers', body: { peers: [] } });
  }
  heard(_connection: ConnectionId, _peers: readonly SharedAddress[]): void {}
  discovered(_source: 'dns' | 'http', _found: readonly SharedAddress[]): void {}
}
