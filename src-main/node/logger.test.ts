import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { makeLogger } from './logger.ts';

let directory: string;
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'log-')), 'logs');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));
const file = (): string => readFileSync(join(directory, 'node.log'), 'utf8');

it('writes lines of its level and graver ones, with their fields', () => {
  const lines: string[] = [];
  const log = makeLogger({ directory, level: 'info', format: 'text', writeLine: (line) => lines.push(line) });
  log.info('started', { height: 5, name: 'two words' });
  log.debug('unseen');
  log.error('bad');
  expect(lines.map((line) => line.replace(/^\S+ /, ''))).toEqual(['info started height=5 name="two words"', 'error bad']);
  expect(file()).toMatch(/^\d{4}-\S+ info started height=5 name="two words"\n\S+ error bad\n$/);
  if (process.platform !== 'win32') expect(statSync(directory).mode & 0o777).toBe(0o700);
});

it('writes JSON where programs read', () => {
  const lines: string[] = [];
  makeLogger({ directory: undefined, level: 'debug', format: 'json', writeLine: (line) => lines.push(line) }).warn('slow', { ms: 30 });
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', message: 'slow', ms: 30 });
  expect(existsSync(directory)).toBe(false);
});

it('never lets what a peer says look like a line of ours', () => {
  const lines: string[] = [];
  makeLogger({ directory, level: 'info', format: 'text', writeLine: (line) => lines.push(line) }).info('refused', { by: 'x\n2026 error all is lost\u001b[2J' });
  expect(lines.join('')).not.toMatch(/\p{Cc}/u);
  expect(file().trimEnd().split('\n').length).toBe(1);
});

it.runIf(existsSync('/dev/full'))('goes on where the disk is full, and says once on the console that the file has no more', () => {
  const lines: string[] = [];
  mkdirSync(directory);
  symlinkSync('/dev/full', join(directory, 'node.log'));
  const console = vi.spyOn(globalThis.console, 'error');
  const log = makeLogger({ directory, level: 'info', format: 'json', writeLine: (line) => lines.push(line) });
  log.info('first');
  log.error('second');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'warn', message: 'the log file cannot be written', error: expect.stringContaining('ENOSPC') },
    { level: 'info', message: 'first' },
    { level: 'error', message: 'second' },
  ]);
  expect(console).not.toHaveBeenCalled();
});

it('keeps five files and lets the oldest go', () => {
  const log = makeLogger({ directory, level: 'info', format: 'text', writeLine: undefined });
  for (let turn = 0; turn < 7; turn++) log.info(`${turn}${'x'.repeat(5_000_001)}`);
  expect(readdirSync(directory).sort()).toEqual(['node.1.log', 'node.2.log', 'node.3.log', 'node.4.log', 'node.log']);
  expect(file()).toContain(' 6x');
});
