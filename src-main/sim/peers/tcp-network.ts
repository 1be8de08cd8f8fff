import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { ConnectionId } from '../../core/net/connection-id.ts';
import type { Prng } from '../prng.ts';
import type { World } from '../world.ts';
import type { PeerFaults } from './peer-faults.ts';

/** One-way times of a link: each pair has its own, from one house to across an ocean. */
const minLinkMs = 1;
const maxLinkMs = 120;
const jitterMs = 10;
/** Of each message, while the fault is on: a little less than a missed pong. */
const spikeChance = 1 / 200;
const maxSpikeMs = 4_000;
/** The node's own limit for connecting and encryption together. */
const dialTimeoutMs = 10_000;
/** TCP gives up what is not acknowledged after about so long; systems and settings differ. */
const tcpTimeoutMs = [60_000, 900_000] as const;
/** Retransmissions come ever more rarely, so what a cut held up arrives some time after it. */
const maxRetransmitMs = 20_000;
/** A dial that is lost on its way. */
const dialLossChance = 1 / 50;

/** Where machines are on the Internet: one address, for one machine or for several behind a router. */
export interface Site {
  ip: string;
  /** Without it nobody outside can dial in. */
  readonly forwards: boolean;
}

/** A machine, as the network sees it. */
export interface TcpEndpoint {
  readonly index: number;
  readonly nodeId: NodeId;
  readonly site: Site;
  /** That it listens on, and that the router forwards if it does. */
  readonly port: number;
  /** Its system answers: powered and awake. */
  readonly answers: boolean;
  readonly isAsleep: boolean;
  /** A process listens there. */
  readonly listens: boolean;
  /** Another one for each process that starts there. */
  readonly processNumber: number;
  readonly monotonicMs: number;
  /** By that clock: not while the machine sleeps. */
  after(delayMs: number, run: () => void): void;
  connected(connection: ConnectionId, direction: 'inbound' | 'outbound', remoteKey: NodeId, remoteAddress: string, dialed: string | undefined): void;
  message(connection: ConnectionId, bytes: Uint8Array): void;
  closed(connection: ConnectionId, reason: string): void;
  dialFailed(address: string, reason: string): void;
}

type Segment = { readonly kind: 'data'; readonly bytes: Uint8Array } | { readonly kind: 'end'; readonly reason: string };

/** One of the two ends of a connection. */
interface End {
  readonly id: ConnectionId;
  readonly owner: TcpEndpoint;
  /** By its owner's monotonic clock. */
  readonly openedMs: number;
  /** Its process was told of it, and not yet of its end. */
  open: boolean;
  /** Its process has asked for its end. */
  closing: boolean;
  /** What is sent to it later arrives no earlier. */
  arrivalMs: number;
  /** Sent to it, and on the way for as long as a cut or a sleep lasts. */
  held: Segment[];
  /** What it sends gets lost from now on. */
  mute: boolean;
  /** Waits for an acknowledgement that may never come. */
  givesUp: boolean;
}
interface Pipe {
  readonly ends: readonly [End, End];
  /** One way. */
  readonly linkMs: number;
  /** Until then nothing arrives at either end, and then everything in order. */
  stalledUntilMs: number;
}
interface Side {
  readonly pipe: Pipe;
  readonly own: End;
  readonly other: End;
}

export const addressOf = ({ site, port }: Pick<TcpEndpoint, 'site' | 'port'>): string => `${site.ip}:${port}`;
export const hostOf = (address: string): string => address.slice(0, address.lastIndexOf(':'));

/**
 * TCP as it is on bad days: everything in order or not at all, and nobody who says which. A connection may be dead at one end and alive at the
 * other, stand still and go on, or end by a reset; machines sleep, move to other addresses, and sit behind routers that let nobody in.
 */
