import type * as z from 'zod';
import type { knownAddress, peerInfo, peerRow, stateCounts } from '../../../src-shared/api/methods/network-shapes.ts';
import { votesService } from '../../core/net/handshake.ts';
import { ipv4Octets, isPublic, networkOf, parseNetworkAddress } from '../../core/net/network-address.ts';
import type { AddressRole, AddressState } from '../../core/net/network-state.ts';
import type { TrafficCount, Volume } from '../../node/traffic.ts';
import type { EngineView } from '../../node/views.ts';
import type { NodeServices } from './node-services.ts';

type PeerInfo = z.output<typeof peerInfo>;
type PeerRow = z.output<typeof peerRow>;
type KnownAddress = z.output<typeof knownAddress>;
type Peer = ReturnType<EngineView['peers']>[number];

/** A microsecond is finer than anything that is measured here. */
const toMicroseconds = (ms: number): number => Math.round(ms * 1_000) / 1_000;
export const secondsOf = (ms: number): number => Math.round(ms * 1_000) / 1_000_000;
/** Fields that are absent rather than undefined: JSON has no undefined, and the contract's optional fields none either. */
export const given = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;

/** Of host:port; a peer's address always parses, and what does not is its own host. */
export const hostOf = (address: string): string => parseNetworkAddress(address)?.host ?? address;
/** As outbound peers are spread (protocol section 10). */
const groupBits = { v4: 16, v6: 32 };

export const servicesOf = (votes: boolean): Pick<PeerRow, 'services' | 'servicesnames'> => ({
  services: (votes ? votesService : 0).toString(16).padStart(16, '0'),
  servicesnames: votes ? ['MASTERNODE'] : [],
});

function networkName(host: string): PeerRow['network'] {
  if (!isPublic(host)) return 'not_publicly_routable';
  return ipv4Octets(host) === undefined ? 'ipv6' : 'ipv4';
}

const dialledFor: Record<AddressRole, PeerRow['connection_type']> = { configured: 'manual', masternode: 'masternode', peer: 'outbound-full-relay' };

function rowOf(services: NodeServices, peer: Peer, roles: ReadonlyMap<string, AddressRole>): PeerRow {
  const { lastMs, minMs, smoothedMs, jitterMs, historyMs } = peer.rtt;
  const stats = services.connectionStats(peer.connection);
  const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : secondsOf(ms));
  return {
    id: peer.connection,
    nodeid: peer.nodeId,
    addr: peer.address,
    addrlocal: peer.observedAddress,
    network: networkName(peer.remoteHost),
    networkgroup: networkOf(peer.remoteHost, groupBits),
    inbound: peer.direction === 'inbound',
    connection_type: peer.direction === 'inbound' ? 'inbound' : dialledFor[roles.get(peer.address) ?? 'peer'],
    masternode: services.views.snapshot().byNode.has(peer.nodeId),
    ...servicesOf(peer.votes),
    score: Math.round(peer.score),
    rtthistory: historyMs.map(toMicroseconds),
    pingssent: peer.pings.sent,
    pongsreceived: peer.pings.answered,
    missedpings: peer.missedPings,
    violations: peer.violations,
    version: peer.protocolVersion,
    subver: peer.userAgent,
    synced_blocks: peer.height,
    conntime: peer.readySinceMs,
    bytessent: stats?.bytesSent ?? 0,
    bytesrecv: stats?.bytesReceived ?? 0,
    ...given({
      country: services.countryOf(peer.remoteHost),
      phase: services.connections.phaseOf(peer.connection),
      pingtime: seconds(lastMs),
      minping: seconds(minMs),
      smoothedping: seconds(smoothedMs),
      jitter: seconds(jitterMs),
      // Core's sign: the peer's clock minus ours.
      timeoffset: peer.clockOffsetMs === undefined ? undefined : 0 - peer.clockOffsetMs / 1_000,
      lastsend: stats?.traffic.lastSentMs,
      lastrecv: stats?.traffic.lastReceivedMs,
    }),
  };
}

const rolesOf = (addresses: readonly AddressState[]): ReadonlyMap<string, AddressRole> => new Map(addresses.map(({ address, role }) => [address, role]));

export function peerRowsOf(services: NodeServices, addresses: readonly AddressState[]): PeerRow[] {
  const roles = rolesOf(addresses);
  return services.views.peers().map((peer) => rowOf(services, peer, roles));
}

/** All peers, or the one with this connection. */
export function peersOf(services: NodeServices, id: number | undefined): PeerInfo[] {
  const roles = rolesOf(services.views.addresses());
  const chosen = services.views.peers().filter(({ connection }) => id === undefined || connection === id);
  return chosen.map((peer) => {
    const traffic = services.connectionStats(peer.connection)?.traffic;
    return {
      ...rowOf(services, peer, roles),
      bytessent_per_msg: perType(traffic?.sent, 'bytes'),
      bytesrecv_per_msg: perType(traffic?.received, 'bytes'),
      messagessent_per_msg: perType(traffic?.sent, 'messages'),
      messagesrecv_per_msg: perType(traffic?.received, 'messages'),
      ratelimited: Object.fromEntries(services.views.rateLimited(peer.connection).map(({ limit, messages }) => [limit, messages])),
      leftout_per_msg: perType(traffic?.leftOut, 'messages'),
    };
  });
}

const perType = (of: TrafficCount | undefined, what: keyof Volume): Record<string, number> =>
  Object.fromEntries(Object.entries(of?.byType ?? {}).map(([type, volume]) => [type, volume[what]]));

export function knownAddressOf(services: NodeServices, one: AddressState): KnownAddress {
  const { address, nodeId, role, source, state, nextTryMs, attempts, lastReason, lastSuccessMs, lastTryMs, anchor } = one;
  return {
    address,
    role,
    source,
    state,
    attempts,
    anchor,
    ...given({
      nodeid: nodeId,
      nexttryms: nextTryMs === undefined ? undefined : Math.round(nextTryMs),
      lastreason: lastReason,
      lastsuccessms: lastSuccessMs,
      lasttryms: lastTryMs,
      country: services.countryOf(hostOf(address)),
    }),
  };
}

export function stateCountsOf(addresses: readonly AddressState[]): z.output<typeof stateCounts> {
  const counts: z.output<typeof stateCounts> = {};
  for (const { state } of addresses) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

/** What goes on comes first, then what will, then what will not. */
const placeOf: Record<KnownAddress['state'], number> = { dialing: 0, handshaking: 1, connected: 2, backoff: 3, known: 4, banned: 5, givenUp: 6 };

export function inOrderOfInterest(addresses: readonly AddressState[]): AddressState[] {
  const nextTry = ({ nextTryMs }: AddressState): number => nextTryMs ?? Number.MAX_SAFE_INTEGER;
  const lastTry = ({ lastTryMs }: AddressState): number => lastTryMs ?? 0;
  return [...addresses].sort((a, b) => placeOf[a.state] - placeOf[b.state] || nextTry(a) - nextTry(b) || lastTry(b) - lastTry(a));
}
