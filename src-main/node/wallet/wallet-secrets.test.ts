import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sodium from 'sodium-native';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { wordsOf } from '../../core/wallet/derivation.ts';
import { memoryWalletStore } from '../keys/wallet-store.ts';
import { createVault } from '../keys/wallet-vault.ts';
import { WalletKeeper } from './wallet-keeper.ts';
import { cheapCost, FakeNode, lockOfNew, payment, time } from './wallet-node.fixture.ts';

// What is done with the passphrase leaves none of the wallet's secrets in memory: all that was ever kept for one is zeros again, however it ended.

/** Each is locked in memory when it is made, as far as the system lets. */
const held: Buffer[] = [];
const lock = sodium.sodium_mlock;
/** How many pieces of memory have something in them. */
const kept = (): number => held.filter((memory) => memory.some((byte) => byte !== 0)).length;

const directory = mkdtempSync(join(tmpdir(), 'wallet-secrets-'));
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});
let node: FakeNode;
let keeper: WalletKeeper;
let own: string;
/** The one that there is now: another after one was made. */
const wallet = () => {
  if (keeper.wallet === undefined) throw new Error('no wallet');
  return keeper.wallet;
};
beforeEach(async () => {
  held.length = 0;
  vi.spyOn(sodium, 'sodium_mlock').mockImplementation((memory) => {
    held.push(memory as Buffer);
    return lock(memory);
  });
  node = new FakeNode();
  const vaultFile = join(directory, `${Math.trunc(performance.now() * 1_000)}.vault`);
  await createVault(vaultFile, { entropy: new Uint8Array(16).fill(3), passphrase: 'right' }, cheapCost);
  keeper = await WalletKeeper.open({ ...node.options(), store: memoryWalletStore(), network: 'testnet', vaultFile });
  await wallet().unlock('right', 60_000);
  own = await wallet().newAddress('');
  node.fund(lockOfNew(own, 'testnet'), 10n * time);
  wallet().lock();
});

const strong = 'vermilion-otter-plaza-77';
const theirs = { passphrase: strong, replacePassphrase: 'right' };
const otherWords = wordsOf(new Uint8Array(32).fill(4));
const uses: Readonly<Record<string, () => Promise<unknown>>> = {
  'a payment': () => wallet().send(payment(time, { passphrase: 'right', to: lockOfNew(own, 'testnet') })),
  'a signed message': () => wallet().signMessage(lockOfNew(own, 'testnet'), 'mine', 'right'),
  'the words': () => wallet().words('right'),
  'the node key': () => wallet().nodeKeyText('right'),
  'a backup': () => wallet().backup('right', 'another'),
  'another passphrase': () => wallet().changePassphrase('right', strong),
  'a new wallet': async () => {
    const { id, words, asked } = keeper.draft(24);
    const confirm = asked.map((position) => words.split(' ')[position - 1] ?? '');
    await keeper.create(id, confirm, theirs);
  },
  'a draft that nobody wanted': async () => {
    keeper.draft(12);
    node.pass(86_400_000);
  },
  'a wallet from words': () => keeper.restoreWords(otherWords, theirs),
  'a wallet from a backup': async () => keeper.restoreBackup(await wallet().backup('right', strong), theirs),
};

it.each(Object.entries(uses))('%s', async (_, use) => {
  const before = held.length;
  await use();
  expect(held.length).toBeGreaterThan(before);
  // What waits for the chain to have been looked at holds the keys as long.
  await vi.waitFor(() => expect(kept()).toBe(0));
});

it.each([
  ['a wrong passphrase', () => wallet().words('rigth')],
  ['a payment that there are no coins for', () => wallet().send(payment(99n * time, { passphrase: 'right' }))],
  ['a wallet in place of one whose passphrase nobody knew', () => keeper.restoreWords(otherWords, { ...theirs, replacePassphrase: 'rigth' })],
  ['a backup of somebody else', async () => keeper.restoreBackup(await wallet().backup('right', 'another'), theirs)],
])('%s, which fails', async (_, use) => {
  await expect(use()).rejects.toThrow();
  await vi.waitFor(() => expect(kept()).toBe(0));
});

it.each([
  ['somebody locks it', () => wallet().lock()],
  ['it was left alone', () => node.pass(60_000)],
  ['the node ends', () => keeper.close()],
])('an open wallet holds its keys until %s', async (_, end) => {
  await wallet().unlock('right', 60_000);
  expect(kept()).toBeGreaterThan(0);
  end();
  await vi.waitFor(() => expect(kept()).toBe(0));
});
