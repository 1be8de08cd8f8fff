import { randomBytes } from 'node:crypto';
import type { NodeId } from '../../src-shared/domain/ids.ts';
import { defaultLimits, type NetLimits } from '../../src-shared/domain/net-limits.ts';
import { Engine } from '../core/engine.ts';
import type { EngineEvent } from '../core/events.ts';
import { createGenesis } from '../core/genesis.ts';
import { encodeRegistryState } from '../core/masternodes/registry-state.ts';
import type { ConnectionId } from '../core/net/connection-id.ts';
import { formatNetworkAddress } from '../core/net/network-address.ts';
import type { Peer } from '../core/net/peer-connection.ts';
import { paramsOf } from '../core/params.ts';
import { systemClock } from './clock.ts';
import { EffectRunner } from './effects.ts';
import { EventLoop } from './event-loop.ts';
import { type KeyPair, keyPairOf, signWith } from './keys/ed25519.ts';
import { NamedTimers } from './named-timers.ts';
import { TcpTransport } from './transport/tcp-transport.ts';
import { exemptHosts, transportLimits } from './transport/transport-limits.ts';

/** Nobody is a member, so nothing is decided, and nothing has to be stored or verified. */
const genesis = createGenesis({ network: 'devnet', time: 1_750_000_000_000, masternodes: [], allocations: [] });
const notHere = (): Promise<never> => Promise.reject(new Error('nothing is verified in a network without members'));

/** A node as far as its connections go: engine, event loop, timers and real sockets, without files and threads. */
export class ConnectionStack {
  readonly nodeId: NodeId;
  readonly events: EngineEvent[] = [];
  /** Open ones, of the transport's own. */
  readonly open = new Set<ConnectionId>();
  /** Begun and not answered yet. */
  dialing = 0;
  readonly #keys: KeyPair = keyPairOf(randomBytes(32));
  readonly #transport: TcpTransport;
  readonly #loop: EventLoop;
  readonly #timers: NamedTimers;
  readonly #limits: NetLimits;
  #engine: Engine | undefined;
  #listenPort = 0;
  failure: Error | undefined;

  constructor(limits: NetLimits = defaultLimits('devnet')) {
    this.nodeId = this.#keys.publicKey.toString('hex') as NodeId;
    this.#limits = limits;
    const clock = systemClock();
    const onFatal = (error: Error): void => {
      this.failure ??= error;
    };
    this.#timers = new NamedTimers(clock, () => this.#loop.wake());
    this.#transport = new TcpTransport({
      secretKey: this.#keys.secretKey64,
      limits: transportLimits(limits),
      isExempt: exemptHosts(limits, []),
      events: {
        onOpen: (connection) => {
          this.open.add(connection.id);
          if (connection.direction === 'outbound') this.dialing--;
          this.#loop.transportEvents.onOpen(connection);
        },
        onMessages: (id, messages) => this.#loop.transportEvents.onMessages(id, messages),
        onClose: (id, reason) => {
          this.open.delete(id);
          this.#loop.transportEvents.onClose(id, reason);
        },
        onDialFailed: (address, token, reason) => {
          this.dialing--;
          this.#loop.transportEvents.onDialFailed(address, token, reason);
        },
      },
    });
    let batches = 0;
    const runner = new EffectRunner({
      storage: { persist: () => ++batches, durableThrough: Number.POSITIVE_INFINITY },
      verifier: { verify: notHere, muHash: notHere },
      transport: this.#transport,
      timers: this.#timers,
      input: (input) => this.#loop.push(input),
      answer: () => undefined,
      answerBranch: () => undefined,
      discover: () => undefined,
      probe: () => undefined,
      publish: (event) => {
        if (event.kind === 'dialing') this.dialing++;
        this.events.push(event);
      },
      onFatal,
    });
    this.#loop = new EventLoop({
      engine: { step: (input, nowMs) => this.#engine?.step(input, nowMs) ?? [] },
      clock,
      run: (effects) => runner.run(effects),
      timers: this.#timers,
      transport: this.#transport,
      isCongested: () => false,
      onFatal,
    });
  }

  /** Resolves with where it listens. Nobody is dialled before `start`. */
  async listen(): Promise<string> {
    const { host, port } = await this.#transport.listen('127.0.0.1', 0);
    this.#listenPort = port;
    return formatNetworkAddress(host, port);
  }

  start(connect: readonly string[]): void {
    const { header, hash } = genesis.block;
    this.#engine = new Engine(
      {
        params: paramsOf.devnet,
        genesis,
        self: this.nodeId,
        signer: { sign: (message) => signWith(this.#keys.secretKey64, message) },
        masternode: false,
        chain: { coin: () => undefined, block: () => undefined, transactionHeight: () => undefined, undo: () => undefined, revertedAfter: () => [] },
        random: Math.random,
        nonce: randomBytes(8).readBigUInt64LE(),
        userAgent: '/stack:1/',
        listenPort: this.#listenPort,
        limits: this.#limits,
        connect,
      },
      {
        tip: { height: 0, hash, timeMs: header.time, utxoSetHash: header.utxoSetHash, setHashState: genesis.setHashState },
        registry: encodeRegistryState(genesis.registry),
        pending: [],
        bundles: [],
        guardRecords: [],
        proposedBlocks: [],
        blockVotes: [],
        halts: [],
        invalid: [],
        addresses: [],
        bans: [],
      },
    );
    this.#loop.push({ kind: 'start' });
  }

  ready(): readonly Peer[] {
    return this.#engine?.views.peers() ?? [];
  }

  async stop(): Promise<void> {
    this.#loop.stop();
    this.#timers.stop();
    await this.#transport.stop();
  }
}
