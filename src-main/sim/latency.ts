import type { Prng } from './prng.ts';

/** How long a message takes from one machine to another, by their addresses: whole milliseconds, anew each time. */
export type Latency = (from: string, to: string) => number;

/** Each pair has its own, from one house to across an ocean. */
const minLinkMs = 1;
const maxLinkMs = 90;
const jitterMs = 10;

/** Any two machines are anywhere. */
export function anywhere(random: Prng): Latency {
  const linkMs = new Map<string, number>();
  return (from, to) => {
    const link = from < to ? `${from} ${to}` : `${to} ${from}`;
    let baseMs = linkMs.get(link);
    if (baseMs === undefined) {
      baseMs = random.between(minLinkMs, maxLinkMs);
      linkMs.set(link, baseMs);
    }
    return baseMs + random.below(jitterMs);
  };
}

/** Of a hundred nodes about so many are in each. */
const regions = [
  { name: 'Europe', share: 34 },
  { name: 'North America, east', share: 20 },
  { name: 'North America, west', share: 12 },
  { name: 'South America', share: 7 },
  { name: 'southern Africa', share: 4 },
  { name: 'India', share: 6 },
  { name: 'south-east Asia', share: 7 },
  { name: 'east Asia', share: 6 },
  { name: 'Australia', share: 4 },
] as const;
/** One way, between large data centres: half of the round trips that cloud providers publish, rounded. In the order above, each row up to itself. */
const oneWayMs: readonly (readonly number[])[] = [
  [8],
  [41, 8],
  [70, 31, 6],
  [103, 58, 88, 10],
  [78, 113, 143, 170, 8],
  [60, 95, 113, 150, 130, 12],
  [83, 110, 85, 163, 155, 30, 10],
  [113, 75, 53, 128, 180, 65, 35, 8],
  [135, 100, 70, 155, 200, 75, 46, 55, 8],
];
/** From the data centre to the machine, of each its own: fibre at best, an old copper line at worst. */
const minAccessMs = 1;
const maxAccessMs = 12;
/** A little of it always, and now and then a packet that had to be sent again. */
const jitterShare = 0.08;
const retransmitChance = 0.01;
const maxRetransmitMs = 200;

/** Machines in homes and data centres of all continents. */
export function acrossContinents(random: Prng): Latency {
  const places = new Map<string, { readonly region: number; readonly accessMs: number }>();
  const placeOf = (address: string): { readonly region: number; readonly accessMs: number } => {
    const known = places.get(address);
    if (known !== undefined) return known;
    const place = { region: drawRegion(random), accessMs: random.between(minAccessMs, maxAccessMs) };
    places.set(address, place);
    return place;
  };
  return (from, to) => {
    const a = placeOf(from);
    const b = placeOf(to);
    const baseMs = (oneWayMs[Math.max(a.region, b.region)]?.[Math.min(a.region, b.region)] ?? 0) + a.accessMs + b.accessMs;
    const lateMs = random.chance(retransmitChance) ? random.below(maxRetransmitMs) : 0;
    return Math.round(baseMs * (1 + jitterShare * random.next())) + lateMs;
  };
}

function drawRegion(random: Prng): number {
  let left = random.below(regions.reduce((sum, { share }) => sum + share, 0));
  for (const [index, { share }] of regions.entries()) {
    if (left < share) return index;
    left -= share;
  }
  return 0;
}
