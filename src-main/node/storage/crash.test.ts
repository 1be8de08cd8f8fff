import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { inFolder, openStorage, TestChain } from './test-chain.ts';

const script = fileURLToPath(new URL('./test-writer-process.ts', import.meta.url));

/** Answers the last height that the process reported as durable before it was killed. */
async function writeUntilKilled(file: string, killAfterReports: number, delayMs: number): Promise<number> {
  const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let durable = -1;
  let reports = 0;
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    durable = Number(line);
    // The delay moves the kill through the phases of the commits that follow.
    if (++reports === killAfterReports) setTimeout(() => child.kill('SIGKILL'), delayMs);
  });
  await Promise.all([once(child, 'exit'), once(lines, 'close')]);
  expect(child.signalCode).toBe('SIGKILL');
  return durable;
}

// The delays of three kills; whole nodes are killed at fifty instants by e2e/network/kills.spec.ts, and at a thousand by `npm run soak -- kills`.
test('kill -9 at any instant: what was reported durable is there, and a block is there as a whole or not at all', { timeout: 60_000 }, () =>
  inFolder(async (folder) => {
    const file = join(folder, 'chain.sqlite');
    let previousTip = -1;
    const expected = new TestChain();
    let block = expected.next({ spends: 0, rewards: 30 });
    for (const [reports, delayMs] of [
      [1, 0],
      [5, 2],
      [8, 11],
    ] as const) {
      const durable = await writeUntilKilled(file, reports, delayMs);
      const { storage } = await openStorage(file);
      const { chain: stored, bundles } = storage.loadState();
      expect(stored?.height).toBeGreaterThanOrEqual(durable);
      expect(durable).toBeGreaterThan(previousTip);
      const tip = stored?.height ?? -1;
      expect(bundles).toHaveLength(tip + 1);
      while (expected.height < tip) block = expected.next({ spends: (expected.height * 7) % 40, rewards: 30 });
      expect(stored).toMatchObject({ hash: block.hash, utxoSetHash: expected.utxoSetHash });
      expect(await storage.query('utxoSetInfo', {})).toMatchObject({ muhash: expected.utxoSetHash, coins: expected.coins.length, height: tip });
      expect(await storage.query('integrity', {})).toEqual([]);
      const last = await storage.query('transaction', { txid: block.transactions[0]?.txid ?? ('' as never) });
      expect(last).toMatchObject({ height: tip, position: 0 });
      await storage.close();
      previousTip = tip;
    }
  }),
);
