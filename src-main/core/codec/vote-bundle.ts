import * as P from 'micro-packed';
import type { Hash, NodeId, Txid } from '../../../src-shared/domain/ids.ts';
import { maxVotesPerBundle } from '../constants.ts';
import { hashBytes, hashHex } from '../crypto/hash.ts';
import { fromHex, toHex } from '../crypto/hex.ts';
import type { Signer } from '../ports.ts';
import { hexOf, signature, signatureBytes } from './primitives.ts';

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

const byteOfChoice: Record<VoteChoice, number> = { accept: 0, reject: 1, commit: 2 };
const byteOfCode: Record<VoteRejectCode, number> = { none: 0, 'broken-rule': 1, 'conflict-certified': 2, 'conflict-settled': 3 };
const choices = Object.keys(byteOfChoice) as VoteChoice[];
const codes = Object.keys(byteOfCode) as VoteRejectCode[];
const txidBytes = 32;
const voteBytes = txidBytes + 2;

/** A u16 count, then of each vote its txid, choice and code; read as one run of bytes, since a busy network casts tens of thousands a second. */
const voteList: P.CoderType<readonly TransactionVote[]> = P.wrap({
  encodeStream: (writer, votes: readonly TransactionVote[]) => {
    P.U16LE.encodeStream(writer, boundedCount(votes.length));
    const bytes = new Uint8Array(votes.length * voteBytes);
    for (const [index, vote] of votes.entries()) {
      const at = index * voteBytes;
      bytes.set(fromHex(checked(vote).txid), at);
      bytes[at + txidBytes] = byteOfChoice[vote.choice];
      bytes[at + txidBytes + 1] = byteOfCode[vote.code];
    }
    writer.bytes(bytes);
  },
  decodeStream: (reader) => {
    const count = boundedCount(P.U16LE.decodeStream(reader));
    const bytes = reader.bytes(count * voteBytes);
    const votes: TransactionVote[] = [];
    for (let at = 0; at < bytes.length; at += voteBytes) {
      const choice = choices[bytes[at + txidBytes] as number];
      const code = codes[bytes[at + txidBytes + 1] as number];
      if (choice === undefined || code === undefined) throw new RangeError('an unknown choice or code');
      votes.push(checked({ txid: toHex(bytes.subarray(at, at + txidBytes)) as Txid, choice, code }));
    }
    return votes;
  },
});

function boundedCount(count: number): number {
  if (count === 0) throw new RangeError('a bundle without votes');
  if (count > maxVotesPerBundle) throw new RangeError(`votes: ${count} is more than ${maxVotesPerBundle}`);
  return count;
}

function checked(vote: TransactionVote): TransactionVote {
  if ((vote.choice === 'reject') !== (vote.code !== 'none')) throw new RangeError('a reject has a code, and nothing else has one');
  return vote;
}

const body = {
  nodeId: hexOf<NodeId>(32),
  epoch: P.U32LE,
  votes: voteList,
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
export const voteBundleMessage = (genesisHash: Hash, { nodeId, epoch, votes }: Omit<VoteBundle, 'signature'>): Uint8Array =>
  messageOf(genesisHash, signedCodec.encode({ nodeId, epoch, votes }));

/** The same of an encoded bundle: the signature comes last. */
export const signedBytesOf = (genesisHash: Hash, encoded: Uint8Array): Uint8Array =>
  messageOf(genesisHash, encoded.subarray(0, encoded.length - signatureBytes));

const messageOf = (genesisHash: Hash, signed: Uint8Array): Uint8Array => hashBytes('vote-bundle', fromHex(genesisHash), signed);

export function signVoteBundle(unsigned: Omit<VoteBundle, 'signature'>, genesisHash: Hash, signer: Signer): HashedVoteBundle {
  const signed = signedCodec.encode(unsigned);
  const signature = signer.sign(messageOf(genesisHash, signed));
  const encoded = new Uint8Array(signed.length + signatureBytes);
  encoded.set(signed);
  encoded.set(signature, signed.length);
  return hashVoteBundle({ ...unsigned, signature }, encoded);
}
