import type { BlockHash } from '../../src-shared/domain/ids.ts';

/** Why an operator's word on a block is not followed (protocol section 8). */
export type BranchRefusalCode =
  /** Neither in this node's chain, nor certified beside one that is. */
  | 'unknown-block'
  | 'genesis'
  /** More than `undoDepthBlocks` would be reverted. */
  | 'too-deep'
  /** What is needed to revert is not kept: the blocks were stored by an older release. */
  | 'no-undo-data'
  /** More than `revertAlertBlocks` would be reverted, and nobody has said that this is meant. */
  | 'not-confirmed'
  /** Blocks are being reverted already. */
  | 'under-way'
  | 'not-marked';

export type BranchAnswer =
  /** The tip that this leaves, before other blocks are fetched. */
  | { readonly ok: true; readonly reverted: number; readonly height: number; readonly hash: BlockHash }
  | { readonly ok: false; readonly code: BranchRefusalCode; readonly blocks: number };
