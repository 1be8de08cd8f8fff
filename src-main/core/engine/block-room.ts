import type { LatePrecommit } from '../codec/block.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import { maxBlockBytes } from '../constants.ts';
import type { Snapshot } from '../snapshot.ts';

/** The header, the counts of the lists, and the coinbase without the outputs of members. */
const baseBytes = 1_000;
/** A precommit of the parent's certificate and an output of the coinbase, 96 and 28 bytes, with some to spare. */
const bytesPerMember = 132;
const bytesPerLatePrecommit = 4 + 4 + 32 + 64;
/** Before each transaction of a block. */
const lengthBytes = 4;

/**
 * Bytes that the transactions of a block beside its coinbase may take, so that whatever certificate and coinbase come on top it is no longer than a
 * block may be. Who makes a block fills it to this, and who objects to what it leaves out measures by the same.
 */
export const roomForTransactions = (snapshot: Pick<Snapshot, 'members'>, latePrecommits: readonly LatePrecommit[]): number =>
  maxBlockBytes - baseBytes - snapshot.members.length * bytesPerMember - latePrecommits.length * bytesPerLatePrecommit;

export function bytesOfTransactions(transactions: readonly HashedTransaction[]): number {
  let bytes = 0;
  for (const { encoded } of transactions) bytes += lengthBytes + encoded.length;
  return bytes;
}
