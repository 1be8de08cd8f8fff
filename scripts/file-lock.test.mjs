import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { withFileLock } from './file-lock.mjs';

const folder = mkdtempSync(join(tmpdir(), 'file-lock-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('two who want it hold it one after the other', async () => {
  const file = join(folder, 'a.lock');
  let holders = 0;
  let most = 0;
  const hold = () =>
    withFileLock(file, '', async () => {
      holders++;
      most = Math.max(most, holders);
      await new Promise((resolve) => setImmediate(resolve));
      holders--;
    });
  await Promise.all([hold(), hold(), hold()]);
  expect(most).toBe(1);
  expect(existsSync(file)).toBe(false);
});

test('what a dead process left behind blocks nobody', async () => {
  const file = join(folder, 'b.lock');
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(file, String(pid));
  expect(await withFileLock(file, '', async () => 'held')).toBe('held');
});

test('it is given back when the work fails', async () => {
  const file = join(folder, 'c.lock');
  await expect(withFileLock(file, '', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(existsSync(file)).toBe(false);
});
