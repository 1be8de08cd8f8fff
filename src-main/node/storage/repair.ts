import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SignedThrough } from '../../core/consensus/own-key-watch.ts';
import { decodeRegistryState } from '../../core/masternodes/registry-state.ts';
import { ChainRows } from '../audit/chain-rows.ts';
import { checkAtStart, checkTipRow, noBounds, whatBinds } from '../audit/start-check.ts';
import { OperationalError } from '../operational-error.ts';
import { chainLayout } from './chain-layout.ts';
import { checkIntegrity } from './coin-set-audit.ts';
import { decodeGuardRecord } from './guard-record.ts';
import { migrate } from './migrate.ts';
import { type Blob, openForReading, openForWriting, type ReadableDatabase, storageError, useDurableLog, type WritableDatabase } from './sqlite.ts';

/**
 * What must survive: what binds this node's signatures, what it can prove against others, what its operator has said of blocks, and what it knows of peers. All else is the chain, which
 * peers have. Each is read from both ends, so that a damaged page in the middle costs its own rows.
 */
const keptTables = [
  { table: 'guard', order: 'seq' },
  { table: 'evidence', order: 'seq' },
  { table: 'halt', order: 'seq' },
  { table: 'invalid_block', order: 'hash' },
  { table: 'signed_through', order: 'id' },
  { table: 'address', order: 'address' },
  { table: 'ban', order: 'subject' },
] as const;
type KeptTable = (typeof keptTables)[number]['table'];

export interface Repair {
  /** What was wrong. */
  readonly damage: string;
  /** Where the damaged file is now. */
  readonly setAside: string;
  /** Rows carried over, of each table; `whole` where none can be missing. */
  readonly kept: Readonly<Record<KeptTable, { readonly rows: number; readonly whole: boolean }>>;
  readonly signedThrough: SignedThrough;
}

/** Holds the new file from when it is whole until it has taken its place: while it is there, the old one is on its way out. */
const readyFile = (file: string): string => `${file}.repaired`;
/** Of a SQLite file in WAL mode, in the order in which they are set aside: none is left beside a file that it does not belong to. */
const parts = (file: string): readonly string[] => [`${file}-wal`, `${file}-shm`, file];

/**
 * Looks chain.sqlite over in full. Where something is wrong it is set aside under a name with the date, never removed, and a new file takes its place, with
 * nothing but what must survive; the chain comes from peers. Undefined where nothing is wrong, or there is no file. The data directory is this process's,
 * and nobody has the file open. Throws OperationalError where the file is another program's or another release's, or the disk fails.
 */
export function repairChain(file: string, nowMs: number): Repair | undefined {
  if (!existsSync(file)) return undefined;
  const damage = diagnose(file);
  if (damage === undefined) return undefined;
  const making = `${readyFile(file)}.new`;
  for (const part of parts(making)) rmSync(part, { force: true });
  const { kept, signedThrough } = salvage(file, making, nowMs);
  // Whole and on the disk before its name says so.
  syncPath(making);
  renameSync(making, readyFile(file));
  syncPath(dirname(file));
  return { damage, setAside: finishRepair(file, nowMs) ?? file, kept, signedThrough };
}

/** Ends a repair that was interrupted; to be asked before the file is opened. Answers where the old file is now, if there was something to end. */
export function finishRepair(file: string, nowMs: number): string | undefined {
  if (!existsSync(readyFile(file))) return undefined;
  const aside = setAside(file, 'damaged', nowMs);
  renameSync(readyFile(file), file);
  syncPath(dirname(file));
  return aside;
}

/** Gives a file that nobody has open a name with the date. Answers it. */
export function setAside(file: string, why: 'damaged' | 'unlaunched', nowMs: number): string {
  const aside = `${file}.${why}-${new Date(nowMs).toISOString().replaceAll(/[:.]/g, '-')}`;
  for (const part of parts(file)) if (existsSync(part)) renameSync(part, `${aside}${part.slice(file.length)}`);
  syncPath(dirname(file));
  return aside;
}

/** Everything that a start looks at, without bounds, and SQLite's whole check. */
function diagnose(file: string): string | undefined {
  try {
    const db = openForReading(file);
    try {
      if (isOlder(db, file)) return upToDate(file) ?? diagnose(file);
      return db.transaction(() => checkAtStart(db, noBounds, () => 0) ?? checkIntegrity(db)[0])();
    } finally {
      db.close();
    }
  } catch (error) {
    const known = storageError(error, file);
    if (known instanceof OperationalError && known.code === 'database-damaged') return known.detail;
    throw known;
  }
}

