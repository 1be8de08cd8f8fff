import { expect, test } from 'vitest';
import { chainLayout } from '../chain-layout.ts';
import { migrate } from '../migrate.ts';
import { openForWriting } from '../sqlite.ts';
import { chain0002 } from './0002-chain.ts';

test('makes the tables of the layout, and only there where they are not', () => {
  const db = openForWriting(':memory:');
  migrate(db, { ...chainLayout, migrations: [chain0002] });
  const tables = db.prepare("select name from sqlite_schema where type = 'table' order by name").pluck().all();
  expect(tables).toEqual([
    'address',
    'ban',
    'block',
    'block_votes',
    'chain_state',
    'coin',
    'evidence',
    'guard',
    'halt',
    'lock_history',
    'pending',
    'proposed_block',
    'transaction_index',
    'undo',
    'vote_bundle',
  ]);
  expect(db.prepare('select count(*) from pragma_table_list where strict = 0 and schema = ? and name not like ?').pluck().get('main', 'sqlite_%')).toBe(0n);
  expect(db.pragma('user_version', { simple: true })).toBe(2n);
  migrate(db, { ...chainLayout, migrations: [chain0002] });
  db.close();
});

test.each([
  ['a short hash', "insert into block values (1, ?, 0, 0, x'00', 0, 0, null, x'00')", [Buffer.alloc(31)]],
  ['a short outpoint', 'insert into coin values (?, 1, zeroblob(20), 0, 0)', [Buffer.alloc(35)]],
  ['a second state', "insert into chain_state values (2, 0, x'00', x'00', x'00', x'00', ?)", [Buffer.alloc(1)]],
  ['text for an amount', "insert into coin values (?, 'many', zeroblob(20), 0, 0)", [Buffer.alloc(36)]],
])('refuses %s', (_, sql, parameters) => {
  const db = openForWriting(':memory:');
  migrate(db, { ...chainLayout, migrations: [chain0002] });
  expect(() => db.prepare(sql).run(...parameters)).toThrow(/constraint|cannot store/i);
  db.close();
});
