import type { NetLimits } from '../../../src-shared/domain/net-limits.ts';
import type { SharedAddress } from '../../core/codec/message.ts';
import { createGenesis, type Genesis } from '../../core/genesis.ts';
import { type NodeKey, nodeKeyOf } from '../../node/keys/node-key.ts';
import { Arithmetic } from '../arithmetic.ts';
import { Prng } from '../prng.ts';
import { World } from '../world.ts';
import { HostilePeer, hostileKindOf } from './hostile-peer.ts';
import { PeerMachine } from './machine.ts';
import { PeerChecker } from './peer-checker.ts';
import type { PeerFaults } from './peer-faults.ts';
import { addressOf, type Site, TcpNetwork } from './tcp-network.ts';

/** Any time will do; this is 2027-01-15. */
const genesisTimeMs = 1_800_000_000_000;
const firstPort = 24_000;
const maxStartDelayMs = 2_000;
const lookAtEndsEveryMs = 5_000;
const lookAtMemoryEveryMs = 60_000;
/** So many of the nodes are masternodes, but never more than have places with one another. */
const memberShare = 1 / 3;
/** Of the others: a second node behind the router of the one before, and a router that forwards nothing. */
const sharedShare = 1 / 4;
const closedShare = 1 / 4;
/** Known to everybody who starts for the first time. */
const bootstrapNodes = 2;
/** Among those who mean well, where there are more nodes than places: as far as there are so many that one of the two can dial. */
const leastPeers = 3;
/** Networks (/16) that the sites are spread over. */
const networks = 6;

export interface PeerClusterOptions {
  readonly seed: string;
  readonly nodes: number;
  readonly faults: PeerFaults;
  readonly limits: NetLimits;
  /** Besides, nodes that mean no good. */
  readonly hostile: number;
}

/** Machines all over the Internet, watched from both ends of every connection. */
export class PeerCluster {
  readonly world = new World(genesisTimeMs + 1);
  readonly random: Prng;
  readonly network: TcpNetwork;
  readonly checker: PeerChecker;
  readonly machines: readonly PeerMachine[];
  readonly #hostile: readonly HostilePeer[];
  /** Everybody has room for everybody. */
  readonly #fits: boolean;
  /** Those who mean well alone are more than have room for one another: places change hands for ever. */
  readonly isCrowded: boolean;
  #sites = 0;

