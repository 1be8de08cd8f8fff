import type { Tier } from '../core/snapshot.ts';
import { tiers } from '../core/tiers.ts';
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
