import { type OutpointKey, outpointOf } from '../../../src-shared/domain/ids.ts';
import type { Coin } from '../codec/coin.ts';
import type { CoinSource } from '../ports.ts';
import type { Mempool } from './mempool.ts';

/**
 * The chain's coins and the outputs of final transactions, which may be spent before they are in a block (protocol section 4). Coins that a pending
 * transaction spends are still here: conflicts are the mempool's and the votes' matter.
 */
export class MempoolCoins implements CoinSource {
  readonly #mempool: Mempool;
  readonly #chain: CoinSource;
  readonly #nextHeight: () => number;

  /** `nextHeight`: of the first block that could hold a pending transaction. */
  constructor(mempool: Mempool, chain: CoinSource, nextHeight: () => number) {
    this.#mempool = mempool;
    this.#chain = chain;
    this.#nextHeight = nextHeight;
  }

  coin(key: OutpointKey): Coin | undefined {
    const { txid, vout } = outpointOf(key);
    const parent = this.#mempool.get(txid);
    if (parent === undefined) return this.#chain.coin(key);
    const output = parent.status === 'final' ? parent.hashed.transaction.outputs[vout] : undefined;
    return output && { amount: output.amount, lock: output.lock, height: this.#nextHeight(), coinbase: false };
  }
}