  constructor({ seed, nodes, faults, limits, hostile }: PeerClusterOptions) {
    this.random = new Prng(seed);
    this.network = new TcpNetwork(this.world, this.random.fork('network'), faults);
    const plans = this.#plan(nodes, limits);
    this.#fits = nodes + hostile <= limits.maxPeers / 2;
    this.isCrowded = nodes > limits.maxPeers / 2;
    const members = plans.filter(({ isMember }) => isMember);
    const genesis = genesisOf(members);
    this.checker = new PeerChecker(this.world, this.network, new Set(members.map(({ key }) => key.nodeId)));
    const arithmetic = new Arithmetic(this.random.fork('arithmetic'), sampleEvery);
    this.machines = plans.map((plan, index) => {
      return new PeerMachine({
        ...plan,
        index,
        genesis,
        limits,
        arithmetic,
        bootstrap: members.slice(0, bootstrapNodes).map(addressOf),
        seeds: () => this.#seeds(),
        world: this.world,
        network: this.network,
        random: this.random.fork(`machine ${index}`),
        observer: this.checker,
      });
    });
    for (const machine of this.machines) this.checker.watch(machine);
    this.#hostile = Array.from({ length: hostile }, (_, number) => {
      return new HostilePeer({
        index: nodes + number,
        kind: hostileKindOf(number),
        // All sybils in one network, as somebody who rents machines has them.
        site: { ip: `66.6.${Math.floor(number / 8)}.${1 + (number % 8)}`, forwards: true },
        genesis,
        world: this.world,
        network: this.network,
        random: this.random.fork(`hostile ${number}`),
        targets: () => this.machines.filter(({ site }) => site.forwards),
      });
    });
  }

  /** An address that nobody had before, in one of the networks. */
  #newIp(): string {
    const number = this.#sites++;
    return `51.${10 + (number % networks)}.${Math.floor(number / networks) % 250}.${1 + (number % 250)}`;
  }

  /** From now on the checker looks again and again. */
  watchOver(): void {
    const often = (everyMs: number, look: () => void): void => {
      look();
      this.world.after(everyMs, () => often(everyMs, look));
    };
    often(lookAtEndsEveryMs, () => this.checker.lookAtEnds());
    often(lookAtMemoryEveryMs, () => this.checker.lookAtMemory());
  }
  startAll(): void {
    for (const machine of this.machines) this.world.after(this.random.below(maxStartDelayMs), () => machine.start());
    for (const hostile of this.#hostile) hostile.start();
  }
  /** The provider gives a household another address. */
  move(site: Site): void {
    site.ip = this.#newIp();
    for (const machine of this.machines) {
      if (machine.site !== site) continue;
      this.world.log(machine.name, `is at ${site.ip} now`);
      this.network.moved(machine);
    }
  }
  run(forMs: number): void {
    this.world.run(this.world.nowMs + forMs);
  }

  /** What is not as it must be once everything has healed, in words. `with masternodes`: leaves out pairs of others. */
  missing(pairs: 'with masternodes' | 'all'): string[] {
    if (this.#fits) return this.#pairsApart((a, b) => pairs === 'all' || a.isMember || b.isMember);
    return [...this.#pairsApart((a, b) => a.isMember && b.isMember), ...this.#lonely(), ...this.#parts()];
  }

  /** Pairs that could be connected and are not. */
  #pairsApart(counts: (a: PeerMachine, b: PeerMachine) => boolean): string[] {
    return this.machines.flatMap((a, index) =>
      this.machines
        .slice(index + 1)
        .filter((b) => counts(a, b) && (a.site.forwards || b.site.forwards) && !this.checker.areConnected(a, b))
        .map((b) => `${a.name} and ${b.name} are apart`),
    );
  }
  #lonely(): string[] {
    return this.machines.flatMap((machine) => {
      const others = this.machines.filter((other) => other !== machine && (machine.site.forwards || other.site.forwards));
      const peers = others.filter((other) => this.checker.areConnected(machine, other)).length;
      return peers < Math.min(leastPeers, others.length) ? [`${machine.name} has ${peers} peers`] : [];
    });
  }
  #parts(): string[] {
    const { machines } = this;
    const reached = new Set<PeerMachine>(machines.slice(0, 1));
    for (const from of reached) for (const to of machines) if (this.checker.areConnected(from, to)) reached.add(to);
    return reached.size === machines.length ? [] : [`only ${reached.size} of ${machines.length} hang together`];
  }

  #plan(nodes: number, { maxPeers, masternodeSlotsPercent }: NetLimits): Plan[] {
    const random = this.random.fork('plan');
    const members = Math.min(nodes * memberShare, 1 + Math.floor((maxPeers * masternodeSlotsPercent) / 100));
    const plans: Plan[] = [];
    for (let index = 0; index < nodes; index++) {
      const isMember = index < members;
      const before = plans.at(-1);
      const shares = before !== undefined && !before.isMember && before.port === firstPort && random.chance(sharedShare);
      const site = shares ? before.site : { ip: this.#newIp(), forwards: isMember || !random.chance(closedShare) };
      plans.push({ key: nodeKeyOf(random.bytes(32)), isMember, site, port: shares ? firstPort + 1 : firstPort });
    }
    return plans;
  }

  /** What a seed has seen lately. */
  #seeds(): SharedAddress[] {
    return this.machines.filter(({ isUp, site }) => isUp && site.forwards).map((machine) => ({ address: addressOf(machine), nodeId: undefined }));
  }
}

/** Heartbeats alone are signed here, and how they are is other tests' matter. */
const sampleEvery = 1_000;

interface Plan {
  readonly key: NodeKey;
  readonly isMember: boolean;
  readonly site: Site;
  readonly port: number;
}

function genesisOf(members: readonly Plan[]): Genesis {
  const nobody = '00'.repeat(20) as never;
  return createGenesis({
    network: 'mainnet',
    time: genesisTimeMs,
    masternodes: members.map((member) => {
      return { nodeKey: member.key.nodeId, tier: 'free', ownerLock: nobody, rewardLock: nobody, serviceAddress: addressOf(member) };
    }),
    allocations: [],
  });
}
