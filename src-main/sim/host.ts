import type { NodeId } from '../../src-shared/domain/ids.ts';
import { defaultLimits } from '../../src-shared/domain/net-limits.ts';
import { decodeMessage, encodeMessage, type Message } from '../core/codec/message.ts';
import type { Effect, TimerName } from '../core/effects.ts';
import type { RestoredState } from '../core/engine/context.ts';
import type { EngineViews } from '../core/engine/views.ts';
import { Engine } from '../core/engine.ts';
import type { EngineEvent } from '../core/events.ts';
import { type Genesis, genesisOperation } from '../core/genesis.ts';
import type { Input } from '../core/inputs.ts';
import { InvariantError, invariant } from '../core/invariant.ts';
import type { ConnectionId } from '../core/net/connection-id.ts';
import { paramsOf } from '../core/params.ts';
import { EffectRunner } from '../node/effects.ts';
import { signWith } from '../node/keys/ed25519.ts';
import type { SubmitResult } from '../node/pending-requests.ts';
import type { Arithmetic } from './arithmetic.ts';
import { describe } from './describe.ts';
import { SimDisk } from './disk.ts';
import type { DiskTables } from './disk-tables.ts';
import type { Faults } from './faults.ts';
import type { Endpoint, SimNetwork } from './network.ts';
import type { Prng } from './prng.ts';
import type { SimKey } from './sim-genesis.ts';
import type { World } from './world.ts';

/** Clocks of people's machines; protocol section 10 warns above 5 s. */
const maxClockSkewMs = 400;
const maxVerifyMs = 4;
const maxSetHashMs = 6;
const maxTurnMs = 3;

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
}

export interface HostOptions {
  readonly index: number;
  readonly address: string;
  readonly key: SimKey;
  readonly genesis: Genesis;
  readonly connect: readonly string[];
  readonly world: World;
  readonly network: SimNetwork;
  readonly arithmetic: Arithmetic;
  readonly random: Prng;
  readonly faults: Faults;
  readonly observer: HostObserver;
  /** Undefined: honest. */
  readonly mischief: ((host: SimHost) => Mischief) | undefined;
}

interface Process {
  readonly engine: Engine;
  readonly runner: EffectRunner;
  readonly timers: Map<TimerName, number>;
  readonly answers: Map<number, (result: SubmitResult) => void>;
}

/** One machine: a disk that stays and a process that comes and goes, an engine with the node's own runner of effects around it. */
export class SimHost implements Endpoint {
  readonly index: number;
  readonly nodeId: NodeId;
  readonly address: string;
  readonly honest: boolean;
  readonly #options: HostOptions;
  readonly #disk: SimDisk;
  readonly #mischief: Mischief | undefined;
  readonly #skewMs: number;
  #process: Process | undefined;
  #nextRequest = 1;

