import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { NetLimits } from '../../../src-shared/domain/net-limits.ts';
import type { SharedAddress } from '../../core/codec/message.ts';
import type { EngineViews } from '../../core/engine/views.ts';
import { Engine } from '../../core/engine.ts';
import type { EngineEvent } from '../../core/events.ts';
import { type Genesis, genesisOperation } from '../../core/genesis.ts';
import type { Input } from '../../core/inputs.ts';
import { InvariantError, invariant } from '../../core/invariant.ts';
import type { ConnectionId } from '../../core/net/connection-id.ts';
import { type Params, paramsOf } from '../../core/params.ts';
import type { NodeKey } from '../../node/keys/node-key.ts';
import type { Arithmetic } from '../arithmetic.ts';
import { SimDisk } from '../disk.ts';
import type { DiskTables } from '../disk-tables.ts';
import type { Prng } from '../prng.ts';
import { SimProcess } from '../process.ts';
import type { World } from '../world.ts';
import { MachineClock } from './machine-clock.ts';
import type { Site, TcpEndpoint, TcpNetwork } from './tcp-network.ts';

/** The members of this network are masternodes, and it decides nothing: its first slot is a century away, so that an hour of peers costs little. */
const params: Params = { ...paramsOf.mainnet, blockIntervalMs: 100 * 365 * 86_400_000 };

/** Clocks of people's machines; protocol section 10 warns above 5 s. */
const maxClockSkewMs = 400;
const maxDiscoveryMs = 2_000;

export interface MachineObserver {
  published(machine: PeerMachine, event: EngineEvent): void;
  dialed(machine: PeerMachine, address: string): void;
  /** It looks whether somebody answers there. */
  probed(machine: PeerMachine, address: string): void;
  /** Somebody who comes from there dialled it. */
  accepted(machine: PeerMachine, remoteAddress: string): void;
  /** A connection that it dialled opened. */
  reached(machine: PeerMachine, address: string, nodeId: NodeId): void;
  /** Its process is gone, or another one is there. */
  restarted(machine: PeerMachine): void;
  /** Time has passed for others and not for it, or its clock shows another. */
  clockJumped(machine: PeerMachine): void;
}

export interface MachineOptions {
  readonly index: number;
  readonly key: NodeKey;
  readonly isMember: boolean;
  readonly site: Site;
  readonly port: number;
  readonly genesis: Genesis;
  readonly limits: NetLimits;
  /** Where it asks when it knows nobody. */
  readonly bootstrap: readonly string[];
  /** What seeds and lists would answer now. */
  readonly seeds: () => readonly SharedAddress[];
  readonly world: World;
  readonly network: TcpNetwork;
  readonly arithmetic: Arithmetic;
  readonly random: Prng;
  readonly observer: MachineObserver;
}

/** One machine somewhere on the Internet with a node on it: it is switched on and off, sleeps, moves, and its disk stays. */
export class PeerMachine implements TcpEndpoint {
  readonly index: number;
  readonly nodeId: NodeId;
  readonly isMember: boolean;
  readonly site: Site;
  readonly port: number;
  readonly #options: MachineOptions;
  readonly #clock: MachineClock;
  readonly #disk: SimDisk;
  #process: SimProcess | undefined;
  #hasPower = false;
  #processNumber = 0;

