import type { Txid } from '../../src-shared/domain/ids.ts';
import type { GuardRecord } from '../core/store-operation.ts';
import { decodeGuardRecord, encodeGuardRecord } from '../node/storage/guard-record.ts';

type Choice = 'accept' | 'commit';
type OfTransaction = Extract<GuardRecord, { kind: Choice }>;
type OfHeight = Exclude<GuardRecord, OfTransaction | { kind: 'release' }>;

interface Row<Of extends GuardRecord> {
  /** Rows are read in the order they came. */
  readonly number: number;
  readonly record: Of;
  readonly bytes: Uint8Array;
}

/** What the sign guard has on the disk. */
export class GuardTable {
  #ofHeights: Row<OfHeight>[] = [];
  /** By what was said of which. */
  #ofTransactions = new Map<string, Row<OfTransaction>>();
  #nextNumber = 1;

  get size(): number {
    return this.#ofHeights.length + this.#ofTransactions.size;
  }
  put(record: GuardRecord): void {
    if (record.kind === 'release') {
      for (const txid of record.txids) for (const choice of ['accept', 'commit'] as const) this.#ofTransactions.delete(keyOf(choice, txid));
      return;
    }
    const row = { number: this.#nextNumber++, bytes: encodeGuardRecord(record) };
    if (record.kind === 'accept' || record.kind === 'commit') this.#ofTransactions.set(keyOf(record.kind, record.txid), { ...row, record });
    else this.#ofHeights.push({ ...row, record });
  }
  /** Votes on transactions bind in one epoch. */
  endEpoch(): void {
    this.#ofTransactions.clear();
  }
  endHeights(through: number): void {
    this.#ofHeights = this.#ofHeights.filter(({ record }) => record.height > through);
  }

  hasVote(choice: Choice, txid: Txid): boolean {
    return this.#ofTransactions.has(keyOf(choice, txid));
  }
  hasOfHeight(of: (record: OfHeight) => boolean): boolean {
    return this.#ofHeights.some(({ record }) => of(record));
  }
  /** As they would be read from a file. */
  records(): GuardRecord[] {
    const rows: Row<GuardRecord>[] = [...this.#ofHeights, ...this.#ofTransactions.values()];
    return rows.sort((a, b) => a.number - b.number).map(({ bytes }) => decodeGuardRecord(bytes));
  }
  clone(): GuardTable {
    const copy = new GuardTable();
    copy.#ofHeights = [...this.#ofHeights];
    copy.#ofTransactions = new Map(this.#ofTransactions);
    copy.#nextNumber = this.#nextNumber;
    return copy;
  }
}

const keyOf = (choice: Choice, txid: Txid): string => `${choice} ${txid}`;
