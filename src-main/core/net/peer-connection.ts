import type { BlockHash, NodeId } from '../../../src-shared/domain/ids.ts';
import type { NetLimits } from '../../../src-shared/domain/net-limits.ts';
import type { DisconnectCode, Hello, Message } from '../codec/message.ts';
import type { Effect } from '../effects.ts';
import { invariant } from '../invariant.ts';
import type { Random, Stopwatch } from '../ports.ts';
import type { Rejection } from '../rejection.ts';
import type { ConnectionId } from './connection-id.ts';
import type { Tenant } from './eviction.ts';
import { votesService } from './handshake.ts';
import { formatNetworkAddress, parseNetworkAddress } from './network-address.ts';
import { Pinger } from './pinger.ts';
import { type Place, placeOf } from './place.ts';
import type { Rtt } from './rtt-stats.ts';
import { scoreOf } from './score.ts';
import type { Rival } from './tie-break.ts';

/** Heights are refreshed this often (section 9). */
const heightRefreshMs = 60_000;

/** A peer whose handshake is done, as it is at this moment. */
export interface Peer {
  readonly connection: ConnectionId;
  /** Proved by Noise. */
  readonly nodeId: NodeId;
  /** host:port: what was dialled, or where it comes from. */
  readonly address: string;
  /** The IP at the other end of the socket, never a name. */
  readonly remoteHost: string;
  readonly direction: 'inbound' | 'outbound';
  /** It says that it is a masternode; only the snapshot knows. */
  readonly votes: boolean;
  /** As it said last, not proven. */
  readonly height: number;
  readonly tipHash: BlockHash;
  readonly userAgent: string;
  readonly protocolVersion: number;
  /** host:port of this node as the peer sees it. */
  readonly observedAddress: string;
  /** Where it says that it listens; 0: nowhere. */
  readonly listenPort: number;
  readonly rtt: Rtt;
  /** Pongs in a row that did not come. */
  readonly missedPings: number;
  /** Since it is ready. */
  readonly pings: { readonly sent: number; readonly answered: number };
  /** Our clock minus the peer's, at the last pong; half a round trip of it may be the line's. */
  readonly clockOffsetMs: number | undefined;
  /** 0 to 100: how good a connection it is, from pings, round trips and age. */
  readonly score: number;
  /** Of this node key, that were not forgotten when it connected: any that follows ends the connection. */
  readonly violations: number;
  readonly readySinceMs: number;
}

/** Where its node listens, as it was dialled there or says itself. */
export const homeOf = ({ direction, address, remoteHost, listenPort }: Pick<Peer, 'direction' | 'address' | 'remoteHost' | 'listenPort'>): string =>
  direction === 'outbound' ? address : formatNetworkAddress(remoteHost, listenPort);

export interface ConnectionOptions {
  readonly connection: ConnectionId;
  readonly direction: 'inbound' | 'outbound';
  readonly nodeId: NodeId;
  readonly address: string;
  /** host:port of the socket's other end. */
  readonly remoteAddress: string;
  /** What the handshake has had of its time already. */
  readonly tookMs?: number | undefined;
  /** Of this node key so far. */
  readonly violations: number;
  readonly limits: NetLimits;
  readonly random: Random;
  readonly stopwatch?: Stopwatch | undefined;
}

interface Handshaking {
  readonly kind: 'handshaking';
  deadlineMs: number;
  hello: Hello | undefined;
  /** This node has accepted the peer's Hello. */
  accepted: boolean;
  /** The peer has accepted this node's. */
  acked: boolean;
}
interface Ready {
  readonly kind: 'ready';
  readonly hello: Hello;
  readonly pinger: Pinger;
  sinceMs: number;
  height: number;
  tipHash: BlockHash;
  nextHeightMs: number;
}
type State = Handshaking | Ready | { readonly kind: 'closing' };

/** What a connection asks of the façade that knows the others. */
export type ConnectionOutput =
  | Extract<Effect, { kind: 'send' | 'disconnect' }>
  /** The peer's Hello, or its answer to ours, came: whether this connection is wanted is to be decided (again). */
  | { readonly kind: 'undecided' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'violation'; readonly rejection: Rejection }
  /** It should end. The peer said so itself, or is to be told. */
  | { readonly kind: 'over'; readonly by: 'us' | 'peer'; readonly code: DisconnectCode };

/** One connection, whoever dialled it: handshake, then pings, then its end. It decides nothing that depends on other connections. */
export class PeerConnection {
  readonly connection: ConnectionId;
  readonly direction: 'inbound' | 'outbound';
  readonly nodeId: NodeId;
  readonly address: string;
  /** The IP at the other end of the socket. */
  readonly remoteHost: string;
  readonly #violations: number;
  readonly #limits: NetLimits;
  readonly #random: Random;
  readonly #stopwatch: Stopwatch | undefined;
  #state: State;
  /** When it was last heard of, by this node's clock. */
  #nowMs: number;
  #placedMs: number | undefined;
  #usefulMs: number | undefined;
  #listenPort = 0;
  readonly #place: Place;
  /** Rebuilt when something in it changed: it is asked for with every message that is relayed. */
  #peer: Peer | undefined;