  constructor(options: MachineOptions) {
    const { index, key, isMember, site, port, world, random, genesis } = options;
    this.#options = options;
    this.index = index;
    this.nodeId = key.nodeId;
    this.isMember = isMember;
    this.site = site;
    this.port = port;
    this.#clock = new MachineClock({ world, skewMs: random.between(-maxClockSkewMs, maxClockSkewMs), stopsInSleep: random.chance(1 / 2) });
    this.#disk = new SimDisk({
      world,
      random: random.fork('disk'),
      faults: new Set(),
      onDurable: (through) => this.#process?.durable(through),
      onFailed: neverFails,
    });
    this.#disk.persist([genesisOperation(genesis, genesis.time)]);
    this.#disk.endTurn();
    options.network.add(this);
  }

  get name(): string {
    return `m${this.index}`;
  }
  get isUp(): boolean {
    return this.#process !== undefined;
  }
  get isAsleep(): boolean {
    return this.#clock.isAsleep;
  }
  get answers(): boolean {
    return this.#hasPower && !this.#clock.isAsleep;
  }
  get listens(): boolean {
    return this.#process !== undefined;
  }
  get processNumber(): number {
    return this.#processNumber;
  }
  get monotonicMs(): number {
    return this.#clock.monotonicMs;
  }
  /** Of the running process. */
  get views(): EngineViews {
    invariant(this.#process !== undefined, `${this.name} is down`);
    return this.#process.engine.views;
  }
  get limits(): NetLimits {
    return this.#options.limits;
  }
  get tables(): DiskTables {
    return this.#disk.tables;
  }

  start(): void {
    if (this.#process !== undefined || this.#clock.isAsleep) return;
    const { world, network, arithmetic, random, observer } = this.#options;
    world.log(this.name, 'starts');
    this.#hasPower = true;
    this.#processNumber++;
    const engine = this.#engine();
    const process = new SimProcess({
      engine,
      disk: this.#disk,
      clock: this.#clock.forProcess(),
      after: (delayMs, run) => this.after(delayMs, run),
      arithmetic,
      random,
      transport: {
        dial: (address) => {
          observer.dialed(this, address);
          network.dial(this, address);
        },
        send: (ids, bytes) => network.send(ids, bytes),
        close: (id, reason) => network.close(id, reason),
        settled: () => undefined,
      },
      answer: () => undefined,
      answerBranch: () => undefined,
      discover: () => this.after(random.below(maxDiscoveryMs), () => process.step({ kind: 'discovered', found: this.#options.seeds(), source: 'dns' })),
      probe: ({ request, address, nodeId }) => {
        observer.probed(this, address);
        network.probe(this, address, nodeId, (reached) => process.step({ kind: 'probed', request, reached }));
      },
      publish: (event) => observer.published(this, event),
    });
    this.#process = process;
    observer.restarted(this);
    process.step({ kind: 'start' });
  }
  /** The process is killed; the system closes what it had open. */
  kill(): void {
    this.#stop('is killed', true);
  }
  /** Nobody is told, and what was not synced is lost. */
  cutPower(): void {
    this.#stop('loses its power', false);
  }
  sleep(): void {
    if (this.#process === undefined || this.#clock.isAsleep) return;
    this.#options.world.log(this.name, 'falls asleep');
    this.#clock.sleep();
  }
  wake(): void {
    if (!this.#clock.isAsleep) return;
    this.#options.world.log(this.name, 'wakes');
    this.#clock.wake();
    this.#options.observer.clockJumped(this);
    this.#options.network.awoke(this);
  }
  /** What its operator wants. */
  order(input: Extract<Input, { kind: 'set-ban' | 'clear-ban' | 'clear-bans' | 'add-node' | 'remove-node' | 'check-reachability' }>): void {
    this.#input(input);
  }
  setClock(skewMs: number): void {
    this.#options.world.log(this.name, `has a clock that is off by ${skewMs} ms`);
    this.#clock.set(skewMs);
    this.#options.observer.clockJumped(this);
  }

  after(delayMs: number, run: () => void): void {
    this.#clock.after(delayMs, run);
  }
  connected(connection: ConnectionId, direction: 'inbound' | 'outbound', remoteKey: NodeId, remoteAddress: string, dialed: string | undefined): void {
    if (dialed === undefined) this.#options.observer.accepted(this, remoteAddress);
    else this.#options.observer.reached(this, dialed, remoteKey);
    this.#input({ kind: 'connected', connection, direction, remoteKey, remoteAddress, dialed });
  }
  message(connection: ConnectionId, bytes: Uint8Array): void {
    this.#input({ kind: 'message', connection, bytes });
  }
  closed(connection: ConnectionId, reason: string): void {
    this.#input({ kind: 'closed', connection, reason, offence: false });
  }
  dialFailed(address: string, reason: string): void {
    this.#input({ kind: 'dial-failed', address, reason });
  }

  #stop(how: string, hasPower: boolean): void {
    if (this.#process === undefined || this.#clock.isAsleep) return;
    const { world, network, observer } = this.#options;
    world.log(this.name, how);
    this.#process.stop();
    this.#process = undefined;
    this.#processNumber++;
    this.#hasPower = hasPower;
    network.detach(this, hasPower);
    this.#disk.crash();
    observer.restarted(this);
  }

  #input(input: Input): void {
    this.#process?.step(input);
  }

  #engine(): Engine {
    const { genesis, bootstrap, random, world, isMember, limits, key } = this.#options;
    const restored = this.#disk.tables.restored();
    invariant(restored !== undefined, 'the genesis is on the disk');
    const chance = random.fork(`process at ${world.nowMs}`);
    return new Engine(
      {
        params,
        genesis,
        self: this.nodeId,
        signer: key,
        masternode: isMember,
        chain: {
          coin: (key) => this.tables.coin(key),
          block: (height) => this.tables.block(height),
          transactionHeight: (txid) => this.tables.transactionHeight(txid),
          undo: (height) => this.tables.undo(height),
          revertedAfter: (parent) => this.tables.revertedAfter(parent),
        },
        random: () => chance.next(),
        nonce: BigInt(chance.below(2 ** 32)) * 2n ** 32n + BigInt(chance.below(2 ** 32)),
        userAgent: '/sim:1/',
        listenPort: this.port,
        limits,
        connect: [],
        bootstrap,
      },
      restored,
    );
  }
}

/** Its disk has no faults. */
function neverFails(failure: string): void {
  throw new InvariantError(failure);
}
