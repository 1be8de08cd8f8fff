import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from '@playwright/test';
import type { Response } from '../../src-shared/api/contract.ts';
import { blockMs } from './chain.ts';
import { test } from './fixture.ts';
import { RpcError, type TestNode } from './node.ts';
import { untilFinal } from './payments.ts';
import { until } from './processes.ts';

const finalMs = 10_000;
const passphrase = 'correct horse';
const mine = async (node: TestNode) => (await node.call('getbalances')).mine;
const historyOf = async (node: TestNode) =>
  (await node.call('listtransactions', { count: 100 })).map(({ txid, amount, fee, category }) => ({ txid, amount, fee, category }));
const codeOf = (call: Promise<unknown>): Promise<number> =>
  call.then(
    () => 0,
    (error: unknown) => (error instanceof RpcError ? error.code : Number.NaN),
  );

/** As the first-start page does it: the words are shown, and three of them asked back. */
async function makeWallet(node: TestNode): Promise<string> {
  const { draft, words, asked } = await node.call('draftwallet', { words: 12 });
  const confirm = asked.map((position) => words.split(' ')[position - 1] ?? '');
  const info = await node.call('createwallet', { draft, confirm, passphrase, replacepassphrase: '' });
  expect(info).toMatchObject({ words: 12, passphraserequired: true });
  return words;
}

async function request(node: TestNode, address: string): Promise<Response<'listpaymentrequests'>[number]> {
  const found = (await node.call('listpaymentrequests')).find((one) => one.address === address);
  if (found === undefined) throw new Error('no such request');
  return found;
}

/** A coin that came and went, as whoever looks it up is told; and the block that it went in, with the weight of who decided it. */
async function expectLookedUp(node: TestNode, address: string, paid: string, spent: string): Promise<void> {
  const made = (await node.call('gettransactiondetails', { txid: paid })).details;
  const { blockhash = '', blockheight, details } = await node.call('gettransactiondetails', { txid: spent });
  const vout = made?.outputs.findIndex((output) => output.address === address) ?? -1;
  const value = '12.50000000';
  expect(made?.outputs[vout]).toEqual({ address, value, state: 'spent', spentby: { txid: spent, height: blockheight } });
  expect(details?.inputs).toEqual([{ txid: paid, vout, address, value }]);
  expect(await node.call('getaddressbalance', { address })).toMatchObject({ spendable: '0.00000000', coins: 0, complete: true, used: true });
  const { transactions } = await node.call('getaddresstransactions', { address });
  expect(transactions.map(({ txid, change }) => [txid, change])).toEqual([
    [spent, `-${value}`],
    [paid, value],
  ]);
  const { certificate } = await node.call('getblockheader', { blockhash });
  expect(certificate?.weight).toBeGreaterThanOrEqual((2 * (certificate?.totalweight ?? Number.NaN)) / 3);
  expect((await node.call('getblocktransactions', { blockhash })).map(({ txid }) => txid)).toContain(spent);
}

