import { randomBytes } from 'node:crypto';
import { decodeMessage, encodeMessage, type Message } from '../src-main/core/codec/message.ts';
import { protocolVersion, wireMagic } from '../src-main/core/constants.ts';
import type { ConnectionId } from '../src-main/core/net/connection-id.ts';
import { keyPairOf } from '../src-main/node/keys/ed25519.ts';
import { TcpTransport } from '../src-main/node/transport/tcp-transport.ts';
import { transportLimits } from '../src-main/node/transport/transport-limits.ts';
import type { BlockHash } from '../src-shared/domain/ids.ts';
import { defaultLimits } from '../src-shared/domain/net-limits.ts';
import { networks } from '../src-shared/domain/networks.ts';
import type { BenchGenesis } from './bench-network.ts';

/** The other end of a node's socket: shakes hands, answers pings, and for the rest does what the benchmark says. */
export class RawPeer {
  readonly #transport: TcpTransport;
  readonly #bench: Pick<BenchGenesis, 'genesis'>;
  readonly #height: number;
  readonly #tipHash: BlockHash;
  #connection: ConnectionId | undefined;
  #pings: NodeJS.Timeout | undefined;
  /** Set before dialling it misses nothing. */
  onMessage: (message: Message) => void = () => {};
  #onAccepted: () => void = () => {};

  constructor(
    bench: Pick<BenchGenesis, 'genesis'>,
    tip: { readonly height: number; readonly hash: BlockHash } = { height: 0, hash: bench.genesis.block.hash },
  ) {
    this.#bench = bench;
    this.#height = tip.height;
    this.#tipHash = tip.hash;
    this.#transport = new TcpTransport({
      secretKey: keyPairOf(randomBytes(32)).secretKey64,
      limits: transportLimits(defaultLimits('devnet')),
      events: {
        onOpen: ({ id, remoteAddress }) => this.#open(id, remoteAddress),
        onMessages: (_, messages) => {
          for (const bytes of messages) this.#received(decodeMessage(bytes));
        },
        onClose: () => {
          this.#connection = undefined;
        },
        onDialFailed: (address, _, reason) => {
          throw new Error(`dialling ${address}: ${reason.code} ${reason.detail}`);
        },
      },
    });
  }

  /** Resolves when both sides have accepted. */
  async dial(address: string): Promise<void> {
    const accepted = new Promise<void>((resolve) => {
      this.#onAccepted = resolve;
    });
    this.#transport.dial(address, 1);
    await accepted;
  }
  get isConnected(): boolean {
    return this.#connection !== undefined;
  }
  send(message: Message): void {
    if (this.#connection !== undefined) this.#transport.send([this.#connection], encodeMessage(message));
  }
  /** As a node does that has nothing else to say. */
  pingEvery(intervalMs: number): void {
    this.#pings = setInterval(() => this.send({ type: 'Ping', body: { nonce: randomBytes(8).readBigUInt64LE() } }), intervalMs);
  }
  stop(): Promise<void> {
    clearInterval(this.#pings);
    return this.#transport.stop();
  }

  #open(connection: ConnectionId, observedAddress: string): void {
    this.#connection = connection;
    const { genesis } = this.#bench;
    this.send({
      type: 'Hello',
      body: {
        magic: wireMagic,
        protocolVersion,
        network: networks[genesis.network].id,
        genesisHash: genesis.hash,
        userAgent: '/bench-peer:1/',
        listenPort: 0,
        services: 0,
        height: this.#height,
        tipHash: this.#tipHash,
        time: Date.now(),
        observedAddress,
        nonce: randomBytes(8).readBigUInt64LE(),
      },
    });
  }

  #received(message: Message): void {
    if (message.type === 'Hello') this.send({ type: 'HelloAck', body: { refusal: undefined } });
    else if (message.type === 'HelloAck') this.#onAccepted();
    else if (message.type === 'Ping') this.send({ type: 'Pong', body: { nonce: message.body.nonce, time: Date.now() } });
    this.onMessage(message);
  }
}
