import type { Cluster } from './cluster.ts';
import type { Faults } from './faults.ts';
import { Operators } from './operators.ts';
import type { Prng } from './prng.ts';
import type { Owners } from './registry-actor.ts';
import { SplitAttack } from './split-attack.ts';

/** Milliseconds, each from and to. */
const calmBeforePartition = [3_000, 20_000] as const;
const partitionLasts = [2_000, 25_000] as const;
const calmBeforeCrash = [3_000, 15_000] as const;
const downFor = [300, 15_000] as const;
const calmBeforeFullDisk = [5_000, 25_000] as const;
const fullFor = [500, 12_000] as const;
const calmBeforeBackup = [3_000, 20_000] as const;
const backupIsOld = [500, 40_000] as const;
const calmBeforeSplit = [2_000, 12_000] as const;
const splitLasts = [4_000, 30_000] as const;
const payTwiceEvery = [200, 1_000] as const;
const registryTrafficEveryMs = 2_000;

/** Brings partitions, crashes, full disks, old copies, people with registrations and operators until it is stopped. Loss, delay and the like are the network's own. */
export class Nemesis {
  readonly #cluster: Cluster;
  readonly #random: Prng;
  readonly #owners: Owners | undefined;
  readonly #operators: Operators | undefined;
  #active = true;

  constructor(cluster: Cluster, faults: Faults) {
    this.#cluster = cluster;
    this.#random = cluster.random.fork('nemesis');
    if (faults.has('partition')) this.#nextPartition();
    if (faults.has('crash')) this.#nextCrash();
    if (faults.has('disk')) this.#nextFullDisk();
    if (faults.has('old-chain')) this.#nextBackup('kept');
    if (faults.has('backup')) this.#nextBackup('of-the-copy');
    if (cluster.coalition !== undefined) this.#nextSplit(new SplitAttack(cluster));
    if (faults.has('registry')) this.#owners = cluster.owners(registryTrafficEveryMs);
    if (faults.has('operator')) this.#operators = new Operators(cluster, cluster.random.fork('operators'));
  }

  /** All are together and up again, soon. */
  stop(): void {
    this.#active = false;
    this.#owners?.stop();
    this.#operators?.stop();
    for (const host of this.#cluster.hosts) host.setDiskFull(false);
    this.#cluster.network.rejoin();
    this.#cluster.startAll();
  }

  #nextPartition(): void {
    this.#after(calmBeforePartition, () => {
      const shuffled = this.#random.shuffled(this.#cluster.hosts.map(({ index }) => index));
      const cut = this.#random.between(1, shuffled.length - 1);
      this.#cluster.network.partition([shuffled.slice(0, cut), shuffled.slice(cut)]);
      this.#after(partitionLasts, () => {
        this.#cluster.network.rejoin();
        this.#nextPartition();
      });
    });
  }

  /** One as a rule, several often enough, and all at once now and then. */
  #nextCrash(): void {
    this.#after(calmBeforeCrash, () => {
      const { hosts } = this.#cluster;
      const kind = this.#random.next();
      const count = kind < 0.6 ? 1 : kind < 0.85 ? this.#random.between(2, Math.max(2, hosts.length - 1)) : hosts.length;
      for (const host of this.#random.shuffled(hosts).slice(0, count)) {
        host.crash();
        this.#after(downFor, () => host.start());
      }
      this.#nextCrash();
    });
  }

  /** One has no room for a while; it ends itself, is started again, and ends itself again until there is room. */
  #nextFullDisk(): void {
    this.#after(calmBeforeFullDisk, () => {
      const host = this.#random.pick(this.#cluster.hosts);
      host?.setDiskFull(true);
      this.#after(fullFor, () => {
        host?.setDiskFull(false);
        this.#nextFullDisk();
      });
    });
  }

  /** Two stories for two halves, and payments that belong to both. */
  #nextSplit(attack: SplitAttack): void {
    this.#after(calmBeforeSplit, () => {
      attack.begin();
      let isOver = false;
      const pay = (): void => {
        if (isOver) return;
        attack.payTwice();
        this.#after(payTwiceEvery, pay);
      };
      pay();
      this.#after(splitLasts, () => {
        isOver = true;
        attack.end();
        this.#nextSplit(attack);
      });
    });
  }

  /** A machine dies, and is set up again from an old copy: always the same one, since it may be silent until the epoch ends. */
  #nextBackup(guard: 'of-the-copy' | 'kept', host = this.#random.pick(this.#cluster.honest)): void {
    this.#after(calmBeforeBackup, () => {
      const copy = host?.backup();
      this.#after(backupIsOld, () => {
        if (copy === undefined || host === undefined || (guard === 'kept' && !this.#cluster.spares(host))) {
          this.#nextBackup(guard, host);
          return;
        }
        host.restore(copy, guard);
        this.#after(downFor, () => {
          host.start();
          this.#nextBackup(guard, host);
        });
      });
    });
  }

  #after([fromMs, toMs]: readonly [number, number], run: () => void): void {
    this.#cluster.world.after(this.#random.between(fromMs, toMs), () => {
      if (this.#active) run();
    });
  }
}
