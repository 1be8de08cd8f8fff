import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import type { NetworkName } from '../../src-shared/domain/networks.ts';
import { removeLeftovers, unusable } from './durable-file.ts';
import { OperationalError } from './operational-error.ts';

/** The surroundings that decide where data goes. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** `~/.timecoin`, `~/Library/Application Support/Timecoin` or `%LOCALAPPDATA%\Timecoin`: the folder of all networks. */
export function defaultDataRoot({ platform, home, environment }: Surroundings): string {
  switch (platform) {
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Timecoin');
    case 'win32':
      return join(environment.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'Timecoin');
    default:
      return join(home, '.timecoin');
  }
}

/** Where one network's files are under the root, whether that is the default or the one given by `--datadir`. */
export const networkDirectory = (root: string, network: NetworkName): string => (network === 'mainnet' ? root : join(root, network));

export interface DataFiles {
  readonly directory: string;
  /** The user's. */
  readonly config: string;
  /** The app's. */
  readonly settings: string;
  readonly chain: string;
  readonly wallet: string;
  readonly vault: string;
  readonly nodeKey: string;
  readonly cookie: string;
  readonly lock: string;
  readonly logs: string;
}

export const dataFiles = (directory: string): DataFiles => ({
  directory,
  config: join(directory, 'config.toml'),
  settings: join(directory, 'settings.json'),
  chain: join(directory, 'chain.sqlite'),
  wallet: join(directory, 'wallet.sqlite'),
  vault: join(directory, 'wallet.vault'),
  nodeKey: join(directory, 'node.key'),
  cookie: join(directory, '.cookie'),
  lock: join(directory, '.lock'),
  logs: join(directory, 'logs'),
});

export interface DataDirectory {
  readonly files: DataFiles;
  /** Lets another process in. The system does the same when this process ends, however it ends. */
  release(): void;
}

/**
 * Makes the directory if it is not there (for this user alone) and takes it for this process. Throws OperationalError
 * `data-directory-in-use`, with the other's process id if it is known, or `data-directory-unusable`.
 */
export function openDataDirectory(directory: string, pid: number): DataDirectory {
  const files = dataFiles(directory);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw unusable(directory, error);
  }
  const lock = takeLock(files, pid);
  removeLeftovers(directory, isWrittenWhole(files));
  return { files, release: () => lock.close() };
}

/** Files that are replaced in one go; wallets' vaults that were set aside too. Not those of the app, which other networks' nodes write beside them. */
const isWrittenWhole = ({ settings, vault, nodeKey, cookie }: DataFiles): ((name: string) => boolean) => {
  const names = new Set([settings, vault, nodeKey, cookie].map((file) => basename(file)));
  return (name) => names.has(name) || /^wallet-.*\.vault$/.test(name);
};

/**
 * The lock is a write lock on a small SQLite database: an operating system's file lock on every platform, which ends with the process
 * and so is never stale, and which Node itself does not offer. The holder keeps an open transaction that writes nothing (BEGIN IMMEDIATE, SQLite's
 * RESERVED lock): nobody else can begin one, and everybody can read who holds it. No other code may open this file: closing any
 * descriptor of it would end a POSIX lock.
 */
function takeLock({ directory, lock: file }: DataFiles, pid: number): Database.Database {
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { timeout: 0 });
    db.pragma('journal_mode = DELETE');
    db.exec('begin immediate; create table if not exists holder (id integer primary key check (id = 1), pid integer not null) strict');
    db.prepare('insert or replace into holder (id, pid) values (1, ?)').run(pid);
    db.exec('commit');
    // Another process may come between, and wins then: it overwrites the holder and this fails.
    db.exec('begin immediate');
    return db;
  } catch (error) {
    const busy = error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
    const holder = busy && db !== undefined ? holderOf(db) : undefined;
    db?.close();
    if (error instanceof Database.SqliteError && (error.code === 'SQLITE_NOTADB' || error.code.startsWith('SQLITE_CORRUPT')))
      throw new OperationalError('data-directory-unusable', `${file} is damaged; it keeps nothing: remove it while no node runs here`, { cause: error });
    if (!busy) throw unusable(directory, error);
    throw new OperationalError('data-directory-in-use', holder === undefined ? directory : `${directory} (process ${holder})`, { cause: error });
  }
}

/** Undefined in the instant in which the holder writes its id. */
function holderOf(db: Database.Database): number | undefined {
  try {
    return db.prepare<[], number>('select pid from holder').pluck().get();
  } catch {
    return undefined;
  }
}
