import { expect, test } from 'vitest';
import type { NodeId } from '../../src-shared/domain/ids.ts';
import { encodeSetElement } from '../core/codec/coin.ts';
import { encodeMessage, type Message } from '../core/codec/message.ts';
import type { Effect } from '../core/effects.ts';
import type { Input } from '../core/inputs.ts';
import type { ConnectionId } from '../core/net/connection-id.ts';
import type { StoreOperation } from '../core/store-operation.ts';
import { EffectRunner } from './effects.ts';
import { encodeSetElements } from './set-elements.ts';
import { hex, TestChain } from './storage/test-chain.ts';

const id = (number: number): ConnectionId => number as ConnectionId;
const ping = (nonce: bigint): Message => ({ type: 'Ping', body: { nonce } });
/** Waits for the disk. */
const votes = (number: number): Message => ({ type: 'TransactionVotes', body: { bundles: [Uint8Array.of(number)] } });
const operation: StoreOperation = { kind: 'remove-bundles', hashes: [] };
const persist: Effect = { kind: 'persist', operations: [operation] };
const send = (message: Message, ...to: number[]): Effect => ({ kind: 'send', to: to.map(id), message });

function setUp() {
  const log: unknown[] = [];
  const inputs: Input[] = [];
  const fatal: Error[] = [];
  const jobs: { resolve: (valid: boolean[]) => void; reject: (error: Error) => void }[] = [];
  const storage = { batch: 0, durableThrough: 0, persist: () => ++storage.batch };
  const messageNames = new Map(
    [ping(1n), ping(2n), votes(1), votes(2), votes(3)].map((one) => [
      Buffer.from(encodeMessage(one)).toString('hex'),
      one.type + JSON.stringify(one.body, text),
    ]),
  );
  const runner = new EffectRunner({
    storage,
    verifier: {
      verify: (items, urgent) => {
        log.push(['verify', items.length, urgent]);
        return new Promise((resolve, reject) => jobs.push({ resolve, reject }));
      },
      muHash: (before, added, removed) => {
        log.push(['muHash', added.map((one) => Buffer.from(one).toString('hex')), removed.length]);
        return Promise.resolve({ after: before, utxoSetHash: hex(5) as never });
      },
    },
    transport: {
      dial: (address, token) => log.push(['dial', address, token]),
      send: (to, bytes, isDispensable) => {
        log.push([messageNames.get(Buffer.from(bytes).toString('hex')), ...to]);
        if (isDispensable === true) log.push('dispensable');
      },
      close: (connection, reason) => log.push(['close', connection, reason]),
      settled: (connection) => log.push(['settled', connection]),
    },
    timers: { set: (name, atMs) => log.push(['timer', name, atMs]) },
    input: (input) => inputs.push(input),
    answer: (request) => log.push(['answer', request]),
    answerBranch: (request) => log.push(['answer-branch', request]),
    discover: () => log.push(['discover']),
    probe: ({ address }) => log.push(['probe', address]),
    publish: (event) => log.push(['publish', event.kind]),
    onFatal: (error) => fatal.push(error),
  });
  const durable = (through: number): void => {
    storage.durableThrough = through;
    runner.durable(through);
  };
  return { runner, log, inputs, fatal, jobs, durable };
}
const text = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);
const named = (message: Message): string => message.type + JSON.stringify(message.body, text);

test('what relies on something stored waits for exactly what was persisted before it; the rest leaves at once', () => {
  const { runner, log, durable } = setUp();
  runner.run([send(votes(1), 1), persist, send(votes(2), 1, 2), send(ping(1n), 1), persist, send(votes(3), 1), send(ping(2n), 2)]);
  expect(log).toEqual([
    [named(votes(1)), 1],
    [named(ping(1n)), 1],
    [named(ping(2n)), 2],
  ]);
  expect(runner.waitingBytes).toBe(encodeMessage(votes(2)).length + encodeMessage(votes(3)).length);
  durable(1);
  expect(log.slice(3)).toEqual([[named(votes(2)), 1, 2]]);
  durable(2);
  expect(log.slice(4)).toEqual([[named(votes(3)), 1]]);
  expect(runner.waitingBytes).toBe(0);
  runner.run([send(votes(1), 3)]);
  expect(log.slice(5)).toEqual([[named(votes(1)), 3]]);
});

test('one report can make several batches durable: everything leaves in the order in which it was sent', () => {
  const { runner, log, durable } = setUp();
  runner.run([persist, send(votes(1), 1)]);
  runner.run([persist, send(votes(2), 1), send(votes(3), 1)]);
  durable(2);
  expect(log).toEqual([
    [named(votes(1)), 1],
    [named(votes(2)), 1],
    [named(votes(3)), 1],
  ]);
});