  constructor(options: HostOptions) {
    const { index, world, random, faults } = options;
    this.#options = options;
    this.index = index;
    this.address = options.address;
    this.nodeId = options.key.publicKey as string as NodeId;
    this.#skewMs = random.between(-maxClockSkewMs, maxClockSkewMs);
    this.#disk = new SimDisk({ world, random: random.fork('disk'), faults, onDurable: (through) => this.#process?.runner.durable(through) });
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
    const own: Process = { engine: this.#engine(restored), runner: this.#runner(() => own), timers: new Map(), answers: new Map() };
    this.#process = own;
    this.#options.network.attach(this);
    this.#step(own, { kind: 'start' });
  }

  /** The power goes: what was not synced is lost. */
  crash(): void {
    if (this.#process === undefined) return;
    this.#options.world.log(this.name, `crashes at height ${this.height}`);
    this.#process.runner.stop();
    this.#process = undefined;
    this.#options.network.detach(this);
    this.#disk.crash();
  }

  setFaults(faults: Faults): void {
    this.#disk.setFaults(faults);
  }

  /** Answered later, or never if it crashes first. */
  submit(encoded: Uint8Array, onAnswer: (result: SubmitResult) => void = () => {}): void {
    if (this.#process === undefined) return;
    const request = this.#nextRequest++;
    this.#process.answers.set(request, onAnswer);
    this.#step(this.#process, { kind: 'submit-transaction', request, encoded });
  }

  connected(connection: ConnectionId, direction: 'inbound' | 'outbound', remoteKey: NodeId, remoteAddress: string, dialed: string | undefined): void {
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

  sign(message: Uint8Array): Uint8Array {
    return signWith(this.#options.key.pair.secretKey64, message);
  }

  get #nowMs(): number {
    return this.#options.world.nowMs + this.#skewMs;
  }

  #engine(restored: RestoredState): Engine {
    const { genesis, connect, random } = this.#options;
    const chance = random.fork(`process at ${this.#options.world.nowMs}`);
    return new Engine(
      {
        params: paramsOf.devnet,
        genesis,
        self: this.nodeId,
        signer: { sign: (message) => this.sign(message) },
        masternode: true,
        chain: {
          coin: (key) => this.#disk.tables.coin(key),
          block: (height) => this.#disk.tables.block(height),
          transactionHeight: (txid) => this.#disk.tables.transactionHeight(txid),
        },
        random: () => chance.next(),
        nonce: BigInt(chance.below(2 ** 32)) * 2n ** 32n + BigInt(chance.below(2 ** 32)),
        userAgent: '/sim:1/',
        listenPort: 24_200,
        limits: defaultLimits('devnet'),
        connect,
      },
      restored,
    );
  }

  #runner(own: () => Process): EffectRunner {
    const { network, observer } = this.#options;
    const disk = this.#disk;
    return new EffectRunner({
      storage: {
        persist: (operations) => disk.persist(operations),
        get durableThrough() {
          return disk.durableThrough;
        },
      },
      // Carried out here, by virtual time and without promises.
      verifier: { verify: () => neverAsked(), muHash: () => neverAsked() },
      transport: {
        dial: (address) => network.dial(this, address),
        send: (ids, bytes) => this.#send(ids, bytes),
        close: (id, reason) => network.close(id, reason),
      },
      timers: { set: (name, atMs) => this.#setTimer(own(), name, atMs) },
      input: () => neverAsked(),
      answer: (request, result) => this.#answer(own(), request, result),
      discover: () => undefined,
      probe: () => undefined,
      publish: (event) => observer.published(this, event),
      onFatal: (error) => {
        throw error;
      },
    });
  }

  #input(input: Input): void {
    if (this.#process !== undefined) this.#step(this.#process, input);
  }

  #step(own: Process, input: Input): void {
    for (const effect of own.engine.step(input, this.#nowMs)) this.#carryOut(own, effect);
    this.#disk.endTurn();
  }

  #carryOut(own: Process, effect: Effect): void {
    const { arithmetic, random } = this.#options;
    if (effect.kind === 'verify') {
      const { job, items } = effect;
      this.#later(own, random.below(maxVerifyMs + items.length / 20), () => ({ kind: 'verified', job, valid: arithmetic.verify(items) }));
    } else if (effect.kind === 'compute-set-hash') {
      this.#later(own, random.below(maxSetHashMs), () => ({ kind: 'set-hash', job: effect.job, ...arithmetic.setHash(effect) }));
    } else if (effect.kind === 'continue') {
      this.#later(own, random.below(maxTurnMs), () => ({ kind: 'continued', job: effect.job }));
    } else own.runner.run([effect]);
  }

  #later(own: Process, delayMs: number, answer: () => Input): void {
    this.#options.world.after(delayMs, () => {
      if (own === this.#process) this.#step(own, answer());
    });
  }

  /** The last time that was set counts. */
  #setTimer(own: Process, timer: TimerName, atMs: number | undefined): void {
    if (atMs === undefined) {
      own.timers.delete(timer);
      return;
    }
    if (own.timers.get(timer) === atMs) return;
    own.timers.set(timer, atMs);
    this.#options.world.at(atMs - this.#skewMs, () => {
      if (own !== this.#process || own.timers.get(timer) !== atMs) return;
      own.timers.delete(timer);
      this.#step(own, { kind: 'timer', timer });
    });
  }

  #answer(own: Process, request: number, result: SubmitResult): void {
    const onAnswer = own.answers.get(request);
    own.answers.delete(request);
    if (onAnswer !== undefined) this.#options.world.after(0, () => onAnswer(result));
  }

  #send(ids: readonly ConnectionId[], bytes: Uint8Array): void {
    const { network, observer, world } = this.#options;
    const message = decodeMessage(bytes);
    world.log(this.name, `sends ${describe(message)} on ${ids.join(' ')}`);
    if (this.#mischief === undefined) {
      observer.sent(this, message);
      network.send(ids, bytes);
      return;
    }
    for (const outgoing of this.#mischief.outgoing(ids, message)) network.send(outgoing.to, outgoing.bytes);
  }
}

function neverAsked(): never {
  throw new InvariantError('the simulator does this work itself');
}

export const outgoing = (to: readonly ConnectionId[], message: Message): Outgoing => ({ to, bytes: encodeMessage(message) });
