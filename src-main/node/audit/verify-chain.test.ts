import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Hash } from '../../../src-shared/domain/ids.ts';
import { openForReading } from '../storage/sqlite.ts';
import { openStorage } from '../storage/test-chain.ts';
import { auditGenesisOf } from './chain-walk.ts';
import { realGenesis, writeRealChain } from './real-chain.fixture.ts';
import { type ChainCheck, type ChainCheckProgress, type CheckLevel, misfitOfCoins, verifyChain } from './verify-chain.ts';

const genesis = auditGenesisOf(realGenesis);
let folder: string;
let sound: string;
let tip = 0;
let copies = 0;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'time-audit-'));
  sound = await writeRealChain(folder);
  tip = check(sound, 0)?.to ?? 0;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function check(file: string, level: CheckLevel, blocks = 0, onProgress: (progress: ChainCheckProgress) => void = () => undefined): ChainCheck | undefined {
  const db = openForReading(file);
  try {
    return db.transaction(() => verifyChain(db, { level, blocks, genesis }, onProgress))();
  } finally {
    db.close();
  }
}
/** A copy of the sound file after these statements. */
function changed(...statements: string[]): string {
  const file = join(folder, `copy-${copies++}.sqlite`);
  copyFileSync(sound, file);
  const db = new Database(file);
  for (const statement of statements) db.exec(statement);
  db.close();
  return file;
}
/** The bytes of a blob with one changed, in SQL; `back` counts from the end. */
const flipped = (column: string, at: number): string => `cast(substr(${column}, 1, ${at - 1}) || x'5a' || substr(${column}, ${at + 1}) as blob)`;
const flippedNearEnd = (column: string, back: number): string =>
  `cast(substr(${column}, 1, length(${column}) - ${back}) || x'5a' || substr(${column}, length(${column}) - ${back} + 2) as blob)`;

describe('a sound chain', () => {
  it.each<CheckLevel>([0, 1, 2, 3, 4])('passes level %i, whole and in its last blocks', (level) => {
    expect(tip).toBeGreaterThan(14);
    expect(check(sound, level)).toEqual({ from: 0, to: tip, revertedFrom: level >= 3 ? 1 : undefined, problem: undefined });
    expect(check(sound, level, 4)).toEqual({ from: tip - 3, to: tip, revertedFrom: level >= 3 ? tip - 3 : undefined, problem: undefined });
  });

  it('is told how far it is, pass by pass', () => {
    const told: ChainCheckProgress[] = [];
    check(sound, 4, 0, (progress) => told.push(progress));
    expect([...new Set(told.map(({ pass }) => pass))]).toEqual(['blocks', 'back', 'forward']);
    expect(told.every(({ done, total }) => done <= total)).toBe(true);
  });

  it('of another genesis is none', () => {
    const db = openForReading(sound);
    const other = { ...genesis, blockHash: '00'.repeat(32) as never };
    expect(db.transaction(() => verifyChain(db, { level: 0, blocks: 0, genesis: other }, () => undefined))()?.problem?.height).toBe(0);
    db.close();
  });
});

describe('damage is named with its height, from the level on that looks for it', () => {
  it.each<[string, CheckLevel, number, string]>([
    ['a block that is gone', 0, 5, 'delete from block where height = 5'],
    ['a byte of a block', 0, 4, `update block set encoded = ${flipped('encoded', 60)} where height = 4`],
    ['a byte of a block’s transactions', 0, 6, `update block set encoded = ${flippedNearEnd('encoded', 30)} where height = 6`],
    ['half a block', 0, 6, 'update block set encoded = substr(encoded, 1, 200) where height = 6'],
    ['another block’s row', 0, 7, 'update block set time = time + 1 where height = 7'],
    ['a block’s hash', 0, 8, `update block set hash = ${flipped('hash', 3)} where height = 8`],
    ['a signature of a certificate', 1, 9, `update block set certificate = ${flippedNearEnd('certificate', 3)} where height = 9`],
    ['a certificate that is gone', 1, 9, 'update block set certificate = null where height = 9'],
    ['undo data', 2, 3, `update undo set encoded = ${flipped('encoded', 12)} where height = 3 and length(encoded) > 20`],
    ['the registry before it', 2, 1, `update undo set registry = ${flipped('registry', 9)} where height = 1`],
    ['undo data that is gone', 2, 10, 'delete from undo where height = 10'],
    ['an index entry', 2, 11, 'update transaction_index set position = position + 1 where height = 11'],
  ])('%s', (_, level, height, statement) => {
    const file = changed(statement);
    if (level > 0) expect(check(file, (level - 1) as CheckLevel)?.problem).toBeUndefined();
    for (const at of [level, 4] as const) expect(check(file, at)?.problem).toMatchObject({ height });
  });

  it('a coin, its amount, and one too many: at the tip, whose header has the hash', () => {
    for (const statement of [
      'delete from coin where outpoint in (select outpoint from coin limit 1)',
      'update coin set amount = amount + 1 where outpoint in (select outpoint from coin limit 1)',
      "insert into coin select cast(x'00' || substr(outpoint, 2) as blob), amount, lock, height, coinbase from coin limit 1",
    ]) {
      const file = changed(statement);
      expect(check(file, 2)?.problem).toBeUndefined();
      expect(check(file, 3)?.problem).toMatchObject({ height: tip, what: expect.stringContaining('the coin table hashes to') });
    }
  });

  it('coins whose hash agrees, and that are more or less than was issued', () => {
    const set = { hash: 'ab'.repeat(32) as Hash, units: 1_000n };
    expect(misfitOfCoins(set, set)).toBeUndefined();
    for (const units of [999n, 1_001n]) expect(misfitOfCoins({ ...set, units }, set)).toBe(`the coins are ${units} units, and 1000 were issued`);
  });

  it('the tip’s own row: another height, another hash of the set, another registry', () => {
    expect(check(changed(`update chain_state set hash = ${flipped('hash', 2)}`), 0)?.problem?.height).toBe(tip);
    expect(check(changed(`update chain_state set set_hash_state = ${flipped('set_hash_state', 9)}`), 0)?.problem?.height).toBe(tip);
    expect(check(changed(`update chain_state set registry = ${flipped('registry', 9)}`), 1)?.problem?.height).toBe(tip);
    expect(check(changed(`update chain_state set height = ${tip - 1}`), 0)?.problem?.height).toBe(tip - 1);
  });
});

it('answers from storage’s own thread, with the supply against what was issued', async () => {
  const file = changed('select 1');
  const { storage } = await openStorage(file);
  expect(await storage.query('verifyChain', { level: 4, blocks: 0, genesis })).toMatchObject({ to: tip, problem: undefined });
  const set = await storage.query('utxoSetInfo', { genesis });
  expect(set?.muhash).toBe(set?.expectedMuhash);
  expect(set?.totalAmount).toBe(set?.issuedUnits);
  expect(await storage.query('fileIntegrity', { file })).toEqual([]);
  await storage.close();
});
