import type { BlockHash, Lock, NodeId, Outpoint, Txid } from '../../../src-shared/domain/ids.ts';
import type { BlockCertificate, BlockHeader } from '../../core/codec/block.ts';
import type { Coin } from '../../core/codec/coin.ts';
import type { TransactionKind, TransactionOutput } from '../../core/codec/transaction.ts';
import type { ChainPosition, StoredCoin, StoredTransaction } from './chain-answers.ts';

/** What people look up in the chain, answered by the reader's thread like the other queries. Amounts are units, times milliseconds. */
export interface ExplorerQueries {
  blockFacts: { args: { readonly height: number } | { readonly hash: BlockHash }; answer: BlockFacts | undefined };
  /** In the order of the block; undefined where there is no such block. */
  blockTransactions: { args: { readonly hash: BlockHash; readonly skip: number; readonly count: number }; answer: readonly BlockTransaction[] | undefined };
  /** `output`: who spent this one, and not who spent each of them. */
  transactionFacts: { args: { readonly txid: Txid; readonly output?: number | undefined }; answer: TransactionFacts | undefined };
  /** What these outputs of blocks are, whether they are spent or not. */
  outputsAt: { args: { readonly outpoints: readonly Outpoint[] }; answer: readonly (TransactionOutput | undefined)[] };
  /** Newest first. `before`: only older ones, to page on. */
  transactionsOfLock: {
    args: { readonly lock: Lock; readonly limit: number; readonly before?: ChainPosition | undefined };
    answer: readonly LockTransaction[];
  };
  /** Unspent, by outpoint. `after`: only those that follow it, to page on. */
  coinsOfLock: { args: { readonly lock: Lock; readonly limit: number; readonly after?: Outpoint | undefined }; answer: readonly StoredCoin[] };
  /** Of at most `limit` coins. A coinbase above the height `matureThrough` is immature. */
  sumOfLock: { args: { readonly lock: Lock; readonly limit: number; readonly matureThrough: number }; answer: LockSum };
}

export interface BlockFacts {
  readonly hash: BlockHash;
  /** Undefined for the tip. */
  readonly nextHash: BlockHash | undefined;
  readonly header: BlockHeader;
  readonly sizeBytes: number;
  readonly transactions: number;
  readonly coinbase: { readonly txid: Txid; readonly outputs: readonly TransactionOutput[] } | undefined;
  /** Undefined for the genesis. */
  readonly certificate: BlockCertificate | undefined;
  /** Undefined where the registry of that epoch is not kept any more. */
  readonly snapshot: { readonly totalWeight: number; readonly weights: ReadonlyMap<NodeId, number> } | undefined;
}
export interface BlockTransaction {
  readonly position: number;
  readonly txid: Txid;
  readonly kind: TransactionKind;
  readonly inputs: number;
  readonly outputs: number;
  /** Of all outputs. */
  readonly amount: bigint;
  readonly sizeBytes: number;
}
export interface Spender {
  readonly vout: number;
  readonly txid: Txid;
  readonly height: number;
}
export interface TransactionFacts extends StoredTransaction {
  readonly blockTimeMs: number;
  /** The coin of each input; undefined where it could not be looked up. */
  readonly spent: readonly (TransactionOutput | undefined)[];
  /** Of each output, whether it is in the coin set. */
  readonly unspent: readonly boolean[];
  /** Of spent outputs, as far as they were found. */
  readonly spenders: readonly Spender[];
}
export interface LockTransaction extends ChainPosition {
  readonly txid: Txid;
  readonly blockTimeMs: number;
  /** This and what follows: undefined where it could not be looked up. */
  readonly kind: TransactionKind | undefined;
  /** What it paid to the lock. */
  readonly received: bigint | undefined;
  /** What it spent of the lock's coins. */
  readonly paid: bigint | undefined;
}
export interface LockSum {
  readonly coins: number;
  readonly mature: Coin['amount'];
  readonly immature: Coin['amount'];
  /** False: there are more coins than were looked at. */
  readonly isWhole: boolean;
}
