import type { MessageBodies } from '../codec/message.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { ReachabilityView } from '../net/network-state.ts';
import type { Peer } from '../net/peer-connection.ts';
import type { EngineContext } from './context.ts';

/** Whether others can dial this node, and dialling back for those who ask (protocol section 10). */
export class ReachabilityFlow {
  readonly #context: EngineContext;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  peerReady(_peer: Peer): void {}
  peerGone(_connection: ConnectionId): void {}
  check(): void {}
  requested(connection: ConnectionId, nonce: bigint, _port: number): void {
    this.#context.send([connection], { type: 'DialBackResult', body: { nonce, address: '', reached: false } });
  }
  answered(_connection: ConnectionId, _result: MessageBodies['DialBackResult']): void {}
  mapped(_external: { readonly host: string | undefined; readonly port: number } | undefined): void {}
  view(): ReachabilityView {
    return { state: 'unknown', address: undefined, checkedAtMs: undefined, observed: [], mapped: undefined };
  }
}
