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
}

/** By transaction. */
type VotesOfEpoch = { readonly [C in Choice]: Map<Txid, Row<OfTransaction>> };

/** What the sign guard has on the disk. */
export class GuardTable {
  #ofHeights: Row<OfHeight>[] = [];
  /** By epoch. */
  #ofTransactions = new Map<number, VotesOfEpoch>();
  #silences: Row<OfSilence>[] = [];
  #nextNumber = 1;

  get size(): number {
    const ofTransactions = [...this.#ofTransactions.values()].reduce((sum, { accept, commit }) => sum + accept.size + commit.size, 0);
    return this.#ofHeights.length + ofTransactions + this.#silences.length;
  }
  put(record: GuardRecord): void {
    if (record.kind === 'release') {
      for (const { accept, commit } of this.#ofTransactions.values())
        for (const txid of record.txids) {
          accept.delete(txid);
          commit.delete(txid);
        }
      return;
    }
    if (record.kind === 'end-silence') {
      this.#silences = this.#silences.slice(0, -1);
      return;
    }
    const number = this.#nextNumber++;
    if (record.kind === 'accept' || record.kind === 'commit') this.#votesIn(record.epoch)[record.kind].set(record.txid, { number, record });
    else if (record.kind === 'silence') this.#silences = [...this.#silences, { number, record }];
    else this.#ofHeights.push({ number, record });
  }
  /** Votes on transactions bind in one epoch. Those of a later one were said on a branch that was left. */
  endEpoch(epoch: number): void {
    for (const of of this.#ofTransactions.keys()) if (of <= epoch) this.#ofTransactions.delete(of);
  }
  endHeights(through: number): void {
    this.#ofHeights = this.#ofHeights.filter(({ record }) => record.height > through);
  }

  /** Blocks were taken off, and nothing is signed anew. */
  get isSilent(): boolean {
    return this.#silences.length > 0;
  }
  hasVote(choice: Choice, epoch: number, txid: Txid): boolean {
    return this.#ofTransactions.get(epoch)?.[choice].has(txid) ?? false;
  }
  hasOfHeight(of: (record: OfHeight) => boolean): boolean {
    return this.#ofHeights.some(({ record }) => of(record));
  }
  /** As they would be read from a file. */
  records(): GuardRecord[] {
    const ofTransactions = [...this.#ofTransactions.values()].flatMap(({ accept, commit }) => [...accept.values(), ...commit.values()]);
    const rows: Row<OfHeight | OfTransaction | OfSilence>[] = [...this.#ofHeights, ...ofTransactions, ...this.#silences];
    return rows.sort((a, b) => a.number - b.number).map(({ record }) => decodeGuardRecord(encodeGuardRecord(record)));
  }
  clone(): GuardTable {
    const copy = new GuardTable();
    copy.#ofHeights = [...this.#ofHeights];
    copy.#ofTransactions = new Map(
      [...this.#ofTransactions].map(([epoch, { accept, commit }]) => [epoch, { accept: new Map(accept), commit: new Map(commit) }]),
    );
    copy.#silences = this.#silences;
    copy.#nextNumber = this.#nextNumber;
    return copy;
  }

  #votesIn(epoch: number): VotesOfEpoch {
    const votes = this.#ofTransactions.get(epoch) ?? { accept: new Map(), commit: new Map() };
    this.#ofTransactions.set(epoch, votes);
    return votes;
  }
}