export class TcpNetwork {
  readonly #world: World;
  readonly #random: Prng;
  readonly #endpoints: TcpEndpoint[] = [];
  readonly #sides = new Map<ConnectionId, Side>();
  readonly #sidesOf = new Map<TcpEndpoint, Map<ConnectionId, Side>>();
  /** Grows with each move; a run has some hundreds. */
  readonly #lastAt = new Map<string, NodeId>();
  #faults: PeerFaults;
  #nextId = 1;
  /** Which side of a partition each is on; who is on none reaches everybody. */
  #sideOf = new Map<number, number>();

  constructor(world: World, random: Prng, faults: PeerFaults) {
    this.#world = world;
    this.#random = random;
    this.#faults = faults;
  }

  add(endpoint: TcpEndpoint): void {
    this.#endpoints.push(endpoint);
    this.#sidesOf.set(endpoint, new Map());
    this.#lastAt.set(addressOf(endpoint), endpoint.nodeId);
  }
  setFaults(faults: PeerFaults): void {
    this.#faults = faults;
  }

  dial(from: TcpEndpoint, address: string): void {
    const handshakeMs = 3 * this.#delayMs(linkMsBetween(from.site.ip, hostOf(address)));
    const { processNumber } = from;
    const ifStillThere = (run: () => void) => (): void => {
      if (from.processNumber === processNumber) run();
    };
    const fail = (reason: string, afterMs: number): void =>
      from.after(
        afterMs,
        ifStillThere(() => from.dialFailed(address, reason)),
      );
    if (this.#faults.has('loss') && this.#random.chance(dialLossChance)) return fail('timeout', dialTimeoutMs);
    const arrive = (): void => {
      const to = this.#listenerAt(address);
      if (to === 'nobody' || (to !== 'refuses' && this.#isCut(from, to))) fail('timeout', Math.max(0, dialTimeoutMs - handshakeMs));
      else if (to === 'refuses') fail('refused', 0);
      else if (to === from) fail('self: the other end has our own key', 0);
      else this.#open(from, to, address);
    };
    from.after(handshakeMs, ifStillThere(arrive));
  }
  /** Whether a node with this key answers there. */
  probe(from: TcpEndpoint, address: string, nodeId: NodeId, answer: (reached: boolean) => void): void {
    from.after(3 * this.#delayMs(linkMsBetween(from.site.ip, hostOf(address))), () => {
      const to = this.#listenerAt(address);
      answer(typeof to !== 'string' && to.nodeId === nodeId && !this.#isCut(from, to));
    });
  }

  send(ids: readonly ConnectionId[], bytes: Uint8Array): void {
    for (const id of ids) {
      const side = this.#sides.get(id);
      if (side?.own.open) this.#transmit(side, { kind: 'data', bytes });
    }
  }
  /** What was sent before still arrives. */
  close(id: ConnectionId, reason: string): void {
    const side = this.#sides.get(id);
    if (side === undefined) return;
    const { own } = side;
    own.closing = true;
    this.#transmit(side, { kind: 'end', reason: 'closed-by-peer' });
    own.owner.after(1, () => this.#end(own, reason));
  }

  /** Its process ended; the system says so to the others, unless the power went as well. */
  detach(endpoint: TcpEndpoint, hasPower: boolean): void {
    for (const side of this.#sidesAt(endpoint)) {
      if (hasPower) this.#transmit(side, { kind: 'end', reason: 'connection-reset' });
      this.#forget(side.own);
    }
  }
  /** It came to another address, and its connections lead nowhere. */
  moved(endpoint: TcpEndpoint): void {
    this.#lastAt.set(addressOf(endpoint), endpoint.nodeId);
    for (const { pipe } of this.#sidesAt(endpoint)) for (const end of pipe.ends) this.#mute(end);
  }
  /** What waited for it to wake comes in. */
  awoke(endpoint: TcpEndpoint): void {
    for (const side of this.#sidesAt(endpoint)) for (const end of side.pipe.ends) this.#retransmit(side.pipe, end);
  }

  /** From now on those of one group do not reach those of another. */
  partition(groups: readonly (readonly number[])[]): void {
    this.#sideOf = new Map(groups.flatMap((group, side) => group.map((index) => [index, side] as const)));
  }
  rejoin(): void {
    this.#sideOf = new Map();
    for (const pipe of this.#pipes()) for (const end of pipe.ends) this.#retransmit(pipe, end);
  }

  /** The first of these that there is a connection for, by a number out of [0, 1). */
  resetOne(): void {
    const pipe = this.#anyPipe();
    for (const end of pipe?.ends ?? []) end.owner.after(this.#random.between(1, 200), () => this.#end(end, 'connection-reset'));
  }
  /** A router forgets a connection: nothing gets through in one direction, or in both, and nobody is told. */
  muteOne(): void {
    const pipe = this.#anyPipe();
    if (pipe === undefined) return;
    const which = this.#random.below(3);
    if (which !== 0) this.#mute(pipe.ends[0]);
    if (which !== 1) this.#mute(pipe.ends[1]);
  }
  stallOne(forMs: number): void {
    const pipe = this.#anyPipe();
    if (pipe !== undefined) pipe.stalledUntilMs = this.#world.nowMs + forMs;
  }

  /** Who is there, or was there last. */
  nodeAt(address: string): NodeId | undefined {
    return this.#lastAt.get(address);
  }
  /** The other end of an open one, wherever it got to. */
  otherEnd(id: ConnectionId): { readonly id: ConnectionId; readonly owner: TcpEndpoint } | undefined {
    return this.#sides.get(id)?.other;
  }
  /** Those that the process of this endpoint knows of, and does not want to end. */
  openEnds(endpoint: TcpEndpoint): readonly { readonly id: ConnectionId; readonly openedMs: number }[] {
    return this.#sidesAt(endpoint).flatMap(({ own }) => (own.open && !own.closing ? [own] : []));
  }
  #listenerAt(address: string): TcpEndpoint | 'nobody' | 'refuses' {
    const here = this.#endpoints.filter(({ site }) => site.ip === hostOf(address));
    const found = here.find((one) => one.site.forwards && addressOf(one) === address);
    if (found === undefined) return here.some(({ site, answers }) => site.forwards && answers) ? 'refuses' : 'nobody';
    if (!found.answers) return 'nobody';
    return found.listens ? found : 'refuses';
  }

  #open(from: TcpEndpoint, to: TcpEndpoint, address: string): void {
    const own = this.#newEnd(from);
    const other = this.#newEnd(to);
    const pipe: Pipe = { ends: [own, other], linkMs: linkMsBetween(from.site.ip, to.site.ip), stalledUntilMs: 0 };
    this.#remember({ pipe, own, other });
    this.#remember({ pipe, own: other, other: own });
    own.open = true;
    other.arrivalMs = this.#world.nowMs + this.#delayMs(pipe.linkMs);
    const { processNumber } = to;
    this.#world.at(other.arrivalMs, () => {
      if (!to.answers || to.processNumber !== processNumber || !this.#sides.has(other.id)) return this.#forget(other);
      other.open = true;
      to.connected(other.id, 'inbound', from.nodeId, `${from.site.ip}:${40_000 + (Number(own.id) % 20_000)}`, undefined);
    });
    from.connected(own.id, 'outbound', to.nodeId, address, address);
  }
  #newEnd(owner: TcpEndpoint): End {
    const id = this.#nextId++ as ConnectionId;
    return {
      id,
      owner,
      openedMs: owner.monotonicMs,
      open: false,
      closing: false,
      arrivalMs: this.#world.nowMs,
      held: [],
      mute: false,
      givesUp: false,
    };
  }

  #transmit({ pipe, own, other }: Side, segment: Segment): void {
    if (own.mute) return this.#giveUpLater(own);
    other.arrivalMs = Math.max(other.arrivalMs, this.#world.nowMs + this.#delayMs(pipe.linkMs), pipe.stalledUntilMs);
    this.#world.at(other.arrivalMs, () => this.#arrive(pipe, own, other, segment));
  }
  #arrive(pipe: Pipe, from: End, to: End, segment: Segment): void {
    if (to.held.length > 0 || this.#isCut(from.owner, to.owner) || to.owner.isAsleep) {
      to.held.push(segment);
      this.#giveUpLater(from);
    } else this.#deliver(pipe, from, to, segment);
  }
  #deliver(pipe: Pipe, from: End, to: End, segment: Segment): void {
    if (!to.open) {
      // Nobody knows of this connection there, which a system that is up says.
      if (segment.kind === 'end') return;
      if (to.owner.answers && !to.mute) this.#transmit({ pipe, own: to, other: from }, { kind: 'end', reason: 'connection-reset' });
      else this.#giveUpLater(from);
    } else if (segment.kind === 'data') to.owner.message(to.id, segment.bytes);
    else this.#end(to, segment.reason);
  }
  #retransmit(pipe: Pipe, to: End): void {
    if (to.held.length === 0) return;
    const from = pipe.ends[0] === to ? pipe.ends[1] : pipe.ends[0];
    this.#world.after(this.#random.below(maxRetransmitMs), () => {
      if (this.#isCut(from.owner, to.owner) || to.owner.isAsleep || from.owner.isAsleep) return;
      const { held } = to;
      to.held = [];
      for (const segment of held) this.#deliver(pipe, from, to, segment);
    });
  }
  #giveUpLater(end: End): void {
    if (end.givesUp || !end.open) return;
    end.givesUp = true;
    end.owner.after(this.#random.between(...tcpTimeoutMs), () => {
      end.givesUp = false;
      const side = this.#sides.get(end.id);
      if (end.mute || (side !== undefined && side.other.held.length > 0) || side?.other.open === false) this.#end(end, 'connection-lost: ETIMEDOUT');
    });
  }

  #mute(end: End): void {
    end.mute = true;
  }
  #end(end: End, reason: string): void {
    const wasOpen = end.open;
    this.#forget(end);
    if (wasOpen) end.owner.closed(end.id, reason);
  }
  #forget(end: End): void {
    end.open = false;
    end.held = [];
    this.#sides.delete(end.id);
    this.#sidesOf.get(end.owner)?.delete(end.id);
  }
  #remember(side: Side): void {
    this.#sides.set(side.own.id, side);
    this.#sidesOf.get(side.own.owner)?.set(side.own.id, side);
  }

  #sidesAt(endpoint: TcpEndpoint): Side[] {
    return [...(this.#sidesOf.get(endpoint)?.values() ?? [])];
  }
  #pipes(): Pipe[] {
    return [...new Set([...this.#sides.values()].map(({ pipe }) => pipe))];
  }
  #anyPipe(): Pipe | undefined {
    return this.#random.pick(this.#pipes());
  }
  #isCut(a: TcpEndpoint, b: TcpEndpoint): boolean {
    const [ofA, ofB] = [this.#sideOf.get(a.index), this.#sideOf.get(b.index)];
    return ofA !== undefined && ofB !== undefined && ofA !== ofB;
  }
  #delayMs(linkMs: number): number {
    return linkMs + this.#random.below(jitterMs) + (this.#faults.has('delay') && this.#random.chance(spikeChance) ? this.#random.below(maxSpikeMs) : 0);
  }
}

/** The same for both directions, and for as long as both stay where they are. */
function linkMsBetween(a: string, b: string): number {
  if (a === b) return minLinkMs;
  let hash = 0;
  for (const character of a < b ? `${a} ${b}` : `${b} ${a}`) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) | 0;
  return minLinkMs + ((hash >>> 0) % (maxLinkMs - minLinkMs));
}
