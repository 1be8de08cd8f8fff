import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import SecretStream, { type KeyPair } from '@hyperswarm/secret-stream';
import type { NodeId } from '../../../src-shared/domain/ids.ts';
import { InvariantError, invariant } from '../../core/invariant.ts';
import type { ConnectionId } from '../../core/net/connection-id.ts';
import { formatNetworkAddress, normalizeHost, parseNetworkAddress } from '../../core/net/network-address.ts';
import { overheadBytes } from './frame-guard.ts';
import { InboundGate } from './inbound-gate.ts';
import { listenError } from './network-errors.ts';
import { Reach } from './reach.ts';
import { type ChannelOptions, SecretChannel } from './secret-channel.ts';
import {
  badAddress,
  type ConnectFailure,
  type ConnectionStats,
  type DialToken,
  selfFailure,
  type TrafficMeter,
  type Transport,
  type TransportEvents,
  type TransportOptions,
  tooMany,
} from './transport.ts';
import type { TransportLimits } from './transport-limits.ts';

type Origin =
  | { readonly direction: 'inbound'; readonly remoteAddress: string }
  | { readonly direction: 'outbound'; readonly dialed: string; readonly token: DialToken; readonly isProxied: boolean };

interface Connection {
  readonly channel: SecretChannel;
  readonly origin: Origin;
  readonly beganMs: number;
  /** It was announced by onOpen. */
  open: boolean;
}

/** The transport of real nodes: TCP, and on it Noise XX with the node key. */
export class TcpTransport implements Transport {
  readonly #keyPair: KeyPair;
  readonly #ownKey: NodeId;
  readonly #events: TransportEvents;
  readonly #limits: TransportLimits;
  readonly #gate: InboundGate;
  readonly #meter: TrafficMeter | undefined;
  /** Open ones and those on the way there. */
  readonly #connections = new Map<ConnectionId, Connection>();
  readonly #probes = new Set<SecretChannel>();
  readonly #reach: Reach;
  /** Those that are still on their way through a proxy too. */
  #probing = 0;
  /** Dialing and open. */
  #outbound = 0;
  #openInbound = 0;
  #nextId = 1;
  #server: Server | undefined;
  #stopping: Promise<void> | undefined;
  #onEmpty: (() => void) | undefined;

  constructor(options: TransportOptions) {
    invariant(options.secretKey.length === 64, 'a secret key has 64 bytes');
    const secretKey = Buffer.from(options.secretKey);
    this.#keyPair = { secretKey, publicKey: Buffer.from(secretKey.subarray(32)) };
    this.#ownKey = this.#keyPair.publicKey.toString('hex') as NodeId;
    this.#events = options.events;
    this.#limits = options.limits;
    this.#meter = options.meter;
    this.#reach = new Reach(options.proxy, this.#limits.tunnelMs);
    this.#gate = new InboundGate(this.#limits, options.isExempt ?? (() => false));
  }

