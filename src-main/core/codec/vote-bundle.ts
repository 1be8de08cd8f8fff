import * as P from 'micro-packed';
import type { Hash, NodeId, Txid } from '../../../src-shared/domain/ids.ts';
import { maxVotesPerBundle } from '../constants.ts';
import { hashBytes, hashHex } from '../crypto/hash.ts';
import { fromHex } from '../crypto/hex.ts';
import { hexOf, list16, nameOf, signature } from './primitives.ts';

/** Protocol section 6: an accept, a rejection of it, or the commit that follows a certificate. */
export type VoteChoice = 'accept' | 'reject' | 'commit';

/** Why a masternode rejects: only what cannot heal (section 6). */
export type VoteRejectCode = 'none' | 'broken-rule' | 'conflict-certified' | 'conflict-settled';

export interface TransactionVote {
  readonly txid: Txid;
  readonly choice: VoteChoice;
  /** `none` unless `choice` is `reject`. */
  readonly code: VoteRejectCode;
}
/** Votes of one masternode in one epoch under one signature. */
export interface VoteBundle {
  readonly nodeId: NodeId;
  readonly epoch: number;
  readonly votes: readonly TransactionVote[];
  readonly signature: Uint8Array;
}
export interface HashedVoteBundle {
  /** H("bundle-id", encoding with the signature): what bundles are deduplicated by. */
  readonly hash: Hash;
  readonly bundle: VoteBundle;
  readonly encoded: Uint8Array;
}

const vote: P.CoderType<TransactionVote> = P.validate(
  P.struct({
    txid: hexOf<Txid>(32),
    choice: nameOf<VoteChoice>({ accept: 0, reject: 1, commit: 2 }),
    code: nameOf<VoteRejectCode>({ none: 0, 'broken-rule': 1, 'conflict-certified': 2, 'conflict-settled': 3 }),
  }),
  (value) => {
    if ((value.choice === 'reject') !== (value.code !== 'none')) throw new RangeError('a reject has a code, and nothing else has one');
    return value;
  },
) as P.CoderType<TransactionVote>;

const body = {
  nodeId: hexOf<NodeId>(32),
  epoch: P.U32LE,
  votes: P.validate(list16(maxVotesPerBundle, vote), (votes) => {
    if (votes.length === 0) throw new RangeError('a bundle without votes');
    return votes;
  }),
};
export const voteBundleCodec = P.struct({ ...body, signature }) as unknown as P.CoderType<VoteBundle>;
const signedCodec = P.struct(body) as unknown as P.CoderType<Omit<VoteBundle, 'signature'>>;

export function decodeVoteBundle(encoded: Uint8Array): HashedVoteBundle {
  return hashVoteBundle(voteBundleCodec.decode(encoded), encoded);
}
export function hashVoteBundle(bundle: VoteBundle, encoded: Uint8Array = voteBundleCodec.encode(bundle)): HashedVoteBundle {
  return { hash: bundleHashOf(encoded), bundle, encoded };
}
export const bundleHashOf = (encoded: Uint8Array): Hash => hashHex<Hash>('bundle-id', encoded);

/** The 32 bytes a bundle's signature covers. */
export const voteBundleMessage = (genesisHash: Hash, bundle: Omit<VoteBundle, 'signature'>): Uint8Array =>
  hashBytes('vote-bundle', fromHex(genesisHash), signedCodec.encode({ nodeId: bundle.nodeId, epoch: bundle.epoch, votes: bundle.votes }));
