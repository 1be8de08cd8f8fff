import { sumOf } from '../../src-shared/domain/amount.ts';
import type { Lock, Txid } from '../../src-shared/domain/ids.ts';
import type { ChainPosition } from './storage/chain-answers.ts';
import type { Storage } from './storage/storage.ts';

/** Units. */
export interface Rewards {
  readonly since: bigint;
  readonly total: bigint;
  /** False: there may be more, of blocks that were not looked at yet. Who asks again is told more. */
  readonly isSinceWhole: boolean;
  readonly isTotalWhole: boolean;
}

interface Reward {
  readonly height: number;
  readonly txid: Txid;
  readonly blockTimeMs: number;
  readonly units: bigint;
}
interface Page {
  /** Newest first. */
  readonly rewards: readonly Reward[];
  /** Where the next one begins; undefined: there is none. */
  readonly below: ChainPosition | undefined;
}
interface Known {
  /** Newest first, `maxKept` at most. */
  newest: readonly Reward[];
  /** Of those before them. */
  olderUnits: bigint;
  /** Everything from here on upwards is counted; undefined: the whole chain. */
  below: ChainPosition | undefined;
  looking: Promise<void> | undefined;
}

/** Each block of a page is read whole, by a thread that others wait for. */
const pageSize = 200;
/** Of one question: some tens of milliseconds of that thread while blocks are small. */
const maxPages = 10;
/** More than a day's at a block every ten seconds, and than any branch that is left; some megabytes. */
const maxKept = 10_000;
/** This node's, and those that its operator compares it with. */
const maxLocks = 16;
const tip: ChainPosition = { height: Number.MAX_SAFE_INTEGER, position: 0 };

/**
 * What the chain paid to a lock for taking part. The chain has no sum of that: blocks are added up from the newest down, so many for each question, and
 * remembered until the end of the process.
 */
export class RewardHistory {
  readonly #storage: Pick<Storage, 'query'>;
  /** The one that was asked for last comes last. */
  readonly #known = new Map<Lock, Known>();

  constructor(storage: Pick<Storage, 'query'>) {
    this.#storage = storage;
  }

  async of(lock: Lock, sinceMs: number): Promise<Rewards> {
    const known = this.#known.get(lock) ?? { newest: [], olderUnits: 0n, below: tip, looking: undefined };
    this.#known.delete(lock);
    this.#known.set(lock, known);
    const [first] = this.#known.keys();
    if (this.#known.size > maxLocks && first !== undefined) this.#known.delete(first);
    known.looking ??= this.#look(lock, known).finally(() => {
      known.looking = undefined;
    });
    await known.looking;
    const { newest, olderUnits, below } = known;
    const oldest = newest.at(-1);
    const isTotalWhole = below === undefined;
    return {
      since: sumUnits(newest.filter(({ blockTimeMs }) => blockTimeMs >= sinceMs)),
      total: sumUnits(newest) + olderUnits,
      isSinceWhole: (isTotalWhole && newest.length < maxKept) || (oldest !== undefined && oldest.blockTimeMs < sinceMs),
      isTotalWhole,
    };
  }

  async #look(lock: Lock, known: Known): Promise<void> {
    let pages = maxPages;
    if (known.below !== tip) pages -= await this.#lookAbove(lock, known);
    for (; known.below !== undefined && pages > 0; pages--) {
      const page = await this.#page(lock, known.below);
      keep(known, [...known.newest, ...page.rewards]);
      known.below = page.below;
    }
  }

  /** What came since the last time, and what was taken off. Answers how many pages that took. */
  async #lookAbove(lock: Lock, known: Known): Promise<number> {
    const fresh: Reward[] = [];
    let below: ChainPosition | undefined = tip;
    for (let pages = 1; below !== undefined && pages <= maxPages; pages++) {
      const page: Page = await this.#page(lock, below);
      for (const reward of page.rewards) {
        const place = known.newest.findIndex(({ height }) => height <= reward.height);
        if (known.newest[place]?.txid === reward.txid) {
          keep(known, [...fresh, ...known.newest.slice(place)]);
          return pages;
        }
        fresh.push(reward);
      }
      below = page.below;
    }
    // Nothing of what was known is there any more, or too much came: counted anew.
    known.olderUnits = 0n;
    known.below = below;
    keep(known, fresh);
    return maxPages;
  }

  async #page(lock: Lock, before: ChainPosition): Promise<Page> {
    const rows = await this.#storage.query('transactionsOfLock', { lock, limit: pageSize, before });
    // After so many bytes the rest is not looked at; it comes with the next page.
    const unread = rows.findIndex(({ received }) => received === undefined);
    const read = unread === -1 ? rows : rows.slice(0, unread);
    const rewards = read.flatMap(({ kind, height, txid, blockTimeMs, received = 0n }) =>
      // The first block hands out what the network begins with.
      kind === 'coinbase' && height > 0 ? [{ height, txid, blockTimeMs, units: received }] : [],
    );
    return { rewards, below: rows.length < pageSize && unread === -1 ? undefined : read.at(-1) };
  }
}

/** `rewards`: newest first; those beyond what is kept are a sum alone. */
function keep(known: Known, rewards: readonly Reward[]): void {
  known.newest = rewards.slice(0, maxKept);
  known.olderUnits += sumUnits(rewards.slice(maxKept));
}

const sumUnits = (rewards: readonly Reward[]): bigint => sumOf(rewards.map(({ units }) => units));