  constructor(options: ConnectionOptions, nowMs: number) {
    this.connection = options.connection;
    this.direction = options.direction;
    this.nodeId = options.nodeId;
    this.address = options.address;
    this.remoteHost = parseNetworkAddress(options.remoteAddress)?.host ?? '';
    this.#place = placeOf(this.remoteHost);
    this.#violations = options.violations;
    this.#limits = options.limits;
    this.#random = options.random;
    this.#stopwatch = options.stopwatch;
    this.#nowMs = nowMs;
    const deadlineMs = nowMs + Math.max(0, options.limits.handshakeMs - (options.tookMs ?? 0));
    this.#state = { kind: 'handshaking', deadlineMs, hello: undefined, accepted: false, acked: false };
  }

  phase(): State['kind'] {
    return this.#state.kind;
  }
  /** While it waits for a decision. */
  undecidedHello(): Hello | undefined {
    return this.#state.kind === 'handshaking' && !this.#state.accepted ? this.#state.hello : undefined;
  }
  /** Undefined before the peer's Hello and after the end. */
  rival(): Rival | undefined {
    const state = this.#state;
    if (state.kind === 'closing' || state.hello === undefined) return undefined;
    return { direction: this.direction, instance: state.hello.nonce, acked: state.kind === 'ready' || state.acked };
  }
  /** Undefined unless it is ready. */
  peer(): Peer | undefined {
    if (this.#state.kind === 'ready' && this.#peer === undefined) this.#peer = this.#describe(this.#state);
    return this.#peer;
  }

  /** As one that has a place among the peers, or wants one. */
  tenant(nowMs: number): Tenant {
    const state = this.#state;
    return {
      connection: this.connection,
      nodeId: this.nodeId,
      host: this.remoteHost,
      place: this.#place,
      direction: this.direction,
      sinceMs: this.#placedMs ?? nowMs,
      minRttMs: state.kind === 'ready' ? state.pinger.rtt().minMs : undefined,
      usefulMs: this.#usefulMs,
      score: this.peer()?.score ?? 0,
    };
  }
  /** The address that this connection proves or claims to be its node's; also when it is over. */
  home(): string {
    return homeOf({ direction: this.direction, address: this.address, remoteHost: this.remoteHost, listenPort: this.#listenPort });
  }
  /** It brought something that was new here, and valid. */
  brought(nowMs: number): void {
    this.#usefulMs = nowMs;
  }

  receive(message: Message, nowMs: number): ConnectionOutput[] {
    this.#nowMs = nowMs;
    const state = this.#state;
    if (state.kind === 'closing') return [];
    if (message.type === 'Disconnect') return [{ kind: 'over', by: 'peer', code: message.body.code }];
    return state.kind === 'ready' ? this.#whenReady(state, message, nowMs) : this.#whenHandshaking(state, message, nowMs);
  }

  /** The peer's Hello is accepted. */
  accept(nowMs: number): ConnectionOutput[] {
    const state = this.#state;
    invariant(state.kind === 'handshaking' && state.hello !== undefined && !state.accepted, 'only a Hello that waits is accepted');
    state.accepted = true;
    this.#placedMs = nowMs;
    return [this.send({ type: 'HelloAck', body: { refusal: undefined } }), ...this.#readyIfComplete(state, nowMs)];
  }

  /** What time brings. Nothing before `nextWakeMs`. */
  due(nowMs: number): ConnectionOutput[] {
    this.#nowMs = nowMs;
    const state = this.#state;
    if (state.kind === 'handshaking') return nowMs < state.deadlineMs ? [] : [{ kind: 'over', by: 'us', code: 'handshake-timeout' }];
    return state.kind === 'ready' ? this.#dueWhenReady(state, nowMs) : [];
  }
  nextWakeMs(): number {
    const state = this.#state;
    if (state.kind === 'handshaking') return state.deadlineMs;
    return state.kind === 'ready' ? Math.min(state.pinger.nextWakeMs(), state.nextHeightMs) : Number.POSITIVE_INFINITY;
  }

  /** The clock was set back by so much: what is waited for is as far away as it was. */
  clockSetBack(byMs: number): void {
    const state = this.#state;
    this.#nowMs -= byMs;
    if (this.#placedMs !== undefined) this.#placedMs -= byMs;
    if (this.#usefulMs !== undefined) this.#usefulMs -= byMs;
    if (state.kind === 'handshaking') state.deadlineMs -= byMs;
    if (state.kind !== 'ready') return;
    state.sinceMs -= byMs;
    state.nextHeightMs -= byMs;
    state.pinger.clockSetBack(byMs);
    this.#peer = undefined;
  }

  /** Another connection of this peer was refused for this one's sake: is this one alive? */
  probe(nowMs: number): void {
    if (this.#state.kind === 'ready') this.#state.pinger.probe(nowMs);
  }
  heightOf(height: number, tipHash: BlockHash): void {
    if (this.#state.kind !== 'ready') return;
    this.#state.height = height;
    this.#state.tipHash = tipHash;
    this.#peer = undefined;
  }

  /** Nothing is taken from it any more. The peer is told why, unless it said so itself. */
  end(by: 'us' | 'peer', code: DisconnectCode, detail: string): ConnectionOutput[] {
    const wasUndecided = this.undecidedHello() !== undefined;
    this.#state = { kind: 'closing' };
    this.#peer = undefined;
    const farewell = this.send(wasUndecided ? { type: 'HelloAck', body: { refusal: code } } : { type: 'Disconnect', body: { code } });
    return [...(by === 'us' ? [farewell] : []), { kind: 'disconnect', connection: this.connection, code, detail }];
  }
  send(message: Message): Extract<Effect, { kind: 'send' }> {
    return { kind: 'send', to: [this.connection], message };
  }

  #whenHandshaking(state: Handshaking, message: Message, nowMs: number): ConnectionOutput[] {
    if (message.type === 'Hello' && state.hello === undefined) {
      state.hello = message.body;
      this.#listenPort = message.body.listenPort;
      return [{ kind: 'undecided' }];
    }
    // Both send their Hello first, so an answer before it is out of order.
    if (message.type !== 'HelloAck' || state.hello === undefined || state.acked) return [unexpected(message, 'during the handshake')];
    if (message.body.refusal !== undefined) return [{ kind: 'over', by: 'peer', code: message.body.refusal }];
    state.acked = true;
    return state.accepted ? this.#readyIfComplete(state, nowMs) : [{ kind: 'undecided' }];
  }

  #readyIfComplete(state: Handshaking, nowMs: number): ConnectionOutput[] {
    const { hello, accepted, acked } = state;
    if (hello === undefined || !accepted || !acked) return [];
    const pinger = new Pinger({ limits: this.#limits, random: this.#random, stopwatch: this.#stopwatch, nowMs });
    const ready: Ready = { kind: 'ready', hello, pinger, sinceMs: nowMs, height: hello.height, tipHash: hello.tipHash, nextHeightMs: nowMs + heightRefreshMs };
    this.#state = ready;
    return [{ kind: 'ready' }, ...this.#dueWhenReady(ready, nowMs)];
  }

  #whenReady(state: Ready, message: Message, nowMs: number): ConnectionOutput[] {
    if (message.type === 'Ping') return [this.send({ type: 'Pong', body: { nonce: message.body.nonce, time: nowMs } })];
    if (message.type !== 'Pong') return [unexpected(message, 'after the handshake')];
    // One that comes too late has been counted as missed, and is no offence.
    if (state.pinger.pong(message.body.nonce, message.body.time, nowMs)) this.#peer = undefined;
    return [];
  }

  #dueWhenReady(state: Ready, nowMs: number): ConnectionOutput[] {
    const outputs: ConnectionOutput[] = [];
    if (nowMs >= state.nextHeightMs) {
      state.nextHeightMs = nowMs + heightRefreshMs;
      outputs.push(this.send({ type: 'GetBlockHeight', body: {} }));
    }
    const missedBefore = state.pinger.missed();
    const action = state.pinger.due(nowMs);
    if (state.pinger.missed() !== missedBefore) this.#peer = undefined;
    if (action?.kind === 'ping') outputs.push(this.send({ type: 'Ping', body: { nonce: action.nonce } }));
    else if (action?.kind === 'unresponsive') outputs.push({ kind: 'over', by: 'us', code: 'unresponsive' });
    return outputs;
  }

  #describe({ hello, pinger, sinceMs, height, tipHash }: Ready): Peer {
    const [rtt, missedPings, pings] = [pinger.rtt(), pinger.missed(), pinger.counts()];
    return {
      connection: this.connection,
      nodeId: this.nodeId,
      address: this.address,
      remoteHost: this.remoteHost,
      direction: this.direction,
      votes: (hello.services & votesService) !== 0,
      height,
      tipHash,
      userAgent: hello.userAgent,
      protocolVersion: hello.protocolVersion,
      observedAddress: hello.observedAddress,
      listenPort: hello.listenPort,
      rtt,
      missedPings,
      pings,
      clockOffsetMs: pinger.clockOffsetMs(),
      score: scoreOf({ pings, rtt, missedPings, ageMs: this.#nowMs - sinceMs }),
      violations: this.#violations,
      readySinceMs: sinceMs,
    };
  }
}

const unexpected = (message: Message, when: string): ConnectionOutput => ({
  kind: 'violation',
  rejection: { code: 'unexpected-message', detail: `${message.type} ${when}` },
});
