import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { ConnectionId } from '../../core/net/connection-id.ts';
import type { Endpoint } from '../config/config-keys.ts';
import type { TransportLimits } from './transport-limits.ts';

/** Why an open connection ended. */
export type CloseCode =
  /** `close` was called; the detail is its reason. */
  | 'closed-locally'
  | 'closed-by-peer'
  /** The peer's system broke the connection off: a crash, a refusal at once, a write to a socket that was gone. */
  | 'connection-reset'
  /** Packets no longer get through: keepalive, routes. */
  | 'connection-lost'
  /** The peer announced a message that is larger than allowed, or empty. */
  | 'frame-size'
  /** A message was begun and not finished in time. */
  | 'frame-timeout'
  /** Bytes that the peer's key did not authenticate. */
  | 'frame-forged'
  | 'idle'
  /** The peer reads too slowly for what it is sent. */
  | 'send-queue-full'
  | 'stopped'
  /** Another error of the operating system; the detail names it. */
  | 'network-error';

export interface CloseReason {
  readonly code: CloseCode;
  readonly detail: string;
}

/** Why a connection never opened. */
export type ConnectFailureCode =
  /** Not `host:port`. */
  | 'bad-address'
  | 'name-not-found'
  | 'refused'
  | 'unreachable'
  /** Not open in time, counted from the first byte or the dial. */
  | 'timeout'
  | 'handshake-failed'
  /** The proxy is not there, is none, or will not; what the address itself is like is not known. */
  | 'proxy-failed'
  | 'closed-by-peer'
  /** The other end has our own key. */
  | 'self'
  /** A limit of ours: of connections, of handshakes at once, or of one host's rate. The detail names it. */
  | 'too-many-connections'
  | 'stopped'
  | 'network-error';

export interface ConnectFailure {
  readonly code: ConnectFailureCode;
  readonly detail: string;
}

export const badAddress: ConnectFailure = { code: 'bad-address', detail: 'expected host:port or [IPv6]:port' };
export const selfFailure: ConnectFailure = { code: 'self', detail: 'the other end has our own key' };
export const tooMany = (limit: number, of: string): ConnectFailure => ({ code: 'too-many-connections', detail: `the limit is ${limit} ${of}` });

/** Chosen by the caller of `dial`, handed back unchanged with the one answer to it. */
export type DialToken = number;

export type OpenedConnection = {
  readonly id: ConnectionId;
  /** Proved by the handshake. Never our own. */
  readonly remoteKey: NodeId;
  /** `host:port` as the socket has it, normalised. The port of an inbound connection is an ephemeral one. */
  readonly remoteAddress: string;
  /** Whole milliseconds since it was dialled or came in. */
  readonly tookMs: number;
} & (
  | { readonly direction: 'inbound'; readonly dialed?: never; readonly token?: never }
  /** `dialed`: the address exactly as it was given to `dial`. */
  | { readonly direction: 'outbound'; readonly dialed: string; readonly token: DialToken }
);

/**
 * What happens to a transport. Called asynchronously always, never inside a call of `Transport`; for one connection in the
 * order onOpen, onMessages…, onClose. After `close` there is no onMessages any more, only the onClose.
 */
export interface TransportEvents {
  onOpen(connection: OpenedConnection): void;
  /** All messages that one read brought, in order. None is empty. They are the receiver's to keep: no buffer is reused. */
  onMessages(id: ConnectionId, messages: readonly Uint8Array[]): void;
  /** Exactly once for each onOpen. */
  onClose(id: ConnectionId, reason: CloseReason): void;
  /** Each `dial` is answered exactly once, by this or by onOpen. */
  onDialFailed(address: string, token: DialToken, reason: ConnectFailure): void;
  /** Somebody connected and did not get as far as onOpen. `remoteAddress` is undefined if the system could not accept the socket. */
  onInboundFailed?(remoteAddress: string | undefined, reason: ConnectFailure): void;
}

export interface ConnectionStats {
  /** What the system has taken, encryption and frames included. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Waiting here because the peer reads more slowly than it is sent to; see `maxSendQueueBytes`. */
  readonly queuedBytes: number;
}

/** Counts what goes over the wire. Called at once, from within calls too; `wireBytes` has encryption and frame in it. */
export interface TrafficMeter {
  opened(id: ConnectionId): void;
  closed(id: ConnectionId): void;
  sent(id: ConnectionId, message: Uint8Array, wireBytes: number): void;
  received(id: ConnectionId, message: Uint8Array, wireBytes: number): void;
  /** Not sent, since the peer reads slowly and the message is dispensable. */
  leftOut(id: ConnectionId, message: Uint8Array, wireBytes: number): void;
}

export interface TransportOptions {
  /** libsodium's form, 64 bytes: the seed, then the public key. */
  readonly secretKey: Uint8Array;
  readonly events: TransportEvents;
  readonly limits: TransportLimits;
  /** Normalised hosts whose connections are not limited one by one: neither how often they come nor how many shake hands. None where left out. */
  readonly isExempt?: (host: string) => boolean;
  readonly meter?: TrafficMeter;
  /** Through which others are reached; undefined: directly. */
  readonly proxy?: Endpoint | undefined;
}

/** Authenticated, encrypted, ordered messages between node keys (protocol section 10). */
export interface Transport {
  /** At most once. Port 0 takes any free one. Answers where it listens; rejects with a `ListenError`. */
  listen(host: string, port: number): Promise<{ readonly host: string; readonly port: number }>;
  /** Does nothing once `stop` was called. */
  dial(address: string, token: DialToken): void;
  /**
   * Ids that are not open (any more) are skipped. Messages to one connection within a tick travel as one write. The bytes
   * must not change afterwards. A message outside 1..`maxMessageBytes` is a bug and throws an InvariantError. A dispensable
   * one is left out where more than `dispensableQueueBytes` wait already.
   */
  send(ids: readonly ConnectionId[], message: Uint8Array, isDispensable?: boolean): void;
  /** What was sent before still leaves, within `closeFlushMs`. What still comes in is discarded. Nothing happens if it is not open. */
  close(id: ConnectionId, reason: string): void;
  /** Core has made a peer of it: until then an inbound one counts among those of its host that may be under way, and may have to make room. */
  settled(id: ConnectionId): void;
  /** Until `resume` there is at most one more onMessages, of what was read before. The peer is held back; no deadline runs against it meanwhile. */
  pause(id: ConnectionId): void;
  resume(id: ConnectionId): void;
  /**
   * Dials as a stranger, finds out whether this key answers, and hangs up before it is a connection to either side. False after
   * `probeMs`, while `maxProbes` are under way, and for what is not `host:port`.
   */
  probe(address: string, expectedKey: NodeId): Promise<boolean>;
  /** Undefined for what is not open. */
  stats(id: ConnectionId): ConnectionStats | undefined;
  /** Ends everything, with the events that this means ('stopped'), and resolves when no handle is left. No event comes after it. */
  stop(): Promise<void>;
}