test('a wallet is made, paid, spent from, backed up, and found again on other nodes from its words and from its backup', async ({ devnet }) => {
  const [payer, owner, fromWords, fromBackup] = devnet.nodes as [TestNode, TestNode, TestNode, TestNode];
  const words = await makeWallet(owner);
  expect(
    readdirSync(dirname(owner.addresses.cookieFile))
      .filter((name) => name.startsWith('wallet-'))
      .map((name) => name.slice(name.indexOf('.')))
      .sort(),
  ).toEqual(['.sqlite', '.vault']);

  // Receive: a request, and an account of its own.
  const { account } = await owner.call('createaccount', { name: 'savings' });
  const asked = await owner.call('createpaymentrequest', { amount: '30', label: 'rent' });
  expect(asked).toMatchObject({ state: 'open', uri: `timecoin:${asked.address}?amount=30.00000000&label=rent` });
  const saved = await owner.call('getnewaddress', { account, label: 'rainy days' });
  const paid = [
    await payer.call('sendtoaddress', { address: asked.address, amount: '30' }),
    await payer.call('sendtoaddress', { address: saved, amount: '12.5' }),
  ];
  await untilFinal([owner], paid, finalMs);
  expect(await request(owner, asked.address)).toMatchObject({ state: 'paid', received: '30.00000000', txids: [paid[0]] });
  expect((await owner.call('listaccounts')).map(({ name, spendable }) => [name, spendable])).toEqual([
    ['', '30.00000000'],
    ['savings', '12.50000000'],
  ]);

  // Spend: the passphrase each time, also while it is unlocked; coins that are named, or set aside.
  const back = await payer.call('getnewaddress');
  await owner.call('walletpassphrase', { passphrase, timeout: 60 });
  expect(await codeOf(owner.call('sendtoaddress', { address: back, amount: '1' }))).toBe(-14);
  const coins = await owner.call('listunspent', { account });
  const inputs = coins.map(({ txid, vout }) => ({ txid, vout }));
  await owner.call('lockunspent', { unlock: false, transactions: inputs });
  expect(await owner.call('listlockunspent')).toEqual(inputs);
  expect(await codeOf(owner.call('sendall', { address: back, passphrase, account }))).toBe(-6);
  const preview = await owner.call('estimatefee', { address: back, account, inputs });
  expect(preview).toMatchObject({ amount: '12.48751248', fee: '0.01248752', change: '0.00000000', inputs });
  const spent = await owner.call('sendall', { address: back, passphrase, inputs, maxfee: preview.fee, label: 'the payer' });
  await untilFinal([owner, payer], [spent], finalMs);
  await owner.call('walletlock');
  expect((await owner.call('getwalletinfo')).unlocked).toBe(false);

  // Messages, CSV, labels.
  const signature = await owner.call('signmessage', { address: asked.address, message: 'it is mine', passphrase });
  expect(await payer.call('verifymessage', { address: asked.address, signature, message: 'it is mine' })).toBe(true);
  expect(await payer.call('verifymessage', { address: asked.address, signature, message: 'it is yours' })).toBe(false);
  const { csv, rows, more } = await owner.call('exporttransactions');
  expect([rows, more, csv.split('\r\n').length, csv.includes(`,the payer,${spent},`)]).toEqual([3, false, 5, true]);
  expect(await owner.call('listaddresses', { kind: 'others' })).toMatchObject([{ address: back, label: 'the payer', ismine: false }]);

  // Wrong passphrases are slowed down.
  for (let time = 0; time < 3; time++) expect(await codeOf(owner.call('getwords', { passphrase: 'guess' }))).toBe(-14);
  const delayed = await owner.call('getwords', { passphrase }).catch((error: unknown) => error as RpcError);
  expect((delayed as RpcError).data.retryafterms).toBeGreaterThan(0);
  await until('the delay is over', 5_000, async () => (await owner.call('getwalletinfo')).retryafterms === 0);
  expect(await owner.call('getwords', { passphrase })).toEqual({ words });

  // Once it is in blocks, both ways back find the same.
  await until('all is in blocks', 2 * blockMs, async () => (await owner.call('listtransactions')).every(({ state }) => state === 'confirmed'));
  for (const node of [owner, fromWords]) await expectLookedUp(node, saved, paid[1] ?? '', spent);
  const [balance, history] = [await mine(owner), await historyOf(owner)];
  const { data } = await owner.call('backupwallet', { passphrase });
  await fromWords.call('restorefromwords', { words, passphrase: 'another', replacepassphrase: '' });
  await fromBackup.call('restorewallet', { data, passphrase, replacepassphrase: '' });
  for (const node of [fromWords, fromBackup]) {
    await until('its history is found', 10_000, async () => (await node.call('getwalletinfo')).scanning === null);
    expect(await mine(node)).toEqual(balance);
    expect(await historyOf(node)).toEqual(history);
  }
  expect((await fromBackup.call('getaddressinfo', { address: saved })).label).toBe('rainy days');
  expect((await request(fromBackup, asked.address)).state).toBe('paid');
  expect((await fromWords.call('listaccounts')).map(({ used }) => used)).toEqual([true, true]);

  // What one of them spends, the others see.
  const last = await fromWords.call('sendtoaddress', { address: back, amount: '5', passphrase: 'another' });
  await untilFinal([owner], [last], finalMs);
  expect((await owner.call('listtransactions', { count: 1 }))[0]).toMatchObject({ txid: last, category: 'send', amount: '-5.00500000' });
});
