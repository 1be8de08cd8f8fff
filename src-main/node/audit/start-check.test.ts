import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeGuardRecord } from '../storage/guard-record.ts';
import { openForReading, storageError } from '../storage/sqlite.ts';
import { writeRealChain } from './real-chain.fixture.ts';
import { checkAtStart, noBounds, type StartCheckBounds, startBounds } from './start-check.ts';

let folder: string;
let sound: string;
let copies = 0;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'time-start-check-'));
  sound = await writeRealChain(folder);
  const db = new Database(sound);
  const vote = { kind: 'block-vote', height: 99, round: 0, phase: 'prevote', blockHash: undefined } as const;
  for (let row = 0; row < 200; row++) db.prepare('insert into guard (height, record) values (99, ?)').run(encodeGuardRecord({ ...vote, round: row }));
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.pragma('journal_mode = DELETE');
  // Where a row was deleted, a page has bytes that mean nothing.
  db.exec('vacuum');
  db.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function check(file: string, bounds: StartCheckBounds = startBounds): string | undefined {
  try {
    const db = openForReading(file);
    try {
      return db.transaction(() => checkAtStart(db, bounds, () => performance.now()))();
    } finally {
      db.close();
    }
  } catch (error) {
    const { code } = storageError(error, file) as { readonly code?: string };
    if (code === undefined) throw error;
    return code;
  }
}
function copyOf(change: (bytes: Buffer) => void): string {
  const file = join(folder, `copy-${copies++}.sqlite`);
  copyFileSync(sound, file);
  const bytes = readFileSync(file);
  change(bytes);
  writeFileSync(file, bytes);
  return file;
}
/** Where the cells of a table begin, in the file. */
function pagesOf(table: string): readonly number[] {
  const db = new Database(sound, { readonly: true });
  const pages = db.prepare<[string], number>("select pageno from dbstat where name = ? and pagetype = 'leaf' order by pageno").pluck().all(table);
  db.close();
  return pages.map((page) => (page - 1) * 4_096);
}

it('finds nothing in a sound file, whatever the bounds', () => {
  expect(check(sound)).toBeUndefined();
  expect(check(sound, noBounds)).toBeUndefined();
  expect(check(sound, { maxQuickCheckBytes: 0, maxCoins: 0, blocksMs: 0 })).toBeUndefined();
});

describe('one byte turned', () => {
  it('in the header of the file is found by whoever opens it', () => {
    for (const at of [3, 16, 21, 30]) {
      const found = check(
        copyOf((bytes) => {
          bytes[at] = (bytes[at] as number) ^ 0x41;
        }),
      );
      expect([at, found]).not.toEqual([at, undefined]);
    }
  });

  // The rows fill a page from its end, so these are all in rows. What a byte says is of no matter: every one counts.
  it.each(['guard', 'coin', 'block', 'chain_state'])('in the rows of %s is found, wherever it is', (table) => {
    const missed: number[] = [];
    for (const start of pagesOf(table)) {
      for (let at = start + 4_095; at > start + 3_800; at -= 37) {
        const file = copyOf((bytes) => {
          bytes[at] = (bytes[at] as number) ^ 0x10;
        });
        if (check(file) === undefined) missed.push(at - start);
      }
    }
    expect(missed).toEqual([]);
  });
});
