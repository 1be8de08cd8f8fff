import { describe, expect, test } from 'vitest';
import type { Txid } from '../../../src-shared/domain/ids.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import { allocation, coinOf, genesisOf, lockOfKey, payment, TestNode } from './test-node.fixture.ts';

/** This node is member 0 of four, so that nothing becomes final by itself. */
const genesis = genesisOf(4, 6);
const pays = (coin: number): HashedTransaction => payment(genesis, [coinOf(genesis, 4, coin)], [{ amount: allocation - 10_000_000n, lock: lockOfKey(1) }]);
const [first, second] = [pays(0), pays(1)];
const strangers = [60, 61, 62] as const;

function sentTo(node: TestNode, connection: ConnectionId, type: 'TransactionBroadcast' | 'TransactionAnnouncement' | 'GetTransactions'): number[] {
  return node.sent.flatMap(({ to, message }) => {
    if (!to.includes(connection) || message.type !== type) return [];
    return message.type === 'TransactionBroadcast' ? message.body.transactions.length : (message.body as { txids: readonly Txid[] }).txids.length;
  });
}
const give = (node: TestNode, connection: ConnectionId, ...transactions: HashedTransaction[]): void =>
  node.receive(connection, 'TransactionBroadcast', { transactions: transactions.map(({ encoded }) => encoded) });
const tell = (node: TestNode, connection: ConnectionId, ...transactions: HashedTransaction[]): void =>
  node.receive(connection, 'TransactionAnnouncement', { txids: transactions.map(({ txid }) => txid) });

describe('a transaction', () => {
  test('goes whole to members and by its id to others, once, and to nobody who sent it', () => {
    const node = new TestNode(genesis, 0);
    const [sender, member, stranger] = [node.connect(1, 1), node.connect(2, 2), node.connect(3, strangers[0])];
    give(node, sender, first, second);
    give(node, member, first);
    expect([sender, member, stranger].map((one) => sentTo(node, one, 'TransactionBroadcast'))).toEqual([[], [2], []]);
    expect([sender, member, stranger].map((one) => sentTo(node, one, 'TransactionAnnouncement'))).toEqual([[], [], [2]]);
  });

  test('goes to nobody who sent or announced it while it was being verified', () => {
    const node = new TestNode(genesis, 0);
    const [sender, member, stranger] = [node.connect(1, 1), node.connect(2, 2), node.connect(3, strangers[0])];
    node.holdAnswers = true;
    give(node, sender, first, second);
    give(node, member, first);
    tell(node, stranger, first);
    node.holdAnswers = false;
    node.release();
    expect(sentTo(node, member, 'TransactionBroadcast')).toEqual([1]);
    expect(sentTo(node, stranger, 'TransactionAnnouncement')).toEqual([1]);
    expect(sentTo(node, sender, 'TransactionBroadcast')).toEqual([]);
  });

  test('that expired and comes again is passed on again', () => {
    const node = new TestNode(genesis, 0);
    const [sender, member] = [node.connect(1, 1), node.connect(2, 2)];
    give(node, sender, first);
    node.pass(11 * 60_000);
    expect(node.events).toContainEqual({ kind: 'transaction-dropped', txid: first.txid, reason: 'expired' });
    give(node, sender, first);
    expect(sentTo(node, member, 'TransactionBroadcast')).toEqual([1, 1]);
  });
});

describe('an announced transaction', () => {
  test('is fetched once, however many announce it', () => {
    const node = new TestNode(genesis, 0);
    const peers = strangers.map((key, index) => node.connect(index + 1, key));
    for (const peer of peers) tell(node, peer, first);
    expect(peers.map((peer) => sentTo(node, peer, 'GetTransactions'))).toEqual([[1], [], []]);
    give(node, peers[0] as ConnectionId, first);
    for (const peer of peers) tell(node, peer, first);
    node.pass(10_000);
    expect(peers.map((peer) => sentTo(node, peer, 'GetTransactions'))).toEqual([[1], [], []]);
    expect(node.timers.has('transaction-fetch')).toBe(false);
  });

  test('is fetched from the next one where it does not come in two seconds, or its peer leaves', () => {
    const node = new TestNode(genesis, 0);
    const peers = strangers.map((key, index) => node.connect(index + 1, key));
    for (const peer of peers) tell(node, peer, first, second);
    node.pass(2_000);
    expect(peers.map((peer) => sentTo(node, peer, 'GetTransactions'))).toEqual([[2], [2], []]);
    give(node, peers[1] as ConnectionId, first);
    node.input({ kind: 'closed', connection: peers[1] as ConnectionId, reason: 'reset', offence: false });
    expect(peers.map((peer) => sentTo(node, peer, 'GetTransactions'))).toEqual([[2], [2], [1]]);
    give(node, peers[2] as ConnectionId, second);
    node.pass(10_000);
    expect([first, second].map(({ txid }) => node.engine.views.pending(txid)?.status)).toEqual(['pending', 'pending']);
    expect(peers.map((peer) => sentTo(node, peer, 'GetTransactions'))).toEqual([[2], [2], [1]]);
  });

  test('is fetched from another where the first sends it with a signature that is none', () => {
    const node = new TestNode(genesis, 0);
    const [forger, honest] = [node.connect(1, strangers[0]), node.connect(2, strangers[1])];
    tell(node, forger, first);
    tell(node, honest, first);
    const forged = first.encoded.slice();
    forged[forged.length - 40] = (forged[forged.length - 40] as number) ^ 1;
    node.receive(forger, 'TransactionBroadcast', { transactions: [forged] });
    expect(node.disconnected).toEqual([forger]);
    expect(sentTo(node, honest, 'GetTransactions')).toEqual([1]);
    give(node, honest, first);
    expect(node.engine.views.pending(first.txid)?.status).toBe('pending');
  });
});

test('a block is announced to every peer, also to those who had it first, and blocks decided in one turn as one', () => {
  const node = new TestNode(genesisOf(1), 0);
  const peers = strangers.map((key, index) => node.connect(index + 1, key));
  node.pass(10_000);
  const announced = node.sent.filter(({ message }) => message.type === 'BlockAnnouncement');
  expect(announced.map(({ to }) => to)).toEqual([peers]);
  expect(node.sentOf('BlockAnnouncement')).toEqual([{ height: 1, tipHash: node.chain.blocks[1]?.hash }]);
});
