import * as P from 'micro-packed';
import type { Lock, Outpoint } from '../../../src-shared/domain/ids.ts';
import { outpoint } from './outpoint.ts';
import { hexOf } from './primitives.ts';

/** One unspent output. */
export interface Coin {
  /** Units. */
  readonly amount: bigint;
  readonly lock: Lock;
  /** Of the block that made it; 0 is the genesis. */
  readonly height: number;
  readonly coinbase: boolean;
}

const setElement = P.struct({ outpoint, height: P.U32LE, coinbase: P.bool, amount: P.U64LE, lock: hexOf<Lock>(20) });

/** What the set hash covers of a coin (protocol section 7). */
export const encodeSetElement = (at: Outpoint, coin: Coin): Uint8Array => setElement.encode({ outpoint: at, ...coin });
