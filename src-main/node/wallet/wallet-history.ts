import { lockOf } from '../../../src-shared/domain/address.ts';
import { type Lock, outpointKey, type Txid } from '../../../src-shared/domain/ids.ts';
import type { TransactionReason } from '../../../src-shared/domain/rejection-code.ts';
import { decodeTransaction, type HashedTransaction, type TransactionOutput } from '../../core/codec/transaction.ts';
import type { PendingTransaction } from '../../core/engine/views.ts';
import { type HistoryEntry, historyEntry } from '../../core/wallet/history.ts';
import type { SentRecord } from '../keys/wallet-store.ts';
import type { ChainPosition, HistoryItem } from '../storage/chain-answers.ts';
import type { Storage } from '../storage/storage.ts';
import type { EngineView } from '../views.ts';
import type { SentPayments } from './wallet-sent.ts';

/** The contract's states: `final` cannot be undone; `confirmed` is in a block. */
export type TransactionStage = 'voting' | 'certified' | 'final' | 'confirmed' | 'rejected' | 'dropped';

export const stageOf: Record<PendingTransaction['status'], TransactionStage> = {
  pending: 'voting',
  certified: 'certified',
  committed: 'certified',
  final: 'final',
  rejected: 'rejected',
};

export interface WalletHistoryEntry {
  readonly entry: HistoryEntry;
  readonly stage: TransactionStage;
  readonly finalAfterMs: number | undefined;
  /** Of its block. */
  readonly height: number | undefined;
  readonly reason: TransactionReason | undefined;
  /** Own locks that it pays, with how much; units. */
  readonly received: ReadonlyMap<Lock, bigint>;
}

export interface HistoryRequest {
  readonly count: number;
  readonly skip: number;
  /** What counts as own. */
  readonly locks: ReadonlySet<Lock>;
  /** Leaves out what it is false for; undefined: nothing. */
  readonly matches?: ((entry: WalletHistoryEntry) => boolean) | undefined;
}

export interface WalletHistorySources {
  readonly storage: Pick<Storage, 'query'>;
  readonly views: Pick<EngineView, 'pendingTransactions' | 'pending' | 'departed' | 'coin'>;
  readonly sent: Pick<SentPayments, 'newestFirst' | 'of'>;
}

/** One page from the storage; what the contract lets be asked for at once. */
const pageSize = 1_000;
/** Entries of blocks never change, and the newest are asked for again and again, as a search asks for all: about 10 MB. */
const maxCached = 20_000;

/** A place in the history that is looked at only if it is wanted. */
type Row = () => Promise<WalletHistoryEntry | undefined>;

/** What the wallet sent and received, newest first: what is not in a block yet, then the chain's, with what was never settled where it was sent. */
export class WalletHistory {
  readonly #sources: WalletHistorySources;
  /** Of the locks that the cached entries were made with: others change what is own. */
  readonly #cached = new Map<string, WalletHistoryEntry>();
  readonly #numbers = new WeakMap<ReadonlySet<Lock>, { readonly size: number; readonly number: number }>();
  #nextNumber = 0;

  constructor(sources: WalletHistorySources) {
    this.#sources = sources;
  }

  async list({ count, skip, locks, matches }: HistoryRequest): Promise<readonly WalletHistoryEntry[]> {
    const found: WalletHistoryEntry[] = [];
    let passed = 0;
    for await (const row of this.#rows(locks, matches === undefined ? skip + count : pageSize)) {
      if (matches === undefined && passed++ < skip) continue;
      const entry = await row();
      if (entry === undefined) continue;
      if (matches !== undefined && (!matches(entry) || passed++ < skip)) continue;
      found.push(entry);
      if (found.length === count) break;
    }
    return found;
  }

  /** Of one own lock, oldest first, what is known of it: at most `limit` of a block. */
  async ofLock(lock: Lock, limit: number, locks: ReadonlySet<Lock>): Promise<readonly WalletHistoryEntry[]> {
    const items = await this.#sources.storage.query('historyOfLocks', { locks: [lock], limit });
    const settled: WalletHistoryEntry[] = [];
    for (const item of items.toReversed()) settled.push(await this.#chainEntry(item, locks));
    const inBlock = new Set(settled.map(({ entry }) => entry.txid));
    const pending = this.#pending(locks).filter(({ entry, received }) => received.has(lock) && !inBlock.has(entry.txid));
    return [...settled, ...pending.reverse()];
  }

  async *#rows(locks: ReadonlySet<Lock>, wanted: number): AsyncGenerator<Row> {
    const pending = this.#pending(locks);
    const listed = new Set(pending.map(({ entry }) => entry.txid));
    for (const entry of pending) yield () => Promise.resolve(entry);
    const unsettled = this.#sources.sent.newestFirst().filter(({ txid }) => !listed.has(txid));
    let next = 0;
    for await (const item of this.#chainItems(locks, wanted)) {
      // Sent on top of that height, so newer than its block.
      for (; next < unsettled.length && (unsettled[next]?.height ?? 0) >= item.height; next++) yield* this.#unsettledRow(unsettled[next], locks);
      if (!listed.has(item.txid)) yield () => this.#chainEntry(item, locks);
    }
    for (; next < unsettled.length; next++) yield* this.#unsettledRow(unsettled[next], locks);
  }

