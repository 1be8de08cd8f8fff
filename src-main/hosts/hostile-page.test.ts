import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { channels, type ServerFrame } from '../../src-shared/api/bridge.ts';
import { type MethodName, methods, type Response } from '../../src-shared/api/contract.ts';
import type { Reply } from '../../src-shared/api/method.ts';
import { topics } from '../../src-shared/api/topics.ts';
import type { Txid } from '../../src-shared/domain/ids.ts';
import { encodeTransaction } from '../core/codec/transaction.ts';
import { toHex } from '../core/crypto/hex.ts';
import { createGenesis } from '../core/genesis.ts';
import { wordsOf } from '../core/wallet/derivation.ts';
import { createVault } from '../node/keys/wallet-vault.ts';
import { silentLogger } from '../node/logging/logger.ts';
import { MasternodeService } from '../node/masternode-service.ts';
import { WalletKeeper } from '../node/wallet/wallet-keeper.ts';
import { cheapCost, FakeNode, lockOfNew, payment, time } from '../node/wallet/wallet-node.fixture.ts';
import type { WalletService } from '../node/wallet/wallet-service.ts';
import { goodCalls } from './api/calls.fixture.ts';
import { otherAddress, paying, peerId } from './api/known.fixture.ts';
import { createApi } from './api/registry.ts';
import { fakeServices } from './api/services.fixture.ts';
import { TopicPublisher } from './api/topics.ts';
import { serveIpc } from './electron/ipc.ts';
import { PageSession } from './headless/page-session.ts';

// A page that does what it likes with its way to the node, of which there are two: neither gives it coins, secrets, or anything that is not in the contract.

const dayMs = 86_400_000;
const entropy = new Uint8Array(16).fill(3);
const secrets = [wordsOf(entropy), toHex(entropy), Buffer.from(entropy).toString('base64'), 'TIME NODE KEY'];

type Call = (method: string, params: unknown) => Promise<Reply<unknown>>;
interface Door {
  readonly call: Call;
  readonly subscribe: (topic: string) => void;
  /** What came without having been asked for with a call. */
  readonly heard: () => string;
}

let directory: string;
let node: FakeNode;
let wallet: WalletService;
/** Of the wallet, with coins. */
let own: string;
let txidOfCoin: string;
let publisher: TopicPublisher;
let api: ReturnType<typeof createApi>;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hostile-page-'));
  node = new FakeNode();
  const vaultFile = join(directory, 'wallet.vault');
  await createVault(vaultFile, { entropy, passphrase: 'right' }, cheapCost);
  const keeper = await WalletKeeper.open({ ...node.options(), vaultFile });
  if (keeper.wallet === undefined) throw new Error('no wallet');
  wallet = keeper.wallet;
  // The worst moment for a person: the wallet is open, has coins, and owns a masternode.
  await wallet.unlock('right', dayMs);
  own = await wallet.newAddress('');
  const lock = lockOfNew(own);
  [txidOfCoin = ''] = node.fund(lock, 100n * time).split(':');
  const { registry } = createGenesis({
    network: 'devnet',
    time: 1,
    masternodes: [{ nodeKey: peerId, tier: 'free', ownerLock: lock, rewardLock: lock, serviceAddress: 'old:1' }],
    allocations: [],
  });
  const { genesisHash, nodeKey, submit, nowMs } = { ...node.options(), submit: (encoded: Uint8Array) => node.submit(encoded) };
  const masternodes = new MasternodeService({ network: 'devnet', genesisHash, nodeKey, views: { registry: () => registry }, submit, nowMs });
  const services = fakeServices({ wallet, wallets: keeper, masternodes, submit });
  api = createApi(services, silentLogger);
  publisher = new TopicPublisher(services, silentLogger);
});
afterEach(() => {
  publisher.stop();
  rmSync(directory, { recursive: true, force: true });
});

function windowDoor(): Door {
  const listeners = new Map<string, (event: unknown, message: unknown) => unknown>();
  const events: unknown[] = [];
  const register = (channel: string, listener: never): void => void listeners.set(channel, listener);
  const pageOrigin = 'app://time';
  const door = { call: (method: string, params: unknown) => api.call(method, params, 'window'), subscribe: publisher.subscribe.bind(publisher) };
  serveIpc({ handle: register, on: register } as never, { door: () => Promise.resolve(door), pageOrigin });
  const sender = { id: 1, send: (_channel: string, event: unknown) => void events.push(event), isDestroyed: () => false, on: () => {}, once: () => {} };
  const event = { sender, senderFrame: { origin: pageOrigin, parent: null } };
  return {
    call: (method, params) => listeners.get(channels.invoke)?.(event, { method, params }) as Promise<Reply<unknown>>,
    subscribe: (topic) => void listeners.get(channels.subscribe)?.(event, topic),
    heard: () => JSON.stringify(events),
  };
}

function pageDoor(): Door {
  const frames: ServerFrame[] = [];
  const socket = { send: (text: string) => void frames.push(JSON.parse(text) as ServerFrame), bufferedBytes: () => 0, close: () => {} };
  const session = new PageSession(socket, api, publisher);
  let id = 0;
  return {
    call: async (method, params) => {
      const asked = id++;
      await session.receive(JSON.stringify({ kind: 'call', id: asked, method, params }));
      const frame = frames.find((one) => one.kind === 'reply' && one.id === asked);
      if (frame?.kind !== 'reply') throw new Error(`no answer to ${method}`);
      return frame.reply;
    },
    subscribe: (topic) => void session.receive(JSON.stringify({ kind: 'subscribe', topic })),
    heard: () => JSON.stringify(frames),
  };
}

