import type { BlockHash, NodeId } from '../../src-shared/domain/ids.ts';
import type { BranchAnswer } from '../core/branch-answer.ts';
import { encodeMessage, type Message } from '../core/codec/message.ts';
import type { RestoredState } from '../core/engine/context.ts';
import type { EngineViews } from '../core/engine/views.ts';
import { Engine } from '../core/engine.ts';
import type { EngineEvent } from '../core/events.ts';
import { type Genesis, genesisOperation } from '../core/genesis.ts';
import type { Input } from '../core/inputs.ts';
import { invariant } from '../core/invariant.ts';
import type { ConnectionId } from '../core/net/connection-id.ts';
import type { SubmitResult } from '../node/pending-requests.ts';
import type { Arithmetic } from './arithmetic.ts';
import { describe, describeBytes, describeStored, markOf } from './describe.ts';
import { type DiskFailure, SimDisk } from './disk.ts';
import type { DiskTables } from './disk-tables.ts';
import type { Faults } from './faults.ts';
import { heardByFaulty } from './faulty-ears.ts';
import type { Endpoint, SimNetwork } from './network.ts';
import type { Prng } from './prng.ts';
import { SimProcess } from './process.ts';
import type { Setting } from './setting.ts';
import type { SharedReader } from './shared-reader.ts';
import type { SimKey } from './sim-genesis.ts';
import type { World } from './world.ts';

/** Clocks of people's machines; protocol section 10 warns above 5 s. */
const maxClockSkewMs = 400;

/** A faulty node's hands on what its engine sends. Whatever it answers is sent instead. */
export interface Mischief {
  outgoing(to: readonly ConnectionId[], message: Message): readonly Outgoing[];
}
export interface Outgoing {
  readonly to: readonly ConnectionId[];
  readonly bytes: Uint8Array;
}

/** Who watches. Nothing here may call a host back at once. */
export interface HostObserver {
  published(host: SimHost, event: EngineEvent): void;
  /** It has left an honest node; others have it or will, unless they or the network fail. */
  sent(host: SimHost, message: Message): void;
  /** It has ended itself, since a write failed. */
  failed(host: SimHost, failure: DiskFailure): void;
}

export interface HostOptions {
  readonly index: number;
  readonly address: string;
  readonly key: SimKey;
  readonly genesis: Genesis;
  readonly connect: readonly string[];
  readonly setting: Pick<Setting, 'params' | 'limits'>;
  readonly world: World;
  readonly network: SimNetwork;
  readonly arithmetic: Arithmetic;
  readonly reader: SharedReader;
  readonly random: Prng;
  readonly faults: Faults;
  readonly observer: HostObserver;
  /** Undefined: honest. */
  readonly mischief: ((host: SimHost) => Mischief) | undefined;
}

/** One machine: a disk that stays and a process that comes and goes. */
export class SimHost implements Endpoint {
  readonly index: number;
  readonly nodeId: NodeId;
  readonly address: string;
  readonly honest: boolean;
  readonly #options: HostOptions;
  readonly #disk: SimDisk;
  #mischief: Mischief | undefined;
  #skewMs: number;
  #wasRestored = false;
  #process: SimProcess | undefined;
  #answers = new Map<number, (result: SubmitResult) => void>();
  #branchAnswers = new Map<number, (result: BranchAnswer) => void>();
  #nextRequest = 1;
  /** Who is at the other end, for a trace: of all connections that ever were. */
  readonly #peerOf = new Map<ConnectionId, NodeId>();

