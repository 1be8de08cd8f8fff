import * as P from 'micro-packed';
import type { BlockHash, Hash, NodeId } from '../../../src-shared/domain/ids.ts';
import { maxBlockBytes, maxSnapshotMembers } from '../constants.ts';
import { hashBytes } from '../crypto/hash.ts';
import { fromHex } from '../crypto/hex.ts';
import { bytes32, hexOf, list16, nameOf, optional, signature } from './primitives.ts';

export type BlockVotePhase = 'prevote' | 'precommit';

/** A prevote or precommit of the Tendermint algorithm; `blockHash` undefined is the paper's nil. */
export interface BlockVote {
  readonly height: number;
  readonly round: number;
  readonly phase: BlockVotePhase;
  readonly blockHash: BlockHash | undefined;
  readonly nodeId: NodeId;
  readonly signature: Uint8Array;
}
export interface BlockProposal {
  readonly height: number;
  readonly round: number;
  /** The paper's validRound; undefined is its -1: the block is fresh. */
  readonly validRound: number | undefined;
  readonly blockHash: BlockHash;
  readonly nodeId: NodeId;
  readonly signature: Uint8Array;
  /** The whole encoded block. */
  readonly block: Uint8Array;
}

const phase = nameOf<BlockVotePhase>({ prevote: 0, precommit: 1 });

export const blockVoteCodec = P.struct({
  height: P.U32LE,
  round: P.U32LE,
  phase,
  blockHash: optional(hexOf<BlockHash>(32)),
  nodeId: hexOf<NodeId>(32),
  signature,
}) as unknown as P.CoderType<BlockVote>;

/** Votes of one round, phase and value, so of each member one at most. */
export const blockVotesCodec = list16(maxSnapshotMembers, blockVoteCodec) as unknown as P.CoderType<readonly BlockVote[]>;

/** A proposal as its signer can be held to it, without the block. */
export type ProposalClaim = Omit<BlockProposal, 'block'>;

const claim = {
  height: P.U32LE,
  round: P.U32LE,
  validRound: optional(P.U32LE),
  blockHash: hexOf<BlockHash>(32),
  nodeId: hexOf<NodeId>(32),
  signature,
};
export const proposalClaimCodec = P.struct(claim) as unknown as P.CoderType<ProposalClaim>;
export const blockProposalCodec = P.struct({ ...claim, block: bytes32(maxBlockBytes) }) as unknown as P.CoderType<BlockProposal>;

const signedVote = P.struct({ height: P.U32LE, round: P.U32LE, phase });
const nil = new Uint8Array();
const signedProposal = P.struct({ height: P.U32LE, round: P.U32LE, validRound: optional(P.U32LE), blockHash: hexOf<BlockHash>(32) });

/**
 * The 32 bytes a block vote's signature covers. The signer is not in it: the key is. Nil is the absence of a hash, not one of zeros: a relay could
 * pass that on as a vote for a block of zeros.
 */
export const blockVoteMessage = (
  genesisHash: Hash,
  { height, round, phase, blockHash }: Pick<BlockVote, 'height' | 'round' | 'phase' | 'blockHash'>,
): Uint8Array => hashBytes('block-vote', fromHex(genesisHash), signedVote.encode({ height, round, phase }), blockHash === undefined ? nil : fromHex(blockHash));

/** The 32 bytes a proposal's signature covers. */
export const blockProposalMessage = (genesisHash: Hash, proposal: Pick<BlockProposal, 'height' | 'round' | 'validRound' | 'blockHash'>): Uint8Array =>
  hashBytes(
    'proposal',
    fromHex(genesisHash),
    signedProposal.encode({ height: proposal.height, round: proposal.round, validRound: proposal.validRound, blockHash: proposal.blockHash }),
  );
