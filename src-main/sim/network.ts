import type { NodeId } from '../../src-shared/domain/ids.ts';
import type { ConnectionId } from '../core/net/connection-id.ts';
import type { Faults } from './faults.ts';
import { anywhere, type Latency } from './latency.ts';
import type { Prng } from './prng.ts';
import type { World } from './world.ts';

/** Of each message, while the fault is on. */
const lossChance = 0.002;
const spikeChance = 0.01;
const maxSpikeMs = 4_000;
const reorderChance = 0.05;
const maxReorderMs = 500;
const duplicateChance = 0.05;
/** A peer that vanished without a word is noticed at once or, its machine gone, when something times out. */
const silentDeathChance = 0.3;
const maxSilenceMs = 20_000;
const dialTimeoutMs = 3_000;
const probeTimeoutMs = 5_000;
/** Connections across a partition: TCP keeps trying for a while, and some give up. */
const partitionBreakChance = 0.5;
const partitionBreakMs = 15_000;
/** Wire types below are the session's. They keep their order even where others do not: reordered handshakes are violations by definition. */
const firstGossipType = 20;

/** A node, as the network sees it. */
export interface Endpoint {
  readonly index: number;
  readonly nodeId: NodeId;
  readonly address: string;
  connected(connection: ConnectionId, direction: 'inbound' | 'outbound', remoteKey: NodeId, remoteAddress: string, dialed: string | undefined): void;
  message(connection: ConnectionId, bytes: Uint8Array): void;
  closed(connection: ConnectionId, reason: string): void;
  dialFailed(address: string, reason: string): void;
}

export interface LinesOptions {
  readonly latency?: Latency;
  /** What each machine can send. */
  readonly bytesPerMs?: number;
}

/** One of the two ends of a connection. */
interface End {
  readonly id: ConnectionId;
  readonly endpoint: Endpoint;
  /** Told of the connection, and not yet of its end. */
  open: boolean;
  /** What is sent to it later arrives no earlier. */
  arrivalMs: number;
  /** Sent to it, and waiting for a partition to heal. */
  held: Uint8Array[];
}
interface Pipe {
  readonly ends: readonly [End, End];
  /** What is sent from now on is lost: both ends will hear of it. */
  broken: boolean;
}

/** Connections with TCP's promises (all in order, or the end), between nodes that come and go, over links with faults. */
export class SimNetwork {
  readonly #world: World;
  readonly #random: Prng;
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #sides = new Map<ConnectionId, { readonly pipe: Pipe; readonly own: End; readonly other: End }>();
  readonly #latency: Latency;
  readonly #bytesPerMs: number;
  /** Until when a machine's line is busy with what it has to send. */
  readonly #busyUntilMs = new Map<Endpoint, number>();
  #faults: Faults;
  #nextId = 1;
  #sentBytes = 0;
  #groups: readonly ReadonlySet<number>[] = [];

  constructor(world: World, random: Prng, faults: Faults, { latency = anywhere(random), bytesPerMs = Number.POSITIVE_INFINITY }: LinesOptions = {}) {
    this.#latency = latency;
    this.#bytesPerMs = bytesPerMs;
    this.#world = world;
    this.#random = random;
    this.#faults = faults;
  }

  /** By all machines since the start. */
  get sentBytes(): number {
    return this.#sentBytes;
  }

