import { OperationalError } from '../operational-error.ts';
import { asOperational, type WritableDatabase } from './sqlite.ts';

/** One step of a file's layout. Once released it never changes. */
export interface Migration {
  readonly version: number;
  up(db: WritableDatabase): void;
}

/** One kind of file. */
export interface Layout {
  /** SQLite's application_id: tells this file from another program's. */
  readonly applicationId: number;
  /** Consecutive versions, of which the first makes a new file; `user_version` is the last one that was carried out. */
  readonly migrations: readonly Migration[];
}

const integerPragma = (db: WritableDatabase, name: string): number => Number(db.pragma(name, { simple: true }));

/**
 * Brings a file to the newest version, each step in a transaction of its own, so that a kill leaves it at a whole version.
 * Throws OperationalError `database-newer`, `database-older` or `database-foreign`, and then has changed nothing.
 */
export function migrate(db: WritableDatabase, layout: Layout): void {
  asOperational(db.name, () => {
    checkOurs(db, layout);
    for (const migration of layout.migrations) {
      db.transaction(() => {
        if (integerPragma(db, 'user_version') >= migration.version) return;
        migration.up(db);
        db.pragma(`application_id = ${layout.applicationId}`);
        db.pragma(`user_version = ${migration.version}`);
      }).immediate();
    }
  });
}

function checkOurs(db: WritableDatabase, { applicationId, migrations }: Layout): void {
  const version = integerPragma(db, 'user_version');
  const found = integerPragma(db, 'application_id');
  const tables = Number(db.prepare('select count(*) from sqlite_schema').pluck().get());
  const fresh = version === 0 && found === 0 && tables === 0;
  if (!fresh && found !== applicationId) throw new OperationalError('database-foreign', `${db.name} has application id ${found}, not ${applicationId}`);
  const oldest = migrations[0]?.version ?? 0;
  const newest = migrations.at(-1)?.version ?? 0;
  if (!fresh && version < oldest) throw new OperationalError('database-older', `${db.name} has version ${version}, this release begins with ${oldest}`);
  if (version > newest) throw new OperationalError('database-newer', `${db.name} has version ${version}, this release knows ${newest}`);
}
