import { defaultLimits, type LimitName, limitSpecs, type NetLimits, toWritten } from './net-limits.ts';
import type { NetworkName } from './networks.ts';

/** Limits of which the first is never more than the second. What a line bounds from above may bound something in a later line. */
export const limitOrders: readonly (readonly [lower: LimitName, upper: LimitName])[] = [
  ['maxOutbound', 'maxPeers'],
  ['masternodeSlotsMax', 'maxPeers'],
  ['masternodeSlotsMin', 'masternodeSlotsMax'],
  ['maxPeersPerIp', 'maxPeersPerNetwork'],
  ['firstBackoffMs', 'maxBackoffMs'],
  ['maxPeerFailures', 'maxMasternodeFailures'],
  ['violationsForLongBan', 'violationsForLastingBan'],
  ['violationsForShortBan', 'violationsForLongBan'],
  ['shortBanMs', 'longBanMs'],
  ['clockWarnMs', 'clockStopMs'],
];

/** Why a limit is not its default, and which written one that follows from in the end: itself, if it was written. */
interface Origin {
  readonly how: 'written' | 'shrunk' | 'grown';
  readonly cause: LimitName;
}

/** Two limits contradict each other; at least one of them was written. */
export class LimitConflict extends Error {
  override readonly name = 'LimitConflict';
  readonly lower: LimitName;
  readonly upper: LimitName;
  constructor(lower: LimitName, upper: LimitName, message: string) {
    super(message);
    this.lower = lower;
    this.upper = upper;
  }
}

/**
 * All limits of a node: what was written, and defaults for the rest. A default that contradicts something written gives way: it shrinks in the proportion
 * that the defaults have, so that `max_peers = 10` needs nothing else, or grows as far as it must. Takes values within their ranges; throws LimitConflict.
 */
export function settleLimits(network: NetworkName, written: Partial<NetLimits>): NetLimits {
  const defaults = defaultLimits(network);
  const limits: Record<LimitName, number> = { ...defaults, ...written };
  const origins = new Map(Object.keys(written).map((name) => [name, { how: 'written', cause: name }] as [LimitName, Origin]));
  for (const [lower, upper] of [...limitOrders, ...limitOrders.toReversed()]) {
    if (holds(limits, lower, upper)) continue;
    const [ofLower, ofUpper] = [origins.get(lower), origins.get(upper)];
    if (ofLower !== undefined && ofLower.how !== 'shrunk' && (ofUpper === undefined || ofUpper.how === 'grown')) {
      limits[upper] = limits[lower];
      origins.set(upper, { how: 'grown', cause: ofLower.cause });
    } else if (ofUpper !== undefined && (ofLower === undefined || ofLower.how === 'shrunk')) {
      limits[lower] = shrunk(lower, (limits[upper] * defaults[lower]) / defaults[upper]);
      origins.set(lower, { how: 'shrunk', cause: ofUpper.cause });
    } else throw conflict(limits, origins, lower, upper);
  }
  return limits;
}

/** Of IPs 0 is no limit, which nothing is more than. */
const holds = (limits: NetLimits, lower: LimitName, upper: LimitName): boolean =>
  limits[lower] <= limits[upper] || (upper === 'maxPeersPerNetwork' && limits[upper] === 0);

/** Whole, as the units of all names are; within its range; and not 0, which can mean something else than little, unless it follows from 0. */
const shrunk = (name: LimitName, value: number): number => Math.max(limitSpecs[name].min / toWritten(name, 1), value > 0 ? 1 : 0, Math.floor(value));

function conflict(limits: NetLimits, origins: ReadonlyMap<LimitName, Origin>, lower: LimitName, upper: LimitName): LimitConflict {
  const describe = (name: LimitName): string => {
    const cause = origins.get(name)?.cause ?? name;
    return `${limitSpecs[name].key}, ${toWritten(name, limits[name])}${cause === name ? '' : ` (which follows from ${limitSpecs[cause].key})`}`;
  };
  return new LimitConflict(lower, upper, `${describe(lower)}, is more than ${describe(upper)}`);
}

/** Reads a value as it is written in a file. Throws a plain Error that says what is expected. */
export function readLimit(name: LimitName, value: unknown): number {
  const { unit, min, max } = limitSpecs[name];
  const isTime = unit === 'seconds' || unit === 'days';
  if (typeof value === 'number' && value >= min && value <= max) {
    const exact = value / toWritten(name, 1);
    const whole = Math.floor(exact + 1 / 2);
    // Times may be parts of a second down to milliseconds, of which a decimal's binary form is a little off.
    if (isTime ? Math.abs(whole - exact) < 1 / 1_000 : whole === exact) return whole;
  }
  throw new Error(`expected ${isTime ? `a number of ${unit}` : 'a whole number'} from ${min} to ${max}`);
}
