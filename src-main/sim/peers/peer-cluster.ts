import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { NetLimits } from '../../../src-shared/domain/net-limits.ts';
import type { SharedAddress } from '../../core/codec/message.ts';
import { toHex } from '../../core/crypto/hex.ts';
import { createGenesis, type Genesis } from '../../core/genesis.ts';
import { Arithmetic } from '../arithmetic.ts';
import { Prng } from '../prng.ts';
import { World } from '../world.ts';
import { PeerMachine } from './machine.ts';
import { PeerChecker } from './peer-checker.ts';
import type { PeerFaults } from './peer-faults.ts';
import { addressOf, type Site, TcpNetwork } from './tcp-network.ts';

/** Any time will do; this is 2027-01-15. */
const genesisTimeMs = 1_800_000_000_000;
const firstPort = 24_000;
const maxStartDelayMs = 2_000;
/** So many of the nodes are masternodes, at addresses that last. */
const memberShare = 1 / 3;
/** Of the others: a second node behind the router of the one before, and a router that forwards nothing. */
const sharedShare = 1 / 4;
const closedShare = 1 / 4;
/** Networks (/16) that the sites are spread over. */
const networks = 6;

export interface PeerClusterOptions {
  readonly seed: string;
  readonly nodes: number;
  readonly faults: PeerFaults;
  readonly limits: NetLimits;
}

/** Machines all over the Internet, watched from both ends of every connection. */
export class PeerCluster {
  readonly world = new World(genesisTimeMs + 1);
  readonly random: Prng;
  readonly network: TcpNetwork;
  readonly checker: PeerChecker;
  readonly machines: readonly PeerMachine[];
  #sites = 0;

  constructor({ seed, nodes, faults, limits }: PeerClusterOptions) {
    this.random = new Prng(seed);
    this.network = new TcpNetwork(this.world, this.random.fork('network'), faults);
    const plans = this.#plan(nodes);
    const members = plans.filter(({ isMember }) => isMember);
    const genesis = genesisOf(members);
    this.checker = new PeerChecker(this.world, this.network, new Set(members.map(({ nodeId }) => nodeId)));
    const arithmetic = new Arithmetic(this.random.fork('arithmetic'), 1);
    this.machines = plans.map((plan, index) => {
      return new PeerMachine({
        ...plan,
        index,
        genesis,
        limits,
        arithmetic,
        connect: plans.filter((other) => other !== plan && other.site.forwards).map(addressOf),
        seeds: () => this.#seeds(),
        world: this.world,
        network: this.network,
        random: this.random.fork(`machine ${index}`),
        observer: this.checker,
      });
    });
    for (const machine of this.machines) this.checker.watch(machine);
  }

  /** An address that nobody had before, in one of the networks. */
  readonly newIp = (): string => {
    const number = this.#sites++;
    return `51.${10 + (number % networks)}.${Math.floor(number / networks) % 250}.${1 + (number % 250)}`;
  };

  startAll(): void {
    for (const machine of this.machines) this.world.after(this.random.below(maxStartDelayMs), () => machine.start());
  }
  run(forMs: number): void {
    this.world.run(this.world.nowMs + forMs);
  }

  /** Pairs that could be connected and are not. */
  missing(): string[] {
    const pairs: string[] = [];
    for (const [index, a] of this.machines.entries())
      for (const b of this.machines.slice(index + 1))
        if ((a.site.forwards || b.site.forwards) && !this.checker.areConnected(a, b)) pairs.push(`${a.name}-${b.name}`);
    return pairs;
  }

  #plan(nodes: number): { nodeId: NodeId; isMember: boolean; site: Site; port: number }[] {
    const random = this.random.fork('plan');
    const plans: { nodeId: NodeId; isMember: boolean; site: Site; port: number }[] = [];
    for (let index = 0; index < nodes; index++) {
      const isMember = index < nodes * memberShare;
      const before = plans.at(-1);
      const shares = before !== undefined && !before.isMember && before.port === firstPort && random.chance(sharedShare);
      const site = shares ? before.site : { ip: this.newIp(), forwards: isMember || !random.chance(closedShare) };
      plans.push({ nodeId: toHex(random.bytes(32)) as NodeId, isMember, site, port: shares ? firstPort + 1 : firstPort });
    }
    return plans;
  }

  /** What a seed has seen lately. */
  #seeds(): SharedAddress[] {
    return this.machines.filter(({ isUp, site }) => isUp && site.forwards).map((machine) => ({ address: addressOf(machine), nodeId: undefined }));
  }
}

function genesisOf(members: readonly { nodeId: NodeId; site: Site; port: number }[]): Genesis {
  const nobody = '00'.repeat(20) as never;
  return createGenesis({
    network: 'mainnet',
    time: genesisTimeMs,
    masternodes: members.map((member) => {
      return { nodeKey: member.nodeId, tier: 'free', ownerLock: nobody, rewardLock: nobody, serviceAddress: addressOf(member) };
    }),
    allocations: [],
  });
}
