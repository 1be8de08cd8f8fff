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
import { accountsAhead, keysAhead, keysOfNextAccounts, Wallet } from './wallet.ts';
import { memoryWalletStore, type WalletChange, type WalletStore } from './wallet-store.ts';
import { createVault, openVault, type WalletVault } from './wallet-vault.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wallet-'));
  path = join(folder, 'wallet.vault');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const genesisHash = 'ab'.repeat(32) as Hash;
const entropy = new Uint8Array(16).fill(9);
const walletOf = (vault: WalletVault, store: WalletStore): Wallet => new Wallet({ vault, store, record: store.load(), genesisHash, network: 'devnet' });
const walletOn = async (store: WalletStore): Promise<Wallet> => walletOf(await openVault(path), store);

async function freshWallet(store: WalletStore = memoryWalletStore()): Promise<Wallet> {
  const vault = await createVault(path, { entropy, passphrase: '' });
  const wallet = walletOf(vault, store);
  await wallet.unlock('');
  return wallet;
}

const master = masterKey(mnemonicToSeedSync(wordsOf(entropy)));
/** What m/44'/0'/account'/change'/index' is locked to, by core's reference arithmetic. */
const expectedLock = (change: number, index: number, account = 0): Lock =>
  lockOf(toHex(publicKeyOf(derive(master, [44, 0, account, change, index]).key)) as PublicKey);
/** Of a new wallet: its one account, and those ahead. */
const watchedAtFirst = 2 * keysAhead + 2 * accountsAhead * keysOfNextAccounts;

describe('addresses', () => {
  test('are those of the path, one after the other, on both branches', async () => {
    const wallet = await freshWallet();
    expect(await wallet.newAddress()).toBe(encodeAddress(expectedLock(0, 0), 'devnet'));
    expect(await wallet.newLock('receive')).toBe(expectedLock(0, 1));
    expect(await wallet.newLock('change')).toBe(expectedLock(1, 0));
    expect(wallet.keyOf(expectedLock(1, 0))).toMatchObject({ account: 0, branch: 'change', index: 0 });
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
      ...memoryWalletStore(),
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
    expect(saved.at(-1)).toMatchObject({
      branches: [{ account: 0, branch: 'receive', next: 1, used: 0 }],
      addedKeys: [{ account: 0, branch: 'receive', index: keysAhead }],
    });
    expect(address).toBeUndefined();
    finish();
    await asked;
    expect(address).toBeDefined();
  });
});

describe('while locked', () => {
  test('it knows its locks and gives out the keys ahead, until they are used up', async () => {
    const store = memoryWalletStore();
    const first = await freshWallet(store);
    expect(await first.newLock('receive')).toBe(expectedLock(0, 0));
    first.lock();
    const wallet = await walletOn(store);
    expect(wallet.locked).toBe(true);
    expect(wallet.locks().size).toBe(watchedAtFirst + 1);
    expect(await wallet.markUsed([expectedLock(0, 0), expectedLock(0, 1)])).toEqual([]);
    for (let index = 2; index <= keysAhead; index++) expect(await wallet.newLock('receive')).toBe(expectedLock(0, index));
    expect(wallet.keysLeft).toBe(0);
    await expect(wallet.newAddress()).rejects.toMatchObject({ name: 'WalletError', code: 'locked' });
    expect(await wallet.unlock('')).toHaveLength(keysAhead);
    expect(await wallet.newLock('receive')).toBe(expectedLock(0, keysAhead + 1));
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
    expect(added).toEqual(Array.from({ length: 8 }, (_, n) => expectedLock(0, keysAhead + n)));
    expect(store.load().branches).toEqual([{ account: 0, branch: 'receive', next: 8, used: 8 }]);
    expect(await wallet.newLock('receive')).toBe(expectedLock(0, 8));
    expect(await wallet.markUsed([expectedLock(0, 2)])).toEqual([]);
  });

  test('finds every key of a history without a gap of twenty, by scanning until nothing is added', async () => {
    const used = [0, 19, 38, 57, 76, 95, 114, 133].map((index) => expectedLock(0, index));
    const wallet = await freshWallet();
    for (let added: readonly Lock[] = [...wallet.locks()]; added.length > 0; ) added = await wallet.markUsed(used.filter((lock) => added.includes(lock)));
    expect(used.every((lock) => wallet.locks().has(lock))).toBe(true);
    expect(await wallet.newLock('receive')).toBe(expectedLock(0, 134));
  });

  test('no more addresses are given out than a restored wallet would find', async () => {
    const wallet = await freshWallet();
    for (let index = 0; index < keysAhead; index++) await wallet.newLock('receive');
    await expect(wallet.newLock('receive')).rejects.toMatchObject({ code: 'too-many-unused' });
    await wallet.markUsed([expectedLock(0, 0)]);
    expect(await wallet.newLock('receive')).toBe(expectedLock(0, keysAhead));
    await expect(wallet.newLock('receive')).rejects.toMatchObject({ code: 'too-many-unused' });
  });

  test('while locked, use is noted and the keys follow at the next unlock', async () => {
    const wallet = await freshWallet();
    wallet.lock();
    expect(await wallet.markUsed([expectedLock(1, 4)])).toEqual([]);
    expect(await wallet.unlock('')).toHaveLength(5);
  });
});

