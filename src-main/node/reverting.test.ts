import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { auditGenesisOf } from './audit/chain-walk.ts';
import { realGenesis, realOperations, writeRealChain } from './audit/real-chain.fixture.ts';
import { verifyChain } from './audit/verify-chain.ts';
import { openForReading } from './storage/sqlite.ts';
import { inFolder, openStorage } from './storage/test-chain.ts';

const script = fileURLToPath(new URL('./reverting-process.fixture.ts', import.meta.url));
/** The block that is marked; what is left ends one below. */
const marked = 3;

/** Answers the height that is left, unless it is killed when so many blocks are off. */
async function run(directory: string, hash: string, foundAt: number | undefined, killAfter: number | undefined): Promise<number | undefined> {
  const child = spawn(process.execPath, [script, directory, hash, String(foundAt ?? '-'), String(killAfter ?? '-')], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  await once(child, 'close');
  expect(child.signalCode).toBe(killAfter === undefined ? null : 'SIGKILL');
  return killAfter === undefined ? Number(said) : undefined;
}
function tipOf(file: string): number {
  const db = openForReading(file);
  try {
    return Number(db.prepare('select height from chain_state').pluck().get());
  } finally {
    db.close();
  }
}
function problemOf(file: string): unknown {
  const db = openForReading(file);
  try {
    const check = db.transaction(() => verifyChain(db, { level: 4, blocks: 0, genesis: auditGenesisOf(realGenesis) }, () => undefined))();
    return check === undefined ? 'no chain' : check.problem;
  } finally {
    db.close();
  }
}
/** All that the chain comes to, table by table, but for when this node decided each block and for the state of the set's hash, which is a fraction. */
function contentsOf(file: string): Record<string, unknown[]> {
  const db = new Database(file, { readonly: true });
  const queries = {
    block: 'select height, hash, time, round, proposer, transactions, certificate, encoded from block order by height',
    undo: 'select * from undo order by height',
    coin: 'select * from coin order by outpoint',
    transactions: 'select txid, height, position from transaction_index order by txid',
    history: 'select * from lock_history order by lock, height, position',
    state: 'select height, hash, utxo_set_hash, registry, genesis_hash from chain_state',
  };
  const contents = Object.fromEntries(Object.entries(queries).map(([name, sql]) => [name, db.prepare(sql).raw().all()]));
  db.close();
  return contents;
}

test(
  'kill -9 between the blocks that are taken off: what is left is whole, the next start goes on, and in the end the file is what it was',
  {
    timeout: 90_000,
  },
  () =>
    inFolder(async (folder) => {
      const directory = join(folder, 'node');
      mkdirSync(directory, { mode: 0o700 });
      const file = join(directory, 'chain.sqlite');
      copyFileSync(await writeRealChain(folder), file);
      const [hash = ''] = realOperations().flatMap((one) => (one.kind === 'apply-block' && one.height === marked ? [one.hash] : []));
      const top = tipOf(file);
      const heights = [top];
      for (const [foundAt, killAfter] of [
        [marked, 1],
        [undefined, 3],
        [undefined, 6],
      ] as const) {
        await run(directory, hash, foundAt, killAfter);
        heights.push(tipOf(file));
        expect(problemOf(file)).toBeUndefined();
      }
      expect(heights).toEqual([top, top, top - 2, top - 7]);
      expect(await run(directory, hash, undefined, undefined)).toBe(marked - 1);
      expect(problemOf(file)).toBeUndefined();

      const fresh = join(folder, 'fresh.sqlite');
      const { storage } = await openStorage(fresh);
      for (const operation of realOperations()) if (operation.kind === 'apply-block' && operation.height < marked) storage.persist([operation]);
      await storage.close();
      expect(contentsOf(file)).toEqual(contentsOf(fresh));
      const reverted = openForReading(file);
      expect(reverted.prepare('select height from reverted_block order by height').pluck().all().map(Number)).toEqual(
        Array.from({ length: top - marked + 1 }, (_, i) => marked + i),
      );
      reverted.close();
    }),
);
