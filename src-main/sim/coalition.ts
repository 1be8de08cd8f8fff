import type { Txid } from '../../src-shared/domain/ids.ts';
import type { Tier } from '../core/snapshot.ts';
import { tiers } from '../core/tiers.ts';
import { holds } from './broken-invariant.ts';
import type { Cluster } from './cluster.ts';
import type { SimHost } from './host.ts';
import type { Prng } from './prng.ts';

/** Members that work together, and the honest in two parts of which each is a quorum with them. All by index. */
export interface Coalition {
  readonly faulty: ReadonlySet<number>;
  readonly halves: readonly [ReadonlySet<number>, ReadonlySet<number>];
}

/** The fewest of a drawn order that can do it: by weight a third or a little more, as the weights allow. */
export function drawCoalition(random: Prng, members: readonly Tier[]): Coalition {
  const weightOf = (index: number): number => tiers[members[index] as Tier].weight;
  const weightOfAll = (indices: Iterable<number>): number => [...indices].reduce((sum, index) => sum + weightOf(index), 0);
  const order = random.shuffled([...members.keys()]);
  const total = weightOfAll(order);
  for (let count = 1; count <= order.length; count++) {
    const faulty = new Set(order.slice(0, count));
    const halves = [new Set<number>(), new Set<number>()] as const;
    for (const index of order.slice(count).sort((a, b) => weightOf(b) - weightOf(a)))
      (weightOfAll(halves[0]) <= weightOfAll(halves[1]) ? halves[0] : halves[1]).add(index);
    if (halves.every((half) => 3 * (weightOfAll(half) + weightOfAll(faulty)) >= 2 * total)) return { faulty, halves };
  }
  throw new RangeError('there are members');
}

/**
 * What a third of the weight can do, and nobody below it (protocol section 1): each member of the coalition runs twice with one key and one history, its clients pay one coin to
 * two, and the network keeps the halves apart for a while. Either half with them is a quorum, and sees nothing wrong.
 */
export class SplitAttack {
  readonly #cluster: Cluster;
  readonly #coalition: Coalition;
  #twins: readonly SimHost[] = [];

  constructor(cluster: Cluster) {
    holds(cluster.coalition !== undefined, () => 'there is a coalition');
    this.#cluster = cluster;
    this.#coalition = cluster.coalition;
  }

  begin(): void {
    const { faulty, halves } = this.#coalition;
    this.#cluster.world.log('', `${[...faulty].map((index) => `n${index}`).join(' ')} tell two halves two stories`);
    this.#twins = [...faulty].map((index) => {
      const twin = this.#cluster.twinOf(index);
      twin.restore(this.#cluster.host(index).backup());
      return twin;
    });
    this.#cluster.network.partition([
      [...halves[0], ...faulty],
      [...halves[1], ...this.#twins.map(({ index }) => index)],
    ]);
    for (const twin of this.#twins) twin.start();
  }

  /** One coin to two, at a node of either half. */
  payTwice(): readonly Txid[] {
    const { clients, random } = this.#cluster;
    const coin = clients.takeCoin();
    if (coin === undefined) return [];
    return this.#coalition.halves.flatMap((half) => {
      const payment = clients.pay(coin);
      const at = random.pick(this.#cluster.hosts.filter(({ index, isUp }) => isUp && half.has(index)));
      at?.submit(payment.encoded);
      return at === undefined ? [] : [payment.txid];
    });
  }

  /** The halves are one network again, in which everybody tells what it has. */
  end(): void {
    for (const twin of this.#twins) twin.crash();
    this.#cluster.network.rejoin();
  }
}
