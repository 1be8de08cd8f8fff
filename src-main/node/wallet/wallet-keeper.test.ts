import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sumOf } from '../../../src-shared/domain/amount.ts';
import { wordsOf } from '../../core/wallet/derivation.ts';
import { memoryWalletStore, type WalletStore } from '../keys/wallet-store.ts';
import { createVault } from '../keys/wallet-vault.ts';
import { type NewWallet, WalletKeeper, type WalletKeeperOptions } from './wallet-keeper.ts';
import { cheapCost, FakeNode, lockOfNew, payee, payment, time } from './wallet-node.fixture.ts';
import type { WalletService } from './wallet-service.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wallet-keeper-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const network = 'testnet' as const;
const entropy = new Uint8Array(16).fill(9);
const words = wordsOf(entropy);
const secret: NewWallet = { passphrase: 'secret', replacePassphrase: undefined };

const keeperOn = (node: FakeNode, more: Partial<WalletKeeperOptions> = {}): Promise<WalletKeeper> =>
  WalletKeeper.open({ ...node.options(), network, vaultFile: join(directory, 'wallet.vault'), ...more });
const addressOf = async (service: WalletService, account = 0) => lockOfNew(await service.newAddress('', account), network);
/** The scan that a new wallet begins by itself. */
const scanned = (service: WalletService): Promise<unknown> => service.balance(undefined);

