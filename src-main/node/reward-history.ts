import { sumOf } from '../../src-shared/domain/amount.ts';
import type { BlockHash, Lock } from '../../src-shared/domain/ids.ts';
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
  readonly blockTimeMs: number;
  readonly units: bigint;
}
interface Page {
  /** Newest first. */
  readonly rewards: readonly Reward[];
  /** Where the next one begins; undefined: there is none. */
  readonly below: ChainPosition | undefined;
}
interface Tip {
  readonly height: number;
  readonly hash: BlockHash;
}
interface Known {
  /** Up to this block everything is counted, rewards or not: while it is in the chain, what is below it has not changed. Undefined: nothing is yet. */
  upTo: Tip | undefined;
  /** Newest first, `maxKept` at most. */
  newest: readonly Reward[];
  /** Of those before them. */
  olderUnits: bigint;
  /** From here on upwards everything is counted; undefined: the whole chain. */
  below: ChainPosition | undefined;
  looking: Promise<void> | undefined;
}

/** Each block of a page is read whole, by a thread that others wait for. */
const pageSize = 200;
/** Of one question: some tens of milliseconds of that thread while blocks are small. */
const maxPages = 10;
/** More than a day's at a block every ten seconds; some megabytes. */
const maxKept = 10_000;
/** This node's, and those that its operator compares it with. */
const maxLocks = 16;
/** What is in the block, and below it. */
const downFrom = ({ height }: Tip): ChainPosition => ({ height: height + 1, position: 0 });

/**
 * What the chain paid to a lock for taking part. The chain has no sum of that: blocks are added up from the newest down, so many for each question, and
 * remembered until the end of the process.
 */
export class RewardHistory {
  readonly #storage: Pick<Storage, 'query'>;
  readonly #tip: () => Tip;
  /** The one that was asked for last comes last. */
  readonly #known = new Map<Lock, Known>();

  /** `tip`: of what is in storage by the time that it is asked. */
  constructor(storage: Pick<Storage, 'query'>, tip: () => Tip) {
    this.#storage = storage;
    this.#tip = tip;
  }

  async of(lock: Lock, sinceMs: number): Promise<Rewards> {
    const known = this.#known.get(lock) ?? { upTo: undefined, newest: [], olderUnits: 0n, below: undefined, looking: undefined };
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
    let pages = maxPages - (await this.#lookAbove(lock, known));
    for (; known.below !== undefined && pages > 0; pages--) {
      const page = await this.#page(lock, known.below);
      keep(known, [...known.newest, ...page.rewards]);
      known.below = page.below;
    }
  }

  /** What came since the last time. Answers how many pages that took. */
  async #lookAbove(lock: Lock, known: Known): Promise<number> {
    // Blocks that come meanwhile are above it, and looked at the next time.
    const tip = this.#tip();
    const { upTo } = known;
    if (upTo?.hash === tip.hash) return 0;
    if (upTo !== undefined && upTo.height < tip.height && (await this.#isInChain(upTo))) {
      const fresh: Reward[] = [];
      let below: ChainPosition | undefined = downFrom(tip);
      for (let pages = 1; below !== undefined && pages <= maxPages; pages++) {
        const page: Page = await this.#page(lock, below, upTo.height);
        fresh.push(...page.rewards);
        below = page.below;
        if (below !== undefined) continue;
        known.upTo = tip;
        keep(known, [...fresh, ...known.newest]);
        return pages;
      }
    }
    // Blocks were taken off, or too much came: counted anew.
    known.upTo = tip;
    known.newest = [];
    known.olderUnits = 0n;
    known.below = downFrom(tip);
    return 0;
  }

  async #isInChain({ height, hash }: Tip): Promise<boolean> {
    const [block] = await this.#storage.query('blockSummaries', { from: height, count: 1 });
    return block?.hash === hash;
  }

  /** What is above the height `above`. */
  async #page(lock: Lock, before: ChainPosition, above = 0): Promise<Page> {
    const rows = await this.#storage.query('transactionsOfLock', { lock, limit: pageSize, before });
    // After so many bytes the rest is not looked at; it comes with the next page.
    const unread = rows.findIndex(({ received }) => received === undefined);
    const read = unread === -1 ? rows : rows.slice(0, unread);
    // The first block hands out what the network begins with.
    const rewards = read.flatMap(({ kind, height, blockTimeMs, received = 0n }) =>
      kind === 'coinbase' && height > above ? [{ blockTimeMs, units: received }] : [],
    );
    const last = read.at(-1);
    const isLast = (rows.length < pageSize && unread === -1) || (last !== undefined && last.height <= above);
    return { rewards, below: isLast ? undefined : last };
  }
}

/** `rewards`: newest first; those beyond what is kept are a sum alone. */
function keep(known: Known, rewards: readonly Reward[]): void {
  known.newest = rewards.slice(0, maxKept);
  known.olderUnits += sumUnits(rewards.slice(maxKept));
}

const sumUnits = (rewards: readonly Reward[]): bigint => sumOf(rewards.map(({ units }) => units));
