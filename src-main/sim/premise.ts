import type { NodeId } from '../../src-shared/domain/ids.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { SimHost } from './host.ts';
import type { World } from './world.ts';

/**
 * What every claim rests on (protocol section 5): in each snapshot less than a third of the weight is faulty or not there at all. Members come and go, so the share of those
 * that are faulty changes with every epoch; where it would be too much, some of them behave from then on.
 */
export class Premise {
  readonly #hosts: ReadonlyMap<NodeId, SimHost>;
  readonly #world: World;
  readonly #reformed = new Set<NodeId>();
  #epoch = 0;

  constructor(hosts: readonly SimHost[], world: World) {
    this.#hosts = new Map(hosts.map((host) => [host.nodeId, host]));
    this.#world = world;
  }

  /** The heaviest of those that are one too many reform first. */
  epochBegan({ epoch, members, totalWeight }: Snapshot): void {
    if (epoch <= this.#epoch) return;
    this.#epoch = epoch;
    const bad = members.filter(({ nodeId }) => this.#hosts.get(nodeId)?.honest !== true && !this.#reformed.has(nodeId));
    let weight = bad.reduce((sum, member) => sum + member.weight, 0);
    this.#world.log('', `epoch ${epoch}: ${members.length} members weigh ${totalWeight}, of which ${weight} are faulty or nobody's`);
    for (const member of bad.toSorted((a, b) => b.weight - a.weight)) {
      const host = this.#hosts.get(member.nodeId);
      if (3 * weight < totalWeight) return;
      if (host === undefined) continue;
      weight -= member.weight;
      this.#reformed.add(member.nodeId);
      host.reform();
    }
  }
}
