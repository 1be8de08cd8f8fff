import { maxMempoolBytes, maxMempoolTransactions } from '../constants.ts';
import { TokenBucket } from './token-bucket.ts';

/** All that a mempool holds, and the votes of it, of which one bundle has hundreds. */
const size = { items: 3 * maxMempoolTransactions, bytes: maxMempoolBytes };
/** In so long it is there again: a mempool is seldom full, and who brings it over and over brings what is known. */
const refillSeconds = 3_600;

/** What is taken of one party in answer to requests for all that is pending, beside its limits, however often it connects and is asked. */
export class PendingAllowance {
  readonly #items: TokenBucket;
  readonly #bytes: TokenBucket;

  /** `peers`: that share it. */
  constructor(peers: number, nowMs: number) {
    const bucketOf = (count: number): TokenBucket => new TokenBucket({ perSecond: (peers * count) / refillSeconds, burst: peers * count }, nowMs);
    this.#items = bucketOf(size.items);
    this.#bytes = bucketOf(size.bytes);
  }

  isOpen(nowMs: number): boolean {
    return this.#items.isOpen(nowMs) && this.#bytes.isOpen(nowMs);
  }
  take(items: number, bytes: number, nowMs: number): void {
    this.#items.take(items, nowMs);
    this.#bytes.take(bytes, nowMs);
  }
}
