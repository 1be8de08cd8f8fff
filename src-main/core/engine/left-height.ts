import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import type { HashedBlock } from '../codec/block.ts';
import type { BlockProposal, BlockVote } from '../codec/block-vote.ts';

/** All that was known of a height when its operator had the block before it taken off, verified. As much as a height holds. */
export interface LeftHeight {
  readonly tipHash: BlockHash;
  readonly proposals: readonly { readonly proposal: BlockProposal; readonly block: HashedBlock }[];
  readonly votes: readonly BlockVote[];
}
