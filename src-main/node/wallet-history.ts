import { lockOf } from '../../src-shared/domain/address.ts';
import { type Lock, outpointKey, type Txid } from '../../src-shared/domain/ids.ts';
import type { TransactionReason } from '../../src-shared/domain/rejection-code.ts';
import { decodeTransaction, type HashedTransaction, type TransactionOutput } from '../core/codec/transaction.ts';
import type { PendingTransaction } from '../core/engine/views.ts';
import { type HistoryEntry, historyEntry, type PaymentState } from '../core/wallet/history.ts';
import type { ChainPosition, HistoryItem } from './storage/queries.ts';
import type { Storage } from './storage/storage.ts';
import type { EngineView } from './views.ts';

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
  /** Own locks that it pays, each once. */
  readonly received: readonly Lock[];
}

/** A payment of this wallet as it was sent, kept to tell what became of it. */
export interface SentPayment {
  readonly hashed: HashedTransaction;
  /** What its inputs spend, in their order. */
  readonly spent: readonly TransactionOutput[];
}

export interface WalletHistorySources {
  readonly storage: Pick<Storage, 'query'>;
  readonly views: Pick<EngineView, 'pendingTransactions' | 'pending' | 'departed' | 'coin'>;
  readonly locks: () => ReadonlySet<Lock>;
}

/** One page from the storage; what the contract lets be asked for at once. */
const pageSize = 1_000;
/** Entries of blocks never change; this many are kept, since the newest are asked for again and again. */
const maxCached = 5_000;
const maxSent = 1_000;

/** What the wallet sent and received, newest first: what is not in a block yet, then the chain's. */
export class WalletHistory {
  readonly #sources: WalletHistorySources;
  readonly #cached = new Map<Txid, WalletHistoryEntry>();
  /** Of the locks that the cached entries were made with: more locks change what is own. */
  #cachedLocks = 0;
  readonly #sent = new Map<Txid, SentPayment>();

  constructor(sources: WalletHistorySources) {
    this.#sources = sources;
  }

  /** It is told of by `list` also after it was rejected or dropped, until the node stops. */
  remember(payment: SentPayment): void {
    this.#sent.set(payment.hashed.txid, payment);
    const [oldest] = this.#sent.keys();
    if (this.#sent.size > maxSent && oldest !== undefined) this.#sent.delete(oldest);
  }
  confirmed(txid: Txid): void {
    this.#sent.delete(txid);
  }

  async list(count: number, skip: number): Promise<readonly WalletHistoryEntry[]> {
    const unsettled = this.#unsettled();
    const listed = new Set(unsettled.map(({ entry }) => entry.txid));
    const fromChain = count - Math.min(count, Math.max(0, unsettled.length - skip));
    const items = fromChain === 0 ? [] : await this.#chainItems(Math.max(0, skip - unsettled.length), fromChain);
    const chain: WalletHistoryEntry[] = [];
    // One by one: an entry found is found for all, and the reader has others to answer too.
    for (const item of items) if (!listed.has(item.txid)) chain.push(await this.#chainEntry(item));
    return [...unsettled.slice(skip, skip + count), ...chain];
  }

  #unsettled(): WalletHistoryEntry[] {
    const own = this.#sources.locks();
    const pending = this.#sources.views
      .pendingTransactions()
      .filter((hashed) => concerns(hashed, own))
      .flatMap(({ txid }) => this.#pendingEntry(txid, own) ?? []);
    const listed = new Set(pending.map(({ entry }) => entry.txid));
    const departed = [...this.#sent.values()].filter(({ hashed }) => !listed.has(hashed.txid)).flatMap((payment) => this.#departedEntry(payment, own) ?? []);
    return [...pending, ...departed.reverse()].sort((a, b) => b.entry.timestampMs - a.entry.timestampMs);
  }

  #pendingEntry(txid: Txid, own: ReadonlySet<Lock>): WalletHistoryEntry | undefined {
    const pending = this.#sources.views.pending(txid);
    if (pending === undefined) return undefined;
    const { hashed, status, finalAfterMs } = pending;
    const spent = this.#sent.get(hashed.txid)?.spent ?? hashed.transaction.inputs.map((input) => this.#sources.views.coin(outpointKey(input)));
    const stage = stageOf[status];
    const reason = stage === 'rejected' ? 'voted-down' : undefined;
    const state: PaymentState = stage === 'final' ? { kind: 'final' } : reason === undefined ? { kind: 'voting' } : { kind: 'rejected', reason };
    return { entry: historyEntry({ hashed, spent, state }, own), stage, finalAfterMs, height: undefined, reason, received: receivedBy(hashed, own) };
  }

  #departedEntry({ hashed, spent }: SentPayment, own: ReadonlySet<Lock>): WalletHistoryEntry | undefined {
    const departed = this.#sources.views.departed(hashed.txid);
    if (departed === undefined) return undefined;
    const { state: stage, reason } = departed;
    const entry = historyEntry({ hashed, spent, state: { kind: 'rejected', reason } }, own);
    return { entry, stage, finalAfterMs: undefined, height: undefined, reason, received: receivedBy(hashed, own) };
  }

  async #chainItems(skip: number, count: number): Promise<readonly HistoryItem[]> {
    const locks = [...this.#sources.locks()];
    const items: HistoryItem[] = [];
    let before: ChainPosition | undefined;
    for (let passed = 0; passed < skip + count; ) {
      const limit = Math.min(pageSize, skip + count - passed);
      const page = await this.#sources.storage.query('historyOfLocks', { locks, limit, ...(before === undefined ? {} : { before }) });
      items.push(...page.slice(Math.max(0, skip - passed)));
      passed += page.length;
      before = page.at(-1);
      if (page.length < limit) break;
    }
    return items;
  }

  async #chainEntry({ txid }: HistoryItem): Promise<WalletHistoryEntry> {
    const own = this.#sources.locks();
    if (own.size !== this.#cachedLocks) {
      this.#cached.clear();
      this.#cachedLocks = own.size;
    }
    const cached = this.#cached.get(txid);
    if (cached !== undefined) return cached;
    const stored = await this.#sources.storage.query('transaction', { txid });
    if (stored === undefined) throw new Error(`transaction ${txid} is in the history and not in the chain`);
    const hashed = decodeTransaction(stored.encoded);
    const spent = await this.#spentBy(hashed, own);
    const entry: WalletHistoryEntry = {
      entry: historyEntry({ hashed, spent, state: { kind: 'in-block', height: stored.height } }, own),
      stage: 'confirmed',
      finalAfterMs: stored.finalAfterMs,
      height: stored.height,
      reason: undefined,
      received: receivedBy(hashed, own),
    };
    if (this.#cached.size >= maxCached) this.#cached.clear();
    this.#cached.set(txid, entry);
    return entry;
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

const receivedBy = ({ transaction }: HashedTransaction, own: ReadonlySet<Lock>): readonly Lock[] => [
  ...new Set(transaction.outputs.map(({ lock }) => lock).filter((lock) => own.has(lock))),
];
