import { setTimeout as delay } from 'node:timers/promises';
import type { HashedTransaction } from '../../src-main/core/codec/transaction.ts';
import type { Genesis } from '../../src-main/core/genesis.ts';
import { outpointKey, type Txid } from '../../src-shared/domain/ids.ts';
import { isFinal } from './chain.ts';
import type { TestNode } from './node.ts';
import { type OwnCoin, ownCoins, ownLock, spend } from './own-coins.ts';
import type { Random } from './random.ts';
import type { Testimony } from './testimony.ts';

const feeUnits = 10_000n;
const pollMs = 250;

/** Of each coin two payments, given to two nodes in one instant; when one of them is final, of what it made two more, on and on. */
export class RivalPayments {
  /** Both of each pair, in the order in which they were made. */
  readonly pairs: (readonly [Txid, Txid])[] = [];
  /** Which any node has called final. */
  readonly finals = new Set<Txid>();
  readonly #genesis: Genesis;
  readonly #testimony: Testimony;
  readonly #random: Random;
  readonly #running: Promise<void>;
  #stopped = false;

  constructor(nodes: readonly TestNode[], genesis: Genesis, testimony: Testimony, random: Random) {
    this.#genesis = genesis;
    this.#testimony = testimony;
    this.#random = random;
    this.#running = Promise.all(ownCoins(genesis).map((coin) => this.#contestForEver(nodes, coin))).then(() => undefined);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #contestForEver(nodes: readonly TestNode[], coin: OwnCoin): Promise<void> {
    for (let contested: OwnCoin | undefined = coin; contested !== undefined; ) {
      const amount: bigint = contested.amount - feeUnits;
      const pair = [1, 2].map((timestamp) => spend(this.#genesis, [contested!.outpoint], [{ amount, lock: ownLock }], timestamp));
      const txids = pair.map(({ txid }) => txid) as [Txid, Txid];
      this.pairs.push(txids);
      this.#testimony.rivals(outpointKey(contested.outpoint), txids);
      const winner = await this.#settle(nodes, pair);
      contested = winner && { outpoint: { txid: winner, vout: 0 }, amount };
    }
  }

  /** Undefined when told to stop before. */
  async #settle(nodes: readonly TestNode[], pair: readonly HashedTransaction[]): Promise<Txid | undefined> {
    const first = this.#random(nodes.length);
    const given = [first, (first + 1 + this.#random(nodes.length - 1)) % nodes.length];
    for (let tries = 0; !this.#stopped; tries++) {
      // Whoever is killed forgets what it has not stored, and whoever is held still or has the rival does not take it: then others get it.
      await Promise.allSettled(
        pair.map(({ encoded }, of) => nodes[(given[of]! + tries) % nodes.length]!.call('sendrawtransaction', { hexstring: hexOf(encoded) })),
      );
      for (let looked = 0; looked < 20 && !this.#stopped; looked++) {
        const states = await Promise.all(
          nodes.map((node) =>
            node
              .batch(
                'gettransaction',
                pair.map(({ txid }) => ({ txid })),
              )
              .catch(() => []),
          ),
        );
        for (const infos of states) for (const [of, info] of infos.entries()) if (isFinal(info)) this.finals.add(pair[of]!.txid);
        const winner = pair.find(({ txid }) => this.finals.has(txid));
        if (winner !== undefined) return winner.txid;
        await delay(pollMs);
      }
    }
    return undefined;
  }
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
