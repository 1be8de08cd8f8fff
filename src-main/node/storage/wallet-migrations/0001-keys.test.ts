import { expect, test } from 'vitest';
import { migrate } from '../migrate.ts';
import { openForWriting } from '../sqlite.ts';
import { walletLayout } from '../wallet-layout.ts';
import { wallet0001 } from './0001-keys.ts';

test('makes the tables of the layout', () => {
  const db = openForWriting(':memory:');
  migrate(db, { ...walletLayout, migrations: [wallet0001] });
  expect(db.prepare("select name from sqlite_schema where type = 'table' order by name").pluck().all()).toEqual(['label', 'next_index', 'watched_key']);
  expect(() => db.exec("insert into next_index values ('sideways', 0)")).toThrow('CHECK');
  db.close();
});
