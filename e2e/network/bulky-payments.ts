import { setTimeout as delay } from 'node:timers/promises';
import type { HashedTransaction } from '../../src-main/core/codec/transaction.ts';
import type { Genesis } from '../../src-main/core/genesis.ts';
import type { Txid } from '../../src-shared/domain/ids.ts';
import type { TestNode } from './node.ts';
import { type OwnCoin, ownCoins, ownLock, spend } from './own-coins.ts';

/** Of 4 units a byte: more than these transactions need. */
const feeUnits = 200_000n;
const pieces = 900;
const pieceUnits = 1_000n;
const pollMs = 15;

/**
 * Each coin is split into many and joined again, on and on: some 30 kB a payment, so that a few tens of them are half a block and blocks come as fast as
 * they are sent, while the set of coins stays small.
 */
export class BulkyPayments {
  /** What the node has said that it took, and what it has said is final; whoever finds one in a block may take it out. */
  readonly accepted = new Set<Txid>();
  readonly finals = new Set<Txid>();
  readonly #node: TestNode;
  readonly #genesis: Genesis;
  readonly #running: Promise<void>;
  #sent = 0;
  #stopped = false;

  constructor(node: TestNode, genesis: Genesis) {
    this.#node = node;
    this.#genesis = genesis;
    this.#running = Promise.all(ownCoins(genesis).map((coin) => this.#spendForEver(coin))).then(() => undefined);
  }

  get sent(): number {
    return this.#sent;
  }
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #spendForEver(coin: OwnCoin): Promise<void> {
    for (let whole = coin; !this.#stopped; ) {
      const rest = whole.amount - BigInt(pieces) * pieceUnits - feeUnits;
      const split = spend(
        this.#genesis,
        [whole.outpoint],
        [{ amount: rest, lock: ownLock }, ...Array.from({ length: pieces }, () => ({ amount: pieceUnits, lock: ownLock }))],
      );
      if (!(await this.#send(split))) return;
      const parts = split.transaction.outputs.map((_, vout) => ({ txid: split.txid, vout }));
      const joined = spend(this.#genesis, parts, [{ amount: whole.amount - 2n * feeUnits, lock: ownLock }]);
      if (!(await this.#send(joined))) return;
      whole = { outpoint: { txid: joined.txid, vout: 0 }, amount: whole.amount - 2n * feeUnits };
    }
  }

  /** Until it is final: whoever is killed meanwhile is asked again. False when told to stop before. */
  async #send({ txid, encoded }: HashedTransaction): Promise<boolean> {
    const hexstring = Buffer.from(encoded).toString('hex');
    while (!this.#stopped) {
      if (!this.accepted.has(txid)) {
        const taken = await this.#node.call('sendrawtransaction', { hexstring }).catch(() => undefined);
        if (taken !== undefined) {
          this.accepted.add(txid);
          this.#sent++;
        }
      }
      // What it makes are coins from when it is final, and nobody but this spends them.
      const made = await this.#node.call('gettxout', { txid, n: 0 }).catch(() => null);
      if (made !== null) {
        this.finals.add(txid);
        return true;
      }
      await delay(pollMs);
    }
    return false;
  }
}
