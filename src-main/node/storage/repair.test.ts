import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BlockHash, Hash, NodeId, Txid } from '../../../src-shared/domain/ids.ts';
import type { GuardRecord } from '../../core/store-operation.ts';
import { writeRealChain } from '../audit/real-chain.fixture.ts';
import { finishRepair, type Repair, repairChain } from './repair.ts';
import { hex, inFolder, openStorage } from './test-chain.ts';

const nowMs = 1_800_000_000_000;
const votes: readonly GuardRecord[] = Array.from({ length: 300 }, (_, round) => ({
  kind: 'block-vote',
  height: 17,
  round,
  phase: 'prevote',
  blockHash: undefined,
}));
const contradiction = { kind: 'transaction-votes', choice: 'commit', txids: [hex(7) as Txid, hex(8) as Txid] } as const;
const evidence = { kind: 'put-evidence', hash: hex(5) as Hash, nodeId: hex(6) as NodeId, contradiction, encoded: Uint8Array.of(1) } as const;

let source: string;
let sourceFolder: string;
beforeAll(async () => {
  sourceFolder = mkdtempSync(join(tmpdir(), 'time-repair-'));
  source = await makeNode(sourceFolder);
});
afterAll(() => rmSync(sourceFolder, { recursive: true, force: true }));

/** A real chain whose node is deciding block 17, with something to keep. */
function writeNode(folder: string): string {
  const file = join(folder, 'chain.sqlite');
  copyFileSync(source, file);
  return file;
}
async function makeNode(folder: string): Promise<string> {
  const file = await writeRealChain(folder);
  const { storage } = await openStorage(file);
  storage.persist([
    ...votes.map((record) => ({ kind: 'guard', record }) as const),
    evidence,
    { kind: 'put-halt', height: 9, reason: 'two certificates', sinceMs: 5, encoded: Uint8Array.of(2) },
    { kind: 'mark-invalid', hash: hex(77) as BlockHash, height: 12, liftsHalt: false },
  ]);
  await storage.close();
  return file;
}
async function stateOf(file: string) {
  const { storage } = await openStorage(file);
  const state = storage.loadState();
  const proofs = await storage.query('evidence', { limit: 10 });
  await storage.close();
  return { ...state, proofs };
}
/** Turns bytes in the first leaf page of a table. */
function damage(file: string, table: string, from = 3_000, to = 3_100): void {
  const db = new Database(file, { readonly: true });
  const page = db.prepare<[string], number>("select pageno from dbstat where name = ? and pagetype = 'leaf' order by pageno").pluck().get(table) ?? 0;
  db.close();
  const bytes = readFileSync(file);
  for (let at = (page - 1) * 4_096 + from; at < (page - 1) * 4_096 + to; at++) bytes[at] = (bytes[at] as number) ^ 0xff;
  writeFileSync(file, bytes);
}
function repaired(file: string): Repair {
  const repair = repairChain(file, nowMs);
  if (repair === undefined) throw new Error('nothing was found');
  return repair;
}

