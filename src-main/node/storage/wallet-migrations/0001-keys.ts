import type { Migration } from '../migrate.ts';

/** The tables as wallet-layout.ts describes them. */
export const wallet0001: Migration = {
  version: 1,
  up: (db) => {
    db.exec(`
      create table next_index (branch text primary key check (branch in ('receive', 'change')), next integer not null) strict, without rowid;

      create table watched_key (
        branch text not null check (branch in ('receive', 'change')),
        key_index integer not null,
        public_key blob not null check (length(public_key) = 32),
        lock blob not null unique check (length(lock) = 20),
        primary key (branch, key_index)
      ) strict, without rowid;

      create table label (lock blob primary key check (length(lock) = 20), text text not null) strict, without rowid;
    `);
  },
};
