import type { BlockCertificate, LatePrecommit } from '../codec/block.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import { maxBlockBytes } from '../constants.ts';
import type { Snapshot } from '../snapshot.ts';

/** The header, the counts of the lists, and the coinbase without the outputs of members. */
const baseBytes = 1_000;
/** An output of the coinbase, 28 bytes, with some to spare. */
const bytesPerMember = 36;
const bytesPerPrecommit = 32 + 64;
const bytesPerLatePrecommit = 4 + 4 + 32 + 64;
/** Before each transaction of a block. */
const lengthBytes = 4;

/**
 * Bytes that the transactions of a block beside its coinbase may take, so that whatever coinbase comes on top it is no longer than a block may be.
 * The parent's certificate has as many signatures as it has: after an epoch's end they are another snapshot's, which may have been far larger. Who makes
 * a block fills it to this, and who objects to what it leaves out measures by the same.
 */
export const roomForTransactions = (
  snapshot: Pick<Snapshot, 'members'>,
  previousCertificate: Pick<BlockCertificate, 'precommits'> | undefined,
  latePrecommits: readonly LatePrecommit[],
): number =>
  maxBlockBytes -
  baseBytes -
  snapshot.members.length * bytesPerMember -
  (previousCertificate?.precommits.length ?? 0) * bytesPerPrecommit -
  latePrecommits.length * bytesPerLatePrecommit;

export function bytesOfTransactions(transactions: readonly HashedTransaction[]): number {
  let bytes = 0;
  for (const { encoded } of transactions) bytes += lengthBytes + encoded.length;
  return bytes;
}
