import type { NetLimits } from '../../../src-shared/domain/net-limits.ts';
import { maxMessageBytes } from '../../core/constants.ts';
import { isInSubnet, isLoopback } from '../../core/net/network-address.ts';

/** Every limit of a transport, with its reason. Sizes are of messages, before encryption. */
export interface TransportLimits {
  readonly maxMessageBytes: number;
  readonly maxSendQueueBytes: number;
  readonly dispensableQueueBytes: number;
  readonly handshakeMs: number;
  readonly tunnelMs: number;
  readonly frameMs: number;
  readonly idleMs: number;
  readonly closeFlushMs: number;
  readonly keepAliveMs: number;
  readonly messagesPerSecond: number;
  readonly messageBurst: number;
  readonly maxPendingInbound: number;
  readonly maxPendingInboundPerHost: number;
  readonly maxInbound: number;
  readonly maxOutbound: number;
  readonly acceptsPerHostPerSecond: number;
  readonly acceptBurstPerHost: number;
  readonly maxTrackedHosts: number;
  readonly maxProbes: number;
  readonly probeMs: number;
}

/** Above core's number of peers, so that core can refuse those over it with a reason, in words, and try as many addresses at once. */
const roomBeyondPeers = 50;

/** What the configuration says, and what follows from it; the rest is nobody's to choose. */
export function transportLimits(net: NetLimits): TransportLimits {
  return {
    /** Protocol section 10: a block and its frame. */
    maxMessageBytes,
    maxSendQueueBytes: net.maxSendQueueBytes,
    /** A peer this far behind has announcements to read already; the rest of the queue is for what it cannot do without. */
    dispensableQueueBytes: Math.floor(net.maxSendQueueBytes / 4),
    /** For connecting and handshake together. Absolute: bytes do not renew it. */
    handshakeMs: net.handshakeMs,
    /** For the proxy to find a way, before the handshake: Tor may have to build one first. As Bitcoin Core has it. */
    tunnelMs: 20_000,
    /** The largest message at 35 kB/s, slower than which a node cannot follow the chain. A frame's memory is reserved when it begins. */
    frameMs: 60_000,
    /** Missed pings (section 10) drop the peer first, and with a better reason. */
    idleMs: Math.max(120_000, (net.maxMissedPings + 1) * Math.max(net.pingIntervalMs, net.pongTimeoutMs)),
    /** A `Disconnect` and what is queued before it, over a slow line; short enough for an exit within five seconds. */
    closeFlushMs: 2_000,
    /** Protocol section 10. */
    keepAliveMs: 30_000,
    /**
     * Read no faster from one peer; its system holds the rest back. The votes of 200 masternodes that one peer relays, each bundle in a message of its own.
     * What exceeds a peer's limits costs core little for each message, but 100,000 small ones in a second would be most of a core.
     */
    messagesPerSecond: 4_000,
    /** What gathered while a line stood still comes at once. */
    messageBurst: 8_000,
    /** Each holds a socket and a little memory for at most `handshakeMs`; the oldest makes room, so silent ones cannot shut others out. */
    maxPendingInbound: 128,
    /** A household behind one router that restarts all its nodes at once; a handshake takes two round trips. */
    maxPendingInboundPerHost: 8,
    maxInbound: net.maxPeers + roomBeyondPeers,
    /** Dials under way and open ones. How many of them become peers is core's to say (`max_outbound`). */
    maxOutbound: net.maxPeers + roomBeyondPeers,
    /** A first message costs 0.44 ms before anything is proved: 5/s is 0.2 % of a core for each host. */
    acceptsPerHostPerSecond: net.acceptsPerIpPerSecond,
    /** Twenty: all nodes behind one router, after it was away. Never less than a second's worth. */
    acceptBurstPerHost: Math.max(20, net.acceptsPerIpPerSecond),
    /** Hosts whose rate is remembered; the longest unseen is forgotten. About 1 MB. */
    maxTrackedHosts: 10_000,
    /** Peers ask for them, a few in an hour; each holds a socket for `probeMs` at most. */
    maxProbes: 8,
    /** Three round trips on the slowest line; an address that nobody answers at is the usual case. */
    probeMs: 5_000,
  };
}

/**
 * Which hosts come and go as they like, by their normalised name: the operator's, in `parseSubnet`'s form, and, where IPs say nothing because all nodes
 * run on one machine, that machine.
 */
export function exemptHosts(net: Pick<NetLimits, 'maxPeersPerIp'>, whitelist: readonly string[]): (host: string) => boolean {
  return (host) => (net.maxPeersPerIp === 0 && isLoopback(host)) || whitelist.some((subnet) => isInSubnet(host, subnet));
}
