import { type MessageType, messageTypeOf } from '../core/codec/message.ts';
import type { ConnectionId } from '../core/net/connection-id.ts';
import type { Clock } from './clock.ts';
import type { ConnectionStats, TrafficMeter } from './transport/transport.ts';

/** Encryption and frames included, handshakes not. */
export interface Volume {
  readonly messages: number;
  readonly bytes: number;
}
/** Of types that occurred. `unknown`: first bytes that no type has, and that only a faulty peer sends. */
export type VolumeByType = { readonly [T in MessageType | 'unknown']?: Volume };

export interface TrafficCount {
  readonly total: Volume;
  readonly byType: VolumeByType;
}
/** Since the connection was opened, or since the start. */
export interface Traffic {
  /** Handed to the connection; what waits for a slow reader is among it. */
  readonly sent: TrafficCount;
  readonly received: TrafficCount;
  /** Never sent because the peer reads too slowly, and can do without it. */
  readonly leftOut: TrafficCount;
  readonly lastSentMs: number | undefined;
  readonly lastReceivedMs: number | undefined;
}

/** What the transport says of an open connection, and what went over it. */
export interface ConnectionReport extends ConnectionStats {
  readonly traffic: Traffic;
}

/** Per second, oldest first; the last one is the second before this one. */
export interface TrafficHistory {
  readonly sentBytes: readonly number[];
  readonly receivedBytes: readonly number[];
}

/** Ten minutes: what a chart shows. */
export const historySeconds = 600;

const byteValues = 256;
const namesByByte = Array.from({ length: byteValues }, (_, byte) => messageTypeOf(Uint8Array.of(byte)));

/** By the first byte of a message: how many, and how many bytes. Numbers that stay whole up to 2^53. */
class Counter {
  readonly #messages = new Float64Array(byteValues);
  readonly #bytes = new Float64Array(byteValues);

  add(typeByte: number, bytes: number): void {
    this.#messages[typeByte] = (this.#messages[typeByte] as number) + 1;
    this.#bytes[typeByte] = (this.#bytes[typeByte] as number) + bytes;
  }

  read(): TrafficCount {
    const byType: { [T in MessageType | 'unknown']?: Volume } = {};
    let total: Volume = { messages: 0, bytes: 0 };
    for (let byte = 0; byte < byteValues; byte++) {
      const messages = this.#messages[byte] as number;
      if (messages === 0) continue;
      const name = namesByByte[byte] ?? 'unknown';
      byType[name] = sum(byType[name] ?? nothing, { messages, bytes: this.#bytes[byte] as number });
      total = sum(total, { messages, bytes: this.#bytes[byte] as number });
    }
    return { total, byType };
  }
}
const nothing: Volume = { messages: 0, bytes: 0 };
const sum = (a: Volume, b: Volume): Volume => ({ messages: a.messages + b.messages, bytes: a.bytes + b.bytes });

class TrafficRecord {
  readonly #sent = new Counter();
  readonly #received = new Counter();
  readonly #leftOut = new Counter();
  #lastSentMs: number | undefined;
  #lastReceivedMs: number | undefined;

  sent(typeByte: number, bytes: number, nowMs: number): void {
    this.#sent.add(typeByte, bytes);
    this.#lastSentMs = nowMs;
  }
  received(typeByte: number, bytes: number, nowMs: number): void {
    this.#received.add(typeByte, bytes);
    this.#lastReceivedMs = nowMs;
  }
  leftOut(typeByte: number, bytes: number): void {
    this.#leftOut.add(typeByte, bytes);
  }
  read(): Traffic {
    return {
      sent: this.#sent.read(),
      received: this.#received.read(),
      leftOut: this.#leftOut.read(),
      lastSentMs: this.#lastSentMs,
      lastReceivedMs: this.#lastReceivedMs,
    };
  }
}

/** Bytes of the last seconds, in a ring: the place of second n is n modulo its length, which is one more than is told, for the second under way. */
class PerSecond {
  readonly #bytes = new Float64Array(historySeconds + 1);
  #second = 0;

  add(second: number, bytes: number): void {
    this.#moveTo(second);
    const place = second % this.#bytes.length;
    this.#bytes[place] = (this.#bytes[place] as number) + bytes;
  }

  read(second: number): readonly number[] {
    this.#moveTo(second);
    return Array.from({ length: historySeconds }, (_, i) => this.#bytes[(second + 1 + i) % this.#bytes.length] as number);
  }

  /** Seconds in which nothing was said are empty. */
  #moveTo(second: number): void {
    const from = Math.max(this.#second + 1, second - historySeconds);
    for (let skipped = from; skipped <= second; skipped++) this.#bytes[skipped % this.#bytes.length] = 0;
    this.#second = Math.max(this.#second, second);
  }
}

/** What goes over the wire, counted by type: of each open connection, of all since the start, and by second. Nothing is allocated for a message. */
export class TrafficLog implements TrafficMeter {
  readonly #clock: Clock;
  readonly #total = new TrafficRecord();
  /** As many as the transport has open connections. */
  readonly #connections = new Map<ConnectionId, TrafficRecord>();
  readonly #sentPerSecond = new PerSecond();
  readonly #receivedPerSecond = new PerSecond();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  opened(id: ConnectionId): void {
    this.#connections.set(id, new TrafficRecord());
  }
  closed(id: ConnectionId): void {
    this.#connections.delete(id);
  }
  sent(id: ConnectionId, message: Uint8Array, wireBytes: number): void {
    const typeByte = message[0] as number;
    const nowMs = this.#clock.nowMs();
    this.#total.sent(typeByte, wireBytes, nowMs);
    this.#connections.get(id)?.sent(typeByte, wireBytes, nowMs);
    this.#sentPerSecond.add(this.#second(), wireBytes);
  }
  received(id: ConnectionId, message: Uint8Array, wireBytes: number): void {
    const typeByte = message[0] as number;
    const nowMs = this.#clock.nowMs();
    this.#total.received(typeByte, wireBytes, nowMs);
    this.#connections.get(id)?.received(typeByte, wireBytes, nowMs);
    this.#receivedPerSecond.add(this.#second(), wireBytes);
  }
  leftOut(id: ConnectionId, message: Uint8Array, wireBytes: number): void {
    this.#total.leftOut(message[0] as number, wireBytes);
    this.#connections.get(id)?.leftOut(message[0] as number, wireBytes);
  }

  totals(): Traffic {
    return this.#total.read();
  }
  /** Undefined for what is not open. */
  of(id: ConnectionId): Traffic | undefined {
    return this.#connections.get(id)?.read();
  }
  history(): TrafficHistory {
    const second = this.#second();
    return { sentBytes: this.#sentPerSecond.read(second), receivedBytes: this.#receivedPerSecond.read(second) };
  }

  #second(): number {
    return Math.floor(this.#clock.monotonicMs() / 1_000);
  }
}
