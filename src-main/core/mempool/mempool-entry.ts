import type { HashedTransaction } from '../codec/transaction.ts';

/**
 * How far the votes on a pending transaction have come (protocol section 6). `rejected` is advice that a certificate overrides. From
 * `certified` on it never leaves before it settles, and `committed` means that this node has committed it.
 */
export type MempoolStatus = 'pending' | 'rejected' | 'certified' | 'committed' | 'final';

/** The changes that votes can make. There is no way back: votes are never withdrawn. */
const successors: Record<MempoolStatus, readonly MempoolStatus[]> = {
  pending: ['rejected', 'certified', 'committed', 'final'],
  rejected: ['certified', 'committed', 'final'],
  certified: ['committed', 'final'],
  committed: ['final'],
  final: [],
};
export const mayBecome = (from: MempoolStatus, to: MempoolStatus): boolean => successors[from].includes(to);

/** Neither expires nor is evicted, and what conflicts with it is no candidate for a block. */
export const isCertified = (status: MempoolStatus): boolean => status === 'certified' || status === 'committed' || status === 'final';

export interface MempoolEntry {
  readonly hashed: HashedTransaction;
  /** Units. */
  readonly fee: bigint;
  /** Units per 1,000 bytes, rounded down: for comparing. */
  readonly feeRate: bigint;
  readonly receivedMs: number;
  /** Number of its admission here. Parents are admitted before their children. */
  readonly sequence: number;
  readonly status: MempoolStatus;
  /** When this node knew it final; undefined unless it is. */
  readonly finalSinceMs: number | undefined;
}
