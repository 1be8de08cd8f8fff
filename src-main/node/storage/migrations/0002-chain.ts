import type { Migration } from '../migrate.ts';

/** The tables as chain-layout.ts describes them. Version 1 was never released: its chains knew no epochs. */
export const chain0002: Migration = {
  version: 2,
  up: (db) => {
    db.exec(`
      create table block (
        height integer primary key,
        hash blob not null unique check (length(hash) = 32),
        time integer not null,
        round integer not null,
        proposer blob not null,
        decided_at_ms integer not null,
        transactions integer not null,
        certificate blob,
        encoded blob not null
      ) strict;

      create table undo (height integer primary key, encoded blob not null) strict;

      create table coin (
        outpoint blob primary key check (length(outpoint) = 36),
        amount integer not null,
        lock blob not null check (length(lock) = 20),
        height integer not null,
        coinbase integer not null
      ) strict, without rowid;
      create index coin_by_lock on coin (lock);

      create table transaction_index (
        txid blob primary key check (length(txid) = 32),
        height integer not null,
        position integer not null,
        final_after_ms integer
      ) strict, without rowid;

      create table lock_history (
        lock blob not null check (length(lock) = 20),
        height integer not null,
        position integer not null,
        txid blob not null,
        primary key (lock, height, position)
      ) strict, without rowid;

      create table pending (
        seq integer primary key,
        txid blob not null unique check (length(txid) = 32),
        encoded blob not null,
        received_ms integer not null,
        final_after_ms integer
      ) strict;

      create table vote_bundle (
        seq integer primary key,
        hash blob not null unique check (length(hash) = 32),
        encoded blob not null
      ) strict;

      create table guard (seq integer primary key, height integer, txid blob, record blob not null) strict;
      create index guard_by_height on guard (height) where height is not null;
      create index guard_by_txid on guard (txid) where txid is not null;

      create table proposed_block (
        height integer not null,
        hash blob not null check (length(hash) = 32),
        encoded blob not null,
        primary key (height, hash)
      ) strict;

      create table block_votes (
        height integer not null,
        round integer not null,
        encoded blob not null,
        primary key (height, round)
      ) strict;

      create table evidence (
        seq integer primary key,
        hash blob not null unique check (length(hash) = 32),
        node_id blob not null,
        description text not null,
        encoded blob not null
      ) strict;

      create table halt (
        id integer primary key check (id = 1),
        height integer not null,
        reason text not null,
        encoded blob not null
      ) strict;

      create table address (
        address text primary key,
        node_id blob check (length(node_id) = 32),
        source text not null,
        first_seen_ms integer not null,
        last_success_ms integer,
        last_try_ms integer,
        failures integer not null,
        anchor integer not null
      ) strict, without rowid;

      create table ban (
        subject text primary key,
        node_id blob check (length(node_id) = 32),
        created_ms integer not null,
        until_ms integer,
        reason text not null,
        by text not null
      ) strict, without rowid;

      create table chain_state (
        id integer primary key check (id = 1),
        height integer not null,
        hash blob not null,
        utxo_set_hash blob not null,
        set_hash_state blob not null,
        registry blob not null,
        genesis_hash blob not null
      ) strict;
    `);
  },
};
