import type { HashedBlock, LatePrecommit } from '../codec/block.ts';
import type { Rejection } from '../rejection.ts';
import type { Registry } from './registry.ts';

const broken = (detail: string): Rejection => ({ code: 'bad-certificate', detail });

/**
 * Whether late precommits are what they may be (protocol section 5): of counted blocks of this epoch, before the parent, whose certificates lack them; of
 * members of its snapshot; each once, by height and then in snapshot order, so that one set has one encoding. `registry` is the parent's.
 */
export function checkLatePrecommits({ header, latePrecommits }: HashedBlock, registry: Registry): Rejection | undefined {
  const places = new Map(registry.progress.counted.map(({ height }, place) => [height, place]));
  const order = latePrecommits.length === 0 ? undefined : new Map(registry.snapshot.members.map(({ nodeId }, index) => [nodeId, index]));
  let last = { height: -1, index: -1 };
  for (const { height, nodeId } of latePrecommits) {
    const index = order?.get(nodeId);
    const place = places.get(height);
    if (index === undefined) return broken(`${nodeId} is not a member`);
    if (place === undefined) return broken(`block ${height} is not one that counts before ${header.height - 1}`);
    if (registry.member(nodeId)?.signed.includes(place) !== false) return broken(`${nodeId} is credited for block ${height}, or has left`);
    if (height < last.height || (height === last.height && index <= last.index)) return broken('late precommits out of order');
    last = { height, index };
  }
  return undefined;
}

/** What each of them signed, for `blockVoteMessage`. */
export const lateVotesOf = (latePrecommits: readonly LatePrecommit[], registry: Registry) => {
  const hashes = new Map(registry.progress.counted.map(({ height, hash }) => [height, hash]));
  return latePrecommits.map(({ height, round, nodeId, signature }) => ({
    height,
    round,
    phase: 'precommit' as const,
    blockHash: hashes.get(height),
    nodeId,
    signature,
  }));
};
