import sodium from 'sodium-native';
import { expect } from 'vitest';
import type { NodeId } from '../../../src-shared/domain/ids.ts';
import { defaultLimits } from '../../../src-shared/domain/net-limits.ts';
import type { ConnectionId } from '../../core/net/connection-id.ts';
import { formatNetworkAddress, isLoopback } from '../../core/net/network-address.ts';
import { TrafficLog } from '../traffic.ts';
import type { CloseReason, ConnectFailure, DialToken, OpenedConnection, Transport, TransportOptions } from './transport.ts';
import { type TransportLimits, transportLimits } from './transport-limits.ts';

/** Makes the transports of one test, all on one network. */
export type TransportFactory = (options: TransportOptions) => Transport;

export const host = '127.0.0.1';

/** Of networks that run on one machine. */
export const localLimits = transportLimits(defaultLimits('devnet'));

/** Polls often, so that tests are quick, and for long, so that a busy machine fails none. */
export const eventually = <T>(read: () => T) => expect.poll(read, { interval: 2, timeout: 10_000 });

export function makeSecretKey(): Uint8Array {
  const secretKey = Buffer.alloc(sodium.crypto_sign_SECRETKEYBYTES);
  sodium.crypto_sign_keypair(Buffer.alloc(sodium.crypto_sign_PUBLICKEYBYTES), secretKey);
  return secretKey;
}

/** A message that says which one it is. */
export const numbered = (n: number, size = 8): Uint8Array => {
  const message = new Uint8Array(size);
  new DataView(message.buffer).setUint32(0, n, true);
  return message;
};
export const numberOf = (message: Uint8Array): number => new DataView(message.buffer, message.byteOffset).getUint32(0, true);

/** One transport and everything it said. */
export class Party {
  readonly transport: Transport;
  readonly secretKey: Uint8Array;
  readonly traffic = new TrafficLog({ nowMs: () => 1, monotonicMs: () => 0 });
  readonly opened: OpenedConnection[] = [];
  readonly messages = new Map<ConnectionId, Uint8Array[]>();
  readonly batches: number[] = [];
  readonly closed: { id: ConnectionId; reason: CloseReason }[] = [];
  readonly failed: { address: string; token: DialToken; reason: ConnectFailure }[] = [];
  /** Events that came while a call of the transport was running: there must be none. */
  reentrant = 0;
  onOpen: (connection: OpenedConnection) => void = () => {};
  onMessages: (id: ConnectionId) => void = () => {};
  #calling = false;

  constructor(create: TransportFactory, limits: Partial<TransportLimits> = {}, secretKey = makeSecretKey()) {
    this.secretKey = secretKey;
    const note = () => {
      if (this.#calling) this.reentrant++;
    };
    this.transport = create({
      secretKey,
      limits: { ...localLimits, ...limits },
      isExempt: isLoopback,
      meter: this.traffic,
      events: {
        onOpen: (connection) => {
          note();
          this.opened.push(connection);
          this.messages.set(connection.id, []);
          this.onOpen(connection);
        },
        onMessages: (id, messages) => {
          note();
          this.batches.push(messages.length);
          for (const message of messages) this.messages.get(id)?.push(message);
          this.onMessages(id);
        },
        onClose: (id, reason) => {
          note();
          this.closed.push({ id, reason });
        },
        onDialFailed: (address, token, reason) => {
          note();
          this.failed.push({ address, token, reason });
        },
      },
    });
  }

  get key(): NodeId {
    return Buffer.from(this.secretKey.subarray(32)).toString('hex') as NodeId;
  }

  /** Runs calls of the transport and notes events that come during them. */
  call(work: (transport: Transport) => void): void {
    this.#calling = true;
    work(this.transport);
    this.#calling = false;
  }

  async listen(): Promise<string> {
    const at = await this.transport.listen(host, 0);
    return formatNetworkAddress(at.host, at.port);
  }

  received(id: ConnectionId): readonly Uint8Array[] {
    return this.messages.get(id) ?? [];
  }
}
