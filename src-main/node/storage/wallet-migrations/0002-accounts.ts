import type { Migration } from '../migrate.ts';

/** Keys and progress by account, and what a person notes. What there was is of account 0; how far it was used, the chain says. */
export const wallet0002: Migration = {
  version: 2,
  up: (db) => {
    db.exec(`
      create table account (number integer primary key, name text not null) strict;

      create table branch_progress (
        account integer not null,
        branch text not null check (branch in ('receive', 'change')),
        next integer not null,
        used integer not null check (used <= next),
        primary key (account, branch)
      ) strict, without rowid;
      insert into branch_progress (account, branch, next, used) select 0, branch, next, 0 from next_index;
      drop table next_index;

      alter table watched_key rename to watched_key_of_one_account;
      create table watched_key (
        account integer not null,
        branch text not null check (branch in ('receive', 'change')),
        key_index integer not null,
        public_key blob not null check (length(public_key) = 32),
        lock blob not null unique check (length(lock) = 20),
        primary key (account, branch, key_index)
      ) strict, without rowid;
      insert into watched_key (account, branch, key_index, public_key, lock)
        select 0, branch, key_index, public_key, lock from watched_key_of_one_account;
      drop table watched_key_of_one_account;

      create table set_aside (outpoint text primary key) strict, without rowid;

      create table payment_request (
        seq integer primary key,
        lock blob not null unique check (length(lock) = 20),
        amount integer,
        label text not null,
        created_ms integer not null
      ) strict;

      create table sent_payment (
        seq integer primary key,
        txid blob not null unique check (length(txid) = 32),
        encoded blob not null,
        spent blob not null check (length(spent) % 28 = 0),
        height integer not null,
        stage text check (stage in ('rejected', 'dropped')),
        reason text
      ) strict;

      create table passphrase_tries (id integer primary key check (id = 1), failures integer not null, last_ms integer not null) strict;
    `);
  },
};