describe('a repair', () => {
  it('of a sound file changes nothing', () =>
    inFolder(async (folder) => {
      const file = writeNode(folder);
      const before = readFileSync(file);
      expect(repairChain(file, nowMs)).toBeUndefined();
      expect(readFileSync(file).equals(before)).toBe(true);
      expect(repairChain(join(folder, 'none.sqlite'), nowMs)).toBeUndefined();
    }));

  it.each(['coin', 'block', 'lock_history'])('of damage in %s keeps every record of the guard, evidence and the halt, and sets the file aside', (table) =>
    inFolder(async (folder) => {
      const file = writeNode(folder);
      damage(file, table);
      const damaged = readFileSync(file);
      const repair = repaired(file);
      expect(repair.setAside).toBe(`${file}.damaged-2027-01-15T08-00-00-000Z`);
      expect(readFileSync(repair.setAside).equals(damaged)).toBe(true);
      expect(Object.values(repair.kept).every(({ whole }) => whole)).toBe(true);
      const state = await stateOf(file);
      expect(state).toMatchObject({
        chain: undefined,
        guardRecords: votes,
        halts: [{ height: 9, reason: 'two certificates', liftedBy: undefined }],
        invalid: [{ hash: hex(77), height: 12 }],
        proofs: [{ contradiction }],
      });
      // The height that was being decided, in the epoch that it was in.
      expect(state.signedThrough).toEqual({ epoch: 2, height: 17, beforeMs: nowMs });
      expect(repairChain(file, nowMs)).toBeUndefined();
    }),
  );

  it('knows of votes beyond the tip, where blocks were taken off', () =>
    inFolder(async (folder) => {
      const file = writeNode(folder);
      const { storage } = await openStorage(file);
      const later: readonly GuardRecord[] = [
        { kind: 'proposal', height: 40, round: 0, validRound: undefined, blockHash: hex(3) as BlockHash },
        { kind: 'commit', epoch: 6, txid: hex(4) as Txid, inputs: [] },
      ];
      storage.persist(later.map((record) => ({ kind: 'guard', record }) as const));
      await storage.close();
      damage(file, 'coin');
      expect(repaired(file).signedThrough).toEqual({ epoch: 6, height: 40, beforeMs: nowMs });
    }));

  it('of damage in the guard keeps what can be read on both sides of it, and knows no better than the time', () =>
    inFolder(async (folder) => {
      const file = writeNode(folder);
      damage(file, 'guard', 0, 4_096);
      const { kept, signedThrough } = repaired(file);
      expect(kept.guard.whole).toBe(false);
      expect(kept.evidence.whole).toBe(true);
      expect(kept.guard.rows).toBeGreaterThan(100);
      expect(signedThrough).toEqual({ epoch: 0, height: 0, beforeMs: nowMs });
      expect((await stateOf(file)).guardRecords).toHaveLength(kept.guard.rows);
    }));

  it('of a file that nothing can be read of keeps nothing, and says until when the node may have signed', () =>
    inFolder(async (folder) => {
      const file = writeNode(folder);
      writeFileSync(file, readFileSync(file).fill(0x55, 0, 100));
      const { kept, signedThrough } = repaired(file);
      expect(kept.guard).toEqual({ rows: 0, whole: false });
      expect(signedThrough).toEqual({ epoch: 0, height: 0, beforeMs: nowMs });
      expect((await stateOf(file)).signedThrough).toEqual(signedThrough);
    }));

  it('remembers the repair before it', () =>
    inFolder(async (folder) => {
      const file = writeNode(folder);
      writeFileSync(file, readFileSync(file).fill(0x55, 0, 100));
      repaired(file);
      const { storage } = await openStorage(file);
      await storage.close();
      damage(file, 'ban', 0, 8);
      expect(repairChain(file, nowMs + 1_000)?.signedThrough.beforeMs).toBe(nowMs + 1_000);
    }));

  it('refuses a file of another program', () =>
    inFolder(async (folder) => {
      const file = writeNode(folder);
      const db = new Database(file);
      db.pragma('application_id = 5');
      db.close();
      expect(() => repairChain(file, nowMs)).toThrow('application id 5');
      expect(readdirSync(folder).filter((name) => name.includes('damaged') || name.includes('repaired'))).toEqual([]);
    }));

  it('that was killed at any of its steps is ended by the next start', () =>
    inFolder(async (folder) => {
      const original = writeNode(folder);
      damage(original, 'coin');
      const whole = join(folder, 'whole');
      copyFileSync(original, whole);
      repaired(whole);
      // What a kill leaves before each of the renames.
      for (const done of [0, 1, 2, 3]) {
        const file = join(folder, `chain-${done}.sqlite`);
        copyFileSync(original, file);
        for (const part of ['-wal', '-shm']) writeFileSync(`${file}${part}`, 'old');
        copyFileSync(whole, `${file}.repaired`);
        for (const part of ['-wal', '-shm', ''].slice(0, done)) renameSync(`${file}${part}`, `${file}.damaged-before${part}`);
        const setAside = finishRepair(file, nowMs);
        expect(existsSync(`${file}.repaired`)).toBe(false);
        for (const part of ['-wal', '-shm']) expect(existsSync(`${file}${part}`)).toBe(false);
        expect(existsSync(done === 3 ? `${file}.damaged-before` : (setAside ?? ''))).toBe(true);
        expect((await stateOf(file)).guardRecords).toEqual(votes);
        expect(finishRepair(file, nowMs)).toBeUndefined();
      }
    }));
});
