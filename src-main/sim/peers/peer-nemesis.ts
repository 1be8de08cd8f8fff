import type { Prng } from '../prng.ts';
import type { World } from '../world.ts';
import type { PeerMachine } from './machine.ts';
import type { PeerFaultName, PeerFaults } from './peer-faults.ts';
import type { Site, TcpNetwork } from './tcp-network.ts';

type Range = readonly [number, number];
const seconds = (from: number, to: number): Range => [from * 1_000, to * 1_000];
const minutes = (from: number, to: number): Range => seconds(from * 60, to * 60);

/** From one to the next of its kind anywhere in the network. Some come in the middle of what an earlier one left, and that is meant. */
const every: Record<Exclude<PeerFaultName, 'loss' | 'delay'>, Range> = {
  reset: seconds(20, 600),
  'half-open': seconds(60, 900),
  stall: seconds(60, 900),
  partition: minutes(5, 60),
  crash: minutes(1, 30),
  sleep: minutes(2, 60),
  clock: minutes(10, 120),
  move: minutes(10, 120),
};
const stallLasts = seconds(1, 60);
const partitionLasts = [seconds(1, 60), minutes(1, 20)];
const downFor = [seconds(1, 20), minutes(1, 30)];
const asleepFor = [seconds(5, 90), minutes(2, 240)];
/** Clocks that were set wrong are mostly a little off, and now and then an hour. */
const wrongByMs = [10_000, 3_600_000];
const wrongFor = minutes(1, 30);

export interface NemesisTargets {
  readonly world: World;
  readonly random: Prng;
  readonly network: TcpNetwork;
  readonly machines: readonly PeerMachine[];
  readonly move: (site: Site) => void;
}

/** Does to machines, lines and clocks what is done to them in a month, until it is stopped. */
export class PeerNemesis {
  readonly #targets: NemesisTargets;
  #active = true;

  constructor(targets: NemesisTargets, faults: PeerFaults) {
    this.#targets = targets;
    for (const name of Object.keys(every) as (keyof typeof every)[]) if (faults.has(name)) this.#next(name);
  }

  /** Everybody is up, awake and together from now on. */
  stop(): void {
    this.#active = false;
    const { network, machines } = this.#targets;
    network.rejoin();
    for (const machine of machines) {
      machine.wake();
      machine.setClock(0);
      machine.start();
    }
  }

  #next(name: keyof typeof every): void {
    this.#after(every[name], () => {
      this.#acts[name]();
      this.#next(name);
    });
  }

  readonly #acts: { readonly [N in keyof typeof every]: () => void } = {
    reset: () => this.#targets.network.resetOne(),
    'half-open': () => this.#targets.network.muteOne(),
    stall: () => this.#targets.network.stallOne(this.#targets.random.between(...stallLasts)),
    partition: () => this.#partition(),
    crash: () => this.#crash(),
    sleep: () => {
      const machine = this.#anyMachine();
      machine?.sleep();
      this.#after(this.#oneOf(asleepFor), () => machine?.wake());
    },
    clock: () => {
      const { random } = this.#targets;
      const machine = this.#anyMachine();
      const mostMs = random.pick(wrongByMs) ?? 0;
      machine?.setClock(random.between(-mostMs, mostMs));
      this.#after(wrongFor, () => machine?.setClock(0));
    },
    move: () => {
      const machine = this.#anyMachine();
      if (machine !== undefined) this.#targets.move(machine.site);
    },
  };

  #partition(): void {
    const { random, machines, network, world } = this.#targets;
    const shuffled = random.shuffled(machines.map(({ index }) => index));
    const cut = random.between(1, shuffled.length - 1);
    const groups = [shuffled.slice(0, cut), shuffled.slice(cut)];
    world.log('net', `partition ${groups.map((group) => group.join(' ')).join(' | ')}`);
    network.partition(groups);
    this.#after(this.#oneOf(partitionLasts), () => {
      world.log('net', 'partition ends');
      network.rejoin();
    });
  }

  /** One as a rule, and now and then everybody at once. */
  #crash(): void {
    const { random, machines } = this.#targets;
    const count = random.chance(1 / 10) ? machines.length : random.between(1, 3);
    for (const machine of random.shuffled(machines).slice(0, count)) {
      if (random.chance(1 / 2)) machine.kill();
      else machine.cutPower();
      this.#after(this.#oneOf(downFor), () => machine.start());
    }
  }

  #anyMachine(): PeerMachine | undefined {
    return this.#targets.random.pick(this.#targets.machines);
  }
  #oneOf(ranges: readonly Range[]): Range {
    return this.#targets.random.pick(ranges) ?? [0, 0];
  }
  #after([fromMs, toMs]: Range, run: () => void): void {
    const { world, random } = this.#targets;
    world.after(random.between(fromMs, toMs), () => {
      if (this.#active) run();
    });
  }
}
