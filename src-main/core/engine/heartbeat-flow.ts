import type { NodeId } from '../../../src-shared/domain/ids.ts';
import { type Heartbeat, heartbeatMessage, signHeartbeat } from '../codec/heartbeat.ts';
import { fromHex } from '../crypto/hex.ts';
import { Heartbeats, type HeartbeatView } from '../masternodes/heartbeats.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { EngineContext } from './context.ts';

/**
 * Each is passed on to so many peers, besides those to whom its masternode sends it. With six it comes to practically everybody, whatever the size of
 * the network, while passing it to all would be most of what an idle network sends; and who misses one gets the next.
 */
const relayedTo = 6;

/** Heartbeats of masternodes (protocol section 5): this node's own, and those of others, each once. */
export class HeartbeatFlow {
  readonly #context: EngineContext;
  #heartbeats: Heartbeats;
  /** Of the last one that this node signed. */
  #sequence = 0;

  constructor(context: EngineContext) {
    this.#context = context;
    this.#heartbeats = new Heartbeats(context.params.heartbeatMs, 0);
  }

  /** The first of each node at a time of its own. */
  start(): void {
    const { nowMs, params, options } = this.#context;
    this.#heartbeats = new Heartbeats(params.heartbeatMs, nowMs);
    this.#setTimer(Math.ceil(options.random() * params.heartbeatMs));
  }

  timer(): void {
    const { options, registry, params, nowMs } = this.#context;
    if (options.masternode && registry.member(options.self) !== undefined) this.#beat();
    const registered = registry.members.map(({ nodeId }) => nodeId);
    for (const { nodeId, state } of this.#heartbeats.takeChanges(registered, nowMs)) this.#context.publish({ kind: 'heartbeat', nodeId, state });
    this.#setTimer(params.heartbeatMs);
  }

  received(connection: ConnectionId, heartbeat: Heartbeat): void {
    const { options, registry, genesis, intake } = this.#context;
    const { nodeId, signature } = heartbeat;
    const isWanted = (): boolean => registry.member(nodeId) !== undefined && this.#heartbeats.isNews(heartbeat, this.#context.nowMs);
    if (nodeId === options.self || !isWanted()) return intake.useless(connection, 1);
    const item = { publicKey: fromHex(nodeId), message: heartbeatMessage(genesis.hash, heartbeat), signature };
    this.#context.verify([item], false, ([isValid]) => {
      if (isValid !== true) return this.#context.violation(connection, { code: 'bad-signature', detail: `a heartbeat of ${nodeId}` });
      // Another peer may have brought it while the signature was being checked.
      if (!isWanted()) return intake.useless(connection, 1);
      intake.fresh(1);
      this.#heartbeats.take(heartbeat, this.#context.nowMs);
      this.#relay(connection, heartbeat);
    });
  }

  of(nodeId: NodeId): HeartbeatView {
    return this.#heartbeats.of(nodeId, this.#context.nowMs);
  }

  #beat(): void {
    const { options, genesis, nowMs, tip } = this.#context;
    // Above all of earlier starts: there is less than one in a millisecond.
    this.#sequence = Math.max(this.#sequence + 1, nowMs);
    const heartbeat = signHeartbeat({ nodeId: options.self, sequence: this.#sequence, time: nowMs, height: tip.height }, genesis.hash, options.signer);
    this.#heartbeats.take(heartbeat, nowMs);
    this.#context.broadcast({ type: 'Heartbeat', body: heartbeat });
  }

  #relay(from: ConnectionId, heartbeat: Heartbeat): void {
    const { peers, options } = this.#context;
    // Who signed it has it.
    const others = peers.ready().flatMap(({ connection, nodeId }) => (connection === from || nodeId === heartbeat.nodeId ? [] : [connection]));
    for (let at = 0; at < Math.min(relayedTo, others.length); at++) {
      const picked = at + Math.floor(options.random() * (others.length - at));
      [others[at], others[picked]] = [others[picked] as ConnectionId, others[at] as ConnectionId];
    }
    this.#context.send(others.slice(0, relayedTo), { type: 'Heartbeat', body: heartbeat });
  }

  #setTimer(inMs: number): void {
    this.#context.emit({ kind: 'set-timer', timer: 'heartbeat', atMs: this.#context.nowMs + inMs });
  }
}