  listen(host: string, port: number): Promise<{ readonly host: string; readonly port: number }> {
    invariant(this.#server === undefined && this.#stopping === undefined, 'a transport listens once');
    const server = createServer((socket) => this.#accept(socket));
    this.#server = server;
    return new Promise((resolve, reject) => {
      const refuse = (error: Error) => {
        this.#server = undefined;
        reject(listenError('listen', error));
      };
      server.once('error', refuse);
      server.listen({ host, port }, () => {
        server.off('error', refuse);
        // From here on: a connection that the system could not hand over, for want of file descriptors.
        server.on('error', (error) => this.#events.onInboundFailed?.(undefined, { code: 'network-error', detail: error.message }));
        const at = server.address() as AddressInfo;
        resolve({ host: normalizeHost(at.address), port: at.port });
      });
    });
  }

  dial(address: string, token: DialToken): void {
    if (this.#stopping !== undefined) return;
    const target = parseNetworkAddress(address);
    const limited = this.#outbound >= this.#limits.maxOutbound;
    if (target === undefined || limited) {
      const failure = target === undefined ? badAddress : tooMany(this.#limits.maxOutbound, 'outbound');
      setImmediate(() => this.#events.onDialFailed(address, token, failure));
      return;
    }
    this.#outbound++;
    const beganMs = performance.now();
    this.#reach.open(target, {
      onSocket: (socket, isProxied) => this.#add(socket, { direction: 'outbound', dialed: address, token, isProxied }, beganMs),
      onFailed: (failure) => {
        this.#outbound--;
        this.#events.onDialFailed(address, token, failure);
      },
    });
  }

  send(ids: readonly ConnectionId[], message: Uint8Array, isDispensable = false): void {
    const wireBytes = message.length + overheadBytes;
    for (const id of ids) {
      const outcome = this.#connections.get(id)?.channel.send(message, isDispensable);
      if (outcome === 'sent') this.#meter?.sent(id, message, wireBytes);
      else if (outcome === 'left-out') this.#meter?.leftOut(id, message, wireBytes);
    }
  }

  close(id: ConnectionId, reason: string): void {
    this.#opened(id)?.channel.close('closed-by-peer', 'closed-locally', reason);
  }

  settled(id: ConnectionId): void {
    this.#gate.end(id);
  }

  pause(id: ConnectionId): void {
    this.#opened(id)?.channel.pause();
  }

  resume(id: ConnectionId): void {
    this.#opened(id)?.channel.resume();
  }

  probe(address: string, expectedKey: NodeId): Promise<boolean> {
    const target = parseNetworkAddress(address);
    if (target === undefined || this.#stopping !== undefined || this.#probing >= this.#limits.maxProbes) return Promise.resolve(false);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const answer = (reached: boolean): void => {
      this.#probing--;
      resolve(reached);
    };
    this.#probing++;
    this.#reach.open(target, { onSocket: (socket) => this.#probe(socket, expectedKey, answer), onFailed: () => answer(false) });
    return promise;
  }

  stats(id: ConnectionId): ConnectionStats | undefined {
    return this.#opened(id)?.channel.stats;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const server = this.#server;
    const unlistened = server === undefined ? undefined : new Promise<void>((resolve) => void server.close(() => resolve()));
    const empty = new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
    for (const { channel } of this.#connections.values()) channel.close('stopped', 'stopped', '');
    for (const probe of this.#probes) probe.close('stopped', 'stopped', '');
    this.#reach.stop();
    if (this.#connections.size + this.#probes.size > 0) await empty;
    await unlistened;
    // Dials that were refused just before still get their answer.
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }

  #opened(id: ConnectionId): Connection | undefined {
    const connection = this.#connections.get(id);
    return connection?.channel.isOpen === true ? connection : undefined;
  }

  #accept(socket: Socket): void {
    const { remoteAddress, remotePort } = socket;
    if (remoteAddress === undefined || remotePort === undefined || this.#stopping !== undefined) {
      socket.destroy(); // gone again already, or too late
      return;
    }
    const address = formatNetworkAddress(remoteAddress, remotePort);
    const id = this.#nextId as ConnectionId;
    const limit = this.#admissionLimit(id, normalizeHost(remoteAddress));
    if (limit === undefined) this.#add(socket, { direction: 'inbound', remoteAddress: address }, performance.now());
    else {
      socket.on('error', () => {}); // a reset while it closes concerns nobody
      socket.destroy();
      this.#events.onInboundFailed?.(address, { code: 'too-many-connections', detail: limit });
    }
  }

  /** Names the limit that keeps it out; otherwise its handshake counts as begun. */
  #admissionLimit(id: ConnectionId, host: string): string | undefined {
    const admission = this.#gate.begin(id, host, performance.now(), this.#openInbound >= this.#limits.maxInbound);
    if (!admission.admitted) return admission.limit;
    if (admission.evicted !== undefined) this.#connections.get(admission.evicted)?.channel.abort('too-many-connections', 'closed-locally', 'made room');
    return undefined;
  }

  /** @param answer once, with whether that key was there */
  #probe(socket: Socket, expectedKey: NodeId, answer: (reached: boolean) => void): void {
    let reached = false;
    // From the answer on nothing leaves: with the last message of the handshake it would be a connection to the other end.
    socket.on('data', () => socket.cork());
    const channel = new SecretChannel(socket, {
      initiator: true,
      // With our own the other end would take it for a second connection of ours.
      keyPair: SecretStream.keyPair(),
      limits: { ...this.#limits, handshakeMs: this.#limits.probeMs },
      // Noise has proved the key by then; that is all there is to know.
      admit: (remoteKey) => {
        reached = hex(remoteKey) === expectedKey;
        return { code: 'closed-by-peer', detail: 'probed' };
      },
      onOpen: () => {},
      onMessages: () => {},
      onFailed: () => {
        this.#probes.delete(channel);
        answer(reached);
        this.#signalEmpty();
      },
      onClosed: () => {},
    });
    this.#probes.add(channel);
  }

  #add(socket: Socket, origin: Origin, beganMs: number): void {
    const id = this.#nextId++ as ConnectionId;
    const options: ChannelOptions = {
      initiator: origin.direction === 'outbound',
      keyPair: this.#keyPair,
      limits: this.#limits,
      admit: (remoteKey) => this.#refusal(remoteKey, origin),
      onOpen: () => this.#onOpen(id, socket),
      onMessages: (messages) => {
        for (const message of messages) this.#meter?.received(id, message, message.length + overheadBytes);
        this.#events.onMessages(id, messages);
      },
      onFailed: (failure) => {
        this.#remove(id);
        if (origin.direction === 'outbound') this.#events.onDialFailed(origin.dialed, origin.token, failure);
        else this.#events.onInboundFailed?.(origin.remoteAddress, failure);
        this.#signalEmpty();
      },
      onClosed: (reason) => {
        this.#remove(id);
        this.#events.onClose(id, reason);
        this.#signalEmpty();
      },
    };
    this.#connections.set(id, { channel: new SecretChannel(socket, options), origin, beganMs, open: false });
  }

  #refusal(remoteKey: Uint8Array, origin: Origin): ConnectFailure | undefined {
    if (hex(remoteKey) === this.#ownKey) return selfFailure;
    // Again: others may have opened since it was let in.
    if (origin.direction === 'inbound' && this.#openInbound >= this.#limits.maxInbound) return tooMany(this.#limits.maxInbound, 'inbound');
    return undefined;
  }

  #onOpen(id: ConnectionId, socket: Socket): void {
    const connection = this.#connections.get(id);
    const remoteKey = connection?.channel.remoteKey;
    if (connection === undefined || remoteKey === undefined) throw new InvariantError('a connection that opens is known, and so is its key');
    this.#gate.opened(id);
    connection.open = true;
    this.#meter?.opened(id);
    const { origin } = connection;
    const common = { id, remoteKey: hex(remoteKey), tookMs: Math.floor(performance.now() - connection.beganMs) };
    if (origin.direction === 'inbound') {
      this.#openInbound++;
      this.#events.onOpen({ ...common, direction: 'inbound', remoteAddress: origin.remoteAddress });
    } else {
      // The system no longer knows the address if the peer has already reset the connection, and knows the proxy's where there is one.
      const { remoteAddress: host, remotePort: port } = socket;
      const remoteAddress = host === undefined || port === undefined || origin.isProxied ? origin.dialed : formatNetworkAddress(host, port);
      this.#events.onOpen({ ...common, direction: 'outbound', remoteAddress, dialed: origin.dialed, token: origin.token });
    }
  }

  #remove(id: ConnectionId): void {
    this.#gate.end(id);
    const connection = this.#connections.get(id);
    if (connection?.origin.direction === 'outbound') this.#outbound--;
    else if (connection?.open === true) this.#openInbound--;
    this.#connections.delete(id);
    this.#meter?.closed(id);
  }

  #signalEmpty(): void {
    if (this.#connections.size + this.#probes.size === 0) this.#onEmpty?.();
  }
}

const hex = (key: Uint8Array): NodeId => Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('hex') as NodeId;
