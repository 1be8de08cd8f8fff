import type { Tier } from '../core/snapshot.ts';
import { tiers } from '../core/tiers.ts';
import { type FaultName, type Faults, parseFaults } from './faults.ts';
import { Prng } from './prng.ts';

/** What a seed of mixed faults is about. */
export interface Mix {
  readonly members: readonly Tier[];
  /** As many as fit below a third of the weight, or none. */
  readonly byzantine: number;
  readonly faults: Faults;
  readonly heights: number;
  readonly paymentEveryMs: number;
}

const minMembers = 4;
const maxMembers = 13;
/** What a run costs grows with the square of the members: many decide fewer blocks, so that no seed takes much longer than others. */
const heightsPer = 60;
const minHeights = 5;
const maxHeights = 12;
/** One epoch and a bit in any case. */
const byzantineChance = 0.8;
const faultChance = 0.7;
const equalTiersChance = 0.4;

/** Everything follows from the seed, so a seed is all it takes to play it again. */
export function drawMix(seed: number): Mix {
  const random = new Prng(`mix ${seed}`);
  // The smaller of two: small networks break as well as large ones, and sooner.
  const count = Math.min(random.between(minMembers, maxMembers), random.between(minMembers, maxMembers));
  const all: readonly FaultName[] = [...parseFaults('all')].filter((name) => name !== 'operator');
  const mix = {
    members: drawTiers(random, count),
    byzantine: random.chance(byzantineChance) ? Number.POSITIVE_INFINITY : 0,
    faults: new Set(all.filter(() => random.chance(faultChance))),
    heights: Math.min(maxHeights, Math.max(minHeights, Math.floor(heightsPer / count))),
    paymentEveryMs: random.between(400, 1_500),
  };
  // Drawn last: the other choices of a seed, which texts name, do not depend on it.
  return random.chance(faultChance) ? { ...mix, faults: new Set<FaultName>([...mix.faults, 'operator']) } : mix;
}

/** Equal ones, or of two tiers that are next to one another: ten of the lower weigh as much as one of the higher, and nobody a third of all. */
function drawTiers(random: Prng, count: number): readonly Tier[] {
  if (random.chance(equalTiersChance)) return Array.from({ length: count }, () => 'bronze');
  const [low, high]: readonly [Tier, Tier] = random.pick([
    ['free', 'bronze'],
    ['bronze', 'silver'],
    ['silver', 'gold'],
  ] as const) ?? ['bronze', 'silver'];
  // With fewer than four of the higher, one of them alone could stop the network.
  const highCount = random.between(Math.min(4, count), count);
  return random.shuffled(Array.from({ length: count }, (_, index) => (index < highCount ? high : low)));
}

/** In a few words, for a report. */
export function describeMix({ members, byzantine, faults, heights }: Mix): string {
  const counts = (Object.keys(tiers) as Tier[]).flatMap((tier) => {
    const count = members.filter((one) => one === tier).length;
    return count === 0 ? [] : [`${count} ${tier}`];
  });
  return `${counts.join(' + ')}, ${byzantine === 0 ? 'all honest' : 'as many faulty as may be'}, ${heights} heights, ${[...faults].join(',') || 'no faults'}`;
}
