import type { BlockHash, OutpointKey, Txid } from '../../src-shared/domain/ids.ts';
import type { BlockCertificate } from './codec/block.ts';
import type { Coin } from './codec/coin.ts';

/**
 * What core asks of the world synchronously. Every reader answers as if each `persist` effect of the steps before had been carried
 * out (read your writes; what the present step stored, core overlays itself); nothing here may be slow: SQLite on a local file answers in microseconds.
 */
export interface CoinSource {
  coin(key: OutpointKey): Coin | undefined;
}

export interface StoredBlock {
  readonly hash: BlockHash;
  readonly encoded: Uint8Array;
  /** Proves it; of the genesis there is none. */
  readonly certificate: BlockCertificate | undefined;
}
export interface StoredUndo {
  /** As `undoOf` made it. */
  readonly encoded: Uint8Array;
  /** The encoded registry before the block, where one is kept. */
  readonly registry: Uint8Array | undefined;
}
export interface ChainSource extends CoinSource {
  block(height: number): StoredBlock | undefined;
  /** Of the last `undoDepthBlocks` at least. */
  undo(height: number): StoredUndo | undefined;
  /** Blocks that were taken off the chain here and follow this one; several where each branch was left once. */
  revertedAfter(parent: BlockHash): readonly StoredBlock[];
  /** Where a transaction is in the chain. */
  transactionHeight(txid: Txid): number | undefined;
}

export interface Signer {
  /** 64 bytes, Ed25519 with the node key. */
  sign(message: Uint8Array): Uint8Array;
}

/**
 * Milliseconds since some instant, with fractions; never goes back. It measures round trips, finer than the whole milliseconds that
 * inputs come with, and for people alone: nothing is decided by it.
 */
export type Stopwatch = () => number;

/** A uniform number in [0, 1): jitter of timers only, nothing that nodes must agree on. */
export type Random = () => number;
