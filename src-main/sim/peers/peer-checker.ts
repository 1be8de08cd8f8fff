import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { NetLimits } from '../../../src-shared/domain/net-limits.ts';
import type { EngineEvent } from '../../core/events.ts';
import type { ConnectionId } from '../../core/net/connection-id.ts';
import { isInSubnet, networkOf } from '../../core/net/network-address.ts';
import { holds } from '../broken-invariant.ts';
import type { World } from '../world.ts';
import { DialChecker } from './dial-checker.ts';
import type { MachineObserver, PeerMachine } from './machine.ts';
import { hostOf, type TcpNetwork } from './tcp-network.ts';

/** See `views.violations`. */
const maxKeptViolations = 200;
/** Timers that fire a moment late, and messages on their way. */
const slackMs = 5_000;

interface Ready {
  readonly connection: ConnectionId;
  readonly address: string;
  readonly direction: 'inbound' | 'outbound';
  readonly sinceMs: number;
  /** By its machine's clock: since when the other end does not have it as ready too. */
  oneSidedSinceMs: number | undefined;
}
interface Watched {
  readonly ready: Map<NodeId, Ready>;
  readonly dials: DialChecker;
  /** IPs that connected with it. */
  readonly callers: Set<string>;
  /** By its machine's clock: its deadlines may have begun anew then. */
  jumpedAtMs: number;
}

/** From the last pong to the end of a peer that answers no more (protocol section 10). */
const unresponsiveMs = ({ pingIntervalMs, pongTimeoutMs, maxMissedPings }: NetLimits): number => maxMissedPings * pingIntervalMs * (1 + 1 / 10) + pongTimeoutMs;
/** Answers from before its end that a line held up; see the nemesis. */
const maxStallMs = 60_000;

/** Sees every connection from both sides, and what the rules of protocol section 10 say about all of them. */
export class PeerChecker implements MachineObserver {
  readonly #world: World;
  readonly #network: TcpNetwork;
  readonly #machines = new Map<NodeId, PeerMachine>();
  readonly #watched = new Map<PeerMachine, Watched>();
  readonly #members: ReadonlySet<NodeId>;
  readonly counts = { dials: 0, dialFailures: 0, ready: 0, gone: 0, refused: 0 };
  /** When the last connection between two of these machines came or went. */
  changedAtMs = 0;

  constructor(world: World, network: TcpNetwork, members: ReadonlySet<NodeId>) {
    this.#world = world;
    this.#network = network;
    this.#members = members;
  }

  watch(machine: PeerMachine): void {
    this.#machines.set(machine.nodeId, machine);
    this.#watched.set(machine, { ready: new Map(), dials: new DialChecker(machine), callers: new Set(), jumpedAtMs: 0 });
  }