describe('accounts', () => {
  test('have keys and names of their own, also after a restart', async () => {
    const store = memoryWalletStore();
    const wallet = await freshWallet(store);
    expect(wallet.accounts()).toEqual([{ account: 0, name: '', used: false }]);
    expect(await wallet.createAccount('savings')).toBe(1);
    await wallet.setAccountName(0, 'main');
    expect(await wallet.newLock('receive', 1)).toBe(expectedLock(0, 0, 1));
    expect(wallet.locksOf(1).has(expectedLock(1, keysAhead - 1, 1))).toBe(true);
    expect(wallet.locksOf(1).has(expectedLock(0, 0))).toBe(false);
    const again = await walletOn(store);
    expect(again.accounts().map(({ name }) => name)).toEqual(['main', 'savings']);
    expect(await again.newLock('receive', 1)).toBe(expectedLock(0, 1, 1));
    expect(again.givenOut(1).map(({ index }) => index)).toEqual([1, 0]);
    expect(() => again.locksOf(2)).toThrow(expect.objectContaining({ code: 'no-account' }));
    await expect(again.newLock('receive', 2)).rejects.toMatchObject({ code: 'no-account' });
  });

  test('sign with their keys, those opened while unlocked too', async () => {
    const wallet = await freshWallet();
    const account = await wallet.createAccount('');
    for (let more = 0; more < 2; more++) await wallet.createAccount('');
    const lock = await wallet.newLock('receive', account);
    const { transaction, missing } = wallet.signTransaction(spending(1), [lock]);
    expect(missing).toEqual([]);
    const message = hashBytes('sign', fromHex(genesisHash), fromHex(hashTransaction(transaction).txid));
    for (const { publicKey, signature } of transaction.witnesses) expect(verifySignature({ publicKey: fromHex(publicKey), message, signature })).toBe(true);
  });

  test('no more of them in a row are unused than a restored wallet looks at', async () => {
    const wallet = await freshWallet();
    for (let opened = 0; opened < accountsAhead; opened++) await wallet.createAccount('');
    await expect(wallet.createAccount('')).rejects.toMatchObject({ code: 'too-many-accounts' });
    await wallet.markUsed([expectedLock(0, 0, 2)]);
    expect(await wallet.createAccount('')).toBe(4);
    expect(await wallet.createAccount('')).toBe(5);
    await expect(wallet.createAccount('')).rejects.toMatchObject({ code: 'too-many-accounts' });
  });

  test('that another wallet of the same words used come to be when they are seen', async () => {
    const wallet = await freshWallet();
    const used = [expectedLock(0, 5, 2), expectedLock(1, 0, 5), expectedLock(0, 119, 5)];
    for (let added: readonly Lock[] = [...wallet.locks()]; added.length > 0; ) added = await wallet.markUsed(used.filter((lock) => added.includes(lock)));
    expect(wallet.accounts().map(({ used: seen }) => seen)).toEqual([false, false, true, false, false, true]);
    expect(wallet.locks().has(expectedLock(0, 119, 5))).toBe(false);
    expect(await wallet.markUsed([expectedLock(0, 19, 5)])).not.toEqual([]);
    expect(wallet.locks().has(expectedLock(0, 119, 5))).toBe(true);
  });

  test('go on where a backup had got to', async () => {
    const wallet = await freshWallet();
    await wallet.createAccount('savings');
    for (let index = 0; index < 30; index++) await wallet.newLock('receive', 1);
    await wallet.markUsed([expectedLock(0, 3, 1)]);
    const backup = wallet.progress();
    await rm(path);
    const store = memoryWalletStore();
    const restored = await freshWallet(store);
    await restored.resume(backup);
    expect(restored.progress()).toEqual(backup);
    expect((await walletOn(store)).progress()).toEqual(backup);
    expect(await restored.newLock('receive', 1)).toBe(expectedLock(0, 30, 1));
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
    const wallet = walletOf(vault, store);
    await expect(wallet.unlock('')).rejects.toMatchObject({ name: 'WalletError', code: 'other-wallet' });
    expect(wallet.locked).toBe(true);
    expect(vault.secrets).toBeUndefined();
  });

  test('gets the keys that it refused with what it stores next, so that none is missing after a restart', async () => {
    const store = memoryWalletStore();
    let full = false;
    const refusing: WalletStore = { ...store, save: (change) => (full ? Promise.reject(new Error('the disk is full')) : store.save(change)) };
    const wallet = await freshWallet(refusing);
    full = true;
    await expect(wallet.newLock('receive')).rejects.toThrow('full');
    await expect(wallet.markUsed([expectedLock(1, 4)])).rejects.toThrow('full');
    full = false;
    expect(await wallet.newLock('receive')).toBe(expectedLock(0, 1));
    const again = await walletOn(store);
    expect([...again.locks()].sort()).toEqual([...wallet.locks()].sort());
    expect(await again.newLock('receive')).toBe(expectedLock(0, 2));
  });

  test('with a hole in its keys is refused', async () => {
    const store = memoryWalletStore();
    await freshWallet(store);
    const record = store.load();
    const vault = await openVault(path);
    const open = (damaged: typeof record) => () => walletOf(vault, memoryWalletStore(damaged));
    expect(open({ ...record, keys: record.keys.slice(1) })).toThrow(expect.objectContaining({ code: 'damaged-store' }));
    expect(open({ ...record, keys: [], branches: [{ account: 0, branch: 'receive', next: 1, used: 0 }] })).toThrow(
      expect.objectContaining({ code: 'damaged-store' }),
    );
    expect(open(record)).not.toThrow();
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

test('that is locked the moment its vault opens derives nothing: the seed is zeros by then', async () => {
  const vault = await createVault(path, { entropy, passphrase: '' });
  const store = memoryWalletStore();
  const wallet = walletOf(vault, store);
  const unlock = vault.unlock.bind(vault);
  vault.unlock = async (passphrase) => {
    const secrets = await unlock(passphrase);
    vault.lock();
    return secrets;
  };
  await expect(wallet.unlock('')).rejects.toMatchObject({ code: 'locked-meanwhile' });
  expect(wallet.locked).toBe(true);
  expect(store.load().keys).toEqual([]);
});
