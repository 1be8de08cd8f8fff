import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockOf, parseAddress } from '../../../src-shared/domain/address.ts';
import { sumOf } from '../../../src-shared/domain/amount.ts';
import { type Lock, outpointKey, outpointOf, type Txid } from '../../../src-shared/domain/ids.ts';
import type { HashedTransaction } from '../../core/codec/transaction.ts';
import { verifySignature } from '../../core/crypto/signature.ts';
import { checkInputs } from '../../core/ledger/check-inputs.ts';
import { checkTransaction, signatureItems } from '../../core/ledger/check-transaction.ts';
import { plainTerms } from '../../core/ledger/ledger-fixtures.ts';
import { memoryWalletStore, type WalletRecord } from '../keys/wallet-store.ts';
import { createVault } from '../keys/wallet-vault.ts';
import { WalletKeeper } from './wallet-keeper.ts';
import { FakeNode, genesisHash, lockOfNew, payee, payment, time } from './wallet-node.fixture.ts';
import type { WalletService } from './wallet-service.ts';

let directory: string;
let made: { readonly vaultFile: string; readonly record: WalletRecord };
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'wallet-service-'));
  const vaultFile = join(directory, 'wallet');
  const store = memoryWalletStore();
  await WalletKeeper.open({ ...new FakeNode().options(), vaultFile, store });
  made = { vaultFile, record: store.load() };
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The keys ahead are derived once for all. */
async function walletOn(node: FakeNode): Promise<{ readonly service: WalletService; readonly lock: Lock }> {
  const { vaultFile, record } = made;
  const { wallet: service } = await WalletKeeper.open({ ...node.options(), vaultFile, store: memoryWalletStore(record) });
  if (service === undefined) throw new Error('no wallet');
  return { service, lock: lockOfNew(await service.newAddress('')) };
}

describe('a payment', () => {
  it('passes every rule of the ledger, and its change is spendable once it is final', async () => {
    const node = new FakeNode();
    const { service, lock } = await walletOn(node);
    node.fund(lock, 10n * time);
    const txid = await service.send(payment(3n * time));
    const entry = node.pending.get(txid);
    const hashed = entry?.hashed as HashedTransaction;
    expect(checkTransaction(hashed)).toBeUndefined();
    for (const item of signatureItems(hashed, genesisHash)) expect(verifySignature(item)).toBe(true);
    const checked = checkInputs(hashed, { coins: node, height: node.height + 1, coinbaseMaturity: 2, terms: plainTerms() });
    expect(checked).toMatchObject({ ok: true });
    expect(await service.balance(undefined)).toMatchObject({ spendable: 0n, pending: 10n * time - 3n * time - 300_000n });
    if (entry !== undefined) entry.status = 'final';
    expect(await service.balance(undefined)).toMatchObject({ spendable: 7n * time - 300_000n, pending: 0n });
    node.decide();
    expect(await service.balance(undefined)).toMatchObject({ spendable: 7n * time - 300_000n, pending: 0n });
  });

  it('never shares a coin with another under way, however many are sent at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.bigInt({ min: 10_000n, max: 50_000_000n }), { minLength: 2, maxLength: 12 }),
        fc.array(fc.bigInt({ min: 546n, max: 20_000_000n }), { minLength: 2, maxLength: 10 }),
        async (coins, amounts) => {
          const node = new FakeNode();
          const { service, lock } = await walletOn(node);
          for (const amount of coins) node.fund(lock, amount);
          const before = sumOf(coins);
          const results = await Promise.allSettled(amounts.map((amount) => service.send(payment(amount))));
          const spent = [...node.pending.values()].flatMap(({ hashed }) => hashed.transaction.inputs.map(outpointKey));
          expect(new Set(spent).size).toBe(spent.length);
          expect(node.pending.size).toBe(results.filter(({ status }) => status === 'fulfilled').length);
          for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'insufficient-funds' });
          // Whatever became of them, the wallet has what it had, less what was paid and the fees.
          const left = sumOf(
            [...node.pending.values()].map(({ hashed }) =>
              sumOf(hashed.transaction.outputs.filter((output) => output.lock === payee).map(({ amount }) => amount)),
            ),
          );
          const { spendable, pending } = await service.balance(undefined);
          const fees = before - left - spendable - pending;
          expect(fees).toBeGreaterThanOrEqual(1_000n * BigInt(node.pending.size));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('that the node refuses gives its coins back, with the reason', async () => {
    const node = new FakeNode();
    const { service, lock } = await walletOn(node);
    node.fund(lock, 10n * time);
    node.refuse = { code: 'mempool-full', detail: 'full' };
    await expect(service.send(payment(time))).rejects.toMatchObject({ code: 'transaction-rejected', data: { rejection: 'mempool-full' } });
    node.refuse = undefined;
    await expect(service.send(payment(time))).resolves.toMatch(/^[0-9a-f]{64}$/);
  });

  it('that must wait for change says how much is on its way', async () => {
    const node = new FakeNode();
    const { service, lock } = await walletOn(node);
    node.fund(lock, 10n * time);
    await service.send(payment(time));
    await expect(service.send(payment(time))).rejects.toMatchObject({ code: 'insufficient-funds', data: { available: '0.00000000', pending: '8.99900000' } });
  });

  it('of everything, with the fee inside, leaves nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.bigInt({ min: 10_000n, max: 10_000_000_000n }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 100 }),
        async (coins, percent) => {
          const node = new FakeNode();
          const { service, lock } = await walletOn(node);
          for (const amount of coins) node.fund(lock, amount);
          const amount = (sumOf(coins) * BigInt(percent)) / 100n;
          fc.pre(amount > 5_000n + amount / 900n);
          const txid = await service.send({ ...payment(amount), subtractFee: true });
          const outputs = node.pending.get(txid)?.hashed.transaction.outputs ?? [];
          const paid = sumOf(outputs.filter((output) => output.lock === payee).map((output) => output.amount));
          expect(paid).toBeLessThan(amount);
          const { pending, spendable } = await service.balance(undefined);
          const left = sumOf(coins) - pending - spendable;
          // Dust that is no coin goes to the fee.
          expect(left >= amount - 546n && left <= amount + 546n).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is estimated as it is sent', async () => {
    const node = new FakeNode();
    const { service, lock } = await walletOn(node);
    for (let coin = 0; coin < 3; coin++) node.fund(lock, 4n * time);
    const plan = await service.estimate(payment(9n * time));
    const txid = await service.send(payment(9n * time));
    expect(node.pending.get(txid)?.hashed.transaction.outputs).toEqual(plan.outputs);
    await expect(service.estimate(payment(undefined))).rejects.toMatchObject({ code: 'insufficient-funds' });
  });

  it.each([
    [0n, 'invalid-parameter'],
    [545n, 'invalid-parameter'],
    [11n * time, 'insufficient-funds'],
  ])('of %s units is refused: %s', async (amount, code) => {
    const node = new FakeNode();
    const { service, lock } = await walletOn(node);
    node.fund(lock, 10n * time);
    await expect(service.send(payment(amount))).rejects.toMatchObject({ code });
  });
});

