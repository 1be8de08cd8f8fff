import { describe, expect, it } from 'vitest';
import { type MethodName, methods } from '../../../src-shared/api/contract.ts';
import type { Txid } from '../../../src-shared/domain/ids.ts';
import type { RejectionCode } from '../../../src-shared/domain/rejection-code.ts';
import { type HashedTransaction, hashTransaction } from '../../core/codec/transaction.ts';
import { toHex } from '../../core/crypto/hex.ts';
import type { PendingTransaction } from '../../core/engine/views.ts';
import { CodedError } from '../../node/coded-error.ts';
import { silentLogger } from '../../node/logging/logger.ts';
import { OperationalError } from '../../node/operational-error.ts';
import { goodCalls } from './calls.fixture.ts';
import { genesis, genesisTxid, otherAddress, paying } from './known.fixture.ts';
import { createApi } from './registry.ts';
import { droppedTxid, fakeServices } from './services.fixture.ts';
import { fakeWallet } from './wallet.fixture.ts';

const call = (method: string, params?: unknown, services = fakeServices()) => createApi(services, silentLogger).call(method, params, 'rpc');
const value = async (method: string, params?: unknown, services = fakeServices()) => {
  const reply = await call(method, params, services);
  if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.message}`);
  return reply.value as Record<string, unknown>;
};
const nothing = { spendable: 0n, pending: 0n, immature: 0n, locked: 0n };
const errorCode = async (method: string, params?: unknown, services = fakeServices()) => {
  const reply = await call(method, params, services);
  return reply.ok ? 'ok' : reply.error.code;
};

describe('every method', () => {
  it.each(Object.entries(goodCalls))('%s answers what the contract says', async (method, params) => {
    const reply = await call(method, params);
    expect(reply).toMatchObject({ ok: true });
    // Strict, so that a field that the contract does not have fails too.
    const { response } = methods[method as MethodName];
    expect(reply.ok && response.parse(reply.value)).toEqual(reply.ok && reply.value);
  });
});

it('a command behind one word is its method, in a list and by name', async () => {
  expect(await value('masternode', ['count'])).toMatchObject({ total: 2, bronze: 2 });
  expect(await value('masternode', { command: 'list', text: 'bb' })).toEqual([expect.objectContaining({ registeredheight: 0, registeredtime: genesis.time })]);
  expect(await errorCode('masternode', ['uptime'])).toBe('method-not-found');
  expect(await errorCode('masternode')).toBe('method-not-found');
  expect(await errorCode('up', ['time'])).toBe('method-not-found');
});

describe('an answer that relies on the disk', () => {
  const withDisk = (settled: () => Promise<void>) => {
    const services = fakeServices();
    return { ...services, storage: { ...services.storage, settled } };
  };

  it.each(['getblockchaininfo', 'gettransaction', 'getbalances', 'getconsensusinfo', 'masternodelist'] as const)(
    '%s leaves when it is on it',
    async (method) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      let answered = false;
      const answer = call(
        method,
        goodCalls[method],
        withDisk(() => promise),
      ).finally(() => {
        answered = true;
      });
      await new Promise((turn) => setImmediate(turn));
      expect(answered).toBe(false);
      resolve();
      expect(await answer).toMatchObject({ ok: true });
      const full = withDisk(() => Promise.reject(new OperationalError('disk-full', 'chain.sqlite')));
      expect(await call(method, goodCalls[method], full)).toMatchObject({ ok: false, error: { data: { reason: 'disk-full' } } });
    },
  );
  it.each(['uptime', 'getpeerinfo', 'gethealth', 'stop'] as const)('%s is there while it hangs', async (method) => {
    expect(
      await call(
        method,
        goodCalls[method],
        withDisk(() => new Promise(() => undefined)),
      ),
    ).toMatchObject({ ok: true });
  });
});

describe('what is refused', () => {
  it.each([
    ['constructor', [], 'method-not-found'],
    ['__proto__', [], 'method-not-found'],
    ['getblok', [], 'method-not-found'],
    ['uptime', [1], 'invalid-params'],
    ['uptime', { extra: 1 }, 'invalid-params'],
    ['uptime', 'text', 'invalid-params'],
    ['getblockhash', [-1], 'invalid-params'],
    ['getblockhash', ['0'], 'invalid-params'],
    ['getblockhash', [], 'invalid-params'],
    ['getblockhash', [1], 'invalid-parameter'],
    ['getblock', ['00'.repeat(32)], 'not-found'],
    ['getblock', ['AA'.repeat(32)], 'invalid-params'],
    ['gettransaction', ['00'.repeat(32)], 'not-found'],
    ['sendtoaddress', [otherAddress, '0'], 'invalid-parameter'],
    ['sendtoaddress', [otherAddress, '-1'], 'invalid-params'],
    ['sendtoaddress', [otherAddress, 0.000000001], 'invalid-params'],
    ['sendtoaddress', ['TIME1abc', '1'], 'invalid-address'],
    ['sendtoaddress', [otherAddress, '999999999999'], 'invalid-parameter'],
    ['sendrawtransaction', ['00'], 'deserialization-error'],
    ['decoderawtransaction', [''], 'deserialization-error'],
    ['createrawtransaction', [[{ txid: genesisTxid, vout: 2 ** 32 }], [{ address: otherAddress, amount: 1 }]], 'invalid-parameter'],
    ['createrawtransaction', [[{ txid: genesisTxid, vout: 2 }], {}], 'invalid-parameter'],
    ['createrawtransaction', [[{ txid: genesisTxid, vout: 2 }], [{ address: otherAddress }]], 'invalid-params'],
    ['createrawtransaction', [[{ txid: genesisTxid, vout: 2 }], { nowhere: 1 }], 'invalid-address'],
    ['addnode', ['127.0.0.1', 'add'], 'invalid-parameter'],
    ['addnode', ['127.0.0.1:1', 'add'], 'node-already-added'],
    ['addnode', ['127.0.0.1:2', 'remove'], 'node-not-added'],
    ['disconnectnode', [], 'invalid-parameter'],
    ['disconnectnode', ['127.0.0.1:5000', 7], 'invalid-parameter'],
    ['disconnectnode', ['', 8], 'node-not-connected'],
    ['help', ['nothing'], 'method-not-found'],
  ])('%s %j: %s', async (method, params, code) => {
    expect(await errorCode(method, params)).toBe(code);
  });

  it('suggests the nearest method', async () => {
    expect(await call('getblokhash')).toMatchObject({ error: { message: 'There is no method "getblokhash", did you mean "getblockhash"?' } });
  });

  it.each<[RejectionCode, string]>([
    ['fee-too-low', 'transaction-rejected'],
    ['already-settled', 'transaction-already-settled'],
    ['malformed', 'deserialization-error'],
  ])('a transaction refused for %s is %s, with the code for programs', async (code, expected) => {
    const services = fakeServices({ submit: () => Promise.resolve({ code, detail: 'why' }) });
    const reply = await call('sendrawtransaction', [toHex(paying.encoded)], services);
    expect(reply).toMatchObject({ ok: false, error: { code: expected, data: { rejection: code, detail: 'why' } } });
  });

  it('keeps a fault of the program to the log, and says what to do about the environment', async () => {
    const lines: string[] = [];
    const log = { ...silentLogger, error: (_: string, fields?: object) => lines.push(JSON.stringify(fields)) };
    const failing = (error: Error) => fakeServices({ submit: () => Promise.reject(error) });
    const bug = await createApi(failing(new Error('secret detail')), log).call('sendrawtransaction', [toHex(paying.encoded)], 'page');
    expect(bug).toEqual({ ok: false, error: { code: 'internal', message: 'This is a fault of the program; its log says more.' } });
    expect(lines.join()).toContain('secret detail');
    const stopping = await call('sendrawtransaction', [toHex(paying.encoded)], failing(new OperationalError('storage-stopped', '')));
    expect(stopping).toMatchObject({ ok: false, error: { code: 'misc-error', data: { reason: 'storage-stopped' } } });
    const coded = await call('sendrawtransaction', [toHex(paying.encoded)], failing(new CodedError('wallet-locked', 'locked')));
    expect(coded).toEqual({ ok: false, error: { code: 'wallet-locked', message: 'locked' } });
  });

  it('says where the wallet is missing', async () => {
    const services = fakeServices({ wallet: undefined });
    for (const method of ['getnewaddress', 'listtransactions', 'listunspent']) expect(await errorCode(method, [], services)).toBe('wallet-not-found');
    expect(await value('getbalances', [], services)).toMatchObject({ mine: { trusted: '0.00000000' } });
    expect(await value('validateaddress', [otherAddress], services)).toMatchObject({ isvalid: true, ismine: false });
  });
});

describe('parameters', () => {
  it('come as a list in the order of the contract, null leaving one out, or by name', async () => {
    expect(await value('getblock', [(await value('getblockchaininfo')).bestblockhash, null])).toHaveProperty('tx');
    expect(typeof (await value('getblock', { blockhash: (await value('getblockchaininfo')).bestblockhash, verbosity: 0 }))).toBe('string');
    expect(await value('uptime', null)).toBe(61);
  });
});

describe('what scripts ask first', () => {
  it('is the tip, by its height and its hash alone', async () => {
    expect(await value('getblockcount')).toBe(0);
    expect(await value('getbestblockhash')).toBe(genesis.block.hash);
    expect(await value('getblockhash', [await value('getblockcount')])).toBe(await value('getbestblockhash'));
  });
  it('is what can be spent, of one account or of all; there is none without a wallet', async () => {
    const wallet = { ...fakeWallet, balance: (account: number | undefined) => Promise.resolve({ ...nothing, spendable: account === 1 ? 5n : 700_000_005n }) };
    expect(await value('getbalance', [], fakeServices({ wallet }))).toBe('7.00000005');
    expect(await value('getbalance', [1], fakeServices({ wallet }))).toBe('0.00000005');
    expect(await errorCode('getbalance', ['*'])).toBe('invalid-params');
    expect(await errorCode('getbalance', [], fakeServices({ wallet: undefined }))).toBe('wallet-not-found');
  });
});

describe('the mempool', () => {
  /** `paying`, who spends both of its outputs at once, and who spends that one. */
  const spending = (txid: Txid, vouts: readonly number[]): HashedTransaction =>
    hashTransaction({ ...paying.transaction, inputs: vouts.map((vout) => ({ txid, vout })) });
  const child = spending(paying.txid, [0, 1]);
  const grandchild = spending(child.txid, [0]);
  const services = fakeServices();
  const { views } = services;
  const [first] = views.newestPending(1);
  if (first === undefined) throw new Error('something is pending');
  const chain: readonly PendingTransaction[] = [
    { ...first, status: 'final' },
    { ...first, hashed: child, status: 'committed' },
    { ...first, hashed: grandchild, status: 'pending' },
  ];
  const withChain = fakeServices({
    views: { ...views, pendingTransactions: () => chain.map(({ hashed }) => hashed), pending: (txid) => chain.find(({ hashed }) => hashed.txid === txid) },
  });

  it('is a list of ids, parents before children', async () => {
    expect(await value('getrawmempool', [], withChain)).toEqual([paying.txid, child.txid, grandchild.txid]);
    expect(await value('getrawmempool', [false], withChain)).toHaveLength(3);
    expect(await errorCode('getrawmempool', [true, true], withChain)).toBe('invalid-params');
  });
  it('is told by id with verbose, each with its relatives that are here, once', async () => {
    const all = await value('getrawmempool', [true], withChain);
    expect(Object.keys(all)).toEqual([paying.txid, child.txid, grandchild.txid]);
    const common = { time: first.receivedMs, fees: { base: '10.00000000' } };
    expect(all).toEqual({
      [paying.txid]: { ...common, size: paying.encoded.length, state: 'final', depends: [], spentby: [child.txid] },
      [child.txid]: { ...common, size: child.encoded.length, state: 'certified', depends: [paying.txid], spentby: [grandchild.txid] },
      [grandchild.txid]: { ...common, size: grandchild.encoded.length, state: 'voting', depends: [child.txid], spentby: [] },
    });
  });
});

describe('a transaction', () => {
  it('is pending with its weights, in the chain, or gone with the reason', async () => {
    expect(await value('gettransaction', [paying.txid])).toMatchObject({
      state: 'certified',
      acceptweight: 20,
      commitweight: 10,
      totalweight: 20,
      confirmations: 0,
    });
    expect(await value('gettransaction', [genesisTxid])).toMatchObject({ state: 'confirmed', blockheight: 0, confirmations: 1 });
    expect(await value('gettransaction', [droppedTxid])).toMatchObject({ state: 'dropped', reason: 'expired' });
  });
  it('shows a coin with what wants to spend it', async () => {
    expect(await value('gettxout', [genesisTxid, 2])).toMatchObject({ state: 'spentPending', spentby: paying.txid, value: '50.00000000' });
    expect(await value('gettxout', [genesisTxid, 2, false])).toMatchObject({ state: 'unspent' });
    expect(await value('gettxout', [genesisTxid, 99])).toBeNull();
  });
  it('is made from inputs and outputs, and read back', async () => {
    const hex = await value('createrawtransaction', [[{ txid: genesisTxid, vout: 2 }], [{ address: otherAddress, amount: 0.00000546 }]]);
    expect(await value('decoderawtransaction', [hex])).toMatchObject({
      kind: 'transfer',
      vin: [{ txid: genesisTxid, vout: 2 }],
      vout: [{ value: '0.00000546', address: otherAddress }],
    });
  });
  it('takes outputs as Bitcoin Core does, too', async () => {
    const inputs = [{ txid: genesisTxid, vout: 2 }];
    const outputs = [[{ address: otherAddress, amount: '1.5' }], [{ [otherAddress]: 1.5 }], { [otherAddress]: '1.5' }];
    const made = await Promise.all(outputs.map((one) => value('createrawtransaction', [inputs, one])));
    for (const hex of made) expect(await value('decoderawtransaction', [hex])).toMatchObject({ vout: [{ value: '1.50000000', address: otherAddress }] });
  });
});

it('the votes that decided the last block are shown by weight, those of the certificate alone', async () => {
  expect(await value('getconsensusinfo')).toMatchObject({
    lastdecided: { height: 0, totalweight: 20, prevotes: [{ weight: 20 }], precommits: [{ weight: 10, voters: ['aa'.repeat(32)] }] },
  });
});

it('stop asks for it and answers', async () => {
  const services = fakeServices();
  expect(await value('stop', [], services)).toBe('TIME node stopping');
  expect(services.stopRequests).toBe(1);
});
