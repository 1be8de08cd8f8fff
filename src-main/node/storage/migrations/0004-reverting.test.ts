import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { Txid } from '../../../../src-shared/domain/ids.ts';
import { encodeGuardRecord } from '../guard-record.ts';
import { migrate } from '../migrate.ts';
import type { WritableDatabase } from '../sqlite.ts';
import { chain0002 } from './0002-chain.ts';
import { chain0003 } from './0003-signed-through.ts';
import { reverting0004 } from './0004-reverting.ts';

test('a halt still stands, a vote says its epoch, and what else is stored has neither that nor a checkpoint', () => {
  const db = new Database(':memory:').defaultSafeIntegers(true) as WritableDatabase;
  migrate(db, { applicationId: 5, migrations: [chain0002, chain0003] });
  db.exec("insert into halt (id, height, reason, encoded) values (1, 9, 'two certificates', x'05')");
  db.exec("insert into undo (height, encoded) values (3, x'01')");
  const vote = encodeGuardRecord({ kind: 'accept', epoch: 258, txid: 'ab'.repeat(32) as Txid, inputs: [] });
  db.prepare("insert into guard (height, txid, record) values (9, null, x'01'), (null, zeroblob(32), ?)").run(vote);
  migrate(db, { applicationId: 5, migrations: [chain0002, chain0003, reverting0004] });
  expect(db.prepare('select height, reason, since_ms, encoded, lifted_by from halt').raw().all()).toEqual([[9n, 'two certificates', 0n, Buffer.of(5), null]]);
  expect(db.prepare('select registry from undo').pluck().all()).toEqual([null]);
  expect(db.prepare('select epoch from guard order by seq').pluck().all()).toEqual([null, 258n]);
  expect(db.prepare("select count(*) from pragma_table_list where strict = 0 and schema = 'main' and name not like 'sqlite_%'").pluck().get()).toBe(0n);
});
