import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import SecretStream from '@hyperswarm/secret-stream';
import { decodeMessage, encodeMessage, type Message } from '../../src-main/core/codec/message.ts';
import type { Lock, NodeId } from '../../src-shared/domain/ids.ts';
import { helloFor, openSocket } from './hostile-peer.ts';
import type { TestNode } from './node.ts';
import { until } from './processes.ts';
import type { Testimony } from './testimony.ts';

const handshakeMs = 10_000;

/** A peer that is no member, says nothing but what keeps a connection, and has all that it is told written down. */
export class Recorder {
  readonly #socket: Socket;
  readonly #stream: SecretStream;
  readonly #closed: Promise<void>;
  #refused = false;
  #ready = false;

  private constructor(socket: Socket, from: NodeId, testimony: Testimony) {
    this.#socket = socket;
    this.#stream = new SecretStream(true, socket, { keyPair: SecretStream.keyPair() });
    this.#stream.on('error', () => {}); // it was killed, or stopped: `closed` says it
    this.#stream.on('data', (bytes) => this.#hear(decodeMessage(bytes), from, testimony));
    this.#closed = new Promise((resolve) => void this.#stream.on('close', () => resolve()));
  }

  /** Resolves when the node has taken it as a peer. `watched`: of these coins it is told every change. */
  static async of(node: TestNode, testimony: Testimony, watched: readonly Lock[] = []): Promise<Recorder> {
    const { nodeid } = await node.call('getnodeinfo');
    const recorder = new Recorder(await openSocket(node), nodeid as NodeId, testimony);
    if (!(await recorder.#stream.opened)) throw new Error('the node did not finish the Noise handshake');
    recorder.#say({ type: 'Hello', body: { ...(await helloFor(node)), nonce: randomBytes(8).readBigUInt64LE() } });
    recorder.#say({ type: 'HelloAck', body: { refusal: undefined } });
    await until('the node takes it as a peer', handshakeMs, () => recorder.#ready || recorder.#refused);
    if (recorder.#refused) throw new Error('the node refused it');
    if (watched.length > 0) recorder.#say({ type: 'Subscribe', body: { query: 1, outpoints: [], locks: [...watched] } });
    return recorder;
  }

  /** Resolves when the node has ended the connection, by a kill for example, and the last of what it had sent is written down. */
  untilEnded(): Promise<void> {
    return this.#closed;
  }
  stop(): void {
    this.#stream.destroy();
    this.#socket.destroy();
  }

  #say(message: Message): void {
    this.#stream.write(encodeMessage(message));
  }
  #hear(message: Message, from: NodeId, testimony: Testimony): void {
    if (message.type === 'HelloAck') this.#refused = message.body.refusal !== undefined;
    if (message.type === 'Ping') {
      this.#ready = true;
      this.#say({ type: 'Pong', body: { nonce: message.body.nonce, time: Date.now() } });
    }
    testimony.hear(message, from);
  }
}
