import type { StoreOperation } from '../core/store-operation.ts';
import { DiskTables } from './disk-tables.ts';
import type { Faults } from './faults.ts';
import type { Prng } from './prng.ts';
import type { World } from './world.ts';

/** A sync takes this long, and now and then, while the disk is busy with something else, much longer. */
const maxSyncMs = 12;
const slowSyncChance = 0.02;
const maxSlowSyncMs = 400;
/** Of each write, while the fault is on: an error that the operating system reports. */
const failureChance = 0.002;

/** As the operational errors of storage are called. */
export type DiskFailure = 'disk-full' | 'disk-failure';

interface Batch {
  readonly number: number;
  readonly operations: StoreOperation[];
}

/**
 * A disk that keeps what it reported as synced, and of the rest whole transactions in their order or nothing: what a step persists is one batch, and while one
 * transaction is written the next batches gather. A torn write is no transaction: the database's log has checksums, and forgets it. Where a write fails the node
 * cannot go on (storage ends it with a failure's name), and whether that write is there after all is seen at the next start.
 */
export class SimDisk {
  readonly #world: World;
  readonly #random: Prng;
  readonly #onDurable: (through: number) => void;
  readonly #onFailed: (failure: DiskFailure) => void;
  #isFull = false;
  #faults: Faults;
  /** With everything that was persisted: what the running process reads. */
  #current: DiskTables;
  #durable: DiskTables;
  #gathering: Batch | undefined;
  #waiting: Batch[] = [];
  #syncing: Batch[] | undefined;
  #nextNumber = 1;
  #durableThrough = 0;
  #process = 0;

  constructor(options: {
    readonly world: World;
    readonly random: Prng;
    readonly faults: Faults;
    readonly onDurable: (through: number) => void;
    readonly onFailed: (failure: DiskFailure) => void;
  }) {
    this.#world = options.world;
    this.#random = options.random;
    this.#faults = options.faults;
    this.#onDurable = options.onDurable;
    this.#onFailed = options.onFailed;
    this.#current = new DiskTables();
    this.#durable = new DiskTables();
  }

  get tables(): DiskTables {
    return this.#current;
  }
  /** What a crash at this moment leaves at least. */
  get durable(): DiskTables {
    return this.#durable;
  }
  get durableThrough(): number {
    return this.#durableThrough;
  }
  setFaults(faults: Faults): void {
    this.#faults = faults;
  }

  /** Nothing can be written from now on, or again. */
  setFull(isFull: boolean): void {
    this.#isFull = isFull;
  }

  /** Answers the number of the batch that they are in. */
  persist(operations: readonly StoreOperation[]): number {
    this.#gathering ??= { number: this.#nextNumber++, operations: [] };
    for (const operation of operations) {
      this.#current.apply(operation);
      this.#gathering.operations.push(operation);
    }
    return this.#gathering.number;
  }
  /** The turn is over: what it persisted commits together. */
  endTurn(): void {
    if (this.#gathering !== undefined) this.#waiting.push(this.#gathering);
    this.#gathering = undefined;
    this.#sync();
  }

  /** A copy of all that is synced, to be put back by `restore`. */
  backup(): DiskTables {
    return this.#durable.clone();
  }
  /** Of a machine that is off: what it has is that copy from now on, its guard's records as they are if they are kept elsewhere. */
  restore(copy: DiskTables, guard: 'of-the-copy' | 'kept'): void {
    this.crash();
    this.#durable = guard === 'kept' ? copy.withGuardOf(this.#durable) : copy.clone();
    this.#current = this.#durable.clone();
  }

  /** The power goes. A sync that is under way may have come through, although nobody heard of it. */
  crash(): void {
    this.#end(this.#syncing !== undefined && !this.#isFull && this.#random.chance(0.5));
  }

  /** The process that wrote is gone. */
  #end(isThere: boolean): void {
    this.#process++;
    if (isThere && this.#syncing !== undefined) this.#commit(this.#syncing);
    this.#gathering = undefined;
    this.#waiting = [];
    this.#syncing = undefined;
    this.#current = this.#durable.clone();
    this.#durableThrough = this.#nextNumber - 1;
  }

  #sync(): void {
    if (this.#syncing !== undefined || this.#waiting.length === 0) return;
    const batches = this.#nextTransaction();
    this.#syncing = batches;
    const process = this.#process;
    const isSlow = this.#faults.has('delay') && this.#random.chance(slowSyncChance);
    this.#world.after(this.#random.between(1, isSlow ? maxSlowSyncMs : maxSyncMs), () => {
      if (process !== this.#process) return;
      if (this.#isFull) return this.#fail('disk-full', false);
      // Not before there is a network: block 0 is written where somebody looks on.
      if (this.#faults.has('disk') && this.#durableThrough > 0 && this.#random.chance(failureChance))
        return this.#fail('disk-failure', this.#random.chance(0.5));
      this.#syncing = undefined;
      this.#commit(batches);
      this.#onDurable(this.#durableThrough);
      this.#sync();
    });
  }
  /** All that has gathered, or some of it: a long backlog is written in parts. */
  #nextTransaction(): Batch[] {
    const count = this.#faults.has('disk') ? this.#random.between(1, this.#waiting.length) : this.#waiting.length;
    return this.#waiting.splice(0, count);
  }
  #fail(failure: DiskFailure, isThere: boolean): void {
    this.#end(isThere);
    this.#onFailed(failure);
  }
  #commit(batches: readonly Batch[]): void {
    for (const { number, operations } of batches) {
      for (const operation of operations) this.#durable.apply(operation);
      this.#durableThrough = number;
    }
  }
}
