import { describe, expect, test } from 'vitest';
import type { Outpoint, Txid } from '../../../src-shared/domain/ids.ts';
import type { MessageBodies } from '../codec/message.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import { allocation, coinOf, genesisOf, lockOfKey, payment, TestNode } from './test-node.fixture.ts';

/** One member: its own votes are a quorum. */
const genesis = genesisOf(1, 3);
const coin = (index: number): Outpoint => coinOf(genesis, 1, index);
const paid = allocation - 10_000_000n;
const pays = (inputs: readonly Outpoint[], to = 1, amount = paid): HashedTransaction => payment(genesis, inputs, [{ amount, lock: lockOfKey(to) }]);
const never: Outpoint = { txid: 'ab'.repeat(32) as Txid, vout: 0 };
const stranger = 60;

class Client {
  readonly node = new TestNode(genesis, 0);
  readonly connection: ConnectionId;
  constructor() {
    this.connection = this.node.connect(1, stranger);
  }
  ask(outpoints: readonly Outpoint[]): MessageBodies['UtxoStates'] | undefined {
    this.node.receive(this.connection, 'UtxoStateQuery', { query: 7, outpoints });
    return this.node.sentOf('UtxoStates').at(-1);
  }
  subscribe(outpoints: readonly Outpoint[], locks: readonly number[]): MessageBodies['UtxoStates'] | undefined {
    this.node.receive(this.connection, 'Subscribe', { query: 8, outpoints, locks: locks.map(lockOfKey) });
    return this.node.sentOf('UtxoStates').at(-1);
  }
  send(...transactions: readonly HashedTransaction[]): void {
    this.node.receive(this.connection, 'TransactionBroadcast', { transactions: transactions.map(({ encoded }) => encoded) });
  }
  /** What was told since the last time, message by message. */
  told(): MessageBodies['UtxoStateNotification']['states'][] {
    const all = this.node.sentOf('UtxoStateNotification').map(({ states }) => states);
    const fresh = all.slice(this.#heard);
    this.#heard = all.length;
    return fresh;
  }
  #heard = 0;
}
const output = (transaction: HashedTransaction): Outpoint => ({ txid: transaction.txid, vout: 0 });
const inSet = { amount: allocation, lock: lockOfKey(0) };

describe('a query', () => {
  test('is answered in its order, with what each coin holds', () => {
    const client = new Client();
    expect(client.ask([never, coin(1), coin(0)])).toEqual({
      query: 7,
      refused: false,
      states: [
        { outpoint: never, coin: undefined, state: { kind: 'unknown' } },
        { outpoint: coin(1), coin: inSet, state: { kind: 'unspent' } },
        { outpoint: coin(0), coin: inSet, state: { kind: 'unspent' } },
      ],
    });
    expect(client.ask([])).toEqual({ query: 7, refused: false, states: [] });
  });

  test('follows a payment from its arrival to its block', () => {
    const client = new Client();
    const transaction = pays([coin(0)]);
    const { txid } = transaction;
    client.send(transaction);
    expect(client.ask([coin(0), output(transaction)])?.states.map(({ state }) => state)).toEqual([{ kind: 'locked', txid }, { kind: 'unknown' }]);
    client.node.pass(100);
    expect(client.ask([coin(0), output(transaction)])?.states).toEqual([
      { outpoint: coin(0), coin: inSet, state: { kind: 'spentFinalized', txid } },
      { outpoint: output(transaction), coin: { amount: paid, lock: lockOfKey(1) }, state: { kind: 'unspent' } },
    ]);
    client.node.pass(10_000);
    expect(client.node.chain.heights.get(txid)).toBe(1);
    expect(client.ask([coin(0), output(transaction)])?.states.map(({ state }) => state.kind)).toEqual(['unknown', 'unspent']);
  });
});

describe('a subscription', () => {
  test('to an outpoint is told each change once, what comes together as one', () => {
    const client = new Client();
    expect(client.subscribe([coin(0)], [])).toEqual({
      query: 8,
      refused: false,
      states: [{ outpoint: coin(0), coin: inSet, state: { kind: 'unspent' } }],
    });
    const transaction = pays([coin(0), coin(1)], 1, 2n * paid);
    const { txid } = transaction;
    client.send(transaction);
    expect(client.told()).toEqual([]);
    client.node.pass(200);
    expect(client.told()).toEqual([[{ outpoint: coin(0), coin: inSet, state: { kind: 'spentFinalized', txid } }]]);
    client.node.pass(10_000);
    expect(client.told()).toEqual([[{ outpoint: coin(0), coin: undefined, state: { kind: 'confirmed', txid, height: 1 } }]]);
    client.node.pass(30_000);
    expect(client.told()).toEqual([]);
  });

  test('to a lock hears of its coins when they come to be and when they go', () => {
    const client = new Client();
    client.subscribe([], [1]);
    const transaction = pays([coin(0)]);
    client.send(transaction);
    client.node.pass(200);
    const held = { amount: paid, lock: lockOfKey(1) };
    expect(client.told()).toEqual([[{ outpoint: output(transaction), coin: held, state: { kind: 'unspent' } }]]);
    // It is a coin already; its block is no news.
    client.node.pass(10_000);
    expect(client.told()).toEqual([]);
    const onward = payment(genesis, [output(transaction)], [{ amount: paid - 10_000_000n, lock: lockOfKey(2) }], 1);
    client.send(onward);
    client.node.pass(200);
    expect(client.told()).toEqual([[{ outpoint: output(transaction), coin: held, state: { kind: 'spentFinalized', txid: onward.txid } }]]);
    client.node.pass(10_000);
    expect(client.told()).toEqual([[{ outpoint: output(transaction), coin: undefined, state: { kind: 'confirmed', txid: onward.txid, height: 2 } }]]);
  });

  test('hears of coins that a block makes', () => {
    const client = new Client();
    client.subscribe([], [0]);
    client.node.pass(10_200);
    // The only member is paid to its owner's lock, here key 0's.
    expect(client.told().flat()).toMatchObject([{ coin: { lock: lockOfKey(0) }, state: { kind: 'unspent' } }]);
  });

  test('to a coin that is not there yet is told when it is', () => {
    const client = new Client();
    const transaction = pays([coin(0)]);
    expect(client.subscribe([output(transaction)], [])?.states[0]?.state).toEqual({ kind: 'unknown' });
    client.send(transaction);
    client.node.pass(200);
    expect(client.told().flat()).toMatchObject([{ outpoint: output(transaction), state: { kind: 'unspent' } }]);
  });

  test('ends with Unsubscribe, and with the peer', () => {
    const client = new Client();
    client.subscribe([coin(0), coin(1), coin(2)], []);
    client.node.receive(client.connection, 'Unsubscribe', { outpoints: [coin(0), never], locks: [lockOfKey(5)] });
    client.send(pays([coin(0)]), pays([coin(1)]));
    client.node.pass(200);
    expect(client.told().flat()).toMatchObject([{ outpoint: coin(1) }]);
    client.node.input({ kind: 'closed', connection: client.connection, reason: 'reset', offence: false });
    const other = client.node.connect(2, stranger + 1);
    client.node.receive(other, 'TransactionBroadcast', { transactions: [pays([coin(2)]).encoded] });
    client.node.pass(20_000);
    expect(client.told()).toEqual([]);
    expect(client.node.timers.has('subscriptions')).toBe(false);
  });

  test('beyond the limit is refused whole, and what there was stays', () => {
    const client = new Client();
    const many = Array.from({ length: 999 }, (_, vout): Outpoint => ({ txid: never.txid, vout }));
    expect(client.subscribe([...many, coin(0)], [])?.refused).toBe(false);
    expect(client.subscribe([], [1])).toEqual({ query: 8, refused: true, states: [] });
    // Already among them.
    expect(client.subscribe([coin(0)], [])?.refused).toBe(false);
    client.send(pays([coin(0)]));
    client.node.pass(200);
    expect(client.told().flat()).toMatchObject([{ outpoint: coin(0) }]);
  });

  test('of two peers: each hears its own coins, in one message', () => {
    const client = new Client();
    const other = client.node.connect(2, stranger + 1);
    client.subscribe([coin(0)], []);
    client.node.receive(other, 'Subscribe', { query: 1, outpoints: [coin(1)], locks: [lockOfKey(1)] });
    client.send(pays([coin(0)]), pays([coin(1)], 2));
    client.node.pass(200);
    const told = client.node.sent.filter(({ message }) => message.type === 'UtxoStateNotification');
    expect(told.map(({ to, message }) => [to, (message.body as MessageBodies['UtxoStateNotification']).states.map(({ outpoint }) => outpoint)])).toEqual([
      [[client.connection], [coin(0)]],
      [[other], expect.arrayContaining([coin(1), output(pays([coin(0)]))])],
    ]);
  });
});

test('an unspent coin is one again when what would spend it is gone', () => {
  // Four members of which this is one: no quorum, so payments expire.
  const four = genesisOf(4);
  const node = new TestNode(four, 0);
  const connection = node.connect(1, stranger);
  const contested = coinOf(four, 4);
  node.receive(connection, 'Subscribe', { query: 1, outpoints: [contested], locks: [] });
  const transaction = payment(four, [contested], [{ amount: paid, lock: lockOfKey(1) }]);
  node.receive(connection, 'TransactionBroadcast', { transactions: [transaction.encoded] });
  node.pass(11 * 60_000);
  expect(node.sentOf('UtxoStateNotification').flatMap(({ states }) => states.map(({ state }) => state.kind))).toEqual(['spentPending', 'unspent']);
});
