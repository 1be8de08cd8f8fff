import type { Migration } from '../migrate.ts';

/** What taking blocks off needs: checkpoints of the registry, the operator's marks, the blocks that were taken off, and halts that may be lifted. */
export const reverting0004: Migration = {
  version: 4,
  up: (db) => {
    db.exec(`
      alter table undo add column registry blob;
      alter table guard add column epoch integer;

      create table invalid_block (hash blob primary key check (length(hash) = 32), height integer not null) strict, without rowid;

      create table reverted_block (
        hash blob primary key check (length(hash) = 32),
        previous_hash blob not null check (length(previous_hash) = 32),
        height integer not null,
        certificate blob,
        encoded blob not null
      ) strict;
      create index reverted_by_previous on reverted_block (previous_hash);
      create index reverted_by_height on reverted_block (height);

      create table halt_of_4 (
        seq integer primary key,
        height integer not null,
        reason text not null,
        since_ms integer not null,
        encoded blob not null,
        lifted_by blob check (length(lifted_by) = 32)
      ) strict;
      insert into halt_of_4 (height, reason, since_ms, encoded) select height, reason, 0, encoded from halt;
      drop table halt;
      alter table halt_of_4 rename to halt;
    `);
    // A vote without its epoch would go when an earlier one, to which blocks were taken off, closes once more.
    const setEpoch = db.prepare<[number, bigint]>('update guard set epoch = ? where seq = ?');
    for (const [seq, record] of db.prepare<[], [bigint, Uint8Array]>('select seq, record from guard where txid is not null').raw().all())
      setEpoch.run(epochOf(record), seq);
  },
};

/** Of an accept or a commit: after the byte of its kind, as version 4 wrote them. */
const epochOf = (record: Uint8Array): number => new DataView(record.buffer, record.byteOffset, record.byteLength).getUint32(1, true);