const takesPassphrase = (method: MethodName): boolean => Object.keys(methods[method].request.shape).some((name) => name.includes('passphrase'));
const all = Object.keys(methods) as MethodName[];
const named = (method: MethodName): Record<string, unknown> =>
  Object.fromEntries(goodCalls[method].map((value, index) => [Object.keys(methods[method].request.shape)[index], value]));

const guarded = all.filter(takesPassphrase);

/** What each needs beside the passphrase to be done; a method that takes one and is not here fails. */
const guardedCalls: { readonly [M in MethodName]?: (call: Call) => object | Promise<object> } = {
  masternoderegister: () => ({ tier: 'free', address: '203.0.113.5:24200' }),
  masternodeupdate: () => ({ address: '203.0.113.5:24200', nodeid: peerId }),
  masternodeexit: () => ({ nodeid: peerId }),
  signrawtransactionwithwallet: () => {
    const spending = { inputs: [{ txid: txidOfCoin as Txid, vout: 0 }], outputs: [{ amount: 99n * time, lock: lockOfNew(otherAddress) }], witnesses: [] };
    return { hexstring: toHex(encodeTransaction({ version: 1, kind: 'transfer', timestamp: 1, payload: new Uint8Array(0), ...spending })) };
  },
  sendtoaddress: () => ({ address: otherAddress, amount: '1' }),
  sendall: () => ({ address: otherAddress }),
  respendtransaction: async () => {
    const txid = await wallet.send(payment(time, { passphrase: 'right' }));
    node.setStatus(txid, 'rejected');
    await wallet.onEvent({ kind: 'transaction-rejected', txid, reason: 'voted-down' });
    node.pending.clear();
    return { txid };
  },
  signmessage: () => ({ address: own, message: 'mine' }),
  createaccount: () => ({ name: 'savings' }),
  createwallet: async (call) => {
    const drafted = (await call('draftwallet', {})) as Reply<Response<'draftwallet'>>;
    if (!drafted.ok) throw new Error('no words');
    const words = drafted.value.words.split(' ');
    return { draft: drafted.value.draft, confirm: drafted.value.asked.map((position) => words[position - 1]), passphrase: 'theirs' };
  },
  restorefromwords: () => ({ words: wordsOf(new Uint8Array(16).fill(4)), passphrase: 'theirs' }),
  restorewallet: async () => ({ data: (await wallet.backup('right', 'theirs')).toString('base64'), passphrase: 'theirs' }),
  backupwallet: () => ({}),
  getwords: () => ({}),
  exportnodekey: () => ({}),
  walletpassphrase: () => ({}),
  walletpassphrasechange: () => ({ newpassphrase: 'theirs' }),
};

describe.each([
  ['bridge', windowDoor],
  ['WebSocket', pageDoor],
])('through the %s', (_name, open) => {
  it.each(guarded)('%s is done with the passphrase alone', async (method) => {
    const { call } = open();
    const params = await guardedCalls[method]?.(call);
    const given = ['replacepassphrase', 'oldpassphrase', 'passphrase'].find((name) => Object.hasOwn(methods[method].request.shape, name)) ?? '';
    for (const passphrase of ['', 'rigth', 'right ']) {
      const reply = await call(method, { ...params, [given]: passphrase });
      expect([method, passphrase, reply]).toMatchObject([method, passphrase, { ok: false, error: { code: 'wallet-passphrase-incorrect' } }]);
    }
    // Nothing else is wrong with the call; and three guesses are free, a fourth has to wait.
    expect(await call(method, { ...params, [given]: 'right' })).toMatchObject({ ok: false, error: { code: 'wallet-passphrase-delayed' } });
    expect([node.pending.size, wallet.info().unlocked]).toEqual([0, true]);
    node.pass(2_000);
    expect(await call(method, { ...params, [given]: 'right' })).toMatchObject({ ok: true });
  });

  it('nothing that does without the passphrase, and no view, has a secret in it', async () => {
    const { call, subscribe, heard } = open();
    for (const topic of Object.keys(topics)) subscribe(topic);
    const replies: unknown[] = [];
    // Last of all what closes the wallet.
    for (const method of [...all.filter((name) => name !== 'walletlock'), 'walletlock' as const])
      if (!takesPassphrase(method)) replies.push(await call(method, named(method)));
    const said = JSON.stringify(replies) + heard();
    expect(said.length).toBeGreaterThan(10_000);
    for (const secret of secrets) expect(said).not.toContain(secret);
    // What went out is what the page brought with it: the wallet has signed nothing.
    expect([...node.pending.keys()]).toEqual([paying.txid]);
  });

  it.each(['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'require', 'eval', channels.event, 'wallet.words', 'getwords ', ''])(
    '%j is no method',
    async (method) => expect(await open().call(method, {})).toMatchObject({ ok: false, error: { code: 'method-not-found' } }),
  );

  it('parameters that are not in the contract are refused, also those that all objects have', async () => {
    const { call } = open();
    for (const params of [{ passphrase: 'right', more: 1 }, JSON.parse('{"__proto__":{"passphrase":"right"},"x":1}'), ['right', 1], 'right', 7])
      expect(await call('getwords', params)).toMatchObject({ ok: false });
  });
});
