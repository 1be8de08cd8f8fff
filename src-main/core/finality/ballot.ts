import type { OutpointKey, Txid } from '../../../src-shared/domain/ids.ts';
import type { TransactionVote, VoteRejectCode } from '../codec/vote-bundle.ts';
import { emptyList } from './number-lists.ts';
import { bitsAt, setBitsAt, type VotePlace } from './vote-pages.ts';

/**
 * What one member can have said about one transaction, a bit each, so that saying it again in any bundle changes nothing and the order of
 * arrival does not matter. An accept is never taken back by a reject: certificates intersect in honest accepters (section 6, Safety), and
 * who accepted X may honestly reject it once a conflicting transfer is certified or settled.
 */
export const acceptBit = 1;
export const commitBit = 2;
const rejectBits: Record<Exclude<VoteRejectCode, 'none'>, number> = { 'broken-rule': 4, 'conflict-settled': 8, 'conflict-certified': 16 };
const anyRejectBit = 4 | 8 | 16;
/** Gravest first. */
const rejectCodes = ['broken-rule', 'conflict-settled', 'conflict-certified'] as const;

export function bitOf(vote: TransactionVote): number {
  if (vote.choice === 'accept') return acceptBit;
  if (vote.choice === 'commit') return commitBit;
  // The codec refuses a reject without a code; from our own side it counts as the gravest.
  return rejectBits[vote.code === 'none' ? 'broken-rule' : vote.code];
}

export const hasReject = (bits: number): boolean => (bits & anyRejectBit) !== 0;

/** The gravest code a member gave; `none` if it did not reject. */
export const rejectCodeOf = (bits: number): VoteRejectCode => rejectCodes.find((code) => (bits & rejectBits[code]) !== 0) ?? 'none';

/** Another known transaction that shares an input. */
export interface Conflict {
  readonly other: Ballot;
  /** Both spend exactly the same coins: whatever makes one inapplicable does the same to the other. */
  readonly sameCoins: boolean;
}

/** All that was said about one transaction: one byte of bits a member, weights and how many they are kept as sums. */
export class Ballot implements VotePlace {
  readonly txid: Txid;
  readonly page: Uint8Array;
  readonly column: number;
  acceptWeight = 0;
  commitWeight = 0;
  rejectWeight = 0;
  /** How many members these weights are of. */
  acceptVoters = 0;
  commitVoters = 0;
  rejectVoters = 0;
  /** Members that said anything. */
  voterCount = 0;
  /** Places on the shelf of bundles, each of which holds at least one vote that no earlier one held. */
  bundles = emptyList;
  /** Undefined while only votes are known of it, not the transaction. */
  inputs: readonly OutpointKey[] | undefined = undefined;
  conflicts: Conflict[] = [];
  /** Since it is known here, also by one that is gone. */
  wasContested = false;
  toldCertified = false;
  toldFinal = false;
  toldRejected = false;

  constructor(txid: Txid, { page, column }: VotePlace) {
    this.txid = txid;
    this.page = page;
    this.column = column;
  }

  /** By the member's index in the snapshot. */
  bitsOf(member: number): number {
    return bitsAt(this, member);
  }

  /** False if this member had said the same before. */
  record(member: number, weight: number, bit: number): boolean {
    const before = this.bitsOf(member);
    if ((before & bit) !== 0) return false;
    setBitsAt(this, member, before | bit);
    if (before === 0) this.voterCount += 1;
    if (bit === acceptBit) {
      this.acceptWeight += weight;
      this.acceptVoters += 1;
    } else if (bit === commitBit) {
      this.commitWeight += weight;
      this.commitVoters += 1;
    } else if (!hasReject(before)) {
      this.rejectWeight += weight;
      this.rejectVoters += 1;
    }
    return true;
  }

  /** Forgets all that this member said. */
  retract(member: number, weight: number): void {
    const before = this.bitsOf(member);
    if (before === 0) return;
    setBitsAt(this, member, 0);
    this.voterCount -= 1;
    if ((before & acceptBit) !== 0) {
      this.acceptWeight -= weight;
      this.acceptVoters -= 1;
    }
    if ((before & commitBit) !== 0) {
      this.commitWeight -= weight;
      this.commitVoters -= 1;
    }
    if (hasReject(before)) {
      this.rejectWeight -= weight;
      this.rejectVoters -= 1;
    }
  }
}
