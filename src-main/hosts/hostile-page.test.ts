import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { channels, type ServerFrame } from '../../src-shared/api/bridge.ts';
import { type MethodName, methods } from '../../src-shared/api/contract.ts';
import type { Reply } from '../../src-shared/api/method.ts';
import { topics } from '../../src-shared/api/topics.ts';
import { toHex } from '../core/crypto/hex.ts';
import { wordsOf } from '../core/wallet/derivation.ts';
import { createVault } from '../node/keys/wallet-vault.ts';
import { silentLogger } from '../node/logger.ts';
import { WalletKeeper } from '../node/wallet-keeper.ts';
import { cheapCost, FakeNode, lockOfNew, time } from '../node/wallet-node.fixture.ts';
import type { WalletService } from '../node/wallet-service.ts';
import { goodCalls } from './api/calls.fixture.ts';
import { otherAddress } from './api/known.fixture.ts';
import { createApi } from './api/registry.ts';
import { fakeServices } from './api/services.fixture.ts';
import { TopicPublisher } from './api/topics.ts';
import { serveIpc } from './electron/ipc.ts';
import { PageSession } from './headless/page-session.ts';

// A page that does what it likes with its way to the node, of which there are two: neither gives it coins, secrets, or anything that is not in the contract.

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
  // The worst moment for a person: the wallet is open, and has coins.
  await wallet.unlock('right', 3_600_000);
  node.fund(lockOfNew(await wallet.newAddress('')), 100n * time);
  const services = fakeServices({ wallet, wallets: keeper });
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
const guarded = all.filter((method) => takesPassphrase(method) && methods[method].group !== 'masternodes');
const named = (method: MethodName): Record<string, unknown> =>
  Object.fromEntries(goodCalls[method].map((value, index) => [Object.keys(methods[method].request.shape)[index], value]));

describe.each([
  ['bridge', windowDoor],
  ['WebSocket', pageDoor],
])('through the %s', (_name, open) => {
  it.each(['', 'rigth', 'right '])('nothing that takes the passphrase is done with %j', async (passphrase) => {
    const { call } = open();
    expect(guarded.length).toBeGreaterThan(10);
    for (const method of guarded) {
      const { replacepassphrase: _, ...params } = named(method);
      const inputs = method === 'sendtoaddress' ? { address: otherAddress, amount: '1' } : {};
      const given = Object.keys(methods[method].request.shape).filter((name) => ['passphrase', 'oldpassphrase'].includes(name));
      node.pass(3_600);
      const reply = await call(method, { ...params, ...inputs, ...Object.fromEntries(given.map((name) => [name, passphrase])) });
      expect([method, reply.ok]).toEqual([method, false]);
    }
    expect(node.pending.size).toBe(0);
    node.pass(86_400_000);
    expect(await wallet.words('right')).toBe(wordsOf(entropy));
  });

  it('nothing that does without the passphrase, and no view, has a secret in it', async () => {
    const { call, subscribe, heard } = open();
    for (const topic of Object.keys(topics)) subscribe(topic);
    const replies: unknown[] = [];
    for (const method of all) if (!takesPassphrase(method)) replies.push(await call(method, named(method)));
    const said = JSON.stringify(replies) + heard();
    expect(said.length).toBeGreaterThan(10_000);
    for (const secret of secrets) expect(said).not.toContain(secret);
    expect(node.pending.size).toBe(0);
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

  it('its person gets what is theirs', async () => {
    const { call } = open();
    expect(await call('getwords', { passphrase: 'right' })).toEqual({ ok: true, value: { words: wordsOf(entropy) } });
    expect(await call('sendtoaddress', { address: otherAddress, amount: '1', passphrase: 'right' })).toMatchObject({ ok: true });
    expect(node.pending.size).toBe(1);
  });
});
