import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sumOf } from '../../../src-shared/domain/amount.ts';
import { type Lock, outpointKey, outpointOf, type Txid } from '../../../src-shared/domain/ids.ts';
import type { Transaction } from '../../core/codec/transaction.ts';
import { maxLabels } from '../keys/wallet-book.ts';
import { memoryWalletStore, type WalletRecord, type WalletStore } from '../keys/wallet-store.ts';
import { WalletKeeper } from './wallet-keeper.ts';
import { FakeNode, lockOfNew, payee, payment, time } from './wallet-node.fixture.ts';
import type { WalletService } from './wallet-service.ts';

const directory = mkdtempSync(join(tmpdir(), 'wallet-spender-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const vaultFile = join(directory, 'wallet');
let record: WalletRecord;
let node: FakeNode;
let store: WalletStore;
let service: WalletService;
let lock: Lock;

const opened = async (): Promise<WalletService> => {
  const { wallet } = await WalletKeeper.open({ ...node.options(), vaultFile, store });
  if (wallet === undefined) throw new Error('no wallet');
  return wallet;
};
const begin = async (): Promise<void> => {
  node = new FakeNode();
  store = memoryWalletStore(record);
  service = await opened();
  lock = lockOfNew(await service.newAddress(''));
};
beforeAll(async () => {
  const first = memoryWalletStore();
  await WalletKeeper.open({ ...new FakeNode().options(), vaultFile, store: first });
  record = first.load();
});
beforeEach(begin);

const sent = (txid: Txid): Transaction => {
  const entry = node.pending.get(txid);
  if (entry === undefined) throw new Error('not sent');
  return entry.hashed.transaction;
};
const inputsOf = (txid: Txid) => sent(txid).inputs.map(outpointKey);
const paidTo = (txid: Txid, to: Lock): bigint =>
  sumOf(
    sent(txid)
      .outputs.filter((output) => output.lock === to)
      .map(({ amount }) => amount),
  );

describe('coin control', () => {
  it('spends exactly the coins that are named, one set aside among them', async () => {
    const coins = [5n, 7n, 11n, 13n].map((amount) => node.fund(lock, amount * time));
    const [five = '' as never, , eleven = '' as never] = coins;
    await service.putAside([five]);
    const txid = await service.send(payment(time, { inputs: [five, eleven, five].map(outpointOf) }));
    expect(inputsOf(txid).sort()).toEqual([five, eleven].sort());
    expect(paidTo(txid, lock)).toBe(16n * time - time - 100_000n);
    await expect(service.send(payment(time, { inputs: [outpointOf(five)] }))).rejects.toMatchObject({ code: 'invalid-parameter', data: { outpoint: five } });
    const nowhere = { txid: 'ff'.repeat(32) as Txid, vout: 0 };
    await expect(service.send(payment(time, { inputs: [nowhere] }))).rejects.toMatchObject({ code: 'not-found' });
    await expect(service.estimate(payment(100n * time, { inputs: coins.slice(1, 2).map(outpointOf) }))).rejects.toMatchObject({ code: 'insufficient-funds' });
  });

  it('leaves alone what is set aside, also after a restart, until it is given back', async () => {
    const [small = '' as never, large = '' as never] = [2n, 50n].map((amount) => node.fund(lock, amount * time));
    await service.putAside([large]);
    await expect(service.putAside(['00:1' as never])).rejects.toMatchObject({ code: 'not-found' });
    service = await opened();
    expect((await service.listCoins()).filter(({ setAside }) => setAside).map(({ coin }) => outpointKey(coin.outpoint))).toEqual([large]);
    await expect(service.send(payment(10n * time))).rejects.toMatchObject({ code: 'insufficient-funds' });
    expect(inputsOf(await service.send(payment(undefined)))).toEqual([small]);
    await service.giveBack([large]);
    expect(inputsOf(await service.send(payment(10n * time)))).toEqual([large]);
  });
});

it('everything is everything to the unit: the payee gets it less the fee, and nothing is left', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.bigInt({ min: 5_000n, max: 10n ** 15n }), { minLength: 1, maxLength: 8 }), async (amounts) => {
      await begin();
      for (const amount of amounts) node.fund(lock, amount);
      const plan = await service.estimate(payment(undefined));
      const txid = await service.send(payment(undefined, { maxFee: plan.fee }));
      expect(inputsOf(txid)).toHaveLength(amounts.length);
      expect(paidTo(txid, payee) + plan.fee).toBe(sumOf(amounts));
      expect(sent(txid).outputs).toHaveLength(1);
      expect(await service.balance(undefined)).toMatchObject({ spendable: 0n, pending: 0n });
    }),
    { numRuns: 20 },
  );
});

