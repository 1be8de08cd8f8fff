import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import type { HashedBlock } from '../codec/block.ts';
import type { BlockVote } from '../codec/block-vote.ts';
import type { Rejection } from '../rejection.ts';
import type { Registry } from './registry.ts';

const broken = (detail: string): Rejection => ({ code: 'bad-certificate', detail });

/** Blocks whose precommits a block on the tip may credit, by height: the counted ones of this epoch, and its parent if that counts. */
export function creditable(registry: Registry, parent: { readonly height: number; readonly hash: BlockHash }): ReadonlyMap<number, BlockHash> {
  const { counted, tipCounts } = registry.progress;
  const blocks = new Map(counted.map(({ height, hash }) => [height, hash]));
  if (tipCounts) blocks.set(parent.height, parent.hash);
  return blocks;
}

/** Whether the chain has credited the member for this block already. */
function isCredited({ progress, ...registry }: Pick<Registry, 'progress'> & { readonly signed: readonly number[] | undefined }, height: number): boolean {
  const place = progress.counted.findIndex((one) => one.height === height);
  return place >= 0 && registry.signed?.includes(place) === true;
}

/**
 * Whether late precommits are what they may be (protocol section 5): of blocks that count in this epoch and whose certificates lack them; of registered
 * members of its snapshot; each once, by height and then in snapshot order, so that one set has one encoding. `registry` is the parent's.
 */
export function checkLatePrecommits({ header, previousCertificate, latePrecommits }: HashedBlock, registry: Registry): Rejection | undefined {
  if (latePrecommits.length === 0) return undefined;
  const parentHeight = header.height - 1;
  const blocks = creditable(registry, { height: parentHeight, hash: header.previousHash });
  const order = new Map(registry.snapshot.members.map(({ nodeId }, index) => [nodeId, index]));
  const inCertificate = new Set(previousCertificate?.precommits.map(({ nodeId }) => nodeId));
  let last = { height: -1, index: -1 };
  for (const { height, nodeId } of latePrecommits) {
    const index = order.get(nodeId);
    const member = registry.member(nodeId);
    if (index === undefined || member === undefined) return broken(`${nodeId} is not a member, or has left`);
    if (!blocks.has(height)) return broken(`block ${height} does not count`);
    const known = height === parentHeight ? inCertificate.has(nodeId) : isCredited({ progress: registry.progress, signed: member.signed }, height);
    if (known) return broken(`${nodeId} is credited for block ${height} without it`);
    if (height < last.height || (height === last.height && index <= last.index)) return broken('late precommits out of order');
    last = { height, index };
  }
  return undefined;
}

/** What each of them signed. `hashAt`: of the chain that this block is on; where it is undefined it is a vote for none, whose signature nobody has. */
export const lateVotesOf = ({ latePrecommits }: HashedBlock, hashAt: (height: number) => BlockHash | undefined): BlockVote[] =>
  latePrecommits.map(({ height, round, nodeId, signature }) => ({ height, round, phase: 'precommit', blockHash: hashAt(height), nodeId, signature }));
