import { execFileSync } from 'node:child_process';
import { closeSync, constants, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LogFile } from './log-file.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'log-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));
const missing = (lines: number): string => `(${lines} missing)\n`;
const open = (path: string, errors: Error[] = []): LogFile => new LogFile({ path, maxBytes: 1_000, kept: 3, onError: (error) => errors.push(error), missing });

it('has every line once, in order, however fast they come', async () => {
  const path = join(directory, 'node.log');
  const file = new LogFile({ path, maxBytes: 1_000_000, kept: 3, onError: () => undefined, missing });
  const lines = Array.from({ length: 500 }, (_, number) => `line ${number}\n`);
  for (const [number, line] of lines.entries()) {
    file.write(line);
    if (number % 50 === 0) await new Promise(setImmediate);
  }
  await file.written();
  expect(readFileSync(path, 'utf8')).toBe(lines.join(''));
  await open(path).written();
});

it.skipIf(process.platform === 'win32')('keeps nobody waiting where the disk does not answer, bounds what waits, and goes on when it does', async () => {
  // A pipe that nobody reads lets nobody open it.
  const path = join(directory, 'node.log');
  execFileSync('mkfifo', [path]);
  const errors: Error[] = [];
  const file = open(path, errors);
  const startedMs = performance.now();
  file.write('0\n');
  await file.written();
  for (let number = 1; number <= 4; number++) file.write(`${number}${'x'.repeat(400_000)}\n`);
  // Nor does the end of a process wait for it.
  file.writeRest();
  expect(performance.now() - startedMs).toBeLessThan(5_000);
  const reader = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  rmSync(path);
  closeSync(reader);
  // The first may have been refused with the pipe.
  const written = (): readonly string[] => (readFileSync(path, 'utf8').match(/^\d|^\(.*/gm) ?? []).filter((one) => one !== '(1 missing)');
  await expect.poll(() => (existsSync(path) ? written() : undefined)).toEqual(['1', '2', '(2 missing)']);
  await file.written();
  expect(errors.length).toBeLessThan(2);
});

it('says how many lines are missing that the disk refused, once it takes them again', async () => {
  const path = join(directory, 'node.log');
  mkdirSync(path);
  const errors: Error[] = [];
  const file = new LogFile({ path, maxBytes: 1_000_000, kept: 3, onError: (error) => errors.push(error), missing });
  for (const line of ['1\n', '2\n']) {
    file.write(line);
    await file.written();
  }
  rmdirSync(path);
  for (const line of ['3\n', '4\n']) {
    file.write(line);
    await file.written();
  }
  expect([readFileSync(path, 'utf8'), errors.length]).toEqual(['(2 missing)\n3\n4\n', 1]);
});

it('loses no older file where the newest cannot be moved away', async () => {
  const path = join(directory, 'node.log');
  for (const number of [1, 2]) writeFileSync(join(directory, `node.${number}.log`), `older ${number}`);
  // A file does not take the place of a folder.
  mkdirSync(join(directory, 'node.0.log'));
  const file = open(path);
  for (let number = 0; number < 5; number++) {
    file.write(`${number}${'x'.repeat(900)}\n`);
    await file.written();
  }
  expect(readFileSync(path, 'utf8').match(/^\d/gm)).toEqual(['0', '1', '2', '3', '4']);
  expect([1, 2].map((number) => readFileSync(join(directory, `node.${number}.log`), 'utf8'))).toEqual(['older 1', 'older 2']);
});
