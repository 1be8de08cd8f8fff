import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConfigSources } from './config.ts';
import { changeSettings } from './settings-file.ts';

let directory: string;
let path: string;
let from: ConfigSources;
beforeEach(() => {
  const root = mkdtempSync(join(tmpdir(), 'time-settings-'));
  directory = join(root, 'testnet');
  mkdirSync(directory);
  path = join(directory, 'settings.json');
  from = { root, commandLine: { network: 'testnet' }, configFile: undefined };
});
afterEach(() => rmSync(from.root, { recursive: true, force: true }));
const read = (): unknown => JSON.parse(readFileSync(path, 'utf8'));

test('a file that is not there is made, and what is in one that is stays', async () => {
  await changeSettings(from, { masternode: true });
  expect(read()).toEqual({ masternode: true });
  writeFileSync(path, '{"log_level":"debug","masternode":true}');
  await changeSettings(from, { masternode: false });
  expect(read()).toEqual({ log_level: 'debug', masternode: false });
  await changeSettings(from, { log_level: null, connect: null });
  expect(read()).toEqual({ masternode: false });
});

test('what a node would not start with is not written, and a broken file is left as it is', async () => {
  await changeSettings(from, { masternode: true });
  await expect(changeSettings(from, { masternode: 'yes' })).rejects.toThrow('masternode');
  await expect(changeSettings(from, { masternoode: true })).rejects.toThrow('masternoode');
  expect(read()).toEqual({ masternode: true });
  writeFileSync(path, '{"masternode":');
  await expect(changeSettings(from, { masternode: true })).rejects.toThrow(path);
  expect(readFileSync(path, 'utf8')).toBe('{"masternode":');
});

test('neither is what only contradicts another file', async () => {
  writeFileSync(join(directory, 'config.toml'), 'max_peers = 10\nport_mapping = true');
  await expect(changeSettings(from, { max_outbound: 20 })).rejects.toThrow('max_outbound');
  await expect(changeSettings(from, { listen: 'none' })).rejects.toThrow('port_mapping');
  await changeSettings(from, { max_outbound: 10 });
  expect(read()).toEqual({ max_outbound: 10 });
});
