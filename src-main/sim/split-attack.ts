import type { Txid } from '../../src-shared/domain/ids.ts';
import { holds } from './broken-invariant.ts';
import type { Cluster } from './cluster.ts';
import type { Coalition } from './coalition.ts';
import type { SimHost } from './host.ts';

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
    const first = [...faulty].map((index) => this.#cluster.host(index));
    this.#twins = first.map((host) => {
      const twin = this.#cluster.twinOf(host.index);
      // Peers keep the older of two processes with one key while they hear of it: so both begin now.
      host.crash();
      twin.restore(host.backup());
      return twin;
    });
    this.#cluster.network.partition([
      [...halves[0], ...faulty],
      [...halves[1], ...this.#twins.map(({ index }) => index)],
    ]);
    for (const process of [...first, ...this.#twins]) process.start();
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
