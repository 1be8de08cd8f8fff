import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { ConnectionId } from './connection-id.ts';
import type { Place } from './place.ts';

/** A peer that has a place, or wants one. */
export interface Tenant {
  readonly connection: ConnectionId;
  readonly nodeId: NodeId;
  /** Normalised; the socket's IP. */
  readonly host: string;
  readonly place: Place;
  readonly direction: 'inbound' | 'outbound';
  /** Since when it has its place. */
  readonly sinceMs: number;
  readonly minRttMs: number | undefined;
  /** When it last brought something that was new here and valid. */
  readonly usefulMs: number | undefined;
  readonly score: number;
}

/** Of every six that could go, one is spared for each of these reasons, and of the rest the older half. */
const sparedShare = 1 / 6;

/**
 * Who goes for a newcomer, if anybody (protocol section 10; the idea is that of Bitcoin Core's eviction: each way to be spared costs an
 * attacker something else). `mayReplaceEqual`: the newcomer may come also where that makes nothing more diverse.
 */
export function pickEvicted(candidates: readonly Tenant[], newcomer: Tenant, rule: 'more-diverse' | 'may-replace-equal' | 'somebody'): Tenant | undefined {
  const open = unprotected(candidates);
  const groups = new Map<string, Tenant[]>();
  for (const tenant of open) {
    const group = tenant.place.group;
    groups.set(group, [...(groups.get(group) ?? []), tenant]);
  }
  const [largest, members] = most([...groups]) ?? [];
  if (members === undefined) return rule === 'somebody' ? worst(candidates) : undefined;
  const own = newcomer.place.group;
  const ownSize = candidates.filter(({ place }) => place.group === own).length + 1;
  if (rule === 'somebody' || members.length > ownSize) return youngest(members);
  if (rule === 'more-diverse') return undefined;
  // One that comes from where the most are already takes the place of one of those, and of nobody else.
  const isOwnLargest = ownSize > 1 && ownSize > candidates.filter(({ place }) => place.group === largest).length;
  return isOwnLargest || largest === own ? youngest(groups.get(own) ?? []) : youngest(members);
}

/** Those whom nothing protects: not alone from their network, not fast, of no use lately, not old. */
function unprotected(candidates: readonly Tenant[]): Tenant[] {
  const share = Math.floor(candidates.length * sparedShare);
  const sizes = new Map<string, number>();
  for (const { place } of candidates) sizes.set(place.group, (sizes.get(place.group) ?? 0) + 1);
  let left = [...candidates];
  const spare = (isBefore: (a: Tenant, b: Tenant) => number, count: number, isMeant: (tenant: Tenant) => boolean = () => true): void => {
    const spared = new Set(
      left
        .filter(isMeant)
        .sort((a, b) => isBefore(a, b) || a.connection - b.connection)
        .slice(0, count),
    );
    left = left.filter((tenant) => !spared.has(tenant));
  };
  spare(byAge, share, ({ place }) => sizes.get(place.group) === 1);
  spare(
    (a, b) => (a.minRttMs ?? 0) - (b.minRttMs ?? 0),
    share,
    ({ minRttMs }) => minRttMs !== undefined,
  );
  spare(
    (a, b) => (b.usefulMs ?? 0) - (a.usefulMs ?? 0),
    share,
    ({ usefulMs }) => usefulMs !== undefined,
  );
  spare(byAge, Math.ceil(left.length / 2));
  return left;
}

const byAge = (a: Tenant, b: Tenant): number => a.sinceMs - b.sinceMs;
const youngest = (tenants: readonly Tenant[]): Tenant | undefined => tenants.toSorted((a, b) => b.sinceMs - a.sinceMs || b.connection - a.connection)[0];
const worst = (tenants: readonly Tenant[]): Tenant | undefined => tenants.toSorted((a, b) => a.score - b.score || b.connection - a.connection)[0];
/** The most populous; of equals the one with the youngest. */
const most = (groups: readonly [string, Tenant[]][]): [string, Tenant[]] | undefined =>
  groups.toSorted(([, a], [, b]) => b.length - a.length || (youngest(b)?.sinceMs ?? 0) - (youngest(a)?.sinceMs ?? 0))[0];
