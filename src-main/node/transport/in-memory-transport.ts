import type { NodeId } from '../../../src-shared/domain/ids.ts';
import { invariant } from '../../core/invariant.ts';
import type { ConnectionId } from '../../core/net/connection-id.ts';
import { formatNetworkAddress, normalizeHost, parseNetworkAddress } from '../../core/net/network-address.ts';
import { OperationalError } from '../operational-error.ts';
import {
  badAddress,
  type CloseReason,
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

/** One end of a connection. What the other end sent waits in `inbox`. */
class End {
  peer: End | undefined;
  inbox: Uint8Array[] = [];
  inboxBytes = 0;
  /** The peer sends no more: closes once the inbox is empty. */
  finished = false;
  closed = false;
  paused = false;
  deliveryScheduled = false;
  bytesSent = 0;
  bytesReceived = 0;
  readonly id: ConnectionId;
  readonly owner: InMemoryTransport;
  readonly direction: 'inbound' | 'outbound';
  constructor(id: ConnectionId, owner: InMemoryTransport, direction: 'inbound' | 'outbound') {
    this.id = id;
    this.owner = owner;
    this.direction = direction;
  }
}

/** Where in-memory transports find each other. Everything happens in tasks handed to `schedule`, in the order they are handed over. */
export class InMemoryNetwork {
  readonly schedule: (task: () => void) => void;
  readonly #listeners = new Map<string, InMemoryTransport>();
  #nextPort = 49_152;

  /** `schedule` must run tasks later, never at once, and in order. */
  constructor(schedule: (task: () => void) => void = (task) => void setImmediate(task)) {
    this.schedule = schedule;
  }

  createTransport(options: TransportOptions): InMemoryTransport {
    return new InMemoryTransport(this, options);
  }

  freePort(): number {
    return this.#nextPort++;
  }

  bind(address: string, transport: InMemoryTransport): void {
    if (this.#listeners.has(address)) throw new OperationalError('address-in-use', `${address} is in use`);
    this.#listeners.set(address, transport);
  }

  unbind(address: string): void {
    this.#listeners.delete(address);
  }

  at(address: string): InMemoryTransport | undefined {
    return this.#listeners.get(address);
  }
}

/**
 * The same contract without sockets, for tests and simulation. The limits of messages, queues and connections hold here too;
 * those of handshakes, frames, hosts and probes guard against bytes and sockets that do not exist here.
 */
export class InMemoryTransport implements Transport {
  readonly #network: InMemoryNetwork;
  readonly #events: TransportEvents;
  readonly #ownKey: NodeId;
  readonly #limits: TransportLimits;
  readonly #meter: TrafficMeter | undefined;
  readonly #ends = new Map<ConnectionId, End>();
  readonly #dialing = new Map<number, { readonly address: string; readonly token: DialToken }>();
  #host = '127.0.0.1';
  #bound: string | undefined;
  #inbound = 0;
  /** Dialing and open. */
  #outbound = 0;
  #nextId = 1;
  #nextDial = 1;
  #stopping: Promise<void> | undefined;

  constructor(network: InMemoryNetwork, options: TransportOptions) {
    invariant(options.secretKey.length === 64, 'a secret key has 64 bytes');
    this.#network = network;
    this.#events = options.events;
    this.#ownKey = Buffer.from(options.secretKey.subarray(32)).toString('hex') as NodeId;
    this.#limits = options.limits;
    this.#meter = options.meter;
  }

  async listen(host: string, port: number): Promise<{ readonly host: string; readonly port: number }> {
    invariant(this.#bound === undefined && this.#stopping === undefined, 'a transport listens once');
    const at = { host: normalizeHost(host), port: port === 0 ? this.#network.freePort() : port };
    const address = formatNetworkAddress(at.host, at.port);
    this.#network.bind(address, this);
    this.#bound = address;
    this.#host = at.host;
    return at;
  }

  dial(address: string, token: DialToken): void {
    if (this.#stopping !== undefined) return;
    const limited = this.#outbound >= this.#limits.maxOutbound;
    if (limited || parseNetworkAddress(address) === undefined) {
      const failure = limited ? tooMany(this.#limits.maxOutbound, 'outbound') : badAddress;
      this.#network.schedule(() => this.#events.onDialFailed(address, token, failure));
      return;
    }
    const dial = this.#nextDial++;
    this.#dialing.set(dial, { address, token });
    this.#outbound++;
    this.#network.schedule(() => this.#connect(dial));
  }

  send(ids: readonly ConnectionId[], message: Uint8Array, isDispensable = false): void {
    for (const id of ids) {
      const end = this.#ends.get(id);
      const peer = end?.peer;
      if (end === undefined || peer === undefined) continue;
      invariant(message.length > 0 && message.length <= this.#limits.maxMessageBytes, `a message of ${message.length} bytes to send`);
      const queuedBytes = peer.inboxBytes + message.length;
      if (isDispensable && queuedBytes > this.#limits.dispensableQueueBytes) {
        this.#meter?.leftOut(id, message, message.length);
        continue;
      }
      if (queuedBytes > this.#limits.maxSendQueueBytes) {
        peer.inbox = [];
        this.#close(end, { code: 'send-queue-full', detail: `${peer.inboxBytes} bytes` });
        continue;
      }
      end.bytesSent += message.length;
      this.#meter?.sent(id, message, message.length);
      if (peer.closed) continue;
      peer.inbox.push(message.slice());
      peer.inboxBytes += message.length;
      peer.owner.#scheduleDelivery(peer);
    }
  }

  close(id: ConnectionId, reason: string): void {
    const end = this.#ends.get(id);
    if (end !== undefined) this.#close(end, { code: 'closed-locally', detail: reason });
  }

  /** No host is limited here. */
  settled(_id: ConnectionId): void {}

  pause(id: ConnectionId): void {
    const end = this.#ends.get(id);
    if (end !== undefined) end.paused = true;
  }

  resume(id: ConnectionId): void {
    const end = this.#ends.get(id);
    if (end === undefined || !end.paused) return;
    end.paused = false;
    this.#scheduleDelivery(end);
  }

  probe(address: string, expectedKey: NodeId): Promise<boolean> {
    const to = parseNetworkAddress(address);
    const isStopped = this.#stopping !== undefined;
    return new Promise((resolve) => {
      this.#network.schedule(() => {
        const target = to === undefined || isStopped ? undefined : this.#network.at(formatNetworkAddress(to.host, to.port));
        resolve(target !== undefined && target.#ownKey === expectedKey);
      });
    });
  }

  stats(id: ConnectionId): ConnectionStats | undefined {
    const end = this.#ends.get(id);
    return end === undefined ? undefined : { bytesSent: end.bytesSent, bytesReceived: end.bytesReceived, queuedBytes: end.peer?.inboxBytes ?? 0 };
  }

  stop(): Promise<void> {
    this.#stopping ??= new Promise((resolve) => {
      if (this.#bound !== undefined) this.#network.unbind(this.#bound);
      const dials = [...this.#dialing.values()];
      this.#dialing.clear();
      for (const { address, token } of dials) this.#network.schedule(() => this.#events.onDialFailed(address, token, { code: 'stopped', detail: '' }));
      for (const end of this.#ends.values()) this.#close(end, { code: 'stopped', detail: '' });
      this.#network.schedule(resolve);
    });
    return this.#stopping;
  }

  #connect(dial: number): void {
    const dialed = this.#dialing.get(dial);
    if (dialed === undefined) return; // stopped meanwhile
    this.#dialing.delete(dial);
    const { address, token } = dialed;
    const to = parseNetworkAddress(address);
    const remoteAddress = to === undefined ? address : formatNetworkAddress(to.host, to.port);
    const target = this.#network.at(remoteAddress);
    const ownAddress = formatNetworkAddress(this.#host, this.#network.freePort());
    const failure = target === undefined ? undefined : this.#refusal(target, ownAddress);
    if (target === undefined || failure !== undefined) {
      this.#outbound--;
      this.#events.onDialFailed(address, token, failure ?? { code: 'refused', detail: `nobody listens at ${remoteAddress}` });
      return;
    }
    target.#inbound++;
    const theirs = target.#addEnd('inbound');
    const ours = this.#addEnd('outbound');
    theirs.peer = ours;
    ours.peer = theirs;
    target.#events.onOpen({ id: theirs.id, direction: 'inbound', remoteKey: this.#ownKey, remoteAddress: ownAddress, tookMs: 0 });
    this.#events.onOpen({ id: ours.id, direction: 'outbound', remoteKey: target.#ownKey, remoteAddress, tookMs: 0, dialed: address, token });
  }

  /** What the dialler learns if the target does not let it in; the target is told too. */
  #refusal(target: InMemoryTransport, ownAddress: string): ConnectFailure | undefined {
    if (target.#ownKey === this.#ownKey) {
      target.#events.onInboundFailed?.(ownAddress, selfFailure);
      return selfFailure;
    }
    if (target.#inbound < target.#limits.maxInbound) return undefined;
    target.#events.onInboundFailed?.(ownAddress, tooMany(target.#limits.maxInbound, 'inbound'));
    return { code: 'closed-by-peer', detail: '' };
  }

  #addEnd(direction: 'inbound' | 'outbound'): End {
    const end = new End(this.#nextId++ as ConnectionId, this, direction);
    this.#ends.set(end.id, end);
    this.#meter?.opened(end.id);
    return end;
  }

  #scheduleDelivery(end: End): void {
    if (end.deliveryScheduled) return;
    end.deliveryScheduled = true;
    this.#network.schedule(() => this.#deliver(end));
  }

  #deliver(end: End): void {
    end.deliveryScheduled = false;
    if (end.closed) return;
    if (!end.paused && end.inbox.length > 0) {
      const tooLarge = end.inbox.findIndex((message) => message.length > this.#limits.maxMessageBytes);
      const messages = tooLarge < 0 ? end.inbox : end.inbox.slice(0, tooLarge);
      end.bytesReceived += end.inboxBytes;
      const refused = end.inbox[tooLarge];
      end.inbox = [];
      end.inboxBytes = 0;
      for (const message of messages) this.#meter?.received(end.id, message, message.length);
      if (messages.length > 0) this.#events.onMessages(end.id, messages);
      if (refused !== undefined) this.#close(end, { code: 'frame-size', detail: `a message of ${refused.length} bytes` });
    }
    if (end.finished && end.inbox.length === 0) this.#close(end, { code: 'closed-by-peer', detail: '' });
  }

  #close(end: End, reason: CloseReason): void {
    if (end.closed) return;
    end.closed = true;
    end.inbox = [];
    end.inboxBytes = 0;
    this.#ends.delete(end.id);
    this.#meter?.closed(end.id);
    if (end.direction === 'inbound') this.#inbound--;
    else this.#outbound--;
    this.#network.schedule(() => this.#events.onClose(end.id, reason));
    const { peer } = end;
    if (peer === undefined || peer.closed) return;
    peer.finished = true;
    peer.owner.#scheduleDelivery(peer);
  }
}
