import type { BlockHash, NodeId } from '../../../src-shared/domain/ids.ts';
import type { DisconnectCode, Hello, Message, SharedAddress } from '../codec/message.ts';
import type { EngineEvent } from '../events.ts';
import type { Input } from '../inputs.ts';
import { invariant } from '../invariant.ts';
import type { Rejection } from '../rejection.ts';
import { Addresses, type Proof } from './addresses.ts';
import { type Ban, type BanSubject, banKey } from './ban.ts';
import { banOutputs, endedBanOutputs } from './ban-outputs.ts';
import { type BanChanges, Bans } from './bans.ts';
import { stepOf } from './clock-step.ts';
import type { ConnectionId } from './connection-id.ts';
import { checkHello, type HandshakeSelf, helloOf } from './handshake.ts';
import type { AddressState, ViolationRecord } from './network-state.ts';
import { type ConnectionOutput, type Peer, PeerConnection } from './peer-connection.ts';
import type { PeersOptions, PeersOutput } from './peers-options.ts';
import { violationsFor } from './penalties.ts';
import { Seats } from './seats.ts';
import { breakTie } from './tie-break.ts';

/** Every connection and every address of this node: who is a peer, which of two connections stays, whom to dial (protocol section 10). */
export class Peers {
  readonly #options: PeersOptions;
  readonly #self: HandshakeSelf;
  readonly #addresses: Addresses;
  readonly #seats: Seats;
  readonly #bans: Bans;
  /** Bounded by the transport's limits of open connections. Those that are closing stay until the transport says that they are closed. */
  readonly #connections = new Map<ConnectionId, PeerConnection>();
  /** The one accepted connection of each node; at most `maxPeers`, the whitelist apart. */
  readonly #accepted = new Map<NodeId, PeerConnection>();
  #ready: readonly Peer[] | undefined;
  #tip: { readonly height: number; readonly tipHash: BlockHash } | undefined;
  #listenPort: number;
  #timerAtMs: number | undefined;
  #nowMs = 0;
  #outputs: PeersOutput[] = [];

