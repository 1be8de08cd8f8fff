import type { Lock, NodeId } from '../../../src-shared/domain/ids.ts';
import { type HashedTransaction, hashTransaction, type TransactionOutput } from '../codec/transaction.ts';
import { slotRewardUnits, transactionVersion } from '../constants.ts';
import { InvariantError } from '../invariant.ts';
import type { Member, Snapshot } from '../snapshot.ts';

export interface RewardContext {
  /** The one that decides the block. */
  readonly snapshot: Snapshot;
  /** Whether a member took part enough to be paid (protocol section 5). */
  eligible(member: Member): boolean;
  /** Units, of the block's transactions together. */
  readonly fees: bigint;
  readonly proposer: NodeId;
  /** Only the first block in a slot pays the reward; fees are paid by every block. */
  readonly isSlotBlock: boolean;
}

/**
 * Who is paid what (protocol section 7), one output for each member with anything, in snapshot order: the reward by weight among the
 * eligible in integer division; the remainder and the fees to the proposer, eligible or not, in its one output. With nobody eligible
 * the reward is not issued.
 *
 * The dust rule does not hold here: these amounts are nobody's choice. A share is 1,000 units at least with the most members there
 * can be, but the remainder alone, of a proposer that is not eligible in a block without fees, can be less than dust.
 */
export function coinbaseOutputs({ snapshot, eligible, fees, proposer, isSlotBlock }: RewardContext): TransactionOutput[] {
  const proposing = snapshot.byNode.get(proposer);
  if (proposing === undefined) throw new InvariantError(`the proposer ${proposer} must be a member of the snapshot`);
  const paid = isSlotBlock ? snapshot.members.filter((member) => eligible(member)) : [];
  const totalWeight = BigInt(paid.reduce((sum, { weight }) => sum + weight, 0));
  const shares = new Map<NodeId, bigint>();
  let remainder = totalWeight > 0n ? slotRewardUnits : 0n;
  for (const { nodeId, weight } of paid) {
    const share = (slotRewardUnits * BigInt(weight)) / totalWeight;
    shares.set(nodeId, share);
    remainder -= share;
  }
  shares.set(proposer, (shares.get(proposer) ?? 0n) + remainder + fees);

  const outputs: { amount: bigint; lock: Lock }[] = [];
  for (const { nodeId, rewardLock } of snapshot.members) {
    const amount = shares.get(nodeId) ?? 0n;
    if (amount > 0n) outputs.push({ amount, lock: rewardLock });
  }
  return outputs;
}

const heightBytes = 8;

/**
 * The coinbase of a height, every byte of it: no inputs, the height as u64 LE in the payload (which makes it unique), the block's time.
 * It has no outputs only where there is nothing to pay: a block without fees and with nobody eligible, or an empty genesis.
 */
export function makeCoinbase(height: number, timeMs: number, outputs: readonly TransactionOutput[]): HashedTransaction {
  const payload = new Uint8Array(heightBytes);
  new DataView(payload.buffer).setBigUint64(0, BigInt(height), true);
  return hashTransaction({ version: transactionVersion, kind: 'coinbase', inputs: [], outputs, timestamp: timeMs, payload, witnesses: [] });
}
