import type { Txid } from '../../src-shared/domain/ids.ts';
import type { GuardRecord } from '../core/store-operation.ts';
import { decodeGuardRecord, encodeGuardRecord } from '../node/storage/guard-record.ts';

type Choice = 'accept' | 'commit';
type OfTransaction = Extract<GuardRecord, { kind: Choice }>;
type OfSilence = Extract<GuardRecord, { kind: 'silence' }>;
type OfHeight = Exclude<GuardRecord, OfTransaction | OfSilence | { kind: 'release' | 'end-silence' }>;

interface Row<Of extends GuardRecord> {
  /** Rows are read in the order they came. */
  readonly number: number;
  readonly record: Of;
  readonly bytes: Uint8Array;
}

/** What the sign guard has on the disk. */
export class GuardTable {
  #ofHeights: Row<OfHeight>[] = [];
  /** By epoch, then by what was said of which. */
  #ofTransactions = new Map<number, Map<string, Row<OfTransaction>>>();
  #silences: Row<OfSilence>[] = [];
  #nextNumber = 1;

  get size(): number {
    const ofTransactions = [...this.#ofTransactions.values()].reduce((sum, { size }) => sum + size, 0);
    return this.#ofHeights.length + ofTransactions + this.#silences.length;
  }
  put(record: GuardRecord): void {
    if (record.kind === 'release') {
      for (const votes of this.#ofTransactions.values())
        for (const txid of record.txids) for (const choice of ['accept', 'commit'] as const) votes.delete(keyOf(choice, txid));
      return;
    }
    if (record.kind === 'end-silence') {
      this.#silences = this.#silences.slice(0, -1);
      return;
    }
    const row = { number: this.#nextNumber++, bytes: encodeGuardRecord(record) };
    if (record.kind === 'accept' || record.kind === 'commit') this.#votesIn(record.epoch).set(keyOf(record.kind, record.txid), { ...row, record });
    else if (record.kind === 'silence') this.#silences = [...this.#silences, { ...row, record }];
    else this.#ofHeights.push({ ...row, record });
  }
  /** Votes on transactions bind in one epoch. Those of a later one were said on a branch that was left. */
  endEpoch(epoch: number): void {
    for (const of of this.#ofTransactions.keys()) if (of <= epoch) this.#ofTransactions.delete(of);
  }
  endHeights(through: number): void {
    this.#ofHeights = this.#ofHeights.filter(({ record }) => record.height > through);
  }

  hasVote(choice: Choice, epoch: number, txid: Txid): boolean {
    return this.#ofTransactions.get(epoch)?.has(keyOf(choice, txid)) ?? false;
  }
  hasOfHeight(of: (record: OfHeight) => boolean): boolean {
    return this.#ofHeights.some(({ record }) => of(record));
  }
  /** As they would be read from a file. */
  records(): GuardRecord[] {
    const rows: Row<GuardRecord>[] = [...this.#ofHeights, ...[...this.#ofTransactions.values()].flatMap((votes) => [...votes.values()]), ...this.#silences];
    return rows.sort((a, b) => a.number - b.number).map(({ bytes }) => decodeGuardRecord(bytes));
  }
  clone(): GuardTable {
    const copy = new GuardTable();
    copy.#ofHeights = [...this.#ofHeights];
    copy.#ofTransactions = new Map([...this.#ofTransactions].map(([epoch, votes]) => [epoch, new Map(votes)]));
    copy.#silences = this.#silences;
    copy.#nextNumber = this.#nextNumber;
    return copy;
  }

  #votesIn(epoch: number): Map<string, Row<OfTransaction>> {
    const votes = this.#ofTransactions.get(epoch) ?? new Map();
    this.#ofTransactions.set(epoch, votes);
    return votes;
  }
}

const keyOf = (choice: Choice, txid: Txid): string => `${choice} ${txid}`;
