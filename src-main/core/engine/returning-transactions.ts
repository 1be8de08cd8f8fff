import type { HashedTransaction } from '../codec/transaction.ts';
import { maxMempoolBytes, maxMempoolTransactions } from '../constants.ts';

/**
 * Transactions of blocks that are taken off, newest block first: they are pending again. As many as a mempool holds; where there are more, those of the oldest
 * blocks stay, on which the others may depend.
 */
export class ReturningTransactions {
  /** In the order in which blocks went. */
  #blocks: (readonly HashedTransaction[])[] = [];
  #count = 0;
  #bytes = 0;

  /** Of the block that goes now, without its coinbase. Answers those that have to make room. */
  add(transactions: readonly HashedTransaction[]): readonly HashedTransaction[] {
    this.#blocks.push(transactions);
    this.#count += transactions.length;
    this.#bytes += bytesOf(transactions);
    const dropped: HashedTransaction[] = [];
    while (this.#count > maxMempoolTransactions || this.#bytes > maxMempoolBytes) {
      const newest = this.#blocks.shift() ?? [];
      this.#count -= newest.length;
      this.#bytes -= bytesOf(newest);
      dropped.push(...newest);
    }
    return dropped;
  }

  /** In the order in which they were in the chain, and none are kept. */
  take(): readonly HashedTransaction[] {
    const transactions = this.#blocks.reverse().flat();
    this.#blocks = [];
    this.#count = 0;
    this.#bytes = 0;
    return transactions;
  }
}

const bytesOf = (transactions: readonly HashedTransaction[]): number => transactions.reduce((sum, { encoded }) => sum + encoded.length, 0);