  /** From here on it takes connections. */
  attach(endpoint: Endpoint): void {
    this.#endpoints.set(endpoint.address, endpoint);
  }
  /** The process is gone: it hears nothing any more, and its peers will hear of it. */
  detach(endpoint: Endpoint): void {
    this.#endpoints.delete(endpoint.address);
    for (const { pipe, own, other } of [...this.#sides.values()]) {
      if (own.endpoint !== endpoint) continue;
      pipe.broken = true;
      this.#forget(own);
      this.#world.after(this.#deathNoticeMs(), () => this.#end(other, 'the connection was reset'));
    }
  }

  dial(from: Endpoint, address: string): void {
    const to = this.#endpoints.get(address);
    // Three messages of Noise XX, and one back to find that nobody listens.
    const handshakeMs = 3 * this.#delayMs(from.address, address);
    if (to === undefined) this.#failDial(from, address, 'connection refused', handshakeMs);
    else if (this.#isCut(from, to)) this.#failDial(from, address, 'timed out', dialTimeoutMs);
    else
      this.#world.after(handshakeMs, () => {
        if (!this.#isAttached(from)) return;
        if (!this.#isAttached(to) || this.#isCut(from, to)) this.#failDial(from, address, 'timed out', dialTimeoutMs);
        else this.#open(from, to, address);
      });
  }

  /** Whether this key answers there, found out without a connection. */
  probe(from: Endpoint, address: string, nodeId: NodeId, answer: (reached: boolean) => void): void {
    const isReached = (): boolean => {
      const to = this.#endpoints.get(address);
      return to !== undefined && to.nodeId === nodeId && !this.#isCut(from, to);
    };
    this.#world.after(isReached() ? 2 * this.#delayMs(from.address, address) : probeTimeoutMs, () => answer(isReached()));
  }

  send(ids: readonly ConnectionId[], bytes: Uint8Array): void {
    for (const id of ids) {
      const side = this.#sides.get(id);
      if (side === undefined || side.pipe.broken) continue;
      if (this.#faults.has('loss') && this.#random.chance(lossChance)) this.#break(side.pipe, 'a message was lost for good');
      else this.#transmit(side.pipe, side.own, side.other, bytes);
    }
  }

  /** What was sent before still arrives. */
  close(id: ConnectionId, reason: string): void {
    const side = this.#sides.get(id);
    if (side === undefined) return;
    const { pipe, own, other } = side;
    pipe.broken = true;
    this.#world.after(1, () => this.#end(own, reason));
    this.#world.at(Math.max(other.arrivalMs, this.#world.nowMs + this.#delayMs(own.endpoint.address, other.endpoint.address)), () =>
      this.#end(other, 'closed by the peer'),
    );
  }

  /** Only nodes of one group hear one another. */
  partition(groups: readonly (readonly number[])[]): void {
    this.#groups = groups.map((group) => new Set(group));
    this.#world.log('net', `partition ${groups.map((group) => group.join(' ')).join(' | ')}`);
    for (const pipe of this.#pipes())
      if (this.#isCut(pipe.ends[0].endpoint, pipe.ends[1].endpoint) && this.#random.chance(partitionBreakChance))
        this.#world.after(this.#random.below(partitionBreakMs), () => {
          if (this.#isCut(pipe.ends[0].endpoint, pipe.ends[1].endpoint)) this.#break(pipe, 'timed out');
        });
  }
  /** The partition ends: what was held arrives soon. */
  rejoin(): void {
    if (this.#groups.length === 0) return;
    this.#groups = [];
    this.#world.log('net', 'partition ends');
    for (const { ends } of this.#pipes()) {
      for (const [to, from] of [ends, [ends[1], ends[0]]] as const) {
        if (to.held.length === 0) continue;
        this.#world.after(this.#delayMs(from.endpoint.address, to.endpoint.address), () => this.#release(to, from));
      }
    }
  }
  setFaults(faults: Faults): void {
    this.#faults = faults;
  }

  #failDial(from: Endpoint, address: string, reason: string, afterMs: number): void {
    this.#world.after(afterMs, () => {
      if (this.#isAttached(from)) from.dialFailed(address, reason);
    });
  }
  #open(from: Endpoint, to: Endpoint, address: string): void {
    const own = this.#newEnd(from);
    const other = this.#newEnd(to);
    const pipe: Pipe = { ends: [own, other], broken: false };
    this.#sides.set(own.id, { pipe, own, other });
    this.#sides.set(other.id, { pipe, own: other, other: own });
    other.arrivalMs = this.#world.nowMs + this.#delayMs(from.address, to.address);
    this.#world.at(other.arrivalMs, () => {
      if (pipe.broken || !this.#isAttached(to)) return;
      other.open = true;
      to.connected(other.id, 'inbound', from.nodeId, `${hostOf(from.address)}:${40_000 + Number(own.id)}`, undefined);
    });
    own.open = true;
    from.connected(own.id, 'outbound', to.nodeId, address, address);
  }
  #newEnd(endpoint: Endpoint): End {
    return { id: this.#nextId++ as ConnectionId, endpoint, open: false, arrivalMs: this.#world.nowMs, held: [] };
  }

