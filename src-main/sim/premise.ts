import type { NodeId } from '../../src-shared/domain/ids.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { SimHost } from './host.ts';
import type { World } from './world.ts';

/**
 * What every claim rests on (protocol section 5): in each snapshot less than a third of the weight is faulty, or not there at all, or silent for an epoch since its records are
 * older than what it signed. Members come and go, so the share of those changes with every epoch; where it would be too much, some of the faulty behave from then on.
 */
export class Premise {
  readonly #hosts: ReadonlyMap<NodeId, SimHost>;
  readonly #world: World;
  readonly #reformed = new Set<NodeId>();
  readonly #silenced = new Set<NodeId>();
  #snapshot: Snapshot;

  constructor(hosts: readonly SimHost[], world: World, first: Snapshot) {
    this.#hosts = new Map(hosts.map((host) => [host.nodeId, host]));
    this.#world = world;
    this.#snapshot = first;
  }

  epochBegan(snapshot: Snapshot): void {
    if (snapshot.epoch <= this.#snapshot.epoch) return;
    this.#snapshot = snapshot;
    this.#keep();
  }
  /** It votes for nobody until it is heard again. */
  silenced(nodeId: NodeId): void {
    this.#silenced.add(nodeId);
    this.#keep();
  }
  signs(nodeId: NodeId): void {
    this.#silenced.delete(nodeId);
  }
  /** Whether less than a third is still missing if this one is silent too. */
  spares(nodeId: NodeId): boolean {
    const { members, totalWeight } = this.#snapshot;
    const missing = members.filter((member) => member.nodeId === nodeId || this.#isBad(member.nodeId));
    return 3 * missing.reduce((sum, member) => sum + member.weight, 0) < totalWeight;
  }

  /** The heaviest of those that are one too many reform first. */
  #keep(): void {
    const { epoch, members, totalWeight } = this.#snapshot;
    const bad = members.filter(({ nodeId }) => this.#isBad(nodeId));
    let weight = bad.reduce((sum, member) => sum + member.weight, 0);
    this.#world.log('', `epoch ${epoch}: ${members.length} members weigh ${totalWeight}, of which ${weight} are faulty, silent or nobody's`);
    for (const member of bad.toSorted((a, b) => b.weight - a.weight)) {
      const host = this.#hosts.get(member.nodeId);
      if (3 * weight < totalWeight) return;
      if (host === undefined || !this.#isFaulty(member.nodeId)) continue;
      weight -= member.weight;
      this.#reformed.add(member.nodeId);
      host.reform();
    }
  }

  #isBad(nodeId: NodeId): boolean {
    return this.#isFaulty(nodeId) || this.#silenced.has(nodeId);
  }
  #isFaulty(nodeId: NodeId): boolean {
    return this.#hosts.get(nodeId)?.honest !== true && !this.#reformed.has(nodeId);
  }
}
