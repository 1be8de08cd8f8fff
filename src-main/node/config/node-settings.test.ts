import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { limitNames } from '../../../src-shared/domain/net-limits.ts';
import { settingNames } from './config-keys.ts';
import { NodeSettings } from './node-settings.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'node-settings-'));
  mkdirSync(join(root, 'testnet'));
  writeFileSync(join(root, 'testnet', 'config.toml'), 'log_level = "warn"\nmax_peers = 10');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));
const open = (): NodeSettings =>
  new NodeSettings({ root, commandLine: { network: 'testnet', rpc: { host: '127.0.0.1', port: 24_101 } }, configFile: undefined });
const find = (settings: NodeSettings, key: string) => settings.view().settings.find((setting) => setting.key === key);

test('every setting has its value, its default and what says it', () => {
  const settings = open();
  expect(settings.view().settings).toHaveLength(settingNames.length + limitNames.length);
  expect(find(settings, 'listen')).toMatchObject({ value: '0.0.0.0:24100', default: '0.0.0.0:24100', source: 'default', fixed: false, kind: 'text' });
  expect(find(settings, 'log_level')).toMatchObject({ value: 'warn', default: 'info', source: 'config.toml' });
  expect(find(settings, 'rpc')).toMatchObject({ value: '127.0.0.1:24101', source: 'command-line', fixed: true });
  expect(find(settings, 'max_peers')).toMatchObject({ value: 10, default: 50, source: 'config.toml', unit: 'count', min: 1, max: 1_000 });
  // It follows from the other.
  expect(find(settings, 'max_outbound')).toMatchObject({ value: 6, default: 30, source: 'default' });
  expect(find(settings, 'genesis_file')).toMatchObject({ value: undefined, fixed: true });
  expect(settings.view().settings.some(({ pending }) => pending)).toBe(false);
});

test('a change is written and waits for the next start', async () => {
  const settings = open();
  await settings.change({ log_level: 'debug', connect: ['203.0.113.1:24100'], ping_seconds: 2.5 });
  expect(find(settings, 'log_level')).toMatchObject({ value: 'debug', source: 'settings.json', pending: true });
  expect(find(settings, 'ping_seconds')).toMatchObject({ value: 2.5, pending: true });
  expect(find(open(), 'log_level')).toMatchObject({ value: 'debug', pending: false });
  await settings.change({ log_level: null, ping_seconds: null });
  expect(find(settings, 'log_level')).toMatchObject({ value: 'warn', source: 'config.toml', pending: false });
  expect(JSON.parse(readFileSync(join(root, 'testnet', 'settings.json'), 'utf8'))).toEqual({ connect: ['203.0.113.1:24100'] });
});

test.each([
  [{ network: 'mainnet' }, 'network'],
  [{ genesis_hash: '00'.repeat(32) }, 'genesis_hash'],
  [{ masternode: true }, 'masternode'],
  [{ rpc: '127.0.0.1:1' }, 'rpc'],
  [{ web: '0.0.0.0:1' }, 'address of this machine'],
  [{ max_outbound: 11 }, 'max_outbound'],
  [{ constructor: 1 }, 'constructor'],
])('%j is refused, and nothing is written', async (changes, why) => {
  const settings = open();
  await expect(settings.change({ log_level: 'debug', ...changes })).rejects.toThrow(why);
  expect(find(settings, 'log_level')?.source).toBe('config.toml');
});

test('changes at once do not lose each other', async () => {
  const settings = open();
  await Promise.all([settings.change({ discovery: true }), settings.change({ max_peers: 9 }), settings.change({ max_peers: 'x' }).catch(() => {})]);
  expect([find(settings, 'discovery')?.source, find(settings, 'max_peers')?.value]).toEqual(['settings.json', 9]);
});
