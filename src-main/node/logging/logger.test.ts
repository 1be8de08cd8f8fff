import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LogLevel, logLineText } from '../../../src-shared/domain/log-lines.ts';
import { type LoggerOptions, makeNodeLog } from './logger.ts';

let directory: string;
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'log-')), 'logs');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));
const makeLogger = (options: LoggerOptions) => {
  const log = makeNodeLog(options);
  return { ...log.of('node'), written: log.written };
};
const file = (): string => readFileSync(join(directory, 'node.log'), 'utf8');

it('writes lines of its level and graver ones, with their fields', async () => {
  const lines: string[] = [];
  const log = makeLogger({ directory, level: 'info', format: 'text', writeLine: (line) => lines.push(line) });
  log.info('started', { height: 5, name: 'two words' });
  log.debug('unseen');
  log.error('bad');
  await log.written();
  expect(lines.map((line) => line.replace(/^\S+ /, ''))).toEqual(['info node started height=5 name="two words"', 'error node bad']);
  expect(file()).toMatch(/^\d{4}-\S+ info node started height=5 name="two words"\n\S+ error node bad\n$/);
  if (process.platform !== 'win32') expect(statSync(directory).mode & 0o777).toBe(0o700);
});

it('writes JSON where programs read', () => {
  const lines: string[] = [];
  makeLogger({ directory: undefined, level: 'debug', format: 'json', writeLine: (line) => lines.push(line) }).warn('slow', { ms: 30 });
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', part: 'node', message: 'slow', ms: 30 });
  expect(existsSync(directory)).toBe(false);
});

it('never lets what a peer says look like a line of ours', async () => {
  const lines: string[] = [];
  const log = makeLogger({ directory, level: 'info', format: 'text', writeLine: (line) => lines.push(line) });
  log.info('refused', { by: 'x\n2026 error all is lost\u001b[2J', reason: 'left: \u202edenrut\u2069' });
  await log.written();
  expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  expect(file().trimEnd().split('\n').length).toBe(1);
});

it('never hands a terminal signs that steer it, in JSON either', () => {
  const lines: string[] = [];
  const log = makeLogger({ directory: undefined, level: 'info', format: 'json', writeLine: (line) => lines.push(line) });
  log.info('left: \u202edenrut\u2069', { reason: 'a\u009b2Jb\u007f\u2028c', quoted: 'two "words"', isIn: true });
  expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: 'left:  denrut ', reason: 'a 2Jb  c', quoted: 'two "words"', isIn: true });
});

it.runIf(existsSync('/dev/full'))('goes on where the disk is full, and says once on the console that the file has no more', async () => {
  const lines: string[] = [];
  mkdirSync(directory);
  symlinkSync('/dev/full', join(directory, 'node.log'));
  const console = vi.spyOn(globalThis.console, 'error');
  const log = makeLogger({ directory, level: 'info', format: 'json', writeLine: (line) => lines.push(line) });
  log.info('first');
  await log.written();
  log.error('second');
  await log.written();
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'info', message: 'first' },
    { level: 'warn', part: 'storage', message: 'the log file cannot be written', error: expect.stringContaining('ENOSPC') },
    { level: 'error', message: 'second' },
  ]);
  expect(console).not.toHaveBeenCalled();
});

it('a folder that cannot be made stops nobody: the console has the lines, and one that says so', async () => {
  const lines: string[] = [];
  writeFileSync(directory, '');
  const log = makeLogger({ directory, level: 'info', format: 'json', writeLine: (line) => lines.push(line) });
  log.info('first');
  await log.written();
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ message: 'first' }, { message: 'the log file cannot be written' }]);
});

it('keeps five files and lets the oldest go', async () => {
  const log = makeLogger({ directory, level: 'info', format: 'text', writeLine: undefined });
  for (let turn = 0; turn < 7; turn++) {
    log.info(`${turn}${'x'.repeat(5_000_001)}`);
    await log.written();
  }
  expect(readdirSync(directory).sort()).toEqual(['node.1.log', 'node.2.log', 'node.3.log', 'node.4.log', 'node.log']);
  expect(file()).toContain('node 6x');
});

describe('what was written last', () => {
  const ringOf = (level: LogLevel) => makeNodeLog({ directory: undefined, level, format: 'text', writeLine: undefined });

  it('is what the file has, with its part, and nothing that is not written', async () => {
    const log = makeNodeLog({ directory, level: 'info', format: 'text', writeLine: undefined });
    log.of('peers').info('peer-ready', { address: 'a b' });
    log.of('payments').debug('transaction-pending');
    log.of('chain').error('bad\nthing');
    await log.written();
    const texts = log.recent.newest(10, () => true).map((line) => logLineText(line).replace(/^\S+ /, ''));
    expect(texts).toEqual(['info peers peer-ready address="a b"', 'error chain bad thing']);
    expect(
      file()
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/^\S+ /, '')),
    ).toEqual(texts);
  });
  it('is there where there is no file', () => {
    const log = ringOf('debug');
    log.of('doors').debug('unheard');
    expect(log.recent.last).toBe(1);
  });
});