  constructor(options: HostOptions) {
    const { index, world, random, faults } = options;
    this.#options = options;
    this.index = index;
    this.address = options.address;
    this.nodeId = options.key.publicKey as string as NodeId;
    this.#skewMs = random.between(-maxClockSkewMs, maxClockSkewMs);
    this.#disk = new SimDisk({
      world,
      random: random.fork('disk'),
      faults,
      onDurable: (through) => this.#process?.durable(through),
      onFailed: (failure) => this.#diskFailed(failure),
    });
    this.#disk.persist([genesisOperation(options.genesis, options.genesis.time)]);
    this.#disk.endTurn();
    this.honest = options.mischief === undefined;
    this.#mischief = options.mischief?.(this);
  }

  get name(): string {
    return `n${this.index}`;
  }
  get isUp(): boolean {
    return this.#process !== undefined;
  }
  get genesis(): Genesis {
    return this.#options.genesis;
  }
  /** Of the running process. */
  get views(): EngineViews {
    invariant(this.#process !== undefined, `${this.name} is down`);
    return this.#process.engine.views;
  }
  /** What the running process would read, or the next one will find. */
  get tables(): DiskTables {
    return this.#disk.tables;
  }
  /** What a crash at this moment leaves at least. */
  get durable(): DiskTables {
    return this.#disk.durable;
  }
  get height(): number {
    return this.#disk.tables.blocks.length - 1;
  }
  /** From an old copy: what it forgot comes back to it, and it passes it on without having it on its disk. */
  get wasRestored(): boolean {
    return this.#wasRestored;
  }
  get diskSizes(): ReturnType<DiskTables['sizes']> {
    return this.#disk.tables.sizes();
  }

  start(): void {
    if (this.#process !== undefined) return;
    const restored = this.#disk.tables.restored();
    invariant(restored !== undefined, 'the genesis is on the disk');
    this.#options.world.log(
      this.name,
      `starts at height ${restored.tip.height} with ${restored.pending.length} pending, ${restored.guardRecords.length} guard records`,
    );
    this.#answers = new Map();
    this.#branchAnswers = new Map();
    this.#process = this.#newProcess(restored);
    this.#options.network.attach(this);
    this.#process.step({ kind: 'start' });
  }

  /** The power goes: what was not synced is lost. */
  crash(): void {
    if (this.#process === undefined) return;
    this.#options.world.log(this.name, `crashes at height ${this.height}`);
    this.#end();
    this.#disk.crash();
  }
  /** Nothing can be written from now on: it ends itself with the next thing that it has to keep. Until there is room again. */
  setDiskFull(isFull: boolean): void {
    this.#options.world.log(this.name, isFull ? 'has a full disk' : 'has room on its disk');
    this.#disk.setFull(isFull);
  }

  /** A copy of its disk, the guard's records and all. */
  backup(): DiskTables {
    return this.#disk.backup();
  }
  /** Crashes, and what it has from now on is that copy. */
  restore(copy: DiskTables, guard: 'of-the-copy' | 'kept' = 'of-the-copy'): void {
    this.crash();
    this.#options.world.log(this.name, `is restored from a copy at height ${copy.blocks.length - 1}`);
    this.#disk.restore(copy, guard);
    this.#wasRestored = true;
  }

  /** Somebody sets its clock: so far ahead of the world's, or behind where negative. */
  setClock(aheadMs: number): void {
    this.#skewMs = aheadMs;
  }
  setFaults(faults: Faults): void {
    this.#disk.setFaults(faults);
  }

  /** A faulty node does as its engine says from now on. It stays what it is to who judges it: its key has signed whatever it has. */
  reform(): void {
    this.#options.world.log(this.name, 'is faulty no more');
    this.#mischief = { outgoing: (to, message) => [outgoing(to, message)] };
  }

  /** Answered later, or never if it crashes first. */
  submit(encoded: Uint8Array, onAnswer: (result: SubmitResult) => void = () => {}): void {
    if (this.#process === undefined) return;
    const request = this.#nextRequest++;
    this.#answers.set(request, onAnswer);
    this.#process.step({ kind: 'submit-transaction', request, encoded });
  }

  /** Its operator says that this block of its chain, or one certified beside it, is not the chain. Answered like `submit`. */
  invalidate(hash: BlockHash, onAnswer: (result: BranchAnswer) => void = () => {}): void {
    const at = this.#disk.tables.blocks.findIndex((block) => block.hash === hash);
    const request = this.#nextRequest++;
    this.#branchAnswers.set(request, onAnswer);
    this.#process?.step({ kind: 'invalidate-block', request, hash, foundAt: at < 0 ? undefined : at, isConfirmed: false });
  }
  /** Its operator takes that back. Not answered. */
  reconsider(hash: BlockHash): void {
    this.#process?.step({ kind: 'reconsider-block', request: this.#nextRequest++, hash });
  }

  connected(connection: ConnectionId, direction: 'inbound' | 'outbound', remoteKey: NodeId, remoteAddress: string, dialed: string | undefined): void {
    this.#peerOf.set(connection, remoteKey);
    this.#input({ kind: 'connected', connection, direction, remoteKey, remoteAddress, dialed });
  }
  message(connection: ConnectionId, bytes: Uint8Array): void {
    const { world, reader } = this.#options;
    world.aside(this.name, () => `hears ${describeBytes(bytes, reader)} from ${this.#namesOf([connection])}`);
    const heard = this.#mischief === undefined ? bytes : heardByFaulty(bytes, this.nodeId);
    if (heard !== undefined) this.#input({ kind: 'message', connection, bytes: heard });
  }
  closed(connection: ConnectionId, reason: string): void {
    this.#input({ kind: 'closed', connection, reason, offence: false });
  }
  dialFailed(address: string, reason: string): void {
    this.#input({ kind: 'dial-failed', address, reason });
  }

  sign(message: Uint8Array): Uint8Array {
    const { arithmetic, key } = this.#options;
    return arithmetic.sign(key.pair, message);
  }

  get #nowMs(): number {
    return this.#options.world.nowMs + this.#skewMs;
  }

  #engine(restored: RestoredState): Engine {
    const { genesis, connect, random, reader, setting } = this.#options;
    const chance = random.fork(`process at ${this.#options.world.nowMs}`);
    return new Engine(
      {
        params: setting.params,
        genesis,
        self: this.nodeId,
        signer: { sign: (message) => this.sign(message) },
        reader,
        masternode: true,
        chain: {
          coin: (key) => this.#disk.tables.coin(key),
          block: (height) => this.#disk.tables.block(height),
          transactionHeight: (txid) => this.#disk.tables.transactionHeight(txid),
          undo: (height) => this.#disk.tables.undo(height),
          revertedAfter: (parent) => this.#disk.tables.revertedAfter(parent),
        },
        random: () => chance.next(),
        nonce: BigInt(chance.below(2 ** 32)) * 2n ** 32n + BigInt(chance.below(2 ** 32)),
        userAgent: '/sim:1/',
        listenPort: 24_200,
        limits: setting.limits,
        connect,
      },
      restored,
    );
  }

  #newProcess(restored: RestoredState): SimProcess {
    const { network, observer, world, arithmetic, random, reader } = this.#options;
    const process: SimProcess = new SimProcess({
      engine: this.#engine(restored),
      disk: this.#disk,
      clock: { nowMs: () => this.#nowMs, monotonicMs: () => world.elapsedMs },
      after: (delayMs, run) => world.after(delayMs, run),
      arithmetic,
      random,
      encode: (message) => reader.encode(message),
      transport: {
        dial: (address) => network.dial(this, address),
        send: (ids, bytes) => this.#send(ids, bytes),
        close: (id, reason) => network.close(id, reason),
        settled: () => undefined,
      },
      answer: (request, result) => this.#answer(request, result),
      answerBranch: (request, result) => this.#branchAnswered(request, result),
      discover: () => undefined,
      probe: ({ request, address, nodeId }) =>
        network.probe(this, address, nodeId, (reached) => {
          if (this.#process === process) process.step({ kind: 'probed', request, reached });
        }),
      publish: (event) => observer.published(this, event),
      stores: (operations) => {
        for (const operation of operations) {
          const words = describeStored(operation);
          if (words !== undefined) world.aside(this.name, () => words);
        }
      },
    });
    return process;
  }

  /** As the node does: it says why and ends. Whatever waited for this write never leaves. */
  #diskFailed(failure: DiskFailure): void {
    this.#options.world.log(this.name, `ends at height ${this.height}: ${failure}`);
    this.#end();
    this.#options.observer.failed(this, failure);
  }
  #namesOf(connections: readonly ConnectionId[]): string {
    return connections.map((connection) => this.#peerOf.get(connection)?.slice(0, 8) ?? `connection ${connection}`).join(' ');
  }
  #end(): void {
    this.#process?.stop();
    this.#process = undefined;
    this.#options.network.detach(this);
  }

  #input(input: Input): void {
    this.#process?.step(input);
  }

  #branchAnswered(request: number, result: BranchAnswer): void {
    const onAnswer = this.#branchAnswers.get(request);
    this.#branchAnswers.delete(request);
    if (onAnswer !== undefined) this.#options.world.after(0, () => onAnswer(result));
  }

  #answer(request: number, result: SubmitResult): void {
    const onAnswer = this.#answers.get(request);
    this.#answers.delete(request);
    if (onAnswer !== undefined) this.#options.world.after(0, () => onAnswer(result));
  }

  #send(ids: readonly ConnectionId[], bytes: Uint8Array): void {
    const { network, observer, world, reader } = this.#options;
    const message = reader.message(bytes);
    world.log(this.name, () => `sends ${describe(message)} to ${this.#namesOf(ids)}`, `${markOf(bytes, message)} ${ids.join(' ')}`);
    if (this.#mischief === undefined) {
      observer.sent(this, message);
      network.send(ids, bytes);
      return;
    }
    for (const outgoing of this.#mischief.outgoing(ids, message)) network.send(outgoing.to, outgoing.bytes);
  }
}

export const outgoing = (to: readonly ConnectionId[], message: Message): Outgoing => ({ to, bytes: encodeMessage(message) });
