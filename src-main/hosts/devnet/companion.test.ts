import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTimed } from './companion.ts';

const folder = mkdtempSync(join(tmpdir(), 'companion-'));
const file = (name: string): string => join(folder, name);

beforeAll(() => {
  // Stand-ins for timed: what a parent sees of it.
  const ready = "console.log('not JSON'); console.log('null'); console.log(JSON.stringify({ ready: true, pid: process.pid, datadir: process.argv[3] }));";
  writeFileSync(file('good.mjs'), `${ready} process.stdin.resume().on('end', () => process.exit(0));`);
  const line = (level: string, message: string): string => `console.error(JSON.stringify({ level: '${level}', message: '${message}' }));`;
  writeFileSync(file('failing.mjs'), `${line('error', 'the disk is full')} ${line('info', 'stopped')} process.exitCode = 3;`);
  writeFileSync(file('crashing.mjs'), "throw new Error('a fault');");
});
afterAll(() => rmSync(folder, { recursive: true }));

test('it is ready when it says so, and stops when it is asked to', async () => {
  const companion = startTimed(file('good.mjs'))('/data');
  const { pid, datadir } = await companion.ready;
  expect({ pid, datadir }).toEqual({ pid: companion.pid, datadir: '/data' });
  await companion.stop();
  expect(await companion.ended).toEqual({ code: 0, signal: null, lastError: '' });
});

test('one that ends before it is ready says why', async () => {
  const companion = startTimed(file('failing.mjs'))('/data');
  await expect(companion.ready).rejects.toThrow('ended before it was ready, with exit code 3: the disk is full');
  await companion.stop();
});

test('a crash says what Node said', async () => {
  expect(await startTimed(file('crashing.mjs'))('/data').ended).toEqual({ code: 1, signal: null, lastError: 'Error: a fault' });
});

test('it ends with the process that started it, also when that one is killed', async () => {
  const parent = `
    import { startTimed } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'companion.ts')).href)};
    const companion = startTimed(${JSON.stringify(file('good.mjs'))})('/data');
    await companion.ready;
    console.log(companion.pid);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', parent], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  expect(isAlive(pid)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await expect.poll(() => isAlive(pid), { timeout: 4_000 }).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