describe('an account', () => {
  it('pays with its own coins alone, and its change stays there', async () => {
    const account = await service.createAccount('savings');
    const saved = lockOfNew(await service.newAddress('', account));
    node.fund(lock, 100n * time);
    const coin = node.fund(saved, 10n * time);
    expect((await service.balance(account)).spendable).toBe(10n * time);
    await expect(service.send(payment(20n * time, { account }))).rejects.toMatchObject({ code: 'insufficient-funds' });
    const txid = await service.send(payment(4n * time, { account }));
    expect(inputsOf(txid)).toEqual([coin]);
    expect(paidTo(txid, saved)).toBe(6n * time - 400_000n);
    await expect(service.send(payment(time, { account: 7 }))).rejects.toMatchObject({ code: 'invalid-parameter' });
  });

  it('sees what another account pays it as received, and the wallet as its own affair', async () => {
    const account = await service.createAccount('savings');
    const saved = lockOfNew(await service.newAddress('', account));
    node.fund(lock, 10n * time);
    node.setStatus(await service.send(payment(time, { to: saved })), 'final');
    node.decide();
    const kinds = async (of: number | undefined) => (await service.list({ count: 1, skip: 0, account: of })).map(({ entry }) => [entry.kind, entry.net]);
    expect(await kinds(undefined)).toEqual([['self', -100_000n]]);
    expect(await kinds(0)).toEqual([['sent', -time - 100_000n]]);
    expect(await kinds(account)).toEqual([['received', time]]);
  });
});

