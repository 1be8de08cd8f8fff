import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readAppChoice, writeAppChoice } from './app-choice.ts';
import { AppSetup, type AppSetupOptions } from './app-setup.ts';

function setup(part: Partial<AppSetupOptions> = {}): { readonly setup: AppSetup; readonly did: unknown[] } {
  const did: unknown[] = [];
  const options: AppSetupOptions = {
    network: 'testnet',
    networkFixed: false,
    done: false,
    masternode: false,
    roleFixed: false,
    remember: async (choice) => void did.push(choice),
    saveRole: async (masternode) => void did.push({ masternode }),
    restart: () => void did.push('restart'),
    ...part,
  };
  return { setup: new AppSetup(options), did };
}

test('another network is remembered, and the node restarted', async () => {
  const { setup: one, did } = setup();
  expect(one.state()).toEqual({ network: 'testnet', networks: ['practice', 'testnet', 'mainnet'], role: 'wallet', rolefixed: false, done: false });
  expect(await one.choose({ network: 'mainnet' })).toEqual({ restarting: true });
  expect(did).toEqual([{ network: 'mainnet', done: false }, 'restart']);
});

test('another role is saved, and the node restarted; the same one changes nothing', async () => {
  const { setup: one, did } = setup();
  expect(await one.choose({ role: 'wallet', network: 'testnet' })).toEqual({ restarting: false });
  expect(did).toEqual([]);
  expect(await one.choose({ role: 'masternode' })).toEqual({ restarting: true });
  expect(did).toEqual([{ masternode: true }, 'restart']);
});

test('the end of the first start is remembered without a restart', async () => {
  const { setup: one, did } = setup();
  expect(await one.choose({ done: true })).toEqual({ restarting: false });
  expect(did).toEqual([{ network: 'testnet', done: true }]);
  expect(one.state().done).toBe(true);
});

test('what cannot be chosen is refused, and nothing is changed', async () => {
  const fixed = setup({ networkFixed: true, roleFixed: true });
  expect(fixed.setup.state().networks).toEqual(['testnet']);
  await expect(fixed.setup.choose({ network: 'mainnet', done: true })).rejects.toMatchObject({ code: 'invalid-parameter' });
  await expect(fixed.setup.choose({ role: 'masternode' })).rejects.toMatchObject({ code: 'invalid-parameter' });
  const free = setup();
  // The role is of a network; this one's is not the other's.
  await expect(free.setup.choose({ network: 'mainnet', role: 'masternode' })).rejects.toMatchObject({ code: 'invalid-parameter' });
  expect([fixed.did, free.did]).toEqual([[], []]);
});

test('what was chosen is there after a restart, and a broken file asks again', async () => {
  const root = mkdtempSync(join(tmpdir(), 'time-app-'));
  expect(readAppChoice(root)).toEqual({ network: 'practice', done: false });
  await writeAppChoice(join(root, 'new'), { network: 'testnet', done: true });
  expect(readAppChoice(join(root, 'new'))).toEqual({ network: 'testnet', done: true });
  writeFileSync(join(root, 'app.json'), '{"network":"moon"}');
  expect(readAppChoice(root)).toEqual({ network: 'practice', done: false });
  rmSync(root, { recursive: true, force: true });
});