test('a close comes after what waits, and an answer to a person is as durable as a message', () => {
  const { runner, log, durable } = setUp();
  runner.run([
    persist,
    send(votes(1), 1),
    { kind: 'disconnect', connection: id(1), code: 'violation', detail: 'why' },
    { kind: 'answer', request: 7, result: { txid: hex(1) as never } },
  ]);
  expect(log).toEqual([]);
  durable(1);
  runner.run([{ kind: 'disconnect', connection: id(2), code: 'full', detail: '' }]);
  expect(log).toEqual([
    [named(votes(1)), 1],
    ['close', 1, 'violation: why'],
    ['answer', 7],
    ['close', 2, 'full'],
  ]);
});

test('nothing is sent to nobody', () => {
  const { runner, log } = setUp();
  runner.run([send(ping(1n)), send(votes(1))]);
  expect(log).toEqual([]);
});

test('dials, timers and events are passed on', () => {
  const { runner, log } = setUp();
  runner.run([
    { kind: 'dial', address: 'a:1' },
    { kind: 'dial', address: 'b:1' },
    { kind: 'set-timer', timer: 'slot', atMs: 5 },
    { kind: 'set-timer', timer: 'slot', atMs: undefined },
    { kind: 'publish', event: { kind: 'in-sync', height: 4 } },
  ]);
  expect(log).toEqual([
    ['dial', 'a:1', 1],
    ['dial', 'b:1', 2],
    ['timer', 'slot', 5],
    ['timer', 'slot', undefined],
    ['publish', 'in-sync'],
  ]);
});

test('signatures and the set hash are answered by inputs', async () => {
  const { runner, log, inputs, jobs } = setUp();
  const item = { publicKey: new Uint8Array(32), message: new Uint8Array(1), signature: new Uint8Array(64) };
  const [added] = new TestChain().next({ spends: 0 }).added;
  if (added === undefined) throw new Error('a coin');
  runner.run([
    { kind: 'verify', job: 3, urgent: true, items: [item, item] },
    { kind: 'compute-set-hash', job: 4, state: Uint8Array.of(9), added: [added], removed: [added, added] },
  ]);
  jobs[0]?.resolve([true, false]);
  await new Promise(setImmediate);
  expect(log).toEqual([
    ['verify', 2, true],
    ['muHash', [Buffer.from(encodeSetElement(added.outpoint, added.coin)).toString('hex')], 2],
  ]);
  expect(inputs.sort((a, b) => (a.kind < b.kind ? -1 : 1))).toEqual([
    { kind: 'set-hash', job: 4, state: Uint8Array.of(9), utxoSetHash: hex(5) },
    { kind: 'verified', job: 3, valid: [true, false] },
  ]);
});

test('a worker that dies is fatal, unless the node is stopping', async () => {
  const { runner, fatal, jobs } = setUp();
  const verify: Effect = { kind: 'verify', job: 1, urgent: false, items: [] };
  runner.run([verify, verify]);
  jobs[0]?.reject(new Error('died'));
  await new Promise(setImmediate);
  expect(fatal.map(({ message }) => message)).toEqual(['died']);
  runner.stop();
  jobs[1]?.reject(new Error('stopped'));
  await new Promise(setImmediate);
  expect(fatal).toHaveLength(1);
});

test('after stop nothing leaves, not even what becomes durable', () => {
  const { runner, log, durable } = setUp();
  runner.run([persist, send(votes(1), 1)]);
  runner.stop();
  durable(1);
  runner.run([send(ping(1n), 1)]);
  expect(log).toEqual([]);
});

test('set elements are encoded as the codec does it', () => {
  const chain = new TestChain();
  for (let i = 0; i < 5; i++) chain.next({ spends: i, rewards: 3 });
  expect(encodeSetElements(chain.coins).map((one) => Uint8Array.from(one))).toEqual(chain.coins.map(({ outpoint, coin }) => encodeSetElement(outpoint, coin)));
});

test('announced transactions are what a slow reader can do without; votes are not', () => {
  const { runner, log } = setUp();
  runner.run([
    send({ type: 'TransactionAnnouncement', body: { txids: [] } }, 1),
    send(votes(1), 1),
    send({ type: 'TransactionBroadcast', body: { transactions: [] } }, 1),
  ]);
  expect(log.map((entry) => (entry === 'dispensable' ? entry : 'sent'))).toEqual(['sent', 'dispensable', 'sent', 'sent']);
});

test('the transport hears who became a peer: from then on it makes room for nobody', () => {
  const { runner, log } = setUp();
  const nodeId = 'ab'.repeat(32) as NodeId;
  runner.run([
    { kind: 'publish', event: { kind: 'handshake-ended', address: '1.2.3.4:5', nodeId, reason: 'reset' } },
    { kind: 'publish', event: { kind: 'peer-ready', connection: id(7), nodeId, address: '1.2.3.4:5', direction: 'inbound' } },
  ]);
  expect(log).toEqual([
    ['publish', 'handshake-ended'],
    ['settled', 7],
    ['publish', 'peer-ready'],
  ]);
});
