import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { NetLimits } from '../../../src-shared/domain/net-limits.ts';
import type { Random } from '../ports.ts';
import type { AddressEntry } from './address-book.ts';
import type { Place } from './place.ts';

/**
 * Where the peers are: those that this node dialled, so that the next one is elsewhere (who owns one network, or rules one country, is to be
 * one of many), and all strangers, since there may be only so many from one place.
 */
export class Diversity {
  readonly #countryOf: (host: string) => string | undefined;
  readonly #limits: Pick<NetLimits, 'maxPeersPerIp' | 'maxPeersPerNetwork'>;
  readonly #networks = new Map<string, number>();
  readonly #countries = new Map<string, number>();
  readonly #strangersOfHost = new Map<string, number>();
  readonly #strangersOfNetwork = new Map<string, number>();

  constructor(limits: Pick<NetLimits, 'maxPeersPerIp' | 'maxPeersPerNetwork'>, countryOf: (host: string) => string | undefined) {
    this.#limits = limits;
    this.#countryOf = countryOf;
  }

  /** One that was dialled, or is being. Takes a normalised host. */
  addDialled(host: string, { group }: Place): void {
    count(this.#networks, group);
    const country = this.#countryOf(host);
    if (country !== undefined) count(this.#countries, country);
  }
  addStranger({ host, network }: Place): void {
    count(this.#strangersOfHost, host);
    count(this.#strangersOfNetwork, network);
  }
  /** Fewer is better, the network before the country. An unknown country is nobody's. */
  crowdOf(host: string, { group }: Place): readonly [number, number] {
    const country = this.#countries.size === 0 ? undefined : this.#countryOf(host);
    return [this.#networks.get(group) ?? 0, country === undefined ? 0 : (this.#countries.get(country) ?? 0)];
  }
  /** Addresses that mean something in one house alone are of no network. */
  hasRoomInGroup({ group, isPublic }: Place, most: number): boolean {
    return !isPublic || (this.#networks.get(group) ?? 0) < most;
  }
  /** Which limit keeps one more stranger of there out. */
  fullReason({ host, network }: Place): string | undefined {
    const { maxPeersPerIp, maxPeersPerNetwork } = this.#limits;
    const isReached = (most: number, there: number | undefined): boolean => most > 0 && (there ?? 0) >= most;
    if (isReached(maxPeersPerIp, this.#strangersOfHost.get(host))) return `${maxPeersPerIp} peers from ${host}`;
    return isReached(maxPeersPerNetwork, this.#strangersOfNetwork.get(network)) ? `${maxPeersPerNetwork} peers from ${network}` : undefined;
  }
}

const count = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

/**
 * Which address is dialled next. Anchors come first. Then half of the time one that answered before, else one that is new: the former
 * cannot be crowded out by lies, the latter bring news. Of the new ones those of each origin have the same chance, however many it told:
 * a liar gets one share. Among the rest the least crowded network, then the least crowded country, then the fewest failures, then chance;
 * one that is said to be of a node that is connected already comes last.
 */
export function pickPeer(
  entries: readonly AddressEntry[],
  diversity: Diversity,
  connected: ReadonlyMap<NodeId, unknown>,
  maxPerGroup: number,
  random: Random,
): AddressEntry | undefined {
  const open = entries.filter(({ place }) => diversity.fullReason(place) === undefined && diversity.hasRoomInGroup(place, maxPerGroup));
  const anchors = open.filter(({ anchor }) => anchor);
  const known = open.filter(({ lastSuccessMs }) => lastSuccessMs !== undefined);
  const fresh = new Map<string, AddressEntry[]>();
  for (const entry of open) {
    if (entry.lastSuccessMs !== undefined) continue;
    const told = fresh.get(entry.origin);
    if (told === undefined) fresh.set(entry.origin, [entry]);
    else told.push(entry);
  }
  const prefersKnown = random() < 1 / 2;
  const origins = [...fresh.values()];
  const news = origins[Math.floor(random() * origins.length)] ?? [];
  const pool = [anchors, ...(prefersKnown ? [known, news] : [news, known])].find(({ length }) => length > 0) ?? [];
  const rank = (entry: AddressEntry): readonly number[] => [
    entry.saidId !== undefined && connected.has(entry.saidId) ? 1 : 0,
    ...diversity.crowdOf(entry.host, entry.place),
    entry.failures,
  ];
  let best: AddressEntry | undefined;
  let bestRank: readonly number[] = [];
  let equals = 0;
  for (const entry of pool) {
    const own = rank(entry);
    const difference = best === undefined ? -1 : compare(own, bestRank);
    equals = difference < 0 ? 1 : difference === 0 ? equals + 1 : equals;
    // Each of the equals with the same chance, in one pass.
    if (difference < 0 || (difference === 0 && random() * equals < 1)) [best, bestRank] = [entry, own];
  }
  return best;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < a.length; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
