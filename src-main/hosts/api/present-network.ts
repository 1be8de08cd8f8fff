import type * as z from 'zod';
import type { peerInfo } from '../../../src-shared/api/methods/network.ts';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import type { EngineView } from '../../node/views.ts';
import type { NodeServices } from './node-services.ts';

type PeerInfo = z.output<typeof peerInfo>;
type Peer = ReturnType<EngineView['peers']>[number];

/** A microsecond is finer than anything that is measured here. */
const toMicroseconds = (ms: number): number => Math.round(ms * 1_000) / 1_000;
const secondsOf = (ms: number): number => Math.round(ms * 1_000) / 1_000_000;

function peerInfoOf(services: NodeServices, peer: Peer): PeerInfo {
  const { lastMs, minMs, smoothedMs, historyMs } = peer.rtt;
  const stats = services.connectionStats(peer.connection);
  return {
    id: peer.connection,
    nodeid: peer.nodeId,
    addr: peer.address,
    inbound: peer.direction === 'inbound',
    masternode: services.views.snapshot().byNode.has(peer.nodeId),
    ...(lastMs === undefined ? {} : { pingtime: secondsOf(lastMs) }),
    ...(minMs === undefined ? {} : { minping: secondsOf(minMs) }),
    ...(smoothedMs === undefined ? {} : { smoothedping: secondsOf(smoothedMs) }),
    rtthistory: historyMs.map(toMicroseconds),
    missedpings: peer.missedPings,
    version: peer.protocolVersion,
    subver: peer.userAgent,
    synced_blocks: peer.height,
    conntime: peer.readySinceMs,
    bytessent: stats?.bytesSent ?? 0,
    bytesrecv: stats?.bytesReceived ?? 0,
    addrlocal: peer.observedAddress,
  };
}

export const peersOf = (services: NodeServices): PeerInfo[] => services.views.peers().map((peer) => peerInfoOf(services, peer));

/** One that is being tried now has no later time: it says now. */
export function waitingOf(services: NodeServices): TopicValue<'peers'>['waiting'] {
  const nowMs = services.nowMs();
  return services.views.waitingPeers().map(({ address, state, nextTryMs, attempts, lastReason }) => {
    return { address, state, nexttryms: Math.round(nextTryMs ?? nowMs), attempts, lastreason: lastReason ?? '' };
  });
}
