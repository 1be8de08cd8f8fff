import * as P from 'micro-packed';
import type { Lock } from '../../../src-shared/domain/ids.ts';
import { maxBlockTransactions, maxInputs } from '../constants.ts';
import { fromHex } from '../crypto/hex.ts';
import type { Coin } from './coin.ts';
import { hexOf, list16 } from './primitives.ts';

/**
 * What a block spent: for each transaction, in block order, the coin of each input. With the block itself it reverts the block, and
 * tells the history of each of its transactions, also of coins that were made and spent within it.
 */
export type BlockUndo = readonly (readonly Coin[])[];

const coin = P.struct({ height: P.U32LE, coinbase: P.bool, amount: P.U64LE, lock: hexOf<Lock>(20) });
const codec = list16(maxBlockTransactions, list16(maxInputs, coin)) as unknown as P.CoderType<BlockUndo>;

const coinBytes = 4 + 1 + 8 + 20;
const countBytes = 2;

/** The bytes of `codec`, in about a tenth of the time: a full block is applied in one step, and this is part of it. Lengths are those of a checked block. */
export function encodeUndo(undo: BlockUndo): Uint8Array {
  const coins = undo.reduce((sum, spent) => sum + spent.length, 0);
  const bytes = new Uint8Array(countBytes * (1 + undo.length) + coinBytes * coins);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, undo.length, true);
  let at = countBytes;
  for (const spent of undo) {
    view.setUint16(at, spent.length, true);
    at += countBytes;
    for (const { height, coinbase, amount, lock } of spent) {
      view.setUint32(at, height, true);
      view.setUint8(at + 4, coinbase ? 1 : 0);
      view.setBigUint64(at + 5, amount, true);
      bytes.set(fromHex(lock), at + 13);
      at += coinBytes;
    }
  }
  return bytes;
}

/** Throws on anything but one whole, canonical value. */
export const decodeUndo = (encoded: Uint8Array): BlockUndo => codec.decode(encoded);
