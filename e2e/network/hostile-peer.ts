import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import SecretStream from '@hyperswarm/secret-stream';
import { decodeMessage, encodeMessage, type Hello, type Message } from '../../src-main/core/codec/message.ts';
import { protocolVersion, wireMagic } from '../../src-main/core/constants.ts';
import type { BlockHash, Hash } from '../../src-shared/domain/ids.ts';
import { networks } from '../../src-shared/domain/networks.ts';
import type { TestNode } from './node.ts';
import { until } from './processes.ts';

const answerMs = 5_000;

/** A bare connection to the P2P port, for bytes that are no protocol at all. */
export async function openSocket(node: TestNode): Promise<Socket> {
  const [host, port] = node.addresses.p2p.split(':') as [string, string];
  const socket = connect({ host, port: Number(port) });
  socket.on('error', () => {}); // a reset is one way to be refused
  await once(socket, 'connect');
  return socket;
}

/** Resolves when the node has ended the connection. */
export async function untilEnded(socket: Socket, timeoutMs: number): Promise<void> {
  socket.resume();
  await until('the node ends the connection', timeoutMs, () => socket.readableEnded || socket.destroyed);
  socket.destroy();
}

/** Proves a key of its own, as any stranger can, and then says whatever it likes. */
export class HostilePeer {
  readonly stream: SecretStream;
  readonly socket: Socket;
  readonly received: Message[] = [];
  #ended = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    this.stream = new SecretStream(true, socket, { keyPair: SecretStream.keyPair() });
    this.stream.on('error', () => {}); // the connection's end says it
    this.stream.on('data', (bytes) => this.received.push(decodeMessage(bytes)));
    for (const event of ['end', 'close'] as const) {
      this.stream.on(event, () => {
        this.#ended = true;
      });
    }
  }

  static async connect(node: TestNode): Promise<HostilePeer> {
    const peer = new HostilePeer(await openSocket(node));
    if (!(await peer.stream.opened)) throw new Error('the node did not finish the Noise handshake');
    return peer;
  }

  /** With the whole handshake of the protocol: a peer like any other. */
  static async ready(node: TestNode, changed: Partial<Hello> = {}): Promise<HostilePeer> {
    const peer = await HostilePeer.connect(node);
    peer.say({ type: 'Hello', body: await helloFor(node, changed) });
    await peer.untilSaid('HelloAck');
    peer.say({ type: 'HelloAck', body: { refusal: undefined } });
    await peer.untilSaid('Ping');
    return peer;
  }

  get nodeId(): string {
    return this.stream.publicKey.toString('hex');
  }
  say(message: Message): void {
    this.stream.write(encodeMessage(message));
  }
  bytes(bytes: Uint8Array): void {
    this.stream.write(bytes);
  }
  untilSaid(type: Message['type']): Promise<Message> {
    return until(`the node says ${type}`, answerMs, () => this.received.find((message) => message.type === type));
  }
  async untilEnded(): Promise<void> {
    await until('the node ends the connection', answerMs, () => this.#ended || this.socket.destroyed);
    this.stream.destroy();
    this.socket.destroy();
  }
}

/** One that the node accepts. */
export async function helloFor(node: TestNode, changed: Partial<Hello> = {}): Promise<Hello> {
  const { genesishash, bestblockhash, blocks } = await node.call('getblockchaininfo');
  return {
    magic: wireMagic,
    protocolVersion,
    network: networks.devnet.id,
    genesisHash: genesishash as Hash,
    userAgent: '/hostile/',
    listenPort: 0,
    services: 0,
    height: blocks,
    tipHash: bestblockhash as BlockHash,
    time: Date.now(),
    observedAddress: node.addresses.p2p,
    nonce: randomBytes(8).readBigUInt64LE(),
    ...changed,
  };
}
