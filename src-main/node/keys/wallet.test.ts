import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mnemonicToSeedSync } from '@scure/bip39';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeAddress, lockOf, parseAddress } from '../../../src-shared/domain/address.ts';
import type { Hash, Lock, PublicKey, Txid } from '../../../src-shared/domain/ids.ts';
import type { Transaction } from '../../core/codec/transaction.ts';
import { hashTransaction } from '../../core/codec/transaction.ts';
import { hashBytes } from '../../core/crypto/hash.ts';
import { fromHex, toHex } from '../../core/crypto/hex.ts';
import { publicKeyOf, verifySignature } from '../../core/crypto/signature.ts';
import { derive, masterKey, wordsOf } from '../../core/wallet/derivation.ts';
import { lookAheadKeys, maxLabelCharacters, Wallet } from './wallet.ts';
import { memoryWalletStore, type WalletChange, type WalletStore } from './wallet-store.ts';
import { createVault, openVault } from './wallet-vault.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wallet-'));
  path = join(folder, 'wallet.vault');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const genesisHash = 'ab'.repeat(32) as Hash;
const entropy = new Uint8Array(16).fill(9);
const walletOn = async (store: WalletStore): Promise<Wallet> => new Wallet({ vault: await openVault(path), store, genesisHash, network: 'devnet' });

async function freshWallet(store: WalletStore = memoryWalletStore()): Promise<Wallet> {
  const vault = await createVault(path, { entropy, passphrase: '' });
  const wallet = new Wallet({ vault, store, genesisHash, network: 'devnet' });
  await wallet.unlock('');
  return wallet;
}

/** What m/44'/0'/0'/change'/index' is locked to, by core's reference arithmetic. */
const expectedLock = (change: number, index: number): Lock =>
  lockOf(toHex(publicKeyOf(derive(masterKey(mnemonicToSeedSync(wordsOf(entropy))), [44, 0, 0, change, index]).key)) as PublicKey);

describe('addresses', () => {
  test('are those of the path, one after the other, on both branches', async () => {
    const wallet = await freshWallet();
    expect(await wallet.newAddress()).toBe(encodeAddress(expectedLock(0, 0), 'devnet'));
    expect(await wallet.newLock('receive')).toBe(expectedLock(0, 1));
    expect(await wallet.newLock('change')).toBe(expectedLock(1, 0));
    expect(wallet.publicKeyOf(expectedLock(0, 1))).toBeDefined();
  });

  test('are never given out twice, at once or after a restart', async () => {
    const store = memoryWalletStore();
    const wallet = await freshWallet(store);
    const given = await Promise.all(Array.from({ length: 30 }, () => wallet.newAddress()));
    const again = await walletOn(store);
    const all = [...given, await again.newAddress()];
    expect(new Set(all).size).toBe(31);
    expect(all.every((address) => parseAddress(address, 'devnet').ok)).toBe(true);
  });

  test('are stored as given out before anybody sees them', async () => {
    const saved: WalletChange[] = [];
    let finish = (): void => undefined;
    const slow: WalletStore = {
      load: memoryWalletStore().load,
      save: (change) => {
        saved.push(change);
        return saved.length === 1 ? Promise.resolve() : new Promise((resolve) => (finish = resolve));
      },
    };
    const wallet = await freshWallet(slow);
    let address: string | undefined;
    const asked = wallet.newAddress().then((given) => {
      address = given;
    });
    await new Promise(setImmediate);
    expect(saved.at(-1)).toMatchObject({ next: { receive: 1, change: 0 }, addedKeys: [{ branch: 'receive', index: lookAheadKeys }] });
    expect(address).toBeUndefined();
    finish();
    await asked;
    expect(address).toBeDefined();
  });
});

describe('while locked', () => {
  test('it knows its locks and gives out the keys ahead, until they are used up', async () => {
    const store = memoryWalletStore();
    (await freshWallet(store)).lock();
    const wallet = await walletOn(store);
    expect(wallet.locked).toBe(true);
    expect(wallet.locks().size).toBe(2 * lookAheadKeys);
    for (let index = 0; index < lookAheadKeys; index++) expect(await wallet.newLock('receive')).toBe(expectedLock(0, index));
    await expect(wallet.newAddress()).rejects.toMatchObject({ name: 'WalletError', code: 'locked' });
    expect(await wallet.unlock('')).toHaveLength(lookAheadKeys);
    expect(await wallet.newLock('receive')).toBe(expectedLock(0, lookAheadKeys));
  });

  test('it signs nothing', async () => {
    const wallet = await freshWallet();
    const lock = await wallet.newLock('receive');
    wallet.lock();
    expect(() => wallet.signTransaction(spending(1), [lock])).toThrow(expect.objectContaining({ code: 'locked' }));
  });

  test('a wrong passphrase leaves it locked', async () => {
    const wallet = await freshWallet();
    wallet.lock();
    await expect(wallet.unlock('wrong')).rejects.toMatchObject({ code: 'wrong-passphrase' });
    expect(wallet.locked).toBe(true);
  });
});

