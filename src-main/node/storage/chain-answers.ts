import type { BlockHash, Outpoint, Txid } from '../../../src-shared/domain/ids.ts';
import type { Coin } from '../../core/codec/coin.ts';

/** Of the answers about the chain, what several of them are made of. */
export interface StoredCoin {
  readonly outpoint: Outpoint;
  readonly coin: Coin;
}
export interface ChainPosition {
  readonly height: number;
  /** In the block. */
  readonly position: number;
}
export interface HistoryItem extends ChainPosition {
  readonly txid: Txid;
}
export interface StoredTransaction extends HistoryItem {
  readonly blockHash: BlockHash;
  readonly encoded: Uint8Array;
  /** Undefined if it was not final here before its block. */
  readonly finalAfterMs: number | undefined;
}
