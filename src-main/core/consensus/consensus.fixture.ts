import type { BlockHash, Hash, Lock, NodeId, OutpointKey, Txid } from '../../../src-shared/domain/ids.ts';
import type { BlockVote, BlockVotePhase } from '../codec/block-vote.ts';
import type { Snapshot } from '../snapshot.ts';

/** Short readable stand-ins for tests; signatures are not looked at in this part. */
const hex64 = (letter: string, index: number): string => letter + index.toString(16).padStart(63, '0');
export const node = (index: number): NodeId => hex64('a', index) as NodeId;
export const block = (name: number): BlockHash => hex64('b', name) as BlockHash;
export const tx = (name: number): Txid => hex64('c', name) as Txid;
export const coin = (name: number): OutpointKey => `${hex64('d', name)}:0` as OutpointKey;

export function snapshotOf(weights: readonly number[]): Snapshot {
  const members = weights.map((weight, index) => ({
    nodeId: node(index),
    tier: 'bronze' as const,
    weight,
    rewardLock: '00'.repeat(20) as Lock,
    serviceAddress: '',
  }));
  return {
    epoch: 0,
    hash: '00'.repeat(32) as Hash,
    members,
    totalWeight: weights.reduce((sum, weight) => sum + weight, 0),
    byNode: new Map(members.map((member) => [member.nodeId, member])),
  };
}

export const voteOf = (signer: number, phase: BlockVotePhase, round: number, blockHash: BlockHash | undefined, height = 1): BlockVote => ({
  height,
  round,
  phase,
  blockHash,
  nodeId: node(signer),
  signature: new Uint8Array(64).fill(signer),
});

export const prevote = (signer: number, round: number, blockHash: BlockHash | undefined): BlockVote => voteOf(signer, 'prevote', round, blockHash);
export const precommit = (signer: number, round: number, blockHash: BlockHash | undefined): BlockVote => voteOf(signer, 'precommit', round, blockHash);
