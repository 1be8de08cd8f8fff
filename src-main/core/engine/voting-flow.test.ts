import { describe, expect, test } from 'vitest';
import type { HashedTransaction } from '../codec/transaction.ts';
import { decodeVoteBundle, signVoteBundle, type VoteChoice } from '../codec/vote-bundle.ts';
import { sign } from '../crypto/signature.ts';
import { createGenesis, type Genesis } from '../genesis.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import { paramsOf } from '../params.ts';
import { join, serve } from './branches.fixture.ts';
import { allocation, coinOf, genesisOf, genesisTime, keyOf, lockOfKey, payment, TestNode } from './test-node.fixture.ts';

const { voteFlushMs, voteResendMs } = paramsOf.devnet;
const stranger = 60;

/** This node is member 0 of four: nothing is final by itself. */
const members = 4;
const burst = 20;
const genesis = genesisOf(members, 3 * burst);
const pays = (coin: number): HashedTransaction =>
  payment(genesis, [coinOf(genesis, members, coin)], [{ amount: allocation - 10_000_000n, lock: lockOfKey(1) }]);
const first = pays(0);

function voteOf(member: number, choice: VoteChoice, { txid }: HashedTransaction, { hash } = genesis): Uint8Array {
  const { seed, nodeId } = keyOf(member);
  return signVoteBundle({ nodeId, epoch: 0, votes: [{ txid, choice, code: 'none' }] }, hash, { sign: (message) => sign(seed, message) }).encoded;
}
const give = (node: TestNode, connection: ConnectionId, ...transactions: HashedTransaction[]): void =>
  node.receive(connection, 'TransactionBroadcast', { transactions: transactions.map(({ encoded }) => encoded) });

/** The first of these alone is a quorum, and decides. Of those that it never hears the last one becomes inactive. */
const led = (): Genesis =>
  createGenesis({
    network: 'devnet',
    time: genesisTime,
    masternodes: (['silver', 'bronze', 'bronze'] as const).map((tier, member) => {
      const lock = lockOfKey(member);
      return { nodeKey: keyOf(member).nodeId, tier, ownerLock: lock, rewardLock: lock, serviceAddress: '' };
    }),
    allocations: [{ lock: lockOfKey(0), amount: allocation, label: 'coin' }],
  });
/** Epoch, choice and transaction of each vote that the node signed. */
const saidBy = (node: TestNode): unknown[] =>
  node
    .sentOf('TransactionVotes')
    .flatMap(({ bundles }) => bundles.map((encoded) => decodeVoteBundle(encoded).bundle))
    .filter(({ nodeId }) => nodeId === keyOf(node.number).nodeId)
    .flatMap(({ epoch, votes }) => votes.map(({ txid, choice }) => [epoch, choice, txid]));

/** To this peer, since `from` in the order of sending. */
const pendingSentTo = (node: TestNode, connection: ConnectionId, from = 0): { readonly transactions: number; readonly bundles: number } => {
  const bodies = node.sent.slice(from).flatMap(({ to, message }) => (message.type === 'PendingTransactions' && to.includes(connection) ? [message.body] : []));
  const count = (of: 'transactions' | 'bundles'): number => bodies.reduce((sum, body) => sum + body[of].length, 0);
  return { transactions: count('transactions'), bundles: count('bundles') };
};

