import { expect, test } from 'vitest';
import { migrate } from '../migrate.ts';
import { openForWriting } from '../sqlite.ts';
import { walletLayout } from '../wallet-layout.ts';
import { wallet0001 } from './0001-keys.ts';
import { wallet0002 } from './0002-accounts.ts';

test('keys, progress and labels of an older file are those of the first account', () => {
  const db = openForWriting(':memory:');
  migrate(db, { ...walletLayout, migrations: [wallet0001] });
  const key = db.prepare('insert into watched_key (branch, key_index, public_key, lock) values (?, ?, ?, ?)');
  key.run('receive', 0, Buffer.alloc(32, 1), Buffer.alloc(20, 1));
  key.run('receive', 1, Buffer.alloc(32, 2), Buffer.alloc(20, 2));
  key.run('change', 0, Buffer.alloc(32, 3), Buffer.alloc(20, 3));
  db.exec("insert into next_index values ('receive', 2)");
  db.prepare('insert into label (lock, text) values (?, ?)').run(Buffer.alloc(20, 1), 'rent');
  migrate(db, { ...walletLayout, migrations: [wallet0001, wallet0002] });
  const rows = (sql: string): unknown[] => db.prepare(sql).raw().all();
  expect(rows('select account, branch, key_index from watched_key')).toEqual([
    [0n, 'change', 0n],
    [0n, 'receive', 0n],
    [0n, 'receive', 1n],
  ]);
  expect(rows('select account, branch, next, used from branch_progress')).toEqual([[0n, 'receive', 2n, 0n]]);
  expect(rows('select text from label')).toEqual([['rent']]);
  expect(db.prepare("select name from sqlite_schema where type = 'table' order by name").pluck().all()).toEqual([
    'account',
    'branch_progress',
    'label',
    'passphrase_tries',
    'payment_request',
    'sent_payment',
    'set_aside',
    'watched_key',
  ]);
  db.close();
});
