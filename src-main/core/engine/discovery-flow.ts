import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { SharedAddress } from '../codec/message.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { EngineContext } from './context.ts';

/** Addresses that come from outside, and those that are asked for (protocol section 10). What is made of them is for `Peers`. */
export class DiscoveryFlow {
  readonly #context: EngineContext;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  requested(connection: ConnectionId): void {
    const { peers, nowMs } = this.#context;
    const asker = peers.peer(connection);
    if (asker !== undefined) this.#context.send([connection], { type: 'Peers', body: { peers: peers.answer(asker, nowMs) } });
  }
  heard(connection: ConnectionId, shared: readonly SharedAddress[]): void {
    this.#carryOut(this.#context.peers.heard(connection, shared, this.#context.nowMs));
  }
  discovered(source: 'dns' | 'http', found: readonly SharedAddress[]): void {
    this.#carryOut(this.#context.peers.discovered(source, found, this.#context.nowMs));
  }
  prove(address: string, nodeId: NodeId): void {
    const { peers } = this.#context;
    this.#context.probe(address, nodeId, (reached) => this.#carryOut(peers.proved({ address, nodeId, reached }, this.#context.nowMs)));
  }

  #carryOut(outputs: ReturnType<EngineContext['peers']['heard']>): void {
    for (const output of outputs) this.#context.onPeersOutput(output);
  }
}
