import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { changeSettings } from './settings-file.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'time-settings-'));
  path = join(directory, 'settings.json');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));
const read = (): unknown => JSON.parse(readFileSync(path, 'utf8'));

test('a file that is not there is made, and what is in one that is stays', async () => {
  await changeSettings(path, { masternode: true });
  expect(read()).toEqual({ masternode: true });
  writeFileSync(path, '{"log_level":"debug","masternode":true}');
  await changeSettings(path, { masternode: false });
  expect(read()).toEqual({ log_level: 'debug', masternode: false });
});

test('what a node would not start with is not written, and a broken file is left as it is', async () => {
  await changeSettings(path, { masternode: true });
  await expect(changeSettings(path, { masternode: 'yes' })).rejects.toThrow('masternode');
  await expect(changeSettings(path, { masternoode: true })).rejects.toThrow('masternoode');
  expect(read()).toEqual({ masternode: true });
  writeFileSync(path, '{"masternode":');
  await expect(changeSettings(path, { masternode: true })).rejects.toThrow(path);
  expect(readFileSync(path, 'utf8')).toBe('{"masternode":');
});
