import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import { decodeBlock, type HashedBlock } from '../codec/block.ts';
import { type BlockProposal, type BlockVote, blockVotesCodec } from '../codec/block-vote.ts';
import type { RestoredState } from './context.ts';

/** What is known of the height after a tip, verified. As much as a height holds. */
export interface KnownHeight {
  /** Of prevotes, that locked and valid values stand on. */
  readonly quorums: readonly (readonly BlockVote[])[];
  /** Known without the proposals that they came with. */
  readonly blocks: readonly HashedBlock[];
  readonly votes: readonly BlockVote[];
  readonly proposals: readonly { readonly proposal: BlockProposal; readonly block: HashedBlock }[];
}
/** What was known when the operator had the tip before it taken off. */
export interface LeftHeight extends KnownHeight {
  readonly tipHash: BlockHash;
}

type StoredHeights = Pick<RestoredState, 'proposedBlocks' | 'blockVotes'>;

/** What the store kept of a height: the blocks that this node prevoted or proposed there, and the quorums of prevotes that its locked and valid values stand on. */
export function storedHeight({ proposedBlocks, blockVotes }: StoredHeights, height: number): KnownHeight {
  return {
    quorums: blockVotes.filter((one) => one.height === height).map(({ encoded }) => blockVotesCodec.decode(encoded)),
    blocks: proposedBlocks.filter((one) => one.height === height).map(({ encoded }) => decodeBlock(encoded)),
    votes: [],
    proposals: [],
  };
}

/** The same of the height that was left before a restart. There is one at most: who is silent keeps nothing of the heights that it passes, and deciding the height deletes it. */
export function storedLeftHeight(stored: StoredHeights): LeftHeight | undefined {
  const height = Math.max(0, ...stored.proposedBlocks.map((one) => one.height));
  const known = storedHeight(stored, height);
  const [block] = known.blocks;
  return block && { ...known, tipHash: block.header.previousHash };
}
