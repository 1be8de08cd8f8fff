import * as P from 'micro-packed';
import type { Lock, Outpoint, Txid } from '../../../src-shared/domain/ids.ts';
import { outpoint } from './outpoint.ts';
import { hexOf, optional } from './primitives.ts';

/** What a node says of a coin to a light client: the states of protocol section 4, and that it knows nothing. Not proven. */
export type UtxoStatusState =
  /** It never was, or it was spent in a block before anybody here looked. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unspent' }
  | { readonly kind: 'locked'; readonly txid: Txid }
  /** `weight`: of those who accept. */
  | { readonly kind: 'spentPending'; readonly txid: Txid; readonly weight: number }
  | { readonly kind: 'spentFinalized'; readonly txid: Txid }
  | { readonly kind: 'confirmed'; readonly txid: Txid; readonly height: number };

export interface UtxoStatus {
  readonly outpoint: Outpoint;
  /** What it holds, as long as it is in the set or is the output of a final transaction. */
  readonly coin: { readonly amount: bigint; readonly lock: Lock } | undefined;
  readonly state: UtxoStatusState;
}

const txid = hexOf<Txid>(32);
const tagged = P.mappedTag(P.U8, {
  unknown: [0, P.struct({})],
  unspent: [1, P.struct({})],
  locked: [2, P.struct({ txid })],
  spentPending: [3, P.struct({ txid, weight: P.U32LE })],
  spentFinalized: [4, P.struct({ txid })],
  confirmed: [5, P.struct({ txid, height: P.U32LE })],
});

/** micro-packed keeps a tag and its data apart; here the tag is `kind`, among the data. */
const state = P.apply(tagged, {
  encode: ({ TAG, data }: { TAG: string; data: object }) => ({ kind: TAG, ...data }) as UtxoStatusState,
  decode: ({ kind, ...data }: UtxoStatusState) => ({ TAG: kind, data }) as never,
} as never) as unknown as P.CoderType<UtxoStatusState>;

export const utxoStatusCodec = P.struct({
  outpoint: outpoint as unknown as P.CoderType<Outpoint>,
  coin: optional(P.struct({ amount: P.U64LE, lock: hexOf<Lock>(20) })),
  state,
}) as unknown as P.CoderType<UtxoStatus>;
