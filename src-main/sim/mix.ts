import type { Tier } from '../core/snapshot.ts';
import { tiers } from '../core/tiers.ts';
import { type FaultName, type Faults, parseFaults } from './faults.ts';
import { Prng } from './prng.ts';
import { homes, oceans, practice, type Setting } from './setting.ts';

/** What a seed of mixed faults is about. */
export interface Mix {
  readonly members: readonly Tier[];
  /** As many as fit below a third of the weight, or none. */
  readonly byzantine: number;
  readonly faults: Faults;
  readonly heights: number;
  readonly paymentEveryMs: number;
  readonly setting: Setting;
  /** Large payments in bursts. */
  readonly bursts: boolean;
}
/** `bulky`: full blocks, and more pending than they take. `wide`: many, across continents. */
export const mixKinds = ['usual', 'bulky', 'wide'] as const;
export type MixKind = (typeof mixKinds)[number];

const minMembers = 4;
const maxMembers = 13;
/** What a run costs grows with the square of the members: many decide fewer blocks, so that no seed takes much longer than others. */
const heightsPer = 60;
const minHeights = 5;
const maxHeights = 12;
/** One epoch and a bit in any case. */
const byzantineChance = 0.8;
const faultChance = 0.7;
const maxBulkyMembers = 5;
const bulkyHeights = 5;
const minWideMembers = 20;
const maxWideMembers = 60;
const wideHeights = 5;
const equalTiersChance = 0.4;

/** Everything follows from the kind and the seed, so they are all it takes to play it again. */
export const drawMix = (seed: number, kind: MixKind = 'usual'): Mix => draws[kind](seed);

const draws: Record<MixKind, (seed: number) => Mix> = {
  usual: (seed) => drawUsual(new Prng(`mix ${seed}`)),
  bulky: (seed) => {
    const random = new Prng(`bulky mix ${seed}`);
    const mix = drawUsual(random);
    return { ...mix, members: drawTiers(random, random.between(minMembers, maxBulkyMembers)), heights: bulkyHeights, setting: homes, bursts: true };
  },
  wide: (seed) => {
    const random = new Prng(`wide mix ${seed}`);
    const mix = drawUsual(random);
    // The smallest of three: what a run costs grows with their square.
    const count = Math.min(...[1, 2, 3].map(() => random.between(minWideMembers, maxWideMembers)));
    return { ...mix, members: drawTiers(random, count), heights: wideHeights, setting: oceans };
  },
};

function drawUsual(random: Prng): Mix {
  // The smaller of two: small networks break as well as large ones, and sooner.
  const count = Math.min(random.between(minMembers, maxMembers), random.between(minMembers, maxMembers));
  const all: readonly FaultName[] = [...parseFaults('all')].filter((name) => name !== 'operator');
  const mix = {
    members: drawTiers(random, count),
    byzantine: random.chance(byzantineChance) ? Number.POSITIVE_INFINITY : 0,
    faults: new Set(all.filter(() => random.chance(faultChance))),
    heights: Math.min(maxHeights, Math.max(minHeights, Math.floor(heightsPer / count))),
    paymentEveryMs: random.between(400, 1_500),
    setting: practice,
    bursts: false,
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