describe('a new wallet', () => {
  it.each([12, 24] as const)('of %i words is made once three of them are said back', async (count) => {
    const keeper = await keeperOn(new FakeNode());
    expect(keeper.wallet).toBeUndefined();
    const draft = keeper.draft(count);
    const drafted = draft.words.split(' ');
    expect(drafted).toHaveLength(count);
    const said = draft.asked.map((position) => drafted[position - 1] ?? '');
    await expect(keeper.create(draft.id, [said[1] ?? '', 'no', ''], secret)).rejects.toMatchObject({ code: 'invalid-words', data: { reason: 'not-asked' } });
    expect(readdirSync(directory)).toEqual([]);
    const service = await keeper.create(
      draft.id,
      said.map((word) => ` ${word.toUpperCase()}`),
      secret,
    );
    expect(keeper.wallet).toBe(service);
    await scanned(service);
    expect(service.info()).toMatchObject({ words: count, passphraseRequired: true, unlocked: false, keysAhead: 100 });
    expect(await service.words('secret')).toBe(draft.words);
    await expect(keeper.create(draft.id, said, secret)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('has a passphrase where coins are real, and asks for other words each time', async () => {
    const keeper = await keeperOn(new FakeNode());
    const [one, other] = [keeper.draft(24), keeper.draft(24)];
    expect(one.words).not.toBe(other.words);
    const said = one.asked.map((position) => one.words.split(' ')[position - 1] ?? '');
    await expect(keeper.create(one.id, said, { ...secret, passphrase: '' })).rejects.toMatchObject({ code: 'invalid-parameter' });
    await keeper.create(one.id, said, secret);
    await expect(keeper.restoreWords(words, secret)).rejects.toMatchObject({ code: 'wallet-already-exists' });
  });

  it('is of the words that were said back, also where their draft is forgotten while it is made', async () => {
    const keeper: WalletKeeper = await keeperOn(new FakeNode(), {
      chooseCost: (passphrase) => {
        for (let others = 0; others < 4; others++) keeper.draft(12);
        return cheapCost(passphrase);
      },
    });
    const draft = keeper.draft(24);
    const said = draft.asked.map((position) => draft.words.split(' ')[position - 1] ?? '');
    const service = await keeper.create(draft.id, said, secret);
    expect(await service.words('secret')).toBe(draft.words);
  });

  it('is forgotten while it is a draft: after half an hour, and when there are others', async () => {
    const node = new FakeNode();
    const keeper = await keeperOn(node);
    const first = keeper.draft(12);
    const rest = Array.from({ length: 4 }, () => keeper.draft(12));
    await expect(keeper.create(first.id, ['', '', ''], secret)).rejects.toMatchObject({ code: 'not-found' });
    node.pass(30 * 60_000);
    await expect(keeper.create(rest[3]?.id ?? '', ['', '', ''], secret)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('words', () => {
  it.each([
    ['abandon', { reason: 'word-count', count: 1 }],
    [`${'abandon '.repeat(11)}abandom`, { reason: 'unknown-word', position: 12 }],
    ['abandon '.repeat(12), { reason: 'wrong-checksum' }],
  ])('that are none say why, without repeating them: %s', async (typed, data) => {
    const keeper = await keeperOn(new FakeNode());
    const refused = await keeper.restoreWords(typed, secret).catch((error: unknown) => error as Error & { data: object });
    expect(refused).toMatchObject({ code: 'invalid-words' });
    expect((refused as { data: object }).data).toEqual(data);
    expect(JSON.stringify(refused)).not.toContain('abando');
  });

  it('on a second node find every coin and payment, in every account', async () => {
    const node = new FakeNode();
    const first = await (await keeperOn(node, { store: memoryWalletStore() })).restoreWords(words, secret);
    await scanned(first);
    await first.createAccount('savings');
    await first.unlock('secret', 60_000);
    let funded = 0n;
    for (const account of [0, 1]) {
      for (let index = 0; index < 40; index++) {
        const lock = await addressOf(first, account);
        if (index % 13 === 7) {
          node.fund(lock, time);
          funded += time;
          await scanned(first);
        }
      }
    }
    const txid = await first.send(payment(5n * time, { passphrase: 'secret' }));
    node.setStatus(txid, 'final');
    node.decide();
    const left = (await first.balance(undefined)).spendable;
    const history = (await first.list({ count: 100, skip: 0, account: undefined })).map(({ entry }) => [entry.txid, entry.net]);
    rmSync(join(directory, 'wallet.vault'));

    const second = await (await keeperOn(node, { store: memoryWalletStore() })).restoreWords(` ${words.toUpperCase()} `, { ...secret, passphrase: 'another' });
    expect(second.info().scanning).not.toBeUndefined();
    expect((await second.balance(undefined)).spendable).toBe(left);
    expect(second.info().scanning).toBeUndefined();
    expect((await second.list({ count: 100, skip: 0, account: undefined })).map(({ entry }) => [entry.txid, entry.net])).toEqual(history);
    expect(history).toHaveLength(7);
    expect(sumOf(history.map(([, net]) => net as bigint))).toBe(left);
    expect(funded).toBe(6n * time);
    expect(second.accounts().map(({ used }) => used)).toEqual([true, true]);
    // What it gives out was never given out before.
    expect(node.chain.some(({ locks }) => locks.has(payee))).toBe(true);
    expect(second.isMine(await addressOf(second, 1))).toBe(true);
  });

  it('restored on a node that is behind, find what comes later without the passphrase', async () => {
    const node = new FakeNode();
    const other = await (await keeperOn(node, { store: memoryWalletStore() })).restoreWords(words, secret);
    const locks: Awaited<ReturnType<typeof addressOf>>[] = [];
    for (let index = 0; index < 90; index++) locks.push(await addressOf(other));
    rmSync(join(directory, 'wallet.vault'));
    const behind = await (await keeperOn(node, { store: memoryWalletStore() })).restoreWords(words, secret);
    await scanned(behind);
    expect(behind.info().unlocked).toBe(false);
    for (const lock of [19, 38, 57, 76, 89].flatMap((index) => locks[index] ?? [])) node.fund(lock, 1n);
    expect((await behind.balance(undefined)).spendable).toBe(5n);
    expect(await addressOf(behind)).not.toBe(locks[89]);
  });
});

describe('a backup', () => {
  it('brings back accounts, labels, requests and what is set aside, with its own passphrase', async () => {
    const node = new FakeNode();
    const service = await (await keeperOn(node)).restoreWords(words, secret);
    await service.createAccount('savings');
    const lock = await addressOf(service, 1);
    const coin = node.fund(lock, time);
    await service.setLabel(payee, 'the shop');
    await service.putAside([coin]);
    const { request } = await service.createRequest(5n, 'rent', 1);
    const file = await service.backup('secret', 'for the drawer');
    await expect(service.backup('wrong', undefined)).rejects.toMatchObject({ code: 'wallet-passphrase-incorrect' });

    rmSync(join(directory, 'wallet.vault'));
    const keeper = await keeperOn(node, { store: memoryWalletStore() });
    await expect(keeper.restoreBackup(file, secret)).rejects.toMatchObject({ code: 'wallet-passphrase-incorrect' });
    await expect(keeper.restoreBackup(Buffer.from('nothing'), secret)).rejects.toMatchObject({ code: 'invalid-backup', data: { reason: 'damaged' } });
    expect(keeper.wallet).toBeUndefined();
    const restored = await keeper.restoreBackup(file, { ...secret, passphrase: 'for the drawer' });
    expect(restored.accounts().map(({ name }) => name)).toEqual(['', 'savings']);
    expect(restored.label(payee)).toBe('the shop');
    expect([...restored.setAside()]).toEqual([coin]);
    expect(await restored.requests(10, 0)).toMatchObject([{ request, account: 1, state: 'open' }]);
    expect(await restored.words('for the drawer')).toBe(words);
    expect(restored.isMine(lock)).toBe(true);
    expect(await addressOf(restored, 1)).not.toBe(request.lock);
  });
});

describe('a wallet that is there', () => {
  const opened = async (store: WalletStore, node = new FakeNode()) => {
    await createVault(join(directory, 'wallet.vault'), { entropy: new Uint8Array(32).fill(7), passphrase: 'old' }, cheapCost);
    return { keeper: await keeperOn(node, { store }), node };
  };

  it('is moved aside by whoever has its passphrase, and by nobody else', async () => {
    const { keeper } = await opened(memoryWalletStore());
    const before = keeper.wallet;
    await before?.setLabel(payee, 'the shop');
    await expect(keeper.restoreWords(words, secret)).rejects.toMatchObject({ code: 'wallet-already-exists' });
    await expect(keeper.restoreWords(words, { ...secret, replacePassphrase: 'guess' })).rejects.toMatchObject({ code: 'wallet-passphrase-incorrect' });
    await expect(keeper.restoreWords('no words', { ...secret, replacePassphrase: 'old' })).rejects.toMatchObject({ code: 'invalid-words' });
    expect(keeper.wallet).toBe(before);
    const service = await keeper.restoreWords(words, { ...secret, replacePassphrase: 'old' });
    expect(keeper.wallet).toBe(service);
    expect(service.label(payee)).toBe('');
    expect(readdirSync(directory).sort()).toEqual([expect.stringMatching(/^wallet-20231114T221320Z-[0-9a-f]{4}\.vault$/), 'wallet.vault']);
  });

  it('stays where no other can be made: a full disk, at any step', async () => {
    const full = new Error('no room');
    const memory = memoryWalletStore();
    let failing: 'nothing' | 'seal' | 'database' | 'lists' = 'nothing';
    const store: WalletStore = {
      load: () => memory.load(),
      save: (change) => (failing === 'lists' && change.labels !== undefined ? Promise.reject(full) : memory.save(change)),
      startAnew: (aside) => (failing === 'database' ? Promise.reject(full) : memory.startAnew(aside)),
    };
    const vaultFile = join(directory, 'wallet.vault');
    await createVault(vaultFile, { entropy: new Uint8Array(32).fill(7), passphrase: 'old' }, cheapCost);
    const node = new FakeNode();
    const chooseCost = (passphrase: string) => (failing === 'seal' ? Promise.reject(full) : cheapCost(passphrase));
    const keeper = await keeperOn(node, { store, chooseCost });
    const before = await keeper.wallet?.words('old');
    const file = await keeper.wallet?.backup('old', undefined);
    await keeper.wallet?.unlock('old', 1_000);
    node.fund(await addressOf(keeper.wallet as WalletService), time);
    for (failing of ['seal', 'database', 'lists'] as const) {
      await expect(keeper.restoreBackup(file ?? Buffer.of(), { passphrase: 'old', replacePassphrase: 'old' })).rejects.toBe(full);
      expect(await keeper.wallet?.words('old')).toBe(before);
      await keeper.wallet?.unlock('old', 1_000);
      expect((await keeper.wallet?.balance(undefined))?.spendable).toBe(time);
    }
    failing = 'nothing';
    const after = await keeperOn(node, { store });
    await after.wallet?.unlock('old', 1_000);
    expect((await after.wallet?.balance(undefined))?.spendable).toBe(time);
  });

  it('gives way to a new one at once: a kill finds the one or the other', async () => {
    const memory = memoryWalletStore();
    const seen: string[][] = [];
    const look = (): void => void seen.push(readdirSync(directory));
    const store: WalletStore = {
      load: () => memory.load(),
      save: (change) => {
        look();
        return memory.save(change);
      },
      startAnew: (aside) => {
        look();
        return memory.startAnew(aside);
      },
    };
    const vaultFile = join(directory, 'wallet.vault');
    await createVault(vaultFile, { entropy: new Uint8Array(32).fill(7), passphrase: 'old' }, cheapCost);
    const keeper = await keeperOn(new FakeNode(), {
      store,
      chooseCost: (passphrase) => {
        look();
        return cheapCost(passphrase);
      },
    });
    await keeper.restoreWords(words, { ...secret, replacePassphrase: 'old' });
    expect(seen.length).toBeGreaterThan(2);
    for (const files of seen) expect(files).toContain('wallet.vault');
  });

  it('whose vault somebody took away leaves nothing that a new one trips over', async () => {
    const store = memoryWalletStore();
    const { keeper } = await opened(store);
    await keeper.wallet?.unlock('old', 1_000);
    expect(store.load().keys.length).toBeGreaterThan(0);
    rmSync(join(directory, 'wallet.vault'));
    const service = await (await keeperOn(new FakeNode(), { store })).restoreWords(words, secret);
    expect(await service.words('secret')).toBe(words);
    rmSync(join(directory, 'wallet.vault'));
    const practice = await keeperOn(new FakeNode(), { store, network: 'devnet' });
    expect(practice.wallet?.info()).toMatchObject({ words: 24, unlocked: true });
  });
});

it('a practice network has one at once, without a passphrase', async () => {
  const keeper = await keeperOn(new FakeNode(), { network: 'devnet' });
  expect(keeper.wallet?.info()).toMatchObject({ passphraseRequired: false, unlocked: true });
  const service = await keeper.restoreWords(words, { passphrase: '', replacePassphrase: '' });
  expect(service.info()).toMatchObject({ words: 12, passphraseRequired: false, unlocked: true });
});

describe('a wallet that cannot be opened says which file it is, and what to do', () => {
  const vaultFile = () => join(directory, 'wallet.vault');
  const openedOn = (store: WalletStore): Promise<WalletKeeper> =>
    WalletKeeper.open({ ...new FakeNode().options(), network: 'devnet', vaultFile: vaultFile(), store });

  it('where its words are damaged, cannot be read, or are a later release’s', async () => {
    writeFileSync(vaultFile(), 'x');
    await expect(openedOn(memoryWalletStore())).rejects.toMatchObject({
      name: 'OperationalError',
      code: 'wallet-vault-damaged',
      detail: expect.stringContaining(vaultFile()),
      whatToDo: expect.stringContaining('restore the wallet from its words'),
    });
    writeFileSync(vaultFile(), Buffer.concat([Buffer.from('TIMEVLT\0'), Buffer.of(2, 0)]));
    await expect(openedOn(memoryWalletStore())).rejects.toMatchObject({ code: 'database-newer', detail: expect.stringContaining(vaultFile()) });
    rmSync(vaultFile());
    mkdirSync(vaultFile());
    await expect(openedOn(memoryWalletStore())).rejects.toMatchObject({ code: 'data-directory-unusable', detail: expect.stringContaining(vaultFile()) });
  });

  it('where its addresses have a hole, or are of other words', async () => {
    const store = memoryWalletStore();
    await openedOn(store);
    const record = store.load();
    await expect(openedOn(memoryWalletStore({ ...record, keys: record.keys.slice(1) }))).rejects.toMatchObject({
      code: 'wallet-file-damaged',
      detail: expect.stringContaining('wallet.sqlite'),
    });
    rmSync(vaultFile());
    await createVault(vaultFile(), { entropy, passphrase: '' }, cheapCost);
    await expect(openedOn(store)).rejects.toMatchObject({ code: 'wallet-file-foreign', whatToDo: expect.stringContaining('Move wallet.sqlite away') });
  });
});