describe('a payment that came to nothing', () => {
  const rejected = async (): Promise<Txid> => {
    node.fund(lock, 10n * time);
    const txid = await service.send(payment(3n * time));
    node.setStatus(txid, 'rejected');
    await service.onEvent({ kind: 'transaction-rejected', txid, reason: 'voted-down' });
    return txid;
  };

  it('is paid anew with the same coins, so that only one of the two can be final', async () => {
    const txid = await rejected();
    node.fund(lock, 20n * time);
    expect([...(await service.respendable([txid]))]).toEqual([txid]);
    const again = await service.respend(txid, '', undefined);
    expect(again).not.toBe(txid);
    expect(inputsOf(again)).toEqual(inputsOf(txid));
    expect(sent(again).outputs).toEqual(sent(txid).outputs);
    await expect(service.respend(txid, '', undefined)).rejects.toMatchObject({ code: 'wallet-error', data: { reason: 'coins-spent' } });
    expect([...(await service.respendable([txid]))]).toEqual([]);
    await expect(service.respend(again, '', undefined)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('costs what it cost, and no more than was agreed to', async () => {
    const txid = await rejected();
    await expect(service.respend(txid, '', 299_999n)).rejects.toMatchObject({ code: 'max-fee-exceeded' });
    await service.respend(txid, '', 300_000n);
  });

  it('is still told of after a restart, where it was sent', async () => {
    const txid = await rejected();
    node.pending.clear();
    node.fund(lock, time);
    service = await opened();
    const listed = await service.list({ count: 10, skip: 0, account: undefined });
    expect(listed.map(({ stage }) => stage)).toEqual(['confirmed', 'rejected', 'confirmed']);
    expect(listed[1]).toMatchObject({ entry: { txid, net: -3n * time - 300_000n }, reason: 'voted-down' });
    for (let skip = 0; skip < 4; skip++) expect(await service.list({ count: 1, skip, account: undefined })).toEqual(listed.slice(skip, skip + 1));
    await service.respend(txid, '', undefined);
  });

  it('that nobody saw end, or that never left, was dropped', async () => {
    node.fund(lock, 10n * time);
    const txid = await service.send(payment(time));
    node.pending.clear();
    service = await opened();
    const [entry] = await service.list({ count: 1, skip: 0, account: undefined });
    expect(entry).toMatchObject({ entry: { txid }, stage: 'dropped', reason: undefined });
  });

  it('is forgotten once it is in a block after all, also if nobody saw it', async () => {
    const txid = await rejected();
    node.setStatus(txid, 'final');
    await service.onEvent({ kind: 'transaction-final', txid, finalAfterMs: 5 });
    await expect(service.respend(txid, '', undefined)).rejects.toMatchObject({ code: 'not-found' });
    node.decide();
    service = await opened();
    expect(store.load().sent).toEqual([]);
    expect((await service.list({ count: 1, skip: 0, account: undefined }))[0]).toMatchObject({ entry: { txid }, stage: 'confirmed' });
  });

  it('that the node did not take leaves nothing behind', async () => {
    node.fund(lock, 10n * time);
    node.refuse = { code: 'mempool-full', detail: 'full' };
    await expect(service.send(payment(time))).rejects.toMatchObject({ code: 'transaction-rejected' });
    expect(store.load().sent).toEqual([]);
  });

  it('that cannot be stored does not leave; one that was refused says why, whatever the disk does', async () => {
    node.fund(lock, 10n * time);
    const { save } = store;
    store.save = () => Promise.reject(new Error('the disk is full'));
    await expect(service.send(payment(time))).rejects.toThrow('full');
    expect(await service.list({ count: 1, skip: 0, account: undefined })).toMatchObject([{ stage: 'confirmed' }]);
    expect(node.pending.size).toBe(0);
    store.save = (change) => (change.removedSent === undefined ? save(change) : Promise.reject(new Error('the disk is full')));
    node.refuse = { code: 'mempool-full', detail: 'full' };
    await expect(service.send(payment(time))).rejects.toMatchObject({ code: 'transaction-rejected' });
  });
});

it('a payment is stored before it leaves', async () => {
  node.fund(lock, 10n * time);
  let stored = -1;
  const options = node.options();
  const { wallet } = await WalletKeeper.open({
    ...options,
    vaultFile,
    store,
    submit: (encoded) => {
      stored = store.load().sent.length;
      return options.submit(encoded);
    },
  });
  await wallet?.send(payment(time));
  expect(stored).toBe(1);
});

describe('a request', () => {
  it('is open, partly paid and paid, by what is final', async () => {
    const { request } = await service.createRequest(3n * time, 'rent', 0);
    expect(service.label(request.lock)).toBe('rent');
    const state = async () => {
      const [paid] = await service.requests(10, 0);
      return [paid?.state, paid?.received, paid?.pending, paid?.txids.length];
    };
    expect(await state()).toEqual(['open', 0n, 0n, 0]);
    node.fund(lock, 10n * time);
    const txid = await service.send(payment(2n * time, { to: request.lock }));
    expect(await state()).toEqual(['open', 0n, 2n * time, 1]);
    node.setStatus(txid, 'final');
    expect(await state()).toEqual(['partly', 2n * time, 0n, 1]);
    node.decide();
    node.fund(request.lock, time);
    expect(await state()).toEqual(['paid', 3n * time, 0n, 2]);
    expect(await service.removeRequest(request.lock)).toBe(true);
    expect(await service.requests(10, 0)).toEqual([]);
  });

  it('of no amount is paid by any; the newest come first', async () => {
    const { request } = await service.createRequest(undefined, '', 0);
    node.nowMs += 1;
    await service.createRequest(1n, 'second', 0);
    node.fund(request.lock, 1n);
    expect((await service.requests(10, 0)).map((one) => [one.request.label, one.state])).toEqual([
      ['second', 'open'],
      ['', 'paid'],
    ]);
    expect(await service.requests(1, 1)).toHaveLength(1);
  });
});

describe('what a payee is called', () => {
  const other = (index: number): Lock => index.toString(16).padStart(40, '0') as Lock;

  it('is refused before anything is paid where the list is full', async () => {
    const labels = Array.from({ length: maxLabels }, (_, index): [Lock, string] => [other(index), 'somebody']);
    await store.save({ labels });
    service = await opened();
    node.fund(lock, 10n * time);
    await expect(service.send(payment(time, { label: 'the shop' }))).rejects.toMatchObject({ code: 'wallet-error', data: { reason: 'too-many-entries' } });
    expect(node.pending.size).toBe(0);
    await service.send(payment(time, { to: other(0), label: 'the shop' }));
    expect(service.label(other(0))).toBe('the shop');
  });

  it('makes no failure of a payment that was made', async () => {
    const { save } = store;
    store.save = (change) => (change.labels === undefined ? save(change) : Promise.reject(new Error('no room')));
    node.fund(lock, 10n * time);
    expect(node.pending.has(await service.send(payment(time, { label: 'the shop' })))).toBe(true);
  });
});