  published(machine: PeerMachine, event: EngineEvent): void {
    this.#world.log(machine.name, JSON.stringify(event));
    const { ready, dials } = this.#of(machine);
    switch (event.kind) {
      case 'peer-ready': {
        const { nodeId, connection, address, direction } = event;
        holds(!ready.has(nodeId), () => `${machine.name} has a second ready connection with ${this.#nameOf(nodeId)}`);
        holds(nodeId !== machine.nodeId, () => `${machine.name} is its own peer`);
        ready.set(nodeId, { connection, address, direction, sinceMs: machine.monotonicMs, oneSidedSinceMs: undefined });
        if (direction === 'inbound') dials.came(nodeId);
        this.counts.ready++;
        this.#changed(nodeId);
        this.#lookAtPlaces(machine);
        return;
      }
      case 'peer-gone': {
        const was = ready.get(event.nodeId);
        holds(was?.connection === event.connection, () => `${machine.name} lost a connection with ${this.#nameOf(event.nodeId)} that was none`);
        ready.delete(event.nodeId);
        dials.lost(event.nodeId, machine.monotonicMs - was.sinceMs);
        this.counts.gone++;
        this.#changed(event.nodeId);
        return;
      }
      case 'peer-refused':
        this.counts.refused++;
        // It is where it was dialled, and a peer already: that dial was no failure.
        if (event.code === 'duplicate' && event.by === 'us' && event.nodeId !== undefined) dials.came(event.nodeId);
        return;
      case 'dial-failed':
        this.counts.dialFailures++;
        return;
      case 'peer-violation':
      case 'rate-limited':
        holds(event.nodeId === undefined || !this.#machines.has(event.nodeId), () => `${machine.name} blames an honest node: ${JSON.stringify(event)}`);
        return;
      case 'banned': {
        const { subject, by } = event.ban;
        if (by === 'operator') return;
        const hit = [...this.#machines.values()].find(({ nodeId, site }) =>
          subject.kind === 'node' ? subject.nodeId === nodeId : isInSubnet(site.ip, subject.subnet),
        );
        holds(hit === undefined, () => `${machine.name} bans honest ${hit?.name}: ${JSON.stringify(event)}`);
      }
    }
  }

  dialed(machine: PeerMachine, address: string): void {
    this.counts.dials++;
    const { dials, ready } = this.#of(machine);
    dials.dialed(address, this.#network.nodeAt(address), (nodeId) => ready.has(nodeId));
  }
  accepted(machine: PeerMachine, remoteAddress: string): void {
    this.#of(machine).callers.add(hostOf(remoteAddress));
  }
  /** A node must not be made to knock at doors of others for somebody (protocol section 10). */
  probed(machine: PeerMachine, address: string): void {
    const { callers, ready } = this.#of(machine);
    const isOfPeer = [...ready.values()].some((peer) => hostOf(peer.address) === hostOf(address));
    holds(isOfPeer || callers.has(hostOf(address)), () => `${machine.name} probes ${address}, from where nobody ever connected with it`);
  }
  reached(machine: PeerMachine, address: string, nodeId: NodeId): void {
    this.#of(machine).dials.reached(address, nodeId);
  }
  restarted(machine: PeerMachine): void {
    this.#watched.set(machine, { ready: new Map(), dials: new DialChecker(machine), callers: new Set(), jumpedAtMs: machine.monotonicMs });
  }
  clockJumped(machine: PeerMachine): void {
    const watched = this.#of(machine);
    watched.jumpedAtMs = machine.monotonicMs;
    watched.dials.startOver();
    for (const ready of watched.ready.values()) ready.oneSidedSinceMs = undefined;
  }

  /** Every few seconds: connections that only one end has, or that stay half done. */
  lookAtEnds(): void {
    for (const machine of this.#machines.values()) if (machine.isUp && !machine.isAsleep) this.#lookAtEnds(machine);
  }
  /** Now and then: nothing grows without end. */
  lookAtMemory(): void {
    for (const machine of this.#machines.values()) {
      if (!machine.isUp || machine.isAsleep) continue;
      const { limits, views, tables, name } = machine;
      const kept = { addresses: views.addresses().length, violations: views.violations().length, stored: tables.sizes().addresses };
      const fits = kept.addresses <= limits.maxAddresses && kept.violations <= maxKeptViolations && kept.stored <= limits.maxAddresses;
      holds(fits, () => `${name} keeps too much: ${JSON.stringify(kept)}`);
    }
  }

  /** Of one end's. */
  hasReady(machine: PeerMachine, peer: PeerMachine): boolean {
    return this.#of(machine).ready.has(peer.nodeId);
  }
  /** Ready at both ends. */
  areConnected(a: PeerMachine, b: PeerMachine): boolean {
    const connection = this.#of(a).ready.get(b.nodeId)?.connection;
    return connection !== undefined && this.#network.otherEnd(connection)?.id === this.#of(b).ready.get(a.nodeId)?.connection;
  }

  #lookAtEnds(machine: PeerMachine): void {
    const { ready, jumpedAtMs } = this.#of(machine);
    const { limits, monotonicMs } = machine;
    const readyIds = new Set<ConnectionId>();
    for (const [nodeId, own] of ready) {
      readyIds.add(own.connection);
      const peer = this.#machines.get(nodeId);
      if (peer === undefined || this.areConnected(machine, peer)) own.oneSidedSinceMs = undefined;
      else own.oneSidedSinceMs ??= monotonicMs;
      const forMs = own.oneSidedSinceMs === undefined ? 0 : monotonicMs - own.oneSidedSinceMs;
      holds(
        forMs <= unresponsiveMs(limits) + maxStallMs + slackMs,
        () => `${machine.name} has ${this.#nameOf(nodeId)} as its peer for ${forMs / 1_000} s, who has not`,
      );
    }
    for (const { id, openedMs } of this.#network.openEnds(machine)) {
      const forMs = monotonicMs - Math.max(openedMs, jumpedAtMs);
      holds(
        readyIds.has(id) || forMs <= limits.handshakeMs + slackMs,
        () => `${machine.name} has had connection ${id} in its handshake for ${forMs / 1_000} s`,
      );
    }
  }

  #lookAtPlaces(machine: PeerMachine): void {
    const { limits, name } = machine;
    const ready = [...this.#of(machine).ready];
    const strangers = ready.filter(([nodeId]) => !this.#members.has(nodeId)).map(([, { address }]) => hostOf(address));
    const outbound = ready.filter(([, { direction }]) => direction === 'outbound').length;
    const otherMembers = this.#members.size - (machine.isMember ? 1 : 0);
    holds(ready.length <= limits.maxPeers, () => `${name} has ${ready.length} peers`);
    holds(strangers.length <= limits.maxPeers - reserved(limits, otherMembers), () => `${name} has ${strangers.length} peers that are no masternodes`);
    holds(outbound <= limits.maxOutbound, () => `${name} has ${outbound} outbound peers`);
    const perIp = most(strangers);
    holds(limits.maxPeersPerIp === 0 || perIp <= limits.maxPeersPerIp, () => `${name} has ${perIp} peers of one IP`);
    const perNetwork = most(strangers.map((host) => networkOf(host, { v4: 24, v6: 48 })));
    holds(limits.maxPeersPerNetwork === 0 || perNetwork <= limits.maxPeersPerNetwork, () => `${name} has ${perNetwork} peers of one network`);
  }

  #of(machine: PeerMachine): Watched {
    const watched = this.#watched.get(machine);
    holds(watched !== undefined, () => `${machine.name} is watched`);
    return watched;
  }
  #nameOf(nodeId: NodeId): string {
    return this.#machines.get(nodeId)?.name ?? nodeId.slice(0, 8);
  }
  #changed(nodeId: NodeId): void {
    if (this.#machines.has(nodeId)) this.changedAtMs = this.#world.nowMs;
  }
}

/** Places that are for masternodes alone, as far as there are that many; never more than half. */
const reserved = ({ maxPeers, masternodeSlotsPercent, masternodeSlotsMin, masternodeSlotsMax }: NetLimits, masternodes: number): number =>
  Math.min(Math.max(Math.floor((maxPeers * masternodeSlotsPercent) / 100), masternodeSlotsMin), masternodeSlotsMax, Math.floor(maxPeers / 2), masternodes);

/** How often the most frequent of them is there. */
function most(of: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const one of of) counts.set(one, (counts.get(one) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}
