import type { BlockHash, Hash, NodeId } from '../../../src-shared/domain/ids.ts';
import type { NetLimits } from '../../../src-shared/domain/net-limits.ts';
import type { DisconnectCode, Hello, Message, MessageType } from '../codec/message.ts';
import { protocolVersion, wireMagic } from '../constants.ts';
import type { Effect } from '../effects.ts';
import type { EngineEvent } from '../events.ts';
import type { Input } from '../inputs.ts';
import { invariant } from '../invariant.ts';
import type { Random, Stopwatch } from '../ports.ts';
import type { Rejection } from '../rejection.ts';
import { type Ban, type BanSubject, banKey } from './ban.ts';
import { type BanChanges, Bans } from './bans.ts';
import type { ConnectionId } from './connection-id.ts';
import { ConnectionManager, type WaitingPeer } from './connection-manager.ts';
import { checkHello, type HandshakeSelf, votesService } from './handshake.ts';
import type { AddressState, ViolationRecord } from './network-state.ts';
import { type ConnectionOutput, type Peer, PeerConnection } from './peer-connection.ts';
import { violationsFor } from './penalties.ts';
import { breakTie } from './tie-break.ts';

export interface PeersOptions {
  readonly self: NodeId;
  /** Of `networks.ts`. */
  readonly networkId: number;
  readonly genesisHash: Hash;
  readonly userAgent: string;
  /** 0: does not listen. */
  readonly listenPort: number;
  readonly votes: boolean;
  /** Random per process. */
  readonly nonce: bigint;
  /** host:port of peers to keep connected. */
  readonly connect: readonly string[];
  readonly limits: NetLimits;
  /** In the snapshot. */
  readonly isMember: (nodeId: NodeId) => boolean;
  /** `parseSubnet`'s form: never refused for a limit, evicted or banned by itself. */
  readonly whitelist?: readonly string[] | undefined;
  /** As they were stored. */
  readonly bans: readonly Ban[];
  readonly random: Random;
  /** For round trips. */
  readonly stopwatch?: Stopwatch | undefined;
}

/** What is to be done, and who came and went: between its `ready` and its `gone` a peer takes every message. */
export type PeersOutput = Effect | { readonly kind: 'ready'; readonly peer: Peer } | { readonly kind: 'gone'; readonly peer: Peer; readonly reason: string };

export type SessionType = 'Hello' | 'HelloAck' | 'Ping' | 'Pong' | 'Disconnect';
const sessionTypes: { readonly [T in SessionType]: true } = { Hello: true, HelloAck: true, Ping: true, Pong: true, Disconnect: true };

/** The messages that `Peers` handles itself. */
export const isSessionMessage = (type: MessageType): type is SessionType => Object.hasOwn(sessionTypes, type);

/** Every connection and every address of this node: who is a peer, which of two connections stays, whom to dial (protocol section 10). */
export class Peers {
  readonly #options: PeersOptions;
  readonly #self: HandshakeSelf;
  readonly #manager: ConnectionManager;
  readonly #bans: Bans;
  /** Bounded by the transport's limits of open connections. Those that are closing stay until the transport says that they are closed. */
  readonly #connections = new Map<ConnectionId, PeerConnection>();
  /** The one accepted connection of each node; at most `maxPeers`. */
  readonly #accepted = new Map<NodeId, PeerConnection>();
  #ready: readonly Peer[] | undefined;
  #tip: { readonly height: number; readonly tipHash: BlockHash } | undefined;
  #listenPort: number;
  #timerAtMs: number | undefined;
  #outputs: PeersOutput[] = [];

  constructor(options: PeersOptions) {
    this.#options = options;
    this.#listenPort = options.listenPort;
    this.#self = { nodeId: options.self, networkId: options.networkId, genesisHash: options.genesisHash, nonce: options.nonce };
    this.#manager = new ConnectionManager({ limits: options.limits, random: options.random });
    this.#bans = new Bans({ limits: options.limits, isMember: options.isMember, whitelist: options.whitelist ?? [] }, options.bans);
  }

