import type { NodeId } from '../../../src-shared/domain/ids.ts';

/** One of two connections with the same node key. */
export interface Rival {
  readonly direction: 'inbound' | 'outbound';
  /** The nonce of the peer's `Hello`: which process of that node is at the other end. */
  readonly instance: bigint;
  /** The peer has accepted this node's `Hello` on it. */
  readonly acked: boolean;
}

/** `ask-peer`: neither is given up before the peer has answered on the newer one. */
export type TieBreak = 'keep-older' | 'take-newer' | 'ask-peer';

/**
 * Which of two connections with one peer survives (protocol section 10), so that both ends, which see them in different orders, keep the
 * same one:
 *
 * - Another process with the same key is at the other end: the older connection stays as long as it answers pings, which are sent at once. A process that is gone does not for long,
 *   and its successor tries again; one that runs is not to lose its peers to a second one that somebody has started, and to take them back, in turns for ever.
 * - Dialled from both ends: the one that the smaller node id dialled, however old.
 * - Dialled twice from one end: only the order of arrival could decide, and that differs between the ends. So one end decides, the
 *   one that was dialled: it keeps what it had. The other end waits for its answer.
 */
export function breakTie(self: NodeId, peer: NodeId, older: Rival, newer: Rival): TieBreak {
  if (older.instance !== newer.instance) return 'keep-older';
  if (older.direction !== newer.direction) return dialedBySmaller(self, peer, newer.direction) ? 'take-newer' : 'keep-older';
  if (newer.direction === 'inbound') return 'keep-older';
  return newer.acked ? 'take-newer' : 'ask-peer';
}

/** Node ids are lower-case hex of one length, so their order as text is that of their bytes. */
const dialedBySmaller = (self: NodeId, peer: NodeId, direction: Rival['direction']): boolean => (direction === 'outbound') === self < peer;
