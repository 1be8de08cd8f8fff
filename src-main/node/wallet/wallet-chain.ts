import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import type { Wallet } from '../keys/wallet.ts';
import type { StoredCoin } from '../storage/chain-answers.ts';
import type { Storage } from '../storage/storage.ts';
import type { EngineView } from '../views.ts';

/** A node that catches up has decided another block by each answer: then the answer is of a tip that was, and the next who asks gets a newer one. */
const maxTurns = 3;

/** Coins in the chain as of one tip. */
interface ChainCoins {
  readonly tip: BlockHash;
  readonly locks: number;
  readonly coins: readonly StoredCoin[];
}

export interface Scanning {
  /** Locks that the chain was asked for. */
  readonly checked: number;
  /** Of these, used ones. */
  readonly found: number;
}

/**
 * What the chain has of the wallet's locks, and which of them it ever used: the wallet follows the chain with its keys ahead, also one that is still being
 * fetched, so one restored from its words needs no rescan.
 */
export class WalletChain {
  readonly #wallet: Wallet;
  readonly #views: Pick<EngineView, 'tip'>;
  readonly #storage: Pick<Storage, 'query'>;
  #coins: ChainCoins | undefined;
  #asking: Promise<readonly StoredCoin[]> | undefined;
  #scanning: Scanning | undefined = { checked: 0, found: 0 };

  constructor(wallet: Wallet, views: Pick<EngineView, 'tip'>, storage: Pick<Storage, 'query'>) {
    this.#wallet = wallet;
    this.#views = views;
    this.#storage = storage;
  }

  /** Of the first look over the chain; undefined once that is over. */
  get scanning(): Scanning | undefined {
    return this.#scanning;
  }

  /** Changes with blocks alone, so it is asked for once a block. The answer is of the tip that is the tip when this resolves, unless blocks come faster than answers. */
  coins(): Promise<readonly StoredCoin[]> {
    if (this.#isCurrent(this.#coins)) return Promise.resolve(this.#coins.coins);
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  #isCurrent(coins: ChainCoins | undefined): coins is ChainCoins {
    return coins !== undefined && coins.tip === this.#views.tip().hash && coins.locks === this.#wallet.locks().size;
  }

  async #ask(): Promise<readonly StoredCoin[]> {
    for (let turn = 1; ; turn++) {
      const tip = this.#views.tip().hash;
      await this.#findUsed();
      const locks = [...this.#wallet.locks()];
      const coins = await this.#storage.query('coinsOfLocks', { locks });
      // A block that was decided meanwhile may or may not be in the answer, and the wallet may have been unlocked.
      this.#coins = { tip, locks: locks.length, coins };
      if (turn === maxTurns || this.#isCurrent(this.#coins)) return coins;
    }
  }

  async #findUsed(): Promise<void> {
    for (let asked: ReadonlySet<string> = new Set(); ; ) {
      const locks = this.#wallet.locksToLookFor();
      const unknown = locks.filter((lock) => !asked.has(lock));
      if (unknown.length === 0) break;
      const used = await this.#storage.query('usedLocks', { locks: unknown });
      if (this.#scanning !== undefined) this.#scanning = { checked: this.#scanning.checked + unknown.length, found: this.#scanning.found + used.length };
      await this.#wallet.markUsed(used);
      asked = new Set([...asked, ...unknown]);
    }
    this.#scanning = undefined;
  }
}
