import type { OutpointKey, Txid } from '../../../src-shared/domain/ids.ts';
import { type HashedTransaction, parentsOf } from '../codec/transaction.ts';
import { maxMempoolBytes, maxMempoolTransactions } from '../constants.ts';
import { InvariantError } from '../invariant.ts';
import { accept, type Checked, type Rejection, reject } from '../rejection.ts';
import { type BlockRequest, selectForBlock } from './block-selection.ts';
import { type Evictable, EvictionQueue } from './eviction-queue.ts';
import { isCertified, type MempoolEntry, type MempoolStatus, mayBecome } from './mempool-entry.ts';

/**
 * Of one coin. Only its owner can sign conflicting transactions; two contest it, and a few more make room for the one that others may
 * have certified.
 */
export const maxSpendersPerOutpoint = 4;

export interface Admission {
  readonly hashed: HashedTransaction;
  /** Units. */
  readonly fee: bigint;
  readonly receivedMs: number;
  /** What is known of its votes already; `pending` if left out. A certified one displaces what it conflicts with or outbids, if need be. */
  readonly status?: MempoolStatus;
}
export interface MempoolLimits {
  readonly maxTransactions: number;
  /** Of encoded transactions. */
  readonly maxBytes: number;
}

/**
 * Transactions that are not settled (protocol section 11), each checked and verified before it is admitted. Conflicting ones are held side by
 * side: votes and blocks decide between them. A transaction is admitted once its parents are final or gone to a block, so that none
 * that may expire or be evicted has children here.
 */
export class Mempool {
  /** In the order of admission. */
  readonly #entries = new Map<Txid, MempoolEntry>();
  readonly #spenders = new Map<OutpointKey, Txid[]>();
  readonly #children = new Map<Txid, Set<Txid>>();
  readonly #evictable = new EvictionQueue((one) => this.#mayBeEvicted(one.txid, one.sequence));
  readonly #limits: MempoolLimits;
  #bytes = 0;
  #finalBytes = 0;
  #nextSequence = 0;

