import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { memoryWalletStore, type WalletStore } from '../keys/wallet-store.ts';
import { createVault } from '../keys/wallet-vault.ts';
import { WalletKeeper } from './wallet-keeper.ts';
import { cheapCost, FakeNode, lockOfNew, payee, payment, time } from './wallet-node.fixture.ts';
import type { WalletService } from './wallet-service.ts';

const directory = mkdtempSync(join(tmpdir(), 'wallet-session-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
let made = 0;
let node: FakeNode;
let store: WalletStore;
let vaultFile: string;
let service: WalletService;
const opened = async (): Promise<WalletService> => {
  const { wallet } = await WalletKeeper.open({ ...node.options(), store, network: 'testnet', vaultFile });
  if (wallet === undefined) throw new Error('no wallet');
  return wallet;
};
beforeEach(async () => {
  node = new FakeNode();
  store = memoryWalletStore();
  vaultFile = join(directory, `wallet-${made++}`);
  await createVault(vaultFile, { entropy: new Uint8Array(16).fill(3), passphrase: 'right' }, cheapCost);
  service = await opened();
});
const wrong = { code: 'wallet-passphrase-incorrect' };

describe('an open wallet', () => {
  it('locks itself once it is left alone, and anything that a person does keeps it open', async () => {
    await service.unlock('right', 60_000);
    expect(service.info()).toMatchObject({ unlocked: true, unlockedUntilMs: node.nowMs + 60_000 });
    node.pass(59_000);
    await service.newAddress('rent');
    expect(service.info().unlockedUntilMs).toBe(node.nowMs + 60_000);
    node.pass(59_000);
    expect(service.info().unlocked).toBe(true);
    // To look is not to do.
    await service.balance(undefined);
    node.pass(1_000);
    expect(service.info()).toMatchObject({ unlocked: false, unlockedUntilMs: undefined });
  });

  it('takes the passphrase all the same for whatever spends, signs or shows a secret', async () => {
    await service.unlock('right', 60_000);
    const lock = lockOfNew(await service.newAddress(''), 'testnet');
    node.fund(lock, 10n * time);
    const refused: (() => Promise<unknown>)[] = [() => service.send(payment(time)), () => service.signMessage(lock, 'mine', ''), () => service.words('rigth')];
    for (const call of refused) await expect(call()).rejects.toMatchObject(wrong);
    node.pass(2_000);
    await service.send(payment(time, { passphrase: 'right' }));
    for (const call of [() => service.backup('', undefined), () => service.nodeKeyText('')]) await expect(call()).rejects.toMatchObject(wrong);
    expect(await service.nodeKeyText('right')).toBe('TIME NODE KEY 1\n');
    expect(service.info().unlocked).toBe(true);
  });

  it('tells a masternode’s key to its owner alone, and not to a wallet that somebody made beside it', async () => {
    await service.unlock('right', 60_000);
    node.owner = payee;
    await expect(service.nodeKeyText('right')).rejects.toMatchObject({ code: 'wallet-error', data: { reason: 'other-owner' } });
    node.owner = lockOfNew(await service.newAddress(''), 'testnet');
    expect(await service.nodeKeyText('right')).toBe('TIME NODE KEY 1\n');
  });

  it('is locked at once when somebody says so', async () => {
    await service.unlock('right', 60_000);
    service.lock();
    expect(service.info()).toMatchObject({ unlocked: false });
    expect(node.timers.size).toBe(0);
  });

  it('gives out addresses beyond those that it knows while locked', async () => {
    await service.unlock('right', 1_000);
    let last = lockOfNew(await service.newAddress(''), 'testnet');
    node.pass(1_000);
    expect(service.info()).toMatchObject({ unlocked: false, keysAhead: 100 });
    for (let index = 0; index < 99; index++) last = lockOfNew(await service.newAddress(''), 'testnet');
    node.fund(last, 1n);
    await service.newAddress('');
    await expect(service.newAddress('')).rejects.toMatchObject({ code: 'wallet-locked' });
    await service.unlock('right', 60_000);
    expect(await service.newAddress('')).not.toBe('');
  });
});

describe('wrong passphrases', () => {
  it('are slowed down, also after a restart, whatever is asked for with them', async () => {
    await expect(service.words('a')).rejects.toMatchObject(wrong);
    await expect(service.send(payment(time, { passphrase: 'b' }))).rejects.toMatchObject(wrong);
    await expect(service.unlock('c', 1)).rejects.toMatchObject(wrong);
    expect(service.info()).toMatchObject({ wrongPassphrases: 3, retryAfterMs: 2_000 });
    for (const one of [service, await opened()]) {
      await expect(one.words('right')).rejects.toMatchObject({ code: 'wallet-passphrase-delayed', data: { retryafterms: 2_000 } });
    }
    node.pass(2_000);
    await expect(service.changePassphrase('d', 'new')).rejects.toMatchObject(wrong);
    expect(service.info().retryAfterMs).toBe(4_000);
    node.pass(4_000);
    await service.words('right');
    expect(service.info()).toMatchObject({ wrongPassphrases: 0, retryAfterMs: 0 });
  });

  it('are not what many right ones at once are', async () => {
    await expect(Promise.all(Array.from({ length: 8 }, () => service.words('right')))).resolves.toHaveLength(8);
  });
});

describe('another passphrase', () => {
  it('opens the wallet from then on, and locks what was open', async () => {
    await service.unlock('right', 60_000);
    await service.changePassphrase('right', 'new');
    expect(service.info().unlocked).toBe(false);
    await expect(service.words('right')).rejects.toMatchObject(wrong);
    const words = await service.words('new');
    expect(await (await opened()).words('new')).toBe(words);
  });

  it('protects what had none, and goes again', async () => {
    const { wallet } = await WalletKeeper.open({ ...node.options(), vaultFile: join(directory, `play-${made++}`) });
    if (wallet === undefined) throw new Error('no wallet');
    node.fund(lockOfNew(await wallet.newAddress('')), 10n * time);
    await wallet.changePassphrase('', 'new');
    expect(wallet.info()).toMatchObject({ passphraseRequired: true, unlocked: false });
    await expect(wallet.send(payment(time))).rejects.toMatchObject(wrong);
    await wallet.changePassphrase('new', '');
    expect(wallet.info()).toMatchObject({ passphraseRequired: false, unlocked: true });
    await wallet.send(payment(time));
  });
});

it('closed, it holds no keys', async () => {
  await service.unlock('right', 60_000);
  service.close();
  expect(service.info().unlocked).toBe(false);
});