/** As an ordinary start does it. */
function upToDate(file: string): undefined {
  const db = openForWriting(file);
  try {
    migrate(db, chainLayout);
  } finally {
    db.close();
  }
}

/** Than this release. Throws for what this release cannot look into. */
function isOlder(db: ReadableDatabase, file: string): boolean {
  const newest = chainLayout.migrations.at(-1)?.version ?? 0;
  const [application, version] = [Number(db.pragma('application_id', { simple: true })), Number(db.pragma('user_version', { simple: true }))];
  if (application !== chainLayout.applicationId) throw new OperationalError('database-foreign', `${file} has application id ${application}`);
  if (version > newest) throw new OperationalError('database-newer', `${file} has version ${version}, this release knows ${newest}`);
  return version < newest;
}

function salvage(file: string, making: string, nowMs: number): Pick<Repair, 'kept' | 'signedThrough'> {
  const to = openForWriting(making);
  try {
    migrate(to, chainLayout);
    useDurableLog(to);
    const from = openOrUndefined(file);
    try {
      const kept = Object.fromEntries(keptTables.map(({ table, order }) => [table, copyTable(from, to, table, order)])) as Repair['kept'];
      const known = from !== undefined && kept.guard.whole ? boundary(from) : undefined;
      // SQLite leaves out the damaged end of a log without a word, so what looks whole may be older than what was signed: the time holds in any case.
      const signedThrough = { epoch: 0, height: 0, ...known, beforeMs: nowMs };
      to.prepare('insert or replace into signed_through (id, epoch, height, before_ms) values (1, ?, ?, ?)').run(
        signedThrough.epoch,
        signedThrough.height,
        signedThrough.beforeMs,
      );
      return { kept, signedThrough };
    } finally {
      from?.close();
    }
  } finally {
    to.close();
  }
}

function openOrUndefined(file: string): ReadableDatabase | undefined {
  try {
    const db = openForReading(file);
    db.prepare('select count(*) from sqlite_schema').get();
    return db;
  } catch {
    return undefined;
  }
}

function copyTable(
  from: ReadableDatabase | undefined,
  to: WritableDatabase,
  table: KeptTable,
  order: string,
): { readonly rows: number; readonly whole: boolean } {
  const columns = to.prepare<[], string>(`select name from pragma_table_info('${table}')`).pluck().all();
  const put = to.prepare(`insert or ignore into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`);
  const isGood = table === 'guard' ? guardIsGood(columns.indexOf('record')) : () => true;
  let whole = from !== undefined;
  for (const direction of ['asc', 'desc']) {
    try {
      const rows =
        from
          ?.prepare<[], unknown[]>(`select ${columns.join(', ')} from ${table} order by ${order} ${direction}`)
          .raw()
          .iterate() ?? [];
      for (const row of rows) {
        if (isGood(row)) put.run(...row);
        else whole = false;
      }
      break;
    } catch {
      whole = false;
    }
  }
  return { rows: Number(to.prepare<[], bigint>(`select count(*) from ${table}`).pluck().get()), whole };
}

const guardIsGood =
  (recordAt: number) =>
  (row: readonly unknown[]): boolean => {
    try {
      decodeGuardRecord(row[recordAt] as Blob);
      return true;
    } catch {
      return false;
    }
  };

/**
 * Up to where this node may have signed, by a file whose guard and tip are whole; undefined where they are not. The height being decided is the one after the
 * tip, and what binds in an epoch was signed in the registry's.
 */
function boundary(from: ReadableDatabase): SignedThrough | undefined {
  try {
    return from.transaction((): SignedThrough | undefined => {
      const rows = new ChainRows(from);
      const tip = rows.tip();
      if (tip === undefined || whatBinds(from) !== undefined || checkTipRow(rows, tip) !== undefined) return undefined;
      const before = from.prepare<[], [bigint, bigint]>('select epoch, height from signed_through').raw().get();
      const { epoch } = decodeRegistryState(tip.registry).progress;
      const signed = from
        .prepare<[], Blob>('select record from guard')
        .pluck()
        .all()
        .map((record) => decodeGuardRecord(record));
      // Where blocks were taken off, its records are of later ones than the tip.
      return {
        epoch: signed.reduce((most, record) => Math.max(most, 'epoch' in record ? record.epoch : 0), Math.max(epoch, Number(before?.[0] ?? 0))),
        height: signed.reduce((most, record) => Math.max(most, 'height' in record ? record.height : 0), Math.max(tip.height + 1, Number(before?.[1] ?? 0))),
      };
    })();
  } catch {
    return undefined;
  }
}

function syncPath(path: string): void {
  // Windows cannot open a folder; NTFS journals names by itself.
  if (process.platform === 'win32') return;
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
