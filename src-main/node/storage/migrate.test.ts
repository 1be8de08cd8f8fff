import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Layout, migrate } from './migrate.ts';
import { openForWriting } from './sqlite.ts';
import { inFolder } from './test-chain.ts';

const one: Layout = { applicationId: 7, migrations: [{ version: 1, up: (db) => void db.exec('create table a (x integer) strict; insert into a values (1)') }] };
const two: Layout = {
  ...one,
  migrations: [...one.migrations, { version: 2, up: (db) => void db.exec('alter table a add column y integer; update a set y = x + 1') }],
};

test('an older file gets the steps that it lacks, once', () =>
  inFolder(async (folder) => {
    for (const layout of [one, two, two]) {
      const db = openForWriting(join(folder, 'a.sqlite'));
      migrate(db, layout);
      expect(db.pragma('user_version', { simple: true })).toBe(BigInt(layout.migrations.length));
      if (layout === two) expect(db.prepare('select x, y from a').raw().all()).toEqual([[1n, 2n]]);
      db.close();
    }
  }));

test('a step that fails leaves the version before it, whole', () =>
  inFolder(async (folder) => {
    const bad: Layout = {
      ...one,
      migrations: [...one.migrations, { version: 2, up: (db) => void db.exec('update a set x = 9; insert into nowhere values (1)') }],
    };
    const db = openForWriting(join(folder, 'a.sqlite'));
    expect(() => migrate(db, bad)).toThrow('nowhere');
    expect(db.pragma('user_version', { simple: true })).toBe(1n);
    expect(db.prepare('select x from a').pluck().get()).toBe(1n);
    db.close();
  }));

test('layouts number their steps without gaps', async () => {
  const layouts = [(await import('./chain-layout.ts')).chainLayout, (await import('./wallet-layout.ts')).walletLayout];
  for (const { migrations } of layouts) expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, i) => (migrations[0]?.version ?? 0) + i));
});

test('a file from before the first version that there is now is refused as such, and stays as it was', () =>
  inFolder(async (folder) => {
    const later: Layout = { ...one, migrations: [{ version: 2, up: (db) => void db.exec('create table b (x integer) strict') }] };
    const db = openForWriting(join(folder, 'a.sqlite'));
    migrate(db, one);
    expect(() => migrate(db, later)).toThrow(/^database-older: .* has version 1, this release begins with 2$/);
    expect(db.prepare('select x from a').pluck().get()).toBe(1n);
    migrate(db, two);
    expect(db.pragma('user_version', { simple: true })).toBe(2n);
    db.close();
    const fresh = openForWriting(join(folder, 'b.sqlite'));
    migrate(fresh, later);
    expect(fresh.pragma('user_version', { simple: true })).toBe(2n);
    fresh.close();
  }));
