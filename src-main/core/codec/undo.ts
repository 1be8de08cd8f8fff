import * as P from 'micro-packed';
import type { Lock } from '../../../src-shared/domain/ids.ts';
import { maxBlockTransactions, maxInputs } from '../constants.ts';
import type { Coin } from './coin.ts';
import { hexOf, list16 } from './primitives.ts';

/**
 * What a block spent: for each transaction, in block order, the coin of each input. With the block itself it reverts the block, and
 * tells the history of each of its transactions, also of coins that were made and spent within it.
 */
export type BlockUndo = readonly (readonly Coin[])[];

const coin = P.struct({ height: P.U32LE, coinbase: P.bool, amount: P.U64LE, lock: hexOf<Lock>(20) });
const codec = list16(maxBlockTransactions, list16(maxInputs, coin)) as unknown as P.CoderType<BlockUndo>;

export const encodeUndo = (undo: BlockUndo): Uint8Array => codec.encode(undo);

/** Throws on anything but one whole, canonical value. */
export const decodeUndo = (encoded: Uint8Array): BlockUndo => codec.decode(encoded);