describe('coins', () => {
  it('count as one thing each', async () => {
    const node = new FakeNode();
    const { service, lock } = await walletOn(node);
    node.fund(lock, 1n);
    node.fund(lock, 10n, { coinbase: true, height: node.height + 3 });
    node.collateral.add(node.fund(lock, 100n));
    expect(await service.balance(undefined)).toEqual({ spendable: 1n, immature: 10n, locked: 100n, pending: 0n });
    expect((await service.listCoins()).map(({ category }) => category).sort()).toEqual(['immature', 'locked', 'spendable']);
  });
  it('are free again when what wanted them is rejected', async () => {
    const node = new FakeNode();
    const { service, lock } = await walletOn(node);
    node.fund(lock, 10n * time);
    const txid = await service.send(payment(time));
    const entry = node.pending.get(txid);
    if (entry !== undefined) entry.status = 'rejected';
    expect(await service.balance(undefined)).toMatchObject({ spendable: 10n * time, pending: 0n });
    expect(await service.list({ count: 1, skip: 0, account: undefined })).toMatchObject([{ stage: 'rejected' }]);
    node.pending.delete(txid);
    node.departed.set(txid, { state: 'dropped', reason: 'expired', detail: '' });
    expect(await service.list({ count: 1, skip: 0, account: undefined })).toMatchObject([
      { stage: 'dropped', reason: 'expired', entry: { kind: 'sent', fee: 100_000n } },
    ]);
  });
  it('are asked for once a block', async () => {
    const node = new FakeNode();
    const { service, lock } = await walletOn(node);
    node.fund(lock, time);
    await service.balance(undefined);
    const asked = node.coinQueries;
    for (let time = 0; time < 5; time++) await service.balance(undefined);
    expect(node.coinQueries).toBe(asked);
    node.decide();
    await service.balance(undefined);
    expect(node.coinQueries).toBe(asked + 1);
  });
  it('of a wallet restored from its words are found beyond the first gap', async () => {
    const node = new FakeNode();
    const { service } = await walletOn(node);
    let last = '';
    for (let index = 0; index < 30; index++) {
      last = await service.newAddress('');
      const parsed = parseAddress(last, 'devnet');
      if (parsed.ok && index % 10 === 9) node.fund(parsed.lock, 5n);
    }
    const { wallet: restored } = await WalletKeeper.open({ ...node.options(), vaultFile: made.vaultFile });
    expect((await restored?.balance(undefined))?.spendable).toBe(15n);
    expect(await restored?.newAddress('')).not.toBe(last);
  });
});

