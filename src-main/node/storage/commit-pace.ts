import type { PackedBatch } from './batch.ts';

/**
 * From one commit to the next at least: on a fast disk, what a busy node persists in this time is one sync and not several, each of which costs more
 * processor time than the rows of a payment. A first batch after a rest does not wait.
 */
const minCommitIntervalMs = 4;
/**
 * The same from one commit with a block to the next with one. Blocks come this fast only to a node that catches up, which has nothing to say that waits for
 * the disk; each touches pages all over the file, and what several touch is written once.
 */
const minBlockCommitIntervalMs = 150;

/** How long what is to be stored waits for more, to be one transaction with it: each has its sync, and pages that are written again with the next. */
export class CommitPace {
  #lastMs = Number.NEGATIVE_INFINITY;
  #lastBlockMs = Number.NEGATIVE_INFINITY;

  /** When the first batch that waits is to be committed, with all that have come by then. */
  notBeforeMs(first: PackedBatch): number {
    const afterAnyMs = this.#lastMs + minCommitIntervalMs;
    return hasBlock(first) ? Math.max(afterAnyMs, this.#lastBlockMs + minBlockCommitIntervalMs) : afterAnyMs;
  }

  committed(batches: readonly PackedBatch[], nowMs: number): void {
    this.#lastMs = nowMs;
    if (batches.some(hasBlock)) this.#lastBlockMs = nowMs;
  }
}

const hasBlock = ({ operations }: PackedBatch): boolean => operations.some(({ kind }) => kind === 'apply-block');
