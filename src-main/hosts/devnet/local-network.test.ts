import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readGenesisFile } from '../../core/codec/genesis-file.ts';
import { resolveConfig } from '../../node/config/config.ts';
import { dataFiles, networkDirectory } from '../../node/data-directory.ts';
import { openVault } from '../../node/keys/wallet-vault.ts';
import { type LocalNetworkOptions, openLocalNetwork } from './local-network.ts';

const folder = mkdtempSync(join(tmpdir(), 'local-network-'));
afterAll(() => rmSync(folder, { recursive: true }));
const options = (name: string, count = 2): LocalNetworkOptions => ({ directory: join(folder, name), count, firstPort: 21_000, nowMs: 1_800_000_000_000 });
const devnetFiles = (datadir: string) => dataFiles(networkDirectory(datadir, 'devnet'));

test('its nodes are ordinary ones, each a masternode with a funded wallet that opens without a passphrase', async () => {
  const { nodes, release } = await openLocalNetwork(options('new'));
  const genesis = readGenesisFile(readFileSync(join(folder, 'new/genesis.json'), 'utf8'));
  if (!genesis.ok) throw new Error(genesis.error.code);
  expect(genesis.contents.masternodes.map(({ tier }) => tier)).toEqual(['bronze', 'bronze']);
  expect(genesis.contents.time).toBe(1_800_000_000_000);

  const configs = nodes.map(({ datadir }) => resolveConfig({ root: datadir, commandLine: { network: 'devnet' }, configFile: undefined }));
  const [first, second] = configs;
  expect(configs.map(({ masternode }) => masternode)).toEqual([true, true]);
  expect(first?.connect).toEqual([]);
  expect(second?.connect).toEqual([`127.0.0.1:${first?.listen?.port}`]);
  const ports = configs.flatMap(({ listen, rpc, web }) => [listen?.port, rpc?.port, web?.port]);
  expect(new Set(ports).size).toBe(6);
  for (const { datadir } of nodes) await (await openVault(devnetFiles(datadir).vault)).unlock('');
  release();
});

test('it goes on with what is there, and only with as many nodes', async () => {
  const made = await openLocalNetwork(options('kept', 1));
  const [node] = made.nodes;
  const key = readFileSync(devnetFiles(node?.datadir ?? '').nodeKey, 'utf8');
  made.release();
  const again = await openLocalNetwork(options('kept', 1));
  expect(again.nodes).toEqual(made.nodes);
  expect(readFileSync(devnetFiles(node?.datadir ?? '').nodeKey, 'utf8')).toBe(key);
  again.release();
  await expect(openLocalNetwork(options('kept', 3))).rejects.toThrow('holds a local network of 1 nodes, not of 3');
  // The refusal let go of it.
  (await openLocalNetwork(options('kept', 1))).release();
});

test('one process at a time holds it', async () => {
  const held = await openLocalNetwork(options('held', 1));
  await expect(openLocalNetwork(options('held', 1))).rejects.toMatchObject({ code: 'data-directory-in-use' });
  held.release();
});

test('what an interrupted start left is made anew', async () => {
  const { nodes, release } = await openLocalNetwork(options('interrupted', 1));
  release();
  rmSync(join(folder, 'interrupted/local-network.json'));
  const key = readFileSync(devnetFiles(nodes[0]?.datadir ?? '').nodeKey, 'utf8');
  (await openLocalNetwork(options('interrupted', 1))).release();
  expect(readFileSync(devnetFiles(nodes[0]?.datadir ?? '').nodeKey, 'utf8')).not.toBe(key);
});

test('nodes that have run are never removed', async () => {
  const directory = join(folder, 'lost');
  const { chain } = devnetFiles(join(directory, 'node-0'));
  mkdirSync(join(directory, 'node-0/devnet'), { recursive: true });
  writeFileSync(chain, 'a chain');
  await expect(openLocalNetwork(options('lost', 1))).rejects.toThrow('local-network.json is missing');
  expect(existsSync(chain)).toBe(true);
});

test('a damaged layout says what to do', async () => {
  mkdirSync(join(folder, 'damaged'));
  writeFileSync(join(folder, 'damaged/local-network.json'), '{');
  await expect(openLocalNetwork(options('damaged', 1))).rejects.toThrow('is damaged: remove');
});