  constructor(limits: MempoolLimits = { maxTransactions: maxMempoolTransactions, maxBytes: maxMempoolBytes }) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#entries.size;
  }
  /** Of the encoded transactions. */
  bytes(): number {
    return this.#bytes;
  }
  /** Of the final ones: an early block is due when they fill half a block. */
  finalBytes(): number {
    return this.#finalBytes;
  }
  get(txid: Txid): MempoolEntry | undefined {
    return this.#entries.get(txid);
  }
  has(txid: Txid): boolean {
    return this.#entries.has(txid);
  }
  /** Parents before children. */
  inAdmissionOrder(): MempoolEntry[] {
    return [...this.#entries.values()];
  }
  /** Those that claim this coin, in the order of admission. */
  spendersOf(key: OutpointKey): readonly Txid[] {
    return this.#spenders.get(key) ?? [];
  }
  /** The others here that share an input with it, each once, in the order of its inputs and of their admission. */
  conflictsOf({ txid, claimKeys }: HashedTransaction): Txid[] {
    // Asked of every candidate for a block, and of everything in one; as a rule there are none.
    let found: Set<Txid> | undefined;
    for (const key of claimKeys) {
      for (const other of this.spendersOf(key)) {
        if (other === txid) continue;
        found ??= new Set();
        found.add(other);
      }
    }
    return found === undefined ? [] : [...found];
  }

  /** `parent-not-final` where an input, or the collateral that it registers, is an output of a transaction that is here and not final. */
  checkParents(hashed: HashedTransaction): Rejection | undefined {
    for (const txid of parentsOf(hashed)) {
      const parent = this.#entries.get(txid);
      if (parent !== undefined && parent.status !== 'final') return { code: 'parent-not-final', detail: `${txid} is ${parent.status}` };
    }
    return undefined;
  }

  /**
   * Rejects with `already-known`, `parent-not-final`, `contested-limit` or `mempool-full`, and then nothing has changed. `evicted` are those
   * that made room; they may include one that it conflicts with.
   */
  admit(admission: Admission): Checked<{ readonly evicted: readonly HashedTransaction[] }> {
    const { hashed, fee, receivedMs, status = 'pending' } = admission;
    if (this.#entries.has(hashed.txid)) return reject('already-known', hashed.txid);
    const orphan = this.checkParents(hashed);
    if (orphan !== undefined) return { ok: false, rejection: orphan };
    const feeRate = (fee * 1_000n) / BigInt(hashed.encoded.length);
    const entry: MempoolEntry = {
      hashed,
      fee,
      feeRate,
      receivedMs,
      sequence: this.#nextSequence,
      status,
      finalSinceMs: status === 'final' ? receivedMs : undefined,
    };

    const displaced = this.#contestantsToDisplace(entry);
    if (!displaced.ok) return displaced;
    const outbid = this.#victimsFor(entry, displaced.value);
    if (!outbid.ok) return outbid;
    const evicted = [...displaced.value, ...outbid.value].map((txid) => this.#existing(txid).hashed);
    for (const { txid } of evicted) this.#delete(txid);
    this.#insert(entry);
    return accept({ evicted });
  }

  /**
   * Whether the status changed. What votes cannot do (a rejection after a certificate) changes nothing. `nowMs`, of a transaction that
   * became final, is what `mustInclude` counts from.
   */
  markStatus(txid: Txid, status: Exclude<MempoolStatus, 'pending' | 'final'>): boolean;
  markStatus(txid: Txid, status: 'final', nowMs: number): boolean;
  markStatus(txid: Txid, status: Exclude<MempoolStatus, 'pending'>, nowMs?: number): boolean {
    const entry = this.#entries.get(txid);
    if (entry === undefined || !mayBecome(entry.status, status)) return false;
    this.#entries.set(txid, { ...entry, status, finalSinceMs: status === 'final' ? nowMs : undefined });
    if (status === 'final') this.#finalBytes += entry.hashed.encoded.length;
    return true;
  }

  /** Itself and what spends its outputs, at any distance; empty where it is not here. A Set is walked in the order of insertion while it grows. */
  withDescendants(txid: Txid): Txid[] {
    const found = new Set(this.#entries.has(txid) ? [txid] : []);
    for (const one of found) for (const child of this.#children.get(one) ?? []) found.add(child);
    return [...found];
  }

  /** Descendants stay: they are taken out by name where it became impossible, and not where it went to a block. */
  remove(txid: Txid): void {
    if (this.#entries.has(txid)) this.#delete(txid);
  }

  /** Takes out those without a certificate that were received so long ago; `blockOnlyMs` is for the masternode kinds, which blocks alone decide. */
  expire(nowMs: number, { transferMs, blockOnlyMs }: { readonly transferMs: number; readonly blockOnlyMs: number }): HashedTransaction[] {
    const expiryMs = ({ transaction: { kind } }: HashedTransaction): number => (kind === 'transfer' ? transferMs : blockOnlyMs);
    const expired = this.inAdmissionOrder().filter(({ hashed, status, receivedMs }) => !isCertified(status) && nowMs - receivedMs >= expiryMs(hashed));
    for (const { hashed } of expired) this.#delete(hashed.txid);
    return expired.map(({ hashed }) => hashed);
  }

  /** Candidates for a fresh block (protocol section 6), parents before children. */
  forBlock(request: BlockRequest): HashedTransaction[] {
    return selectForBlock(this, request);
  }

  /** Known here as final for `ageMs`: a fresh proposal without them is refused unless they do not fit (protocol section 7). */
  mustInclude(nowMs: number, ageMs: number): Txid[] {
    const due: Txid[] = [];
    for (const { hashed, finalSinceMs } of this.#entries.values()) if (finalSinceMs !== undefined && nowMs - finalSinceMs >= ageMs) due.push(hashed.txid);
    return due;
  }

  #mayBeEvicted(txid: Txid, sequence: number): boolean {
    const entry = this.#entries.get(txid);
    return entry !== undefined && entry.sequence === sequence && !isCertified(entry.status);
  }

  /** Of each coin that has its full number of spenders, the last that came and has no certificate; only for one that is certified. */
  #contestantsToDisplace({ hashed, status }: MempoolEntry): Checked<readonly Txid[]> {
    const displaced = new Set<Txid>();
    for (const key of hashed.claimKeys) {
      const spenders = this.spendersOf(key);
      if (spenders.length < maxSpendersPerOutpoint || spenders.some((txid) => displaced.has(txid))) continue;
      const last = isCertified(status) ? spenders.findLast((txid) => !isCertified(this.#existing(txid).status)) : undefined;
      if (last === undefined) return reject('contested-limit', `${key} has ${spenders.length} spenders`);
      displaced.add(last);
    }
    return accept([...displaced]);
  }

  /** The lowest fee rates, until there is room; none that pays as much as the newcomer, unless that is certified. */
  #victimsFor(entry: MempoolEntry, leaving: readonly Txid[]): Checked<readonly Txid[]> {
    let transactions = this.#entries.size - leaving.length + 1;
    let bytes = this.#bytes + entry.hashed.encoded.length - leaving.reduce((sum, txid) => sum + this.#existing(txid).hashed.encoded.length, 0);
    const popped: Evictable[] = [];
    const victims: Txid[] = [];
    while (transactions > this.#limits.maxTransactions || bytes > this.#limits.maxBytes) {
      const lowest = this.#evictable.pop();
      if (lowest !== undefined) popped.push(lowest);
      if (lowest === undefined || (lowest.feeRate >= entry.feeRate && !isCertified(entry.status))) {
        for (const one of popped) this.#evictable.push(one);
        return reject('mempool-full', lowest === undefined ? 'all of it is certified' : `the lowest fee rate is ${lowest.feeRate} units per 1,000 bytes`);
      }
      if (leaving.includes(lowest.txid)) continue;
      victims.push(lowest.txid);
      transactions--;
      bytes -= this.#existing(lowest.txid).hashed.encoded.length;
    }
    return accept(victims);
  }

  #existing(txid: Txid): MempoolEntry {
    const entry = this.#entries.get(txid);
    if (entry === undefined) throw new InvariantError(`${txid} is in an index and must be in the mempool`);
    return entry;
  }

  #insert(entry: MempoolEntry): void {
    const { txid, transaction, encoded, claimKeys } = entry.hashed;
    this.#nextSequence++;
    this.#entries.set(txid, entry);
    this.#bytes += encoded.length;
    if (entry.status === 'final') this.#finalBytes += encoded.length;
    this.#evictable.push({ txid, feeRate: entry.feeRate, sequence: entry.sequence });
    for (const key of claimKeys) this.#spenders.set(key, [...this.spendersOf(key), txid]);
    for (const input of transaction.inputs) {
      const siblings = this.#children.get(input.txid);
      if (siblings === undefined) this.#children.set(input.txid, new Set([txid]));
      else siblings.add(txid);
    }
  }

  #delete(txid: Txid): void {
    const { hashed, status } = this.#existing(txid);
    this.#entries.delete(txid);
    this.#bytes -= hashed.encoded.length;
    if (status === 'final') this.#finalBytes -= hashed.encoded.length;
    for (const key of hashed.claimKeys) {
      const spenders = this.spendersOf(key);
      if (spenders.length <= 1) this.#spenders.delete(key);
      else
        this.#spenders.set(
          key,
          spenders.filter((other) => other !== txid),
        );
    }
    for (const input of hashed.transaction.inputs) {
      const siblings = this.#children.get(input.txid);
      siblings?.delete(txid);
      if (siblings?.size === 0) this.#children.delete(input.txid);
    }
    this.#evictable.compact(this.#entries.size);
  }
}