  #transmit(pipe: Pipe, from: End, to: End, bytes: Uint8Array): void {
    const leavesMs = this.#leavesMs(from.endpoint, bytes.length);
    const inOrderMs = Math.max(to.arrivalMs, leavesMs + this.#delayMs(from.endpoint.address, to.endpoint.address));
    const isGossip = (bytes[0] ?? 0) >= firstGossipType;
    if (isGossip && this.#faults.has('reorder') && this.#random.chance(reorderChance)) {
      this.#world.at(inOrderMs + this.#random.between(1, maxReorderMs), () => this.#arrive(pipe, to, bytes));
      return;
    }
    to.arrivalMs = inOrderMs;
    this.#world.at(inOrderMs, () => this.#arrive(pipe, to, bytes));
    if (isGossip && this.#faults.has('duplicate') && this.#random.chance(duplicateChance))
      this.#world.at(inOrderMs + this.#random.below(maxReorderMs), () => this.#arrive(pipe, to, bytes));
  }
  /** When its last byte is on the line: one message after another, whoever they are for. */
  #leavesMs(from: Endpoint, bytes: number): number {
    const { nowMs } = this.#world;
    this.#sentBytes += bytes;
    if (this.#bytesPerMs === Number.POSITIVE_INFINITY) return nowMs;
    const leavesMs = Math.max(nowMs, this.#busyUntilMs.get(from) ?? 0) + bytes / this.#bytesPerMs;
    this.#busyUntilMs.set(from, leavesMs);
    return leavesMs;
  }
  #arrive(pipe: Pipe, to: End, bytes: Uint8Array): void {
    if (!to.open) return;
    if (to.held.length > 0 || this.#isCut(pipe.ends[0].endpoint, pipe.ends[1].endpoint)) to.held.push(bytes);
    else to.endpoint.message(to.id, bytes);
  }

  /** Until here what arrives goes behind what is held: a vote that was under way when the partition ended must not overtake a handshake. */
  #release(to: End, from: End): void {
    while (to.held.length > 0 && !this.#isCut(from.endpoint, to.endpoint)) to.endpoint.message(to.id, to.held.shift() as Uint8Array);
  }

  #break(pipe: Pipe, reason: string): void {
    if (pipe.broken) return;
    pipe.broken = true;
    for (const end of pipe.ends) this.#world.after(this.#deathNoticeMs(), () => this.#end(end, reason));
  }
  #end(end: End, reason: string): void {
    const known = this.#sides.has(end.id);
    const wasOpen = end.open;
    this.#forget(end);
    if (known && wasOpen) end.endpoint.closed(end.id, reason);
  }
  #forget(end: End): void {
    end.open = false;
    end.held = [];
    this.#sides.delete(end.id);
  }

  #pipes(): Pipe[] {
    return [...new Set([...this.#sides.values()].map(({ pipe }) => pipe))];
  }
  #isAttached(endpoint: Endpoint): boolean {
    return this.#endpoints.get(endpoint.address) === endpoint;
  }
  #isCut(a: Endpoint, b: Endpoint): boolean {
    return this.#groups.length > 0 && !this.#groups.some((group) => group.has(a.index) && group.has(b.index));
  }
  #delayMs(from: string, to: string): number {
    const linkMs = this.#latency(from, to);
    const spikeMs = this.#faults.has('delay') && this.#random.chance(spikeChance) ? this.#random.below(maxSpikeMs) : 0;
    return linkMs + spikeMs;
  }
  #deathNoticeMs(): number {
    return this.#random.chance(silentDeathChance) ? this.#random.below(maxSilenceMs) : this.#random.between(1, 200);
  }
}

const hostOf = (address: string): string => address.slice(0, address.indexOf(':'));