describe('restoring', () => {
  test('a lock seen in the chain moves the look-ahead past it, on its own branch only', async () => {
    const store = memoryWalletStore();
    const wallet = await freshWallet(store);
    const added = await wallet.markUsed([expectedLock(0, 7), expectedLock(0, 3), '00'.repeat(20) as Lock]);
    expect(added).toEqual(Array.from({ length: 8 }, (_, n) => expectedLock(0, lookAheadKeys + n)));
    expect(store.load().next).toEqual({ receive: 8, change: 0 });
    expect(await wallet.newLock('receive')).toBe(expectedLock(0, 8));
    expect(await wallet.markUsed([expectedLock(0, 2)])).toEqual([]);
  });

  test('finds every key of a history without a gap of twenty, by scanning until nothing is added', async () => {
    const used = [0, 19, 38, 57].map((index) => expectedLock(0, index));
    const wallet = await freshWallet();
    for (let added: readonly Lock[] = [...wallet.locks()]; added.length > 0; ) added = await wallet.markUsed(used.filter((lock) => added.includes(lock)));
    expect(used.every((lock) => wallet.locks().has(lock))).toBe(true);
    expect(await wallet.newLock('receive')).toBe(expectedLock(0, 58));
  });

  test('while locked, use is noted and the keys follow at the next unlock', async () => {
    const wallet = await freshWallet();
    wallet.lock();
    expect(await wallet.markUsed([expectedLock(1, 4)])).toEqual([]);
    expect(await wallet.unlock('')).toHaveLength(5);
  });
});

describe('signing', () => {
  test('for the inputs that are its own, with keys of any branch, valid by the one rule', async () => {
    const wallet = await freshWallet();
    const own = [await wallet.newLock('receive'), await wallet.newLock('change')];
    const stranger = '11'.repeat(20) as Lock;
    const { transaction, missing } = wallet.signTransaction(spending(3), [...own, stranger]);
    expect(missing).toEqual([stranger]);
    expect(transaction.witnesses.map(({ publicKey }) => lockOf(publicKey))).toEqual(own);
    const message = hashBytes('sign', fromHex(genesisHash), fromHex(hashTransaction(transaction).txid));
    for (const { publicKey, signature } of transaction.witnesses) expect(verifySignature({ publicKey: fromHex(publicKey), message, signature })).toBe(true);
  });
});

describe('the store', () => {
  test('of another wallet is noticed at unlock, and nothing stays unlocked', async () => {
    const store = memoryWalletStore();
    await freshWallet(store);
    await rm(path);
    const vault = await createVault(path, { entropy: new Uint8Array(16).fill(1), passphrase: '' });
    const wallet = new Wallet({ vault, store, genesisHash, network: 'devnet' });
    await expect(wallet.unlock('')).rejects.toMatchObject({ name: 'WalletError', code: 'other-wallet' });
    expect(wallet.locked).toBe(true);
    expect(vault.secrets).toBeUndefined();
  });

  test('with a hole in its keys is refused', async () => {
    const store = memoryWalletStore();
    await freshWallet(store);
    const record = store.load();
    const vault = await openVault(path);
    const open = (damaged: typeof record) => () => new Wallet({ vault, store: memoryWalletStore(damaged), genesisHash, network: 'devnet' });
    expect(open({ ...record, keys: record.keys.slice(1) })).toThrow(expect.objectContaining({ code: 'damaged-store' }));
    expect(open({ ...record, keys: [], next: { receive: 1, change: 0 } })).toThrow(expect.objectContaining({ code: 'damaged-store' }));
    expect(open(record)).not.toThrow();
  });

  test('keeps labels, of strangers too, until they are emptied', async () => {
    const store = memoryWalletStore();
    const wallet = await freshWallet(store);
    const shop = '33'.repeat(20) as Lock;
    await wallet.setLabel(shop, 'the shop');
    expect((await walletOn(store)).label(shop)).toBe('the shop');
    await wallet.setLabel(shop, '');
    expect(wallet.label(shop)).toBeUndefined();
    expect((await walletOn(store)).label(shop)).toBeUndefined();
    await expect(wallet.setLabel(shop, 'x'.repeat(maxLabelCharacters + 1))).rejects.toMatchObject({ code: 'label-too-long' });
  });
});

function spending(inputs: number): Transaction {
  return {
    version: 1,
    kind: 'transfer',
    inputs: Array.from({ length: inputs }, (_, vout) => ({ txid: '00'.repeat(32) as Txid, vout })),
    outputs: [{ amount: 1_000n, lock: '44'.repeat(20) as Lock }],
    timestamp: 1_700_000_000_000,
    payload: new Uint8Array(0),
    witnesses: [],
  };
}
