import type { StoreOperation } from '../core/store-operation.ts';
import { DiskTables } from './disk-tables.ts';
import type { Faults } from './faults.ts';
import type { Prng } from './prng.ts';
import type { World } from './world.ts';

/** A sync takes this long, and now and then, while the disk is busy with something else, much longer. */
const maxSyncMs = 12;
const slowSyncChance = 0.02;
const maxSlowSyncMs = 400;

interface Batch {
  readonly number: number;
  readonly operations: StoreOperation[];
}

/** A disk that keeps what it reported as synced and nothing else: what a step persists is one batch, and while one sync is under way the next gathers. */
export class SimDisk {
  readonly #world: World;
  readonly #random: Prng;
  readonly #onDurable: (through: number) => void;
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

  constructor(options: { readonly world: World; readonly random: Prng; readonly faults: Faults; readonly onDurable: (through: number) => void }) {
    this.#world = options.world;
    this.#random = options.random;
    this.#faults = options.faults;
    this.#onDurable = options.onDurable;
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
  /** Of a machine that is off: what it has is that copy from now on. */
  restore(copy: DiskTables): void {
    this.crash();
    this.#durable = copy.clone();
    this.#current = copy.clone();
  }

  /** The power goes. A sync that is under way may have come through, although nobody heard of it. */
  crash(): void {
    this.#process++;
    if (this.#syncing !== undefined && this.#random.chance(0.5)) this.#commit(this.#syncing);
    this.#gathering = undefined;
    this.#waiting = [];
    this.#syncing = undefined;
    this.#current = this.#durable.clone();
    this.#durableThrough = this.#nextNumber - 1;
  }

  #sync(): void {
    if (this.#syncing !== undefined || this.#waiting.length === 0) return;
    const batches = this.#waiting;
    this.#waiting = [];
    this.#syncing = batches;
    const process = this.#process;
    const isSlow = this.#faults.has('delay') && this.#random.chance(slowSyncChance);
    this.#world.after(this.#random.between(1, isSlow ? maxSlowSyncMs : maxSyncMs), () => {
      if (process !== this.#process) return;
      this.#syncing = undefined;
      this.#commit(batches);
      this.#onDurable(this.#durableThrough);
      this.#sync();
    });
  }
  #commit(batches: readonly Batch[]): void {
    for (const { number, operations } of batches) {
      for (const operation of operations) this.#durable.apply(operation);
      this.#durableThrough = number;
    }
  }
}
