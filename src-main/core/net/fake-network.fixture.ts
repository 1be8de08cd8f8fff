import type { BlockHash, Hash, NodeId } from '../../../src-shared/domain/ids.ts';
import { defaultLimits } from '../../../src-shared/domain/net-limits.ts';
import { decodeMessage, encodeMessage, type Message } from '../codec/message.ts';
import type { EngineEvent } from '../events.ts';
import type { Random } from '../ports.ts';
import type { AddressRecord } from './address-record.ts';
import type { ConnectionId } from './connection-id.ts';
import { isSessionMessage } from './handshake.ts';
import type { AddressState } from './network-state.ts';
import type { Peer } from './peer-connection.ts';
import { Peers } from './peers.ts';
import type { PeersOptions, PeersOutput } from './peers-options.ts';

export const genesisHash = 'e'.repeat(64) as Hash;
export const tipHash = 'f'.repeat(64) as BlockHash;
export const nodeIdOf = (index: number): NodeId => index.toString(16).padStart(64, '0') as NodeId;
export const connectionOf = (id: number): ConnectionId => id as ConnectionId;

/** Mulberry32: the same numbers for the same seed. */
export function seeded(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const peersOptions = (overrides: Partial<PeersOptions> = {}): PeersOptions => ({
  self: nodeIdOf(1),
  networkId: 2,
  genesisHash,
  userAgent: '/timed:0.1.0/',
  listenPort: 24_200,
  votes: true,
  nonce: 1n,
  connect: [],
  bootstrap: [],
  masternodes: [],
  discovery: true,
  addresses: [],
  limits: { ...defaultLimits('mainnet'), firstBackoffMs: 500 },
  isMember: () => false,
  whitelist: [],
  countryOf: () => undefined,
  bans: [],
  random: () => 0.5,
  ...overrides,
});

interface End {
  readonly link: number;
  readonly node: FakeNode;
  readonly connection: ConnectionId;
  other: End | undefined;
  /** Neither sends nor hears any more. */
  dead: boolean;
  /** Messages arrive in the order in which they were sent. */
  lastArrivalMs: number;
}

/** Addresses without a connection. */
export const waitingOf = (peers: Peers): AddressState[] => peers.addresses().filter(({ state }) => state !== 'connected');

export class FakeNode {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly options: PeersOptions;
  peers: Peers;
  process = 1;
  timerAtMs: number | undefined;
  /** Between their `ready` and their `gone`. */
  readonly ready = new Map<ConnectionId, Peer>();
  readonly events: EngineEvent[] = [];
  readonly dials: { readonly address: string; readonly atMs: number }[] = [];
  changedAtMs = 0;
  /** How often it asked seeds and lists. */
  discoveries = 0;
  /** What it told its disk, by address. */
  readonly stored = new Map<string, AddressRecord>();

  constructor(name: string, addresses: readonly string[], options: PeersOptions) {
    this.name = name;
    this.addresses = addresses;
    this.options = options;
    this.peers = this.newPeers();
  }
  newPeers(): Peers {
    const peers = new Peers({ ...this.options, addresses: [...this.stored.values()], nonce: this.options.nonce * 1_000n + BigInt(this.process) });
    peers.setTip(7, tipHash);
    return peers;
  }
}

/** Peers of several nodes on a virtual clock; connections, messages and closes take random times. */
export class FakeNetwork {
  nowMs = 1_000_000;
  readonly #random: Random;
  readonly #maxDelayMs: number;
  readonly #nodes: FakeNode[] = [];
  readonly #ends = new Map<ConnectionId, End>();
  #queue: { readonly atMs: number; readonly run: () => void }[] = [];
  #nextConnection = 1;
  #nextLink = 1;

  constructor(options: { readonly random: Random; readonly maxDelayMs: number }) {
    this.#random = options.random;
    this.#maxDelayMs = options.maxDelayMs;
  }

  addNode(node: FakeNode): void {
    this.#nodes.push(node);
    this.at(this.nowMs, () => this.carryOut(node, node.peers.start(this.nowMs)));
  }
  at(atMs: number, run: () => void): void {
    this.#queue.push({ atMs, run });
  }

  /** Runs what happens until then, one thing at a time; `check` after each. */
  runUntil(untilMs: number, check: () => void = () => {}): void {
    for (;;) {
      const next = earliest(this.#queue, ({ atMs }) => atMs);
      const timed = earliest(this.#nodes, ({ timerAtMs }) => timerAtMs ?? Number.POSITIVE_INFINITY);
      const atMs = Math.min(next?.atMs ?? Number.POSITIVE_INFINITY, timed?.timerAtMs ?? Number.POSITIVE_INFINITY);
      if (atMs > untilMs) break;
      this.nowMs = Math.max(this.nowMs, atMs);
      if (timed !== undefined && timed.timerAtMs === atMs) {
        timed.timerAtMs = undefined;
        this.carryOut(timed, timed.peers.timer(this.nowMs));
      } else {
        this.#queue = this.#queue.filter((one) => one !== next);
        next?.run();
      }
      check();
    }
    this.nowMs = untilMs;
  }

  carryOut(node: FakeNode, outputs: readonly PeersOutput[]): void {
    for (const output of outputs) {
      switch (output.kind) {
        case 'dial':
          node.dials.push({ address: output.address, atMs: this.nowMs });
          this.#dial(node, output.address);
          break;
        case 'send':
          for (const connection of output.to) {
            const bytes = encodeMessage(output.message);
            this.#toOther(connection, (end) => this.#receive(end, decodeMessage(bytes)));
          }
          break;
        case 'disconnect':
          this.#close(output.connection, output.code);
          break;
        case 'set-timer':
          node.timerAtMs = output.atMs;
          break;
        case 'publish':
          node.events.push(output.event);
          break;
        case 'discover':
          node.discoveries++;
          break;
        case 'persist':
          for (const operation of output.operations) {
            if (operation.kind === 'put-addresses') for (const record of operation.records) node.stored.set(record.address, record);
            if (operation.kind === 'remove-addresses') for (const address of operation.addresses) node.stored.delete(address);
          }
          break;
        case 'prove':
          this.#prove(node, output.address, output.nodeId);
          break;
        case 'ready':
          if (node.ready.has(output.peer.connection)) throw new Error('a peer became ready twice');
          node.ready.set(output.peer.connection, output.peer);
          node.changedAtMs = this.nowMs;
          break;
        case 'gone':
          if (!node.ready.delete(output.peer.connection)) throw new Error('a peer went that was not there');
          node.changedAtMs = this.nowMs;
          break;
        default:
          throw new Error(`peers do not ask for ${output.kind}`);
      }
    }
  }

  /** Which link a node's connection is an end of. */
  linkOf(connection: ConnectionId): number | undefined {
    return this.#ends.get(connection)?.link;
  }
  openConnections(): ConnectionId[] {
    return [...this.#ends.values()].filter(({ dead }) => !dead).map(({ connection }) => connection);
  }
  /** The line breaks: what is under way is lost, and both ends hear of it in their own time. */
  cut(connection: ConnectionId): void {
    for (const end of [this.#ends.get(connection), this.#ends.get(connection)?.other]) {
      if (end === undefined || end.dead) continue;
      end.dead = true;
      this.#tellClosed(end, 'connection-reset');
    }
  }
  /** The process is gone and another one starts. The other ends of its connections hear of it, or never. */
  restart(node: FakeNode, othersHear: boolean): void {
    for (const end of this.#ends.values()) {
      if (end.node !== node || end.dead) continue;
      end.dead = true;
      const { other } = end;
      if (other === undefined || other.dead) continue;
      if (othersHear) {
        other.dead = true;
        this.#tellClosed(other, 'connection-reset');
      }
    }
    node.process++;
    node.ready.clear();
    node.timerAtMs = undefined;
    node.changedAtMs = this.nowMs;
    node.peers = node.newPeers();
    this.carryOut(node, node.peers.start(this.nowMs));
  }

  #receive({ node, connection }: End, message: Message): PeersOutput[] {
    const peer = node.peers.peer(connection);
    if (isSessionMessage(message.type) || peer === undefined) return node.peers.session(connection, message, this.nowMs);
    if (message.type === 'Peers') return node.peers.heard(connection, message.body.peers, this.nowMs);
    // The rest is the engine's.
    if (message.type !== 'GetPeers') return [];
    return [{ kind: 'send', to: [connection], message: { type: 'Peers', body: { peers: node.peers.answer(peer, this.nowMs) } } }];
  }

  #prove(node: FakeNode, address: string, nodeId: NodeId): void {
    const { process } = node;
    this.at(this.nowMs + this.#delayMs(), () => {
      const target = this.#nodes.find(({ addresses }) => addresses.includes(address));
      if (node.process === process) this.carryOut(node, node.peers.proved({ address, nodeId, reached: target?.options.self === nodeId }, this.nowMs));
    });
  }

  #delayMs(): number {
    return Math.floor(this.#random() * this.#maxDelayMs);
  }

  #dial(node: FakeNode, address: string): void {
    const { process } = node;
    const target = this.#nodes.find(({ addresses }) => addresses.includes(address));
    this.at(this.nowMs + this.#delayMs(), () => {
      if (node.process !== process) return;
      if (target === undefined) {
        this.carryOut(node, node.peers.dialFailed(address, 'refused', this.nowMs));
        return;
      }
      const link = this.#nextLink++;
      const near = this.#newEnd(link, node);
      const far = this.#newEnd(link, target);
      near.other = far;
      far.other = near;
      this.#connected(near, { direction: 'outbound', dialed: address, remoteKey: target.options.self, remoteAddress: address });
      this.#connected(far, { direction: 'inbound', dialed: undefined, remoteKey: node.options.self, remoteAddress: `${node.name}:${50_000 + link}` });
    });
  }
  #newEnd(link: number, node: FakeNode): End {
    const end: End = { link, node, connection: connectionOf(this.#nextConnection++), other: undefined, dead: false, lastArrivalMs: 0 };
    this.#ends.set(end.connection, end);
    return end;
  }
  #connected(end: End, rest: Omit<Parameters<Peers['connected']>[0], 'kind' | 'connection'>): void {
    end.lastArrivalMs = this.nowMs + this.#delayMs();
    const { node, connection } = end;
    const { process } = node;
    // A dial is answered, also if the line broke since.
    this.at(end.lastArrivalMs, () => {
      if (node.process === process) this.carryOut(node, node.peers.connected({ kind: 'connected', connection, ...rest }, this.nowMs));
    });
  }
  #toOther(connection: ConnectionId, deliver: (end: End) => PeersOutput[]): void {
    const end = this.#ends.get(connection);
    if (end === undefined || end.dead || end.other === undefined) return;
    const { other } = end;
    this.#arrive(other, () => deliver(other));
  }
  #arrive(end: End, deliver: () => PeersOutput[]): void {
    end.lastArrivalMs = Math.max(end.lastArrivalMs, this.nowMs + this.#delayMs());
    const { process } = end.node;
    this.at(end.lastArrivalMs, () => {
      if (!end.dead && end.node.process === process) this.carryOut(end.node, deliver());
    });
  }
  /** What was sent before still arrives. */
  #close(connection: ConnectionId, reason: string): void {
    const end = this.#ends.get(connection);
    if (end === undefined || end.dead) return;
    const { other } = end;
    if (other !== undefined && !other.dead)
      this.#arrive(other, () => {
        other.dead = true;
        return other.node.peers.closed(other.connection, 'closed-by-peer', false, this.nowMs);
      });
    end.dead = true;
    this.#tellClosed(end, reason);
  }
  #tellClosed(end: End, reason: string): void {
    const { process } = end.node;
    this.at(Math.max(end.lastArrivalMs, this.nowMs) + this.#delayMs(), () => {
      if (end.node.process === process) this.carryOut(end.node, end.node.peers.closed(end.connection, reason, false, this.nowMs));
    });
  }
}

/** The first of those that are due first. */
function earliest<T>(all: readonly T[], atMs: (one: T) => number): T | undefined {
  let first: T | undefined;
  for (const one of all) if (first === undefined || atMs(one) < atMs(first)) first = one;
  return first;
}
