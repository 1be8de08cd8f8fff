import { maxMessageBytes } from '../../core/constants.ts';

/** Every limit of a transport, with its reason. Sizes are of messages, before encryption. */
export interface TransportLimits {
  readonly maxMessageBytes: number;
  readonly maxSendQueueBytes: number;
  readonly handshakeMs: number;
  readonly frameMs: number;
  readonly idleMs: number;
  readonly closeFlushMs: number;
  readonly keepAliveMs: number;
  readonly maxPendingInbound: number;
  readonly maxPendingInboundPerHost: number;
  readonly maxInbound: number;
  readonly maxOutbound: number;
  readonly acceptsPerHostPerSecond: number;
  readonly acceptBurstPerHost: number;
  readonly maxTrackedHosts: number;
}

export const defaultTransportLimits: TransportLimits = {
  /** Protocol section 10: a block and its frame. */
  maxMessageBytes,
  /** The most that honest work queues for one peer at once: a proposal, a range of blocks and a page of pending transactions, and one to spare. */
  maxSendQueueBytes: 4 * maxMessageBytes,
  /** Protocol section 10, for connecting and handshake together. Absolute: bytes do not renew it. */
  handshakeMs: 10_000,
  /** The largest message at 35 kB/s, slower than which a node cannot follow the chain. A frame's memory is reserved when it begins. */
  frameMs: 60_000,
  /** Four ping intervals: three missed pings (section 10) drop the peer first, and with a better reason. */
  idleMs: 120_000,
  /** A `Disconnect` and what is queued before it, over a slow line; short enough for an exit within five seconds. */
  closeFlushMs: 2_000,
  /** Protocol section 10. */
  keepAliveMs: 30_000,
  /** Each holds a socket and a little memory for at most `handshakeMs`; the oldest makes room, so silent ones cannot shut others out. */
  maxPendingInbound: 128,
  /** A household behind one router that restarts all its nodes at once; a handshake takes two round trips. */
  maxPendingInboundPerHost: 8,
  /** Above core's 50 peers, so that core can refuse the ones over it with a reason, in words. */
  maxInbound: 100,
  /** Dials under way and open ones: core's 50 peers and as many attempts. */
  maxOutbound: 100,
  /** A first message costs 0.44 ms before anything is proved: 5/s is 0.2 % of a core for each host. */
  acceptsPerHostPerSecond: 5,
  acceptBurstPerHost: 20,
  /** Hosts whose rate is remembered; the longest unseen is forgotten. About 1 MB. */
  maxTrackedHosts: 10_000,
};
