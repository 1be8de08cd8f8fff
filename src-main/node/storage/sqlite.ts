import Database from 'better-sqlite3';
import type { Outpoint } from '../../../src-shared/domain/ids.ts';
import { InvariantError } from '../../core/invariant.ts';
import { OperationalError, type OperationalErrorCode } from '../operational-error.ts';

declare const readable: unique symbol;
declare const writable: unique symbol;
/** A connection that may read. Every integer it answers is a bigint. */
export type ReadableDatabase = Database.Database & { readonly [readable]: true };
/** The one connection that may write; there is one in the process, on a worker. */
export type WritableDatabase = ReadableDatabase & { readonly [writable]: true };

export type Blob = Uint8Array;
export const blobOf = (hex: string): Buffer => Buffer.from(hex, 'hex');
export const hexOfBlob = <T extends string>(blob: Blob): T => Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength).toString('hex') as T;

/** The key of the coin table: txid, then vout as u32 LE. */
export function outpointBlob({ txid, vout }: Outpoint): Buffer {
  const blob = Buffer.allocUnsafe(36);
  blob.write(txid, 0, 'hex');
  blob.writeUInt32LE(vout, 32);
  return blob;
}

/** Amounts are unsigned and SQLite's integers are signed, both of 64 bits: the bits are kept, so sums and comparisons belong in the program. */
export const integerOfAmount = (units: bigint): bigint => BigInt.asIntN(64, units);
export const amountOfInteger = (stored: bigint): bigint => BigInt.asUintN(64, stored);

/** Another connection holds the file only for instants (recovery, the end of a checkpoint); after this it is somebody else's program. */
const busyTimeoutMs = 5_000;

/** Makes the file if it is not there. Changes nothing in it yet: `migrate` looks first whether it is ours. */
export const openForWriting = (file: string): WritableDatabase =>
  asOperational(file, () => new Database(file, { timeout: busyTimeoutMs }).defaultSafeIntegers(true)) as WritableDatabase;

export const openForReading = (file: string): ReadableDatabase =>
  asOperational(file, () => new Database(file, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs }).defaultSafeIntegers(true)) as ReadableDatabase;

/**
 * Write-ahead log with a sync at every commit: a transaction that was reported survives a power cut, and readers never wait for a writer.
 * Set explicitly, since the library's default for this mode is weaker.
 */
export function useDurableLog(db: WritableDatabase): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  // macOS answers a plain sync before the disk has written; elsewhere this changes nothing.
  db.pragma('fullfsync = ON');
  db.pragma('foreign_keys = OFF');
  // 64 MB between checkpoints: dozens of full blocks, so that a page that many of them touch is copied once.
  db.pragma('wal_autocheckpoint = 16000');
  // 32 MB: the pages that a day's blocks touch, so that adding and spending coins seldom reads the disk.
  db.pragma('cache_size = -32768');
  // What a long read let the log grow to is given back.
  db.pragma(`journal_size_limit = ${64 * 1024 * 1024}`);
}

const codesOfSqlite: readonly (readonly [prefix: string, code: OperationalErrorCode])[] = [
  ['SQLITE_FULL', 'disk-full'],
  // No room for the index of the log, which is made at the start and grows with the log.
  ['SQLITE_IOERR_SHMSIZE', 'disk-full'],
  ['SQLITE_CORRUPT', 'database-damaged'],
  ['SQLITE_NOTADB', 'database-damaged'],
  ['SQLITE_BUSY', 'database-busy'],
  ['SQLITE_LOCKED', 'database-busy'],
  ['SQLITE_IOERR', 'disk-failure'],
  ['SQLITE_CANTOPEN', 'disk-failure'],
  ['SQLITE_READONLY', 'disk-failure'],
  ['SQLITE_PERM', 'disk-failure'],
  ['SQLITE_NOMEM', 'worker-died'],
];

const codeOf = (sqliteCode: string | undefined): OperationalErrorCode | undefined => codesOfSqlite.find(([prefix]) => sqliteCode?.startsWith(prefix))?.[1];

/** SQLite met bytes in the file that it did not write. */
export const isDamage = (error: unknown): error is Error => error instanceof Database.SqliteError && codeOf(error.code) === 'database-damaged';

/** The world's errors get a code; the rest (a broken constraint, a wrong statement) are bugs and become an InvariantError. */
export function storageError(error: unknown, file: string): OperationalError | InvariantError {
  if (error instanceof OperationalError || error instanceof InvariantError) return error;
  const sqliteCode = error instanceof Database.SqliteError ? error.code : undefined;
  const code = codeOf(sqliteCode);
  const message = error instanceof Error ? error.message : String(error);
  if (code !== undefined) return new OperationalError(code, `${file}: ${message} (${sqliteCode})`, { cause: error });
  // The library reports a missing folder as a plain TypeError.
  if (message.includes('directory does not exist')) return new OperationalError('data-directory-unusable', `${file}: ${message}`, { cause: error });
  return Object.assign(new InvariantError(`${file}: ${message}${sqliteCode === undefined ? '' : ` (${sqliteCode})`}`), { cause: error });
}

export function asOperational<T>(file: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw storageError(error, file);
  }
}

/** An error as it crosses between threads, where classes are lost. */
export interface Fault {
  readonly code: OperationalErrorCode | 'bug';
  readonly detail: string;
}

export function faultOf(error: unknown, file: string): Fault {
  const known = storageError(error, file);
  return known instanceof OperationalError ? { code: known.code, detail: known.detail } : { code: 'bug', detail: known.message };
}

export const errorOfFault = ({ code, detail }: Fault): OperationalError | InvariantError =>
  code === 'bug' ? new InvariantError(detail) : new OperationalError(code, detail);
