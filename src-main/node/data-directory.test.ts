import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dataFiles, defaultDataRoot, networkDirectory, openDataDirectory } from './data-directory.ts';
import { OperationalError } from './operational-error.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'time-directory-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const refusal = (run: () => unknown): OperationalError => {
  try {
    run();
  } catch (error) {
    if (error instanceof OperationalError) return error;
    throw error;
  }
  throw new Error('was not refused');
};

test.each([
  ['linux', {}, '/home/ann/.timecoin'],
  ['freebsd', {}, '/home/ann/.timecoin'],
  ['darwin', {}, '/home/ann/Library/Application Support/Timecoin'],
  ['win32', { LOCALAPPDATA: '/local' }, '/local/Timecoin'],
  ['win32', {}, '/home/ann/AppData/Local/Timecoin'],
] as const)('on %s with %j the data is in %s', (platform, environment, expected) => {
  expect(defaultDataRoot({ platform, environment, home: '/home/ann' }).replaceAll('\\', '/')).toBe(expected);
});

test('networks other than mainnet have a folder of their own', () => {
  expect([networkDirectory('/d', 'mainnet'), networkDirectory('/d', 'testnet'), networkDirectory('/d', 'devnet')]).toEqual([
    '/d',
    join('/d', 'testnet'),
    join('/d', 'devnet'),
  ]);
});

test('no two files share a name', () => {
  const names = Object.values(dataFiles('/d'));
  expect(new Set(names).size).toBe(names.length);
});

describe('the lock', () => {
  test('is exclusive, says who holds it, and is free again after release', () => {
    const directory = join(folder, 'new', 'devnet');
    const held = openDataDirectory(directory, 4_711);
    if (process.platform !== 'win32') expect(statSync(directory).mode & 0o777).toBe(0o700);
    const error = refusal(() => openDataDirectory(directory, 4_712));
    expect(error.code).toBe('data-directory-in-use');
    expect(error.message).toContain(`${directory} (process 4711)`);
    // The refused attempt has not loosened it.
    expect(refusal(() => openDataDirectory(directory, 4_713)).message).toContain('4711');
    held.release();
    const next = openDataDirectory(directory, 4_714);
    expect(refusal(() => openDataDirectory(directory, 1)).message).toContain('4714');
    next.release();
  });

  test('of another process holds, and vanishes when that is killed', async () => {
    const module = new URL('./data-directory.ts', import.meta.url).href;
    const script = `const { openDataDirectory } = await import(${JSON.stringify(module)});
      globalThis.held = openDataDirectory(process.argv[1], process.pid); console.log('held'); setInterval(() => {}, 1_000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    expect(refusal(() => openDataDirectory(folder, 1)).message).toContain(`${folder} (process ${child.pid})`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    openDataDirectory(folder, 2).release();
  });

  test('of many that start at once, one wins', async () => {
    const module = new URL('./data-directory.ts', import.meta.url).href;
    const script = `const { openDataDirectory } = await import(${JSON.stringify(module)});
      process.stdin.once('data', () => {
        try { globalThis.held = openDataDirectory(process.argv[1], process.pid); console.log('held'); } catch (error) { console.log(error.code); }
        process.stdin.resume();
      });
      console.log('ready');`;
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script, folder], { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
    await Promise.all(children.map((child) => once(child.stdout, 'data')));
    const words = children.map((child) => once(child.stdout, 'data'));
    for (const child of children) child.stdin.write('go\n');
    const said = (await Promise.all(words)).map(([bytes]) => String(bytes).trim()).sort();
    const ended = children.map((child) => once(child, 'exit'));
    for (const child of children) child.stdin.end();
    await Promise.all(ended);
    expect(said).toEqual(['data-directory-in-use', 'data-directory-in-use', 'data-directory-in-use', 'held']);
  });
});

test('a directory that cannot be used is named', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(refusal(() => openDataDirectory(file, 1))).toMatchObject({ code: 'data-directory-unusable', detail: expect.stringContaining(file) });
  const lockIsNone = join(folder, 'other');
  mkdirSync(lockIsNone);
  writeFileSync(dataFiles(lockIsNone).lock, 'x'.repeat(4_096));
  expect(refusal(() => openDataDirectory(lockIsNone, 1))).toMatchObject({
    code: 'data-directory-unusable',
    detail: expect.stringMatching(/\.lock is damaged; .* remove it/),
  });
  // Permissions do not hold back root.
  if (process.getuid?.() === 0 || process.platform === 'win32') return;
  chmodSync(folder, 0o500);
  expect(refusal(() => openDataDirectory(join(folder, 'sub'), 1)).code).toBe('data-directory-unusable');
  expect(existsSync(join(folder, 'sub'))).toBe(false);
});

test('what a write that was killed left is gone after the next start, and nothing else', () => {
  const left = ['settings.json', 'wallet.vault', 'wallet-20260101T000000Z-00ff.vault', 'node.key', '.cookie'].map((name) => `${name}.0123456789abcdef.tmp`);
  const others = ['app.json.0123456789abcdef.tmp', 'wallet.vault', 'wallet.vault.tmp', 'node.key.0123456789abcdef', 'genesis.json.0123456789abcdef.tmp'];
  for (const name of [...left, ...others]) writeFileSync(join(folder, name), 'x');
  mkdirSync(join(folder, '.cookie.fedcba9876543210.tmp'));
  openDataDirectory(folder, 1).release();
  expect(readdirSync(folder).sort()).toEqual([...others, '.cookie.fedcba9876543210.tmp', '.lock'].sort());
});
