import type { Outpoint } from '../../../src-shared/domain/ids.ts';
import type { Coin } from '../../core/codec/coin.ts';

/**
 * Lists of coins as they cross between threads. Cloning ten thousand small objects takes tens of milliseconds of the main thread; one
 * long string and one array of numbers per field take less than one.
 */
export interface OutpointColumns {
  /** 64 hex digits each. */
  readonly txids: string;
  readonly vouts: Uint32Array;
}
export interface CoinColumns extends OutpointColumns {
  /** The 64 bits of each amount. */
  readonly amounts: BigInt64Array;
  /** 40 hex digits each. */
  readonly locks: string;
  readonly heights: Uint32Array;
  readonly coinbase: Uint8Array;
}
export interface CoinEntry {
  readonly outpoint: Outpoint;
  readonly coin: Coin;
}

export function outpointColumns(entries: readonly CoinEntry[]): OutpointColumns {
  const vouts = new Uint32Array(entries.length);
  for (const [i, { outpoint }] of entries.entries()) vouts[i] = outpoint.vout;
  return { txids: entries.map(({ outpoint }) => outpoint.txid).join(''), vouts };
}

export function coinColumns(entries: readonly CoinEntry[]): CoinColumns {
  const amounts = new BigInt64Array(entries.length);
  const heights = new Uint32Array(entries.length);
  const coinbase = new Uint8Array(entries.length);
  for (const [i, { coin }] of entries.entries()) {
    amounts[i] = coin.amount;
    heights[i] = coin.height;
    coinbase[i] = coin.coinbase ? 1 : 0;
  }
  const locks = entries.map(({ coin }) => coin.lock).join('');
  return { ...outpointColumns(entries), amounts, heights, coinbase, locks };
}
