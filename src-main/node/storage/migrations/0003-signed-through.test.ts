import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { Txid } from '../../../../src-shared/domain/ids.ts';
import { encodeGuardRecord, type StoredGuardRecord } from '../guard-record.ts';
import { migrate } from '../migrate.ts';
import type { WritableDatabase } from '../sqlite.ts';
import { chain0002 } from './0002-chain.ts';
import { chain0003 } from './0003-signed-through.ts';

test('records of the guard get their checksums', () => {
  const db = new Database(':memory:').defaultSafeIntegers(true) as WritableDatabase;
  const records: StoredGuardRecord[] = [
    { kind: 'commit', epoch: 3, txid: 'ab'.repeat(32) as Txid, inputs: [] },
    { kind: 'block-vote', height: 9, round: 0, phase: 'precommit', blockHash: undefined },
  ];
  migrate(db, { applicationId: 5, migrations: [chain0002] });
  for (const record of records) {
    const whole = Buffer.from(encodeGuardRecord(record)).subarray(0, -4);
    whole[0] = (whole[0] ?? 0) & 0x7f;
    db.prepare('insert into guard (record) values (?)').run(whole);
  }
  migrate(db, { applicationId: 5, migrations: [chain0002, chain0003] });
  expect(db.prepare('select record from guard order by seq').pluck().all()).toEqual(records.map((record) => Buffer.from(encodeGuardRecord(record))));
});