  /** Once, after `setTip`. */
  start(nowMs: number): PeersOutput[] {
    for (const address of this.#options.connect) this.#add(address);
    return this.#settle(nowMs);
  }

  connected(input: Extract<Input, { kind: 'connected' }>, nowMs: number): PeersOutput[] {
    const { limits, random, stopwatch } = this.#options;
    const { connection, direction, remoteKey: nodeId, remoteAddress, dialed } = input;
    const address = dialed ?? remoteAddress;
    const opened = new PeerConnection(
      { connection, direction, nodeId, address, remoteAddress, violations: this.#bans.violationsOf(nodeId, nowMs), limits, random, stopwatch },
      nowMs,
    );
    this.#connections.set(connection, opened);
    if (dialed !== undefined) this.#manager.opened(dialed, connection, nodeId);
    this.#outputs.push(opened.send({ type: 'Hello', body: this.#hello(remoteAddress, nowMs) }));
    return this.#settle(nowMs);
  }

  closed(connection: ConnectionId, reason: string, offence: boolean, nowMs: number): PeersOutput[] {
    const closed = this.#connections.get(connection);
    this.#connections.delete(connection);
    if (closed === undefined || closed.phase() === 'closing') return this.#settle(nowMs);
    const bans = offence ? this.#offended(closed, { code: 'bad-frame', detail: reason }, nowMs) : undefined;
    this.#tellGone(closed, reason);
    const wasHandshaking = closed.phase() === 'handshaking';
    const nextTryMs = this.#release(closed, reason, nowMs);
    if (wasHandshaking && closed.direction === 'outbound') this.#publish({ kind: 'dial-failed', address: closed.address, reason, nextTryMs });
    if (wasHandshaking && closed.direction === 'inbound') this.#publish({ kind: 'handshake-ended', address: closed.address, nodeId: closed.nodeId, reason });
    if (bans !== undefined) this.#bansMade(bans, nowMs);
    return this.#settle(nowMs);
  }

  dialFailed(address: string, reason: string, nowMs: number): PeersOutput[] {
    // The transport's code of a failure comes first in its reason; our own key at the other end is found before any Hello.
    if (reason.split(':', 1)[0] === 'self') this.#manager.foundSelf(address);
    this.#publish({ kind: 'dial-failed', address, reason, nextTryMs: this.#manager.dialFailed(address, reason, nowMs) });
    return this.#settle(nowMs);
  }

  timer(nowMs: number): PeersOutput[] {
    this.#timerAtMs = undefined;
    for (const connection of this.#inOrder()) this.#carryOut(connection, connection.due(nowMs), nowMs);
    this.#bansEnded(this.#bans.takeEnded(nowMs), 'time');
    return this.#settle(nowMs);
  }

  /** Session messages, and before a connection is ready every message. Nothing happens once it is closing. */
  session(connection: ConnectionId, message: Message, nowMs: number): PeersOutput[] {
    const receiver = this.#connections.get(connection);
    if (receiver !== undefined) this.#carryOut(receiver, receiver.receive(message, nowMs), nowMs);
    return this.#settle(nowMs);
  }

  /** The peer sent what is not taken: counted, and the end of the connection, unless it may have done so in good faith. */
  violation(connection: ConnectionId, rejection: Rejection, nowMs: number): PeersOutput[] {
    const offender = this.#connections.get(connection);
    if (offender !== undefined && violationsFor(rejection.code) > 0) this.#carryOut(offender, [{ kind: 'violation', rejection }], nowMs);
    return this.#settle(nowMs);
  }

  disconnect(connection: ConnectionId, code: DisconnectCode, nowMs: number): PeersOutput[] {
    const unwanted = this.#connections.get(connection);
    if (unwanted !== undefined) this.#end(unwanted, 'us', code, '', nowMs);
    return this.#settle(nowMs);
  }

  /** Keeps it connected. One that waits is tried now. */
  addNode(address: string, nowMs: number): PeersOutput[] {
    this.#add(address);
    return this.#settle(nowMs);
  }
  /** It is not dialled again. Its connection, if there is one, stays. */
  removeNode(address: string, nowMs: number): PeersOutput[] {
    this.#manager.remove(address);
    return this.#settle(nowMs);
  }

  /** For the Hello of connections to come. */
  setTip(height: number, tipHash: BlockHash): void {
    this.#tip = { height, tipHash };
  }
  /** For the Hello of connections to come: where others reach this node. */
  setListenPort(port: number): void {
    this.#listenPort = port;
  }
  /** What a peer says about itself after its Hello. */
  heightOf(connection: ConnectionId, height: number, tipHash: BlockHash): void {
    this.#connections.get(connection)?.heightOf(height, tipHash);
    this.#ready = undefined;
  }

  isReady(connection: ConnectionId): boolean {
    return this.#connections.get(connection)?.phase() === 'ready';
  }
  /** Undefined unless it is ready. */
  peer(connection: ConnectionId): Peer | undefined {
    return this.#connections.get(connection)?.peer();
  }
  /** By connection id, so oldest first. */
  ready(): readonly Peer[] {
    this.#ready ??= this.#inOrder().flatMap((connection) => connection.peer() ?? []);
    return this.#ready;
  }
  setBan(subject: BanSubject, untilMs: number | undefined, reason: string, nowMs: number): PeersOutput[] {
    this.#bansMade(this.#bans.set(subject, untilMs, reason, nowMs), nowMs);
    return this.#settle(nowMs);
  }
  /** Undefined: all of them. */
  clearBans(subjects: readonly BanSubject[] | undefined, nowMs: number): PeersOutput[] {
    this.#bansEnded(this.#bans.clear(subjects), 'operator');
    return this.#settle(nowMs);
  }
  /** Newest first. */
  bans(): readonly Ban[] {
    return this.#bans.list();
  }
  /** The newest, newest first. */
  violations(): readonly ViolationRecord[] {
    return this.#bans.records();
  }
  addresses(): readonly AddressState[] {
    return [];
  }
  /** Addresses without a connection. */
  waiting(): readonly WaitingPeer[] {
    return this.#manager.waiting();
  }

  #carryOut(connection: PeerConnection, outputs: readonly ConnectionOutput[], nowMs: number): void {
    for (const output of outputs) {
      // A tie-break with another connection may have ended it since.
      if (connection.phase() === 'closing') return;
      switch (output.kind) {
        case 'undecided':
          this.#decide(connection, nowMs);
          break;
        case 'ready':
          this.#becameReady(connection, nowMs);
          break;
        case 'violation': {
          const { rejection } = output;
          const bans = this.#offended(connection, rejection, nowMs);
          this.#end(connection, 'us', 'violation', `${rejection.code}: ${rejection.detail}`, nowMs);
          this.#bansMade(bans, nowMs);
          break;
        }
        case 'over':
          this.#end(connection, output.by, output.code, '', nowMs);
          break;
        default:
          this.#outputs.push(output);
      }
    }
    this.#ready = undefined;
  }

  #offended(connection: PeerConnection, rejection: Rejection, nowMs: number): BanChanges {
    const { nodeId, remoteHost } = connection;
    this.#publish({ kind: 'peer-violation', connection: connection.connection, nodeId, rejection });
    const weight = violationsFor(rejection.code);
    return this.#bans.violation({ connection: connection.connection, nodeId, host: remoteHost, ...rejection, weight }, nowMs);
  }

  /** Whoever is banned now is a peer no more. */
  #bansMade({ banned, dropped }: BanChanges, nowMs: number): void {
    for (const ban of banned) {
      this.#outputs.push({ kind: 'persist', operations: [{ kind: 'put-ban', ban }] });
      this.#publish({ kind: 'banned', ban });
    }
    this.#bansEnded(dropped, 'room');
    if (banned.length === 0) return;
    for (const connection of this.#inOrder()) {
      const ban = this.#bans.banOf(connection.nodeId, connection.remoteHost, nowMs);
      if (ban !== undefined) this.#end(connection, 'us', 'banned', banKey(ban.subject), nowMs);
    }
  }
  #bansEnded(subjects: readonly BanSubject[], by: Extract<EngineEvent, { kind: 'ban-ended' }>['by']): void {
    if (subjects.length === 0) return;
    this.#outputs.push({ kind: 'persist', operations: [{ kind: 'remove-bans', subjects }] });
    for (const subject of subjects) this.#publish({ kind: 'ban-ended', subject, by });
  }

  /** Accepts the peer's Hello, refuses it, or leaves it to the peer which of two connections stays. */
  #decide(connection: PeerConnection, nowMs: number): void {
    const hello = connection.undecidedHello();
    const newer = connection.rival();
    if (hello === undefined || newer === undefined) return;
    const refusal = checkHello(hello, connection.nodeId, this.#self);
    if (refusal !== undefined) {
      this.#end(connection, 'us', refusal, '', nowMs);
      return;
    }
    const ban = this.#bans.banOf(connection.nodeId, connection.remoteHost, nowMs);
    if (ban !== undefined) {
      this.#end(connection, 'us', 'banned', banKey(ban.subject), nowMs);
      return;
    }
    const holder = this.#accepted.get(connection.nodeId);
    const older = holder?.rival();
    if (holder === undefined || older === undefined) {
      if (this.#accepted.size < this.#options.limits.maxPeers) this.#accept(connection, nowMs);
      else this.#end(connection, 'us', 'full', `the limit is ${this.#options.limits.maxPeers} peers`, nowMs);
      return;
    }
    const tieBreak = breakTie(this.#options.self, connection.nodeId, older, newer);
    if (tieBreak === 'keep-older') {
      holder.probe(nowMs);
      this.#end(connection, 'us', 'duplicate', '', nowMs);
    } else if (tieBreak === 'take-newer') {
      this.#accepted.set(connection.nodeId, connection);
      this.#end(holder, 'us', 'duplicate', '', nowMs);
      this.#accept(connection, nowMs);
    }
  }

  #accept(connection: PeerConnection, nowMs: number): void {
    this.#accepted.set(connection.nodeId, connection);
    this.#carryOut(connection, connection.accept(nowMs), nowMs);
  }

  #becameReady(connection: PeerConnection, nowMs: number): void {
    const peer = connection.peer();
    invariant(peer !== undefined, 'a connection that became ready is a peer');
    this.#manager.covered(peer.nodeId, nowMs);
    this.#publish({ kind: 'peer-ready', connection: peer.connection, nodeId: peer.nodeId, address: peer.address, direction: peer.direction });
    this.#outputs.push({ kind: 'ready', peer });
  }

  #end(connection: PeerConnection, by: 'us' | 'peer', code: DisconnectCode, detail: string, nowMs: number): void {
    if (connection.phase() === 'closing') return;
    const because = detail === '' ? code : `${code}: ${detail}`;
    const reason = by === 'us' ? because : `the peer said ${because}`;
    if (!this.#tellGone(connection, reason)) this.#publish({ kind: 'peer-refused', address: connection.address, nodeId: connection.nodeId, code, by });
    if (code === 'self' && by === 'us' && connection.direction === 'outbound') this.#manager.foundSelf(connection.address);
    for (const output of connection.end(by, code, detail)) if (output.kind === 'send' || output.kind === 'disconnect') this.#outputs.push(output);
    this.#release(connection, reason, nowMs);
  }

  /** False if it never was a peer. */
  #tellGone(connection: PeerConnection, reason: string): boolean {
    const peer = connection.peer();
    this.#ready = undefined;
    if (peer === undefined) return false;
    this.#publish({ kind: 'peer-gone', connection: peer.connection, nodeId: peer.nodeId, address: peer.address, reason });
    this.#outputs.push({ kind: 'gone', peer, reason });
    return true;
  }

  /** Its place may go to one that waited for it. Answers when its address is tried again, if it was an attempt to reach that. */
  #release(connection: PeerConnection, reason: string, nowMs: number): number | undefined {
    const { nodeId } = connection;
    const others = this.#inOrder().filter((other) => other !== connection && other.nodeId === nodeId && other.phase() !== 'closing');
    if (this.#accepted.get(nodeId) === connection) {
      this.#accepted.delete(nodeId);
      for (const other of others) this.#decide(other, nowMs);
    }
    const covered = others.some((other) => other.phase() !== 'closing');
    const nextTryMs = this.#manager.attemptEnded(connection.connection, covered, reason, nowMs);
    if (!covered) this.#manager.lost(nodeId, reason, nowMs);
    return nextTryMs;
  }

  #add(address: string): void {
    if (!this.#manager.add(address, 'configured'))
      this.#publish({ kind: 'dial-failed', address, reason: 'too many addresses are configured', nextTryMs: undefined });
  }

  /** Ends every call: dials what is to be dialled, sets the timer, and hands over what was gathered. */
  #settle(nowMs: number): PeersOutput[] {
    const attempts = [...this.#connections.values()].filter(
      (connection) => connection.direction === 'outbound' && connection.phase() === 'handshaking' && this.#accepted.get(connection.nodeId) !== connection,
    ).length;
    const room = this.#options.limits.maxPeers - this.#accepted.size - attempts - this.#manager.dialing();
    for (const { address, phase } of this.#manager.takeDialable(room, nowMs)) {
      this.#publish({ kind: 'dialing', address, phase });
      this.#outputs.push({ kind: 'dial', address });
    }
    this.#setTimer();
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  #setTimer(): void {
    let earliestMs = Math.min(this.#manager.nextWakeMs(), this.#bans.nextWakeMs());
    for (const connection of this.#connections.values()) earliestMs = Math.min(earliestMs, connection.nextWakeMs());
    const atMs = Number.isFinite(earliestMs) ? Math.ceil(earliestMs) : undefined;
    if (atMs === this.#timerAtMs) return;
    this.#timerAtMs = atMs;
    this.#outputs.push({ kind: 'set-timer', timer: 'peers', atMs });
  }

  #hello(observedAddress: string, nowMs: number): Hello {
    const { networkId, genesisHash, userAgent, votes, nonce } = this.#options;
    invariant(this.#tip !== undefined, 'the tip is set before a peer connects');
    const services = votes ? votesService : 0;
    return {
      magic: wireMagic,
      protocolVersion,
      network: networkId,
      genesisHash,
      userAgent,
      listenPort: this.#listenPort,
      services,
      ...this.#tip,
      time: nowMs,
      observedAddress,
      nonce,
    };
  }

  #inOrder(): PeerConnection[] {
    return [...this.#connections.values()].sort((a, b) => a.connection - b.connection);
  }
  #publish(event: EngineEvent): void {
    this.#outputs.push({ kind: 'publish', event });
  }
}
