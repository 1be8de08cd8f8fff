import type { Hash, Lock, NodeId, OutpointKey, Txid } from '../../../src-shared/domain/ids.ts';
import { type HashedVoteBundle, hashVoteBundle, type TransactionVote, type VoteChoice } from '../codec/vote-bundle.ts';
import type { Member, Snapshot } from '../snapshot.ts';

/** Short readable stand-ins for what tests of votes need; signatures are not looked at here. */
const hex = (prefix: string, value: number, digits: number): string => prefix + value.toString(16).padStart(digits - prefix.length, '0');

export const nodeIdOf = (index: number): NodeId => hex('a', index, 64) as NodeId;
export const txidOf = (index: number): Txid => hex('b', index, 64) as Txid;
export const coinOf = (index: number): OutpointKey => `${hex('c', index, 64)}:0` as OutpointKey;

export function snapshotOf(weights: readonly number[], epoch = 0): Snapshot {
  const members: Member[] = weights.map((weight, index) => ({
    nodeId: nodeIdOf(index),
    tier: 'bronze',
    weight,
    rewardLock: hex('d', index, 40) as Lock,
    serviceAddress: '',
  }));
  return {
    epoch,
    hash: hex('e', epoch, 64) as Hash,
    members,
    totalWeight: weights.reduce((sum, weight) => sum + weight, 0),
    byNode: new Map(members.map((member) => [member.nodeId, member])),
  };
}

/** `salt` makes bundles of the same votes differ, as signatures may. */
export function bundleOf(member: number, votes: readonly TransactionVote[], salt = 0, epoch = 0): HashedVoteBundle {
  const signature = new Uint8Array(64);
  new DataView(signature.buffer).setUint32(0, salt);
  return hashVoteBundle({ nodeId: nodeIdOf(member), epoch, votes, signature });
}

export const voteOf = (choice: VoteChoice, transaction: number): TransactionVote => ({
  txid: txidOf(transaction),
  choice,
  code: choice === 'reject' ? 'conflict-certified' : 'none',
});
export const say = (member: number, choice: VoteChoice, ...transactions: readonly number[]): HashedVoteBundle =>
  bundleOf(
    member,
    transactions.map((transaction) => voteOf(choice, transaction)),
  );