  *#unsettledRow(sent: SentRecord | undefined, locks: ReadonlySet<Lock>): Generator<Row> {
    const entry = sent && this.#unsettledEntry(sent, locks);
    if (entry !== undefined) yield () => Promise.resolve(entry);
  }

  #pending(locks: ReadonlySet<Lock>): WalletHistoryEntry[] {
    return this.#sources.views
      .pendingTransactions()
      .filter((hashed) => concerns(hashed, locks))
      .flatMap(({ txid }) => this.#pendingEntry(txid, locks) ?? [])
      .sort((a, b) => b.entry.timestampMs - a.entry.timestampMs);
  }

  #pendingEntry(txid: Txid, own: ReadonlySet<Lock>): WalletHistoryEntry | undefined {
    const pending = this.#sources.views.pending(txid);
    if (pending === undefined) return undefined;
    const { hashed, status, finalAfterMs } = pending;
    const spent = this.#sources.sent.of(hashed.txid)?.spent ?? hashed.transaction.inputs.map((input) => this.#sources.views.coin(outpointKey(input)));
    const stage = stageOf[status];
    const reason = stage === 'rejected' ? 'voted-down' : undefined;
    return { entry: historyEntry({ hashed, spent }, own), stage, finalAfterMs, height: undefined, reason, received: receivedBy(hashed, own) };
  }

  /** Undefined where it is on its way into a block, or was another account's. */
  #unsettledEntry({ txid, encoded, spent, ended }: SentRecord, own: ReadonlySet<Lock>): WalletHistoryEntry | undefined {
    const departed = this.#sources.views.departed(txid);
    const { stage, reason } = departed === undefined ? (ended ?? { stage: undefined, reason: undefined }) : { stage: departed.state, reason: departed.reason };
    const hashed = decodeTransaction(encoded);
    if (stage === undefined || !concerns(hashed, own)) return undefined;
    return { entry: historyEntry({ hashed, spent }, own), stage, finalAfterMs: undefined, height: undefined, reason, received: receivedBy(hashed, own) };
  }

  async *#chainItems(locks: ReadonlySet<Lock>, wanted: number): AsyncGenerator<HistoryItem> {
    const asked = [...locks];
    let before: ChainPosition | undefined;
    for (;;) {
      const limit = Math.min(pageSize, Math.max(1, wanted));
      const page = await this.#sources.storage.query('historyOfLocks', { locks: asked, limit, ...(before === undefined ? {} : { before }) });
      yield* page;
      before = page.at(-1);
      if (page.length < limit) return;
    }
  }

  async #chainEntry({ txid, height }: HistoryItem, own: ReadonlySet<Lock>): Promise<WalletHistoryEntry> {
    const key = `${this.#numberOf(own)} ${txid}`;
    const cached = this.#cached.get(key);
    // An operator may take blocks off, and then it comes in another one.
    if (cached?.height === height) return cached;
    const stored = await this.#sources.storage.query('transaction', { txid });
    if (stored === undefined) throw new Error(`transaction ${txid} is in the history and not in the chain`);
    const hashed = decodeTransaction(stored.encoded);
    const spent = await this.#spentBy(hashed, own);
    const entry: WalletHistoryEntry = {
      entry: historyEntry({ hashed, spent }, own),
      stage: 'confirmed',
      finalAfterMs: stored.finalAfterMs,
      height: stored.height,
      reason: undefined,
      received: receivedBy(hashed, own),
    };
    if (this.#cached.size >= maxCached) this.#cached.clear();
    this.#cached.set(key, entry);
    return entry;
  }

  /** Another one for each set of locks, and for one that has grown. */
  #numberOf(locks: ReadonlySet<Lock>): number {
    const known = this.#numbers.get(locks);
    if (known?.size === locks.size) return known.number;
    const number = this.#nextNumber++;
    this.#numbers.set(locks, { size: locks.size, number });
    return number;
  }

  /** Looked up only where the wallet paid: what others spent says nothing about it. */
  async #spentBy({ transaction }: HashedTransaction, own: ReadonlySet<Lock>): Promise<readonly (TransactionOutput | undefined)[]> {
    if (!transaction.witnesses.some(({ publicKey }) => own.has(lockOf(publicKey)))) return transaction.inputs.map(() => undefined);
    const parents = new Map<Txid, readonly TransactionOutput[]>();
    for (const { txid } of transaction.inputs) {
      if (parents.has(txid)) continue;
      const parent = await this.#sources.storage.query('transaction', { txid });
      parents.set(txid, parent === undefined ? [] : decodeTransaction(parent.encoded).transaction.outputs);
    }
    return transaction.inputs.map(({ txid, vout }) => parents.get(txid)?.[vout]);
  }
}

/** Hashing keys takes microseconds, and thousands may be pending: done once for each. */
const touched = new WeakMap<HashedTransaction, readonly Lock[]>();

function touchedLocks(hashed: HashedTransaction): readonly Lock[] {
  const known = touched.get(hashed);
  if (known !== undefined) return known;
  const { outputs, witnesses } = hashed.transaction;
  const locks = [...outputs.map(({ lock }) => lock), ...witnesses.map(({ publicKey }) => lockOf(publicKey))];
  touched.set(hashed, locks);
  return locks;
}

const concerns = (hashed: HashedTransaction, own: ReadonlySet<Lock>): boolean => touchedLocks(hashed).some((lock) => own.has(lock));

function receivedBy({ transaction }: HashedTransaction, own: ReadonlySet<Lock>): ReadonlyMap<Lock, bigint> {
  const received = new Map<Lock, bigint>();
  for (const { lock, amount } of transaction.outputs) if (own.has(lock)) received.set(lock, (received.get(lock) ?? 0n) + amount);
  return received;
}
