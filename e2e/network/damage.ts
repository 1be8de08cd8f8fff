import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';

const pageBytes = 4_096;

/** `leaf`: with its first rows. `overflow`: with more of a row that is larger than a page; nobody writes it again. */
type PageKind = 'leaf' | 'overflow';

/** Turns a stretch of bytes of a table's first page of a kind, or of the file's beginning. What a running node has only in its log so far is brought into the file first. */
export function damage(file: string, table: string | undefined, kind: PageKind = 'leaf'): void {
  const page = table === undefined ? 1 : pageOf(file, table, kind);
  const [from, to] = table === undefined ? [0, 16] : [3_700, 3_900];
  const bytes = Buffer.alloc(to - from);
  const handle = openSync(file, 'r+');
  const start = (page - 1) * pageBytes + from;
  readSync(handle, bytes, 0, bytes.length, start);
  writeSync(
    handle,
    bytes.map((byte) => byte ^ 0xff),
    0,
    bytes.length,
    start,
  );
  closeSync(handle);
}

function pageOf(file: string, table: string, kind: PageKind): number {
  const db = new Database(file);
  try {
    db.pragma('wal_checkpoint(PASSIVE)');
    const found = db.prepare<[string, string], number>('select pageno from dbstat where name = ? and pagetype = ? order by pageno').pluck().get(table, kind);
    if (found === undefined) throw new Error(`${table} has no ${kind} page`);
    return found;
  } finally {
    db.close();
  }
}