describe('what is said of a transaction', () => {
  test('is kept until a block holds it, and not longer: neither its votes nor what binds this node', () => {
    const alone = genesisOf(1);
    const node = new TestNode(alone, 0);
    const paid = payment(alone, [coinOf(alone, 1)], [{ amount: allocation - 10_000_000n, lock: lockOfKey(1) }]);
    give(node, node.connect(1, stranger), paid);
    node.pass(voteFlushMs * 5);
    const kept = node.persisted.flatMap((one) => (one.kind === 'put-bundle' ? [one.hash] : []));
    expect(node.engine.views.pending(paid.txid)?.status).toBe('final');
    expect(kept.length).toBeGreaterThan(0);
    expect(node.persisted.some(({ kind }) => kind === 'remove-bundles')).toBe(false);

    node.pass(10_000);
    expect(node.chain.transactionHeight(paid.txid)).toBe(1);
    expect(node.persisted.flatMap((one) => (one.kind === 'remove-bundles' ? one.hashes : [])).toSorted()).toEqual(kept.toSorted());
    expect(node.persisted.flatMap((one) => (one.kind === 'guard' && one.record.kind === 'release' ? one.record.txids : []))).toEqual([paid.txid]);
  });

  test('that expired binds this node all the same, and a block alone ends it', () => {
    const node = new TestNode(genesis, 0);
    give(node, node.connect(1, stranger), first);
    node.pass(11 * 60_000);
    expect(node.events).toContainEqual({ kind: 'transaction-dropped', txid: first.txid, reason: 'expired' });
    const records = node.persisted.flatMap((one) => (one.kind === 'guard' ? [one.record.kind] : []));
    expect(records).toContain('accept');
    expect(records).not.toContain('release');
  });

  test('and not settled when its epoch closes is said afresh in the next one', () => {
    const three = led();
    const source = new TestNode(three, 0);
    while (source.engine.views.snapshot().epoch === 0) source.pass(10_000);
    const paid = payment(three, [coinOf(three, 3)], [{ amount: allocation - 10_000_000n, lock: lockOfKey(1) }]);

    const node = new TestNode(three, 1);
    const connection = node.connect(1, stranger);
    give(node, connection, paid);
    node.pass(voteFlushMs * 2);
    node.nowMs = source.nowMs;
    serve(node, new Map([[join(node, 2, source), source]]));
    node.pass(voteFlushMs * 5);
    expect(node.engine.views.snapshot().epoch).toBe(1);
    expect(saidBy(node)).toEqual([
      [0, 'accept', paid.txid],
      [1, 'accept', paid.txid],
    ]);
  });

  test('is over once a block has spent its coin: a certificate that comes then is committed by nobody', () => {
    const three = led();
    const [lost, decided] = [1n, 2n].map((fee) => payment(three, [coinOf(three, 3)], [{ amount: allocation - fee * 10_000_000n, lock: lockOfKey(1) }])) as [
      HashedTransaction,
      HashedTransaction,
    ];
    const source = new TestNode(three, 0);
    give(source, source.connect(1, stranger), decided);
    // One block above its tip a node leaves to consensus for a moment.
    source.pass(21_000);
    expect(source.chain.transactionHeight(decided.txid)).toBe(1);

    const node = new TestNode(three, 1);
    const connection = node.connect(1, 2);
    give(node, connection, lost);
    node.pass(voteFlushMs * 2);
    node.nowMs = source.nowMs;
    serve(node, new Map([[join(node, 2, source), source]]));
    expect(node.events).toContainEqual({ kind: 'transaction-dropped', txid: lost.txid, reason: 'inapplicable' });
    node.receive(connection, 'TransactionVotes', { bundles: [0, 2].map((member) => voteOf(member, 'accept', lost, three)) });
    give(node, connection, lost);
    node.pass(1_000);
    expect(saidBy(node)).toEqual([[0, 'accept', lost.txid]]);
  });

  test('is told a latecomer who asks: the transaction, and every vote of its certificate', () => {
    const node = new TestNode(genesis, 0);
    const connection = node.connect(1, 1);
    give(node, connection, first);
    node.receive(connection, 'TransactionVotes', { bundles: [1, 2].map((member) => voteOf(member, 'accept', first)) });
    node.pass(2 * voteFlushMs);
    expect(node.engine.views.pending(first.txid)?.status).toBe('committed');
    const latecomer = node.connect(2, 3);
    node.receive(latecomer, 'GetPendingTransactions', {});
    // Accepts of three, and this node's commit.
    expect(pendingSentTo(node, latecomer)).toEqual({ transactions: 1, bundles: 4 });
  });
});

describe('a transaction that stalls', () => {
  test('is sent again with its votes after three seconds, then after twice as long each, to members whose vote is missing', () => {
    const node = new TestNode(genesis, 0);
    const [voted, missing] = [node.connect(1, 1), node.connect(2, 2)];
    node.connect(3, stranger);
    give(node, voted, first);
    node.receive(voted, 'TransactionVotes', { bundles: [voteOf(1, 'accept', first)] });
    const sentAtMs: number[] = [];
    const beganMs = node.nowMs;
    for (let passed = 0; passed < 14_000; passed += 100) {
      const from = node.sent.length;
      node.pass(100);
      if (pendingSentTo(node, missing, from).transactions > 0) sentAtMs.push(node.nowMs - beganMs);
      expect(pendingSentTo(node, voted, from).transactions).toBe(0);
    }
    expect(sentAtMs).toHaveLength(3);
    for (const [index, atMs] of sentAtMs.entries()) {
      expect(atMs).toBeGreaterThanOrEqual(voteResendMs * 2 ** index);
      expect(atMs).toBeLessThanOrEqual(voteResendMs * 2 ** index + 300);
    }
    expect(pendingSentTo(node, missing).bundles).toBe(2 * sentAtMs.length);
  });

  test('is sent again in time where the clock is set back', () => {
    const node = new TestNode(genesis, 0);
    const peer = node.connect(1, 1);
    give(node, peer, first);
    node.pass(voteResendMs + 100);
    expect(pendingSentTo(node, peer).transactions).toBe(1);
    // Timers go by a clock that nobody sets.
    const hourMs = 3_600_000;
    node.nowMs -= hourMs;
    for (const [timer, atMs] of node.timers) node.timers.set(timer, atMs - hourMs);
    const from = node.sent.length;
    give(node, peer, pays(1));
    node.pass(voteResendMs + 300);
    // The first is six seconds old by then.
    expect(pendingSentTo(node, peer, from).transactions).toBe(2);
  });

  test('is sent to everybody where nobody whose vote is missing is connected', () => {
    const node = new TestNode(genesis, 0);
    const [voted, nobody] = [node.connect(1, 1), node.connect(2, stranger)];
    give(node, voted, first);
    node.receive(voted, 'TransactionVotes', { bundles: [voteOf(1, 'accept', first)] });
    node.pass(voteResendMs + 300);
    expect([voted, nobody].map((peer) => pendingSentTo(node, peer).transactions)).toEqual([1, 1]);
  });
});

test('votes wait longer for one another the faster they come, up to four times as long, and no longer when it is quiet again', () => {
  const node = new TestNode(genesis, 0);
  node.verify = () => true;
  const connection = node.connect(1, stranger);
  const flushedAfterMs = [0, 1, 2].map((at) => {
    give(node, connection, ...Array.from({ length: burst }, (_, index) => pays(at * burst + index)));
    const afterMs = (node.timers.get('vote-flush') ?? 0) - node.nowMs;
    node.pass(afterMs);
    return afterMs;
  });
  // The second bundle says how fast they come: twenty votes in ten milliseconds.
  expect(flushedAfterMs).toEqual([voteFlushMs, voteFlushMs, 4 * voteFlushMs]);
});
