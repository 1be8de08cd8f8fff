import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InvariantError } from '../../core/invariant.ts';
import { OperationalError } from '../operational-error.ts';
import { amountOfInteger, errorOfFault, faultOf, integerOfAmount, openForReading, openForWriting, storageError } from './sqlite.ts';
import { inFolder } from './test-chain.ts';

test('an amount survives being a signed integer, from 0 to 2^64-1', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (units) => {
      expect(amountOfInteger(integerOfAmount(units))).toBe(units);
      expect(BigInt.asIntN(64, integerOfAmount(units))).toBe(integerOfAmount(units));
    }),
    { examples: [[0n], [2n ** 63n], [2n ** 64n - 1n]] },
  );
});

test.each([
  ['SQLITE_FULL', 'disk-full'],
  ['SQLITE_IOERR_SHMSIZE', 'disk-full'],
  ['SQLITE_IOERR_FSYNC', 'disk-failure'],
  ['SQLITE_CORRUPT_INDEX', 'database-damaged'],
  ['SQLITE_NOTADB', 'database-damaged'],
  ['SQLITE_BUSY_SNAPSHOT', 'database-busy'],
  ['SQLITE_READONLY_DIRECTORY', 'disk-failure'],
  ['SQLITE_CANTOPEN', 'disk-failure'],
])('%s is the environment: %s, with the file’s name, also across threads', (sqlite, code) => {
  const error = storageError(new Database.SqliteError('what', sqlite), '/d/chain.sqlite');
  expect(error).toMatchObject({ name: 'OperationalError', code });
  expect(error.message).toContain('/d/chain.sqlite');
  const again = errorOfFault(structuredClone(faultOf(error, '/d/chain.sqlite')));
  expect(again).toBeInstanceOf(OperationalError);
  expect(again.message).toBe(error.message);
});

test.each(['SQLITE_CONSTRAINT_PRIMARYKEY', 'SQLITE_ERROR', 'SQLITE_MISUSE'])('%s is a bug, also across threads', (sqlite) => {
  const fault = faultOf(new Database.SqliteError('what', sqlite), '/d/chain.sqlite');
  expect(errorOfFault(structuredClone(fault))).toBeInstanceOf(InvariantError);
});

test('a reading connection cannot write, and does not make a file', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'a.sqlite');
    expect(() => openForReading(file)).toThrow(file);
    expect(() => openForWriting(join(folder, 'no', 'a.sqlite'))).toThrow(OperationalError);
    const db = openForWriting(file);
    db.exec('create table a (x integer) strict');
    const reader = openForReading(file);
    expect(() => reader.exec('insert into a values (1)')).toThrow('readonly');
    reader.close();
    db.close();
  }));