  constructor(options: PeersOptions) {
    this.#options = options;
    this.#listenPort = options.listenPort;
    this.#self = { nodeId: options.self, networkId: options.networkId, genesisHash: options.genesisHash, nonce: options.nonce };
    this.#bans = new Bans({ limits: options.limits, isMember: options.isMember, whitelist: options.whitelist }, options.bans);
    this.#addresses = new Addresses({
      ...options,
      banOf: (nodeId, host, nowMs) => this.#bans.banOf(nodeId, host, nowMs),
      isOnline: () => this.ready().length > 0,
    });
    this.#seats = new Seats(options, this.#addresses, this.#accepted);
  }

  /** Once, after `setTip`. */
  start(nowMs: number): PeersOutput[] {
    this.#nowMs = nowMs;
    this.#outputs.push(...this.#addresses.start(nowMs));
    return this.#settle(nowMs);
  }

  connected(input: Extract<Input, { kind: 'connected' }>, nowMs: number): PeersOutput[] {
    this.#watchClock(nowMs);
    const { limits, random, stopwatch } = this.#options;
    const { connection, direction, remoteKey: nodeId, remoteAddress, tookMs, dialed } = input;
    const address = dialed ?? remoteAddress;
    const opened = new PeerConnection(
      { connection, direction, nodeId, address, remoteAddress, tookMs, violations: this.#bans.violationsOf(nodeId, nowMs), limits, random, stopwatch },
      nowMs,
    );
    this.#connections.set(connection, opened);
    const dialedMs = dialed === undefined ? undefined : this.#addresses.manager.opened(dialed, connection, nodeId);
    const holder = this.#accepted.get(nodeId);
    if (dialedMs !== undefined && (holder?.peer()?.readySinceMs ?? dialedMs) < dialedMs) {
      // Who answers at an address is known only now. A peer that was here before this dial is not exchanged for itself.
      holder?.probe(nowMs);
      this.#end(opened, 'us', 'duplicate', '', nowMs);
    } else this.#outputs.push(opened.send({ type: 'Hello', body: this.#hello(remoteAddress, nowMs) }));
    return this.#settle(nowMs);
  }

  closed(connection: ConnectionId, reason: string, offence: boolean, nowMs: number): PeersOutput[] {
    this.#watchClock(nowMs);
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
    this.#watchClock(nowMs);
    const { manager } = this.#addresses;
    // The transport's code of a failure comes first in its reason; our own key at the other end is found before any Hello.
    if (reason.split(':', 1)[0] === 'self') manager.foundSelf(address);
    this.#publish({ kind: 'dial-failed', address, reason, nextTryMs: manager.dialFailed(address, reason, nowMs) });
    return this.#settle(nowMs);
  }

  timer(nowMs: number): PeersOutput[] {
    this.#watchClock(nowMs);
    this.#timerAtMs = undefined;
    for (const connection of this.#inOrder()) this.#carryOut(connection, connection.due(nowMs), nowMs);
    this.#bansEnded(this.#bans.takeEnded(nowMs), 'time');
    this.#outputs.push(...this.#addresses.due(this.ready(), nowMs));
    return this.#settle(nowMs);
  }

  /** Session messages, and before a connection is ready every message. Nothing happens once it is closing. */
  session(connection: ConnectionId, message: Message, nowMs: number): PeersOutput[] {
    this.#watchClock(nowMs);
    const receiver = this.#connections.get(connection);
    if (receiver !== undefined) this.#carryOut(receiver, receiver.receive(message, nowMs), nowMs);
    return this.#settle(nowMs);
  }

  /** The peer sent what is not taken: counted, and the end of the connection, unless it may have done so in good faith. */
  violation(connection: ConnectionId, rejection: Rejection, nowMs: number): PeersOutput[] {
    const offender = this.#connections.get(connection);
    if (offender === undefined || violationsFor(rejection.code) === 0) return [];
    this.#carryOut(offender, [{ kind: 'violation', rejection }], nowMs);
    return this.#settle(nowMs);
  }

  disconnect(connection: ConnectionId, code: DisconnectCode, nowMs: number): PeersOutput[] {
    const unwanted = this.#connections.get(connection);
    if (unwanted !== undefined) this.#end(unwanted, 'us', code, '', nowMs);
    return this.#settle(nowMs);
  }

  /** Keeps it connected. One that waits is tried now. */
  addNode(address: string, nowMs: number): PeersOutput[] {
    this.#outputs.push(...this.#addresses.add(address, nowMs));
    return this.#settle(nowMs);
  }
  tryNode(address: string, nowMs: number): PeersOutput[] {
    this.#outputs.push(...this.#addresses.tryNow(address, nowMs));
    return this.#settle(nowMs);
  }
  removeNode(address: string, nowMs: number): PeersOutput[] {
    this.#addresses.remove(address);
    return this.#settle(nowMs);
  }

  /** What a peer told of others; nothing where nobody had asked it. */
  heard(connection: ConnectionId, shared: readonly SharedAddress[], nowMs: number): PeersOutput[] {
    const from = this.peer(connection);
    if (from !== undefined) this.#outputs.push(...this.#addresses.heard(from, shared, nowMs));
    return this.#settle(nowMs);
  }
  discovered(source: 'dns' | 'http', found: readonly SharedAddress[], nowMs: number): PeersOutput[] {
    this.#outputs.push(...this.#addresses.discovered(source, found, nowMs));
    return this.#settle(nowMs);
  }
  proved(proof: Proof, nowMs: number): PeersOutput[] {
    this.#outputs.push(...this.#addresses.proved(this.ready(), proof, nowMs));
    return this.#settle(nowMs);
  }
  /** What is told to a peer that asks for addresses. */
  answer(to: Peer, nowMs: number): SharedAddress[] {
    return this.#addresses.exchange.answer(to, nowMs);
  }
  /** A peer brought something that was new here, and valid. */
  brought(connection: ConnectionId, nowMs: number): void {
    this.#connections.get(connection)?.brought(nowMs);
  }

  /** The masternodes of an epoch that begins, this node apart: whom to dial, and how many places are theirs. */
  newSnapshot(masternodes: PeersOptions['masternodes'], nowMs: number): PeersOutput[] {
    this.#addresses.newSnapshot(masternodes, nowMs);
    this.#seats.newSnapshot(masternodes);
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
  /** Newest first, like the violations. */
  bans(): readonly Ban[] {
    return this.#bans.list();
  }
  violations(): readonly ViolationRecord[] {
    return this.#bans.records();
  }
  addresses(): readonly AddressState[] {
    return this.#addresses.book.states();
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
    return this.#bans.violation({ ...rejection, connection: connection.connection, nodeId, host: remoteHost, weight: violationsFor(rejection.code) }, nowMs);
  }

  /** Whoever is banned now is a peer no more. */
  #bansMade(changes: BanChanges, nowMs: number): void {
    this.#outputs.push(...banOutputs(changes));
    this.#addresses.manager.bansChanged();
    if (changes.banned.length === 0) return;
    for (const connection of this.#inOrder()) {
      const ban = this.#bans.banOf(connection.nodeId, connection.remoteHost, nowMs);
      if (ban !== undefined) this.#end(connection, 'us', 'banned', banKey(ban.subject), nowMs);
    }
  }
  #bansEnded(subjects: readonly BanSubject[], by: 'operator' | 'time'): void {
    this.#outputs.push(...endedBanOutputs(subjects, by));
    this.#addresses.manager.bansChanged();
  }

  /** Accepts the peer's Hello, refuses it, or leaves it to the peer which of two connections stays. */
  #decide(connection: PeerConnection, nowMs: number): void {
    const hello = connection.undecidedHello();
    const newer = connection.rival();
    if (hello === undefined || newer === undefined) return;
    const refusal = checkHello(hello, connection.nodeId, this.#self);
    if (refusal !== undefined) return this.#end(connection, 'us', refusal, '', nowMs);
    const ban = this.#bans.banOf(connection.nodeId, connection.remoteHost, nowMs);
    if (ban !== undefined) return this.#end(connection, 'us', 'banned', banKey(ban.subject), nowMs);
    const holder = this.#accepted.get(connection.nodeId);
    const older = holder?.rival();
    if (holder === undefined || older === undefined) return this.#admit(connection, nowMs);
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

  #admit(connection: PeerConnection, nowMs: number): void {
    const verdict = this.#seats.admit(connection.tenant(nowMs), nowMs);
    if (verdict.kind === 'full') return this.#end(connection, 'us', 'full', verdict.detail, nowMs);
    const evicted = verdict.evicted === undefined ? undefined : this.#connections.get(verdict.evicted);
    this.#accepted.set(connection.nodeId, connection);
    if (evicted !== undefined) this.#end(evicted, 'us', 'full', 'another peer needs the place more', nowMs);
    this.#accept(connection, nowMs);
  }
  #accept(connection: PeerConnection, nowMs: number): void {
    this.#accepted.set(connection.nodeId, connection);
    this.#carryOut(connection, connection.accept(nowMs), nowMs);
  }

  #becameReady(connection: PeerConnection, nowMs: number): void {
    const peer = connection.peer();
    invariant(peer !== undefined, 'a connection that became ready is a peer');
    this.#ready = undefined;
    this.#publish({ kind: 'peer-ready', connection: peer.connection, nodeId: peer.nodeId, address: peer.address, direction: peer.direction });
    this.#outputs.push({ kind: 'ready', peer }, ...this.#addresses.becameReady(peer, nowMs));
  }

  #end(connection: PeerConnection, by: 'us' | 'peer', code: DisconnectCode, detail: string, nowMs: number): void {
    if (connection.phase() === 'closing') return;
    const because = detail === '' ? code : `${code}: ${detail}`;
    const reason = by === 'us' ? because : `the peer said ${because}`;
    if (!this.#tellGone(connection, reason)) this.#publish({ kind: 'peer-refused', address: connection.address, nodeId: connection.nodeId, code, by });
    if (code === 'self' && by === 'us' && connection.direction === 'outbound') this.#addresses.manager.foundSelf(connection.address);
    for (const output of connection.end(by, code, detail)) if (output.kind === 'send' || output.kind === 'disconnect') this.#outputs.push(output);
    this.#release(connection, reason, nowMs);
  }

  /** False if it never was a peer. */
  #tellGone(connection: PeerConnection, reason: string): boolean {
    const peer = connection.peer();
    this.#ready = undefined;
    if (peer === undefined) return false;
    this.#addresses.exchange.gone(peer.connection);
    this.#publish({ kind: 'peer-gone', connection: peer.connection, nodeId: peer.nodeId, address: peer.address, reason });
    this.#outputs.push({ kind: 'gone', peer });
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
    const nextTryMs = this.#addresses.manager.attemptEnded(connection.connection, covered, reason, nowMs);
    if (!covered) this.#addresses.manager.lost(nodeId, connection.home(), reason, nowMs);
    return nextTryMs;
  }

  /** At the begin of what time or the network brings. Waits are told in the clock's time, which a person or the machine may set. */
  #watchClock(nowMs: number): void {
    const step = stepOf({ beforeMs: this.#nowMs, timerAtMs: this.#timerAtMs }, nowMs);
    this.#nowMs = nowMs;
    if (step === undefined) return;
    if (step.kind === 'set-back') for (const one of [...this.#connections.values(), this.#addresses, this.#seats]) one.clockSetBack(step.byMs);
    if (step.kind === 'slept') {
      // Nothing that failed before says anything now, and whoever is still there answers a ping.
      this.#addresses.manager.woke();
      for (const connection of this.#connections.values()) connection.probe(nowMs);
    }
    this.#timerAtMs = Number.NaN; // equal to no time: the timer is set anew, even if it is due now
    this.#ready = undefined;
  }

  /** Ends every call: dials what is to be dialled, sets the timer, and hands over what was gathered. */
  #settle(nowMs: number): PeersOutput[] {
    for (const { address, phase } of this.#seats.dials(nowMs)) {
      this.#publish({ kind: 'dialing', address, phase });
      this.#outputs.push({ kind: 'dial', address });
    }
    this.#setTimer();
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  #setTimer(): void {
    let earliestMs = Math.min(this.#addresses.nextWakeMs(), this.#bans.nextWakeMs());
    for (const connection of this.#connections.values()) earliestMs = Math.min(earliestMs, connection.nextWakeMs());
    const atMs = Number.isFinite(earliestMs) ? Math.ceil(earliestMs) : undefined;
    if (atMs === this.#timerAtMs) return;
    this.#timerAtMs = atMs;
    this.#outputs.push({ kind: 'set-timer', timer: 'peers', atMs });
  }

  #hello(observedAddress: string, nowMs: number): Hello {
    const { userAgent, votes } = this.#options;
    invariant(this.#tip !== undefined, 'the tip is set before a peer connects');
    return helloOf(this.#self, { userAgent, votes, listenPort: this.#listenPort, ...this.#tip, time: nowMs, observedAddress });
  }

  #inOrder(): PeerConnection[] {
    return [...this.#connections.values()].sort((a, b) => a.connection - b.connection);
  }
  #publish(event: EngineEvent): void {
    this.#outputs.push({ kind: 'publish', event });
  }
}