it('costs at most what was agreed to, and reserves nothing when it would cost more', async () => {
  const node = new FakeNode();
  const { service, lock } = await walletOn(node);
  node.fund(lock, 10n * time);
  const { fee } = await service.estimate(payment(3n * time));
  await expect(service.send({ ...payment(3n * time), maxFee: fee - 1n })).rejects.toMatchObject({
    code: 'max-fee-exceeded',
    data: { fee: '0.00300000', maxfee: '0.00299999' },
  });
  expect(node.pending.size).toBe(0);
  await service.send({ ...payment(3n * time), maxFee: fee });
  expect(node.pending.size).toBe(1);
});
it('of all there is costs what its estimate said', async () => {
  const node = new FakeNode();
  const { service, lock } = await walletOn(node);
  for (const amount of [3n, 5n, 7n]) node.fund(lock, amount * time);
  const { outputs } = await service.estimate(payment(undefined));
  const amount = outputs[0]?.amount ?? 0n;
  const { fee } = await service.estimate(payment(amount));
  await service.send({ ...payment(amount), maxFee: fee });
  expect(await service.balance(undefined)).toMatchObject({ spendable: 0n, pending: 0n });
});

describe('on a network with real coins', () => {
  it('there is no wallet without a vault', async () => {
    expect((await WalletKeeper.open({ ...new FakeNode().options(), network: 'testnet', vaultFile: join(directory, 'none') })).wallet).toBeUndefined();
  });
  it('a payment takes the passphrase, and leaves the wallet locked', async () => {
    const node = new FakeNode();
    const vaultFile = join(directory, 'secret');
    await createVault(vaultFile, { entropy: new Uint8Array(32).fill(7), passphrase: 'right' }, async () => ({ passes: 2, memoryKib: 8 }));
    const options = { ...node.options(), network: 'testnet' as const, vaultFile };
    const { wallet: service } = await WalletKeeper.open(options);
    expect(service?.info()).toMatchObject({ name: 'secret', words: 24, passphraseRequired: true, unlocked: false });
    await expect(service?.newAddress('')).rejects.toMatchObject({ code: 'wallet-locked' });
    await expect(service?.send({ ...payment(time), passphrase: 'wrong' })).rejects.toMatchObject({ code: 'wallet-passphrase-incorrect' });
    await expect(service?.send({ ...payment(time), passphrase: 'right' })).rejects.toMatchObject({ code: 'insufficient-funds' });
    const parsed = parseAddress((await service?.newAddress('rent')) ?? '', 'testnet');
    if (!parsed.ok) throw new Error(parsed.error);
    expect(service?.label(parsed.lock)).toBe('rent');
    node.fund(parsed.lock, 10n * time);
    const [first, second] = await Promise.all(
      [1n, 2n].map((amount) => service?.send({ ...payment(amount * time), passphrase: 'right' }).catch((error: unknown) => error)),
    );
    expect([first, second].filter((result) => typeof result === 'string').length).toBe(1);
    await expect(service?.send(payment(time))).rejects.toMatchObject({ code: 'wallet-passphrase-incorrect' });
  });
});

it('asks for no passphrase where there is none, whatever the network', async () => {
  const vaultFile = join(directory, 'open');
  await createVault(vaultFile, { entropy: new Uint8Array(32).fill(8), passphrase: '' });
  const { wallet: service } = await WalletKeeper.open({ ...new FakeNode().options(), network: 'testnet', vaultFile });
  expect(service?.info()).toMatchObject({ name: 'open', passphraseRequired: false, unlocked: true, keysAhead: 100 });
});

it('signs what it has keys of, and says what it does not know', async () => {
  const node = new FakeNode();
  const { service, lock } = await walletOn(node);
  const [own, other] = [node.fund(lock, time), node.fund('55'.repeat(20) as Lock, time)].map((key) => outpointOf(key));
  const transaction = {
    version: 1,
    kind: 'transfer' as const,
    outputs: [{ amount: time, lock: payee }],
    timestamp: 1,
    payload: new Uint8Array(0),
    witnesses: [],
  };
  const inputs = (...all: (typeof own)[]) => all.flatMap((one) => one ?? []);
  const alone = await service.sign({ ...transaction, inputs: inputs(own) }, '');
  expect(alone.complete).toBe(true);
  expect(alone.transaction.witnesses.map(({ publicKey }) => lockOf(publicKey))).toEqual([lock]);
  expect(await service.sign({ ...transaction, inputs: inputs(own, other) }, '')).toMatchObject({ complete: false });
  await expect(service.sign({ ...transaction, inputs: [{ txid: 'ff'.repeat(32) as Txid, vout: 0 }] }, '')).rejects.toMatchObject({ code: 'not-found' });
});

it('answers while the chain is fetched, whose tip is another one each time', async () => {
  const node = new FakeNode();
  const { vaultFile, record } = made;
  const options = node.options();
  let blocksToCome = 0;
  const storage: typeof options.storage = {
    query: (name, args) => {
      if (blocksToCome > 0) {
        blocksToCome--;
        node.height++;
      }
      return options.storage.query(name, args);
    },
  };
  const { wallet } = await WalletKeeper.open({ ...options, vaultFile, store: memoryWalletStore(record), storage });
  const lock = lockOfNew((await wallet?.newAddress('')) ?? '');
  node.fund(lock, time);
  blocksToCome = 1_000;
  expect(await wallet?.balance(undefined)).toMatchObject({ spendable: time });
  expect(blocksToCome).toBeGreaterThan(900);
  blocksToCome = 0;
  node.fund(lock, time);
  expect(await wallet?.balance(undefined)).toMatchObject({ spendable: 2n * time });
});
