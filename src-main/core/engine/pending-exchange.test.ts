import { expect, test } from 'vitest';
import type { Hash, Txid } from '../../../src-shared/domain/ids.ts';
import type { Message } from '../codec/message.ts';
import type { Effect } from '../effects.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import { PendingExchange } from './pending-exchange.ts';

const [a, b] = [1, 2] as [ConnectionId, ConnectionId] & ConnectionId[];
const pendingBytes = 200_000;
const bundleBytes = 25_000;
/** Each with two bundles, of which the second is its neighbour's as well. */
const atOnce = 4;

const ownAndShared = (index: number): readonly string[] => [`own ${index}`, `shared ${Math.floor(index / 2)}`];

function exchanging(count: number, bundlesOf = ownAndShared) {
  const txids = Array.from({ length: count }, (_, index) => `tx ${index}` as Txid);
  const pending = new Map(txids.map((txid) => [txid, { hashed: { encoded: new Uint8Array(pendingBytes) } }]));
  const sent: { readonly to: ConnectionId; readonly transactions: number; readonly bundles: number; readonly bytes: number }[] = [];
  const timers: (number | undefined)[] = [];
  const total = (list: readonly Uint8Array[]): number => list.reduce((sum, { length }) => sum + length, 0);
  const context = {
    mempool: { get: (txid: Txid) => pending.get(txid) },
    tally: {
      bundlesFor: (txid: Txid) => bundlesOf(txids.indexOf(txid)).map((hash) => ({ hash: hash as Hash, encoded: new Uint8Array(bundleBytes) })),
    },
    intake: {
      answer: (to: ConnectionId, { type, body }: Message) => {
        expect(type).toBe('PendingTransactions');
        const { transactions, bundles } = body as { readonly transactions: readonly Uint8Array[]; readonly bundles: readonly Uint8Array[] };
        sent.push({ to, transactions: transactions.length, bundles: bundles.length, bytes: total(transactions) + total(bundles) });
      },
    },
    nowMs: 1_000,
    emit: (effect: Effect) => effect.kind === 'set-timer' && timers.push(effect.atMs),
  };
  const told = (to: ConnectionId) => {
    const mine = sent.filter((one) => one.to === to);
    const sum = (of: 'transactions' | 'bundles' | 'bytes'): number => mine.reduce((before, one) => before + one[of], 0);
    return { transactions: sum('transactions'), bundles: sum('bundles'), bytes: sum('bytes') };
  };
  return { exchange: new PendingExchange(context), context, txids, pending, sent, timers, told };
}

test('what fits is told at once, transactions before the votes on them, each bundle once, and nothing waits', () => {
  const { exchange, txids, sent, timers, told } = exchanging(atOnce);
  exchange.tell(a, txids);
  expect(told(a)).toEqual({ transactions: 4, bundles: 6, bytes: 4 * pendingBytes + 6 * bundleBytes });
  const votesFrom = sent.findIndex(({ bundles }) => bundles > 0);
  expect(sent.slice(votesFrom).every(({ transactions }) => transactions === 0)).toBe(true);
  expect(timers).toEqual([]);
});

test('a large mempool is told in portions that a send queue holds, one each half second, every transaction once', () => {
  const { exchange, context, txids, timers, told } = exchanging(30);
  exchange.tell(a, txids);
  for (let before = 0; told(a).transactions < txids.length; before = told(a).transactions) {
    expect(told(a).transactions - before).toBeLessThanOrEqual(atOnce + 1);
    expect(timers.at(-1)).toBe(context.nowMs + 500);
    context.nowMs += 500;
    exchange.due();
    expect(told(a).transactions).toBeGreaterThan(before);
  }
  expect(told(a).transactions).toBe(txids.length);
  const set = timers.length;
  exchange.due();
  expect(told(a).transactions).toBe(txids.length);
  expect(timers).toHaveLength(set);
});

test('votes of so many members that they alone are several portions are told in as many, and once, whichever transactions share them', () => {
  const members = 100;
  /** Each member signs what came in one flush at once. */
  const ofFlush = (index: number): readonly string[] => Array.from({ length: members }, (_, member) => `flush ${Math.floor(index / 3)} of ${member}`);
  const { exchange, txids, timers, told } = exchanging(9, ofFlush);
  exchange.tell(a, txids);
  let before = 0;
  for (let portions = 1; portions === timers.length; portions++) {
    expect(told(a).bytes - before).toBeLessThanOrEqual(1_000_000 + pendingBytes);
    before = told(a).bytes;
    exchange.due();
  }
  expect(timers.length).toBeGreaterThan(7);
  expect(told(a)).toMatchObject({ transactions: 9, bundles: 3 * members });
});

test('several peers are told side by side, and one that asks again meanwhile gets no more at once', () => {
  const { exchange, txids, timers, told } = exchanging(12);
  exchange.tell(a, txids);
  exchange.tell(b, txids);
  expect(timers).toHaveLength(1);
  const atFirst = told(a);
  exchange.tell(a, txids);
  expect(told(a)).toEqual(atFirst);
  exchange.due();
  expect(timers).toHaveLength(2);
  expect(told(b)).toEqual(told(a));
  expect(told(b).transactions).toBeGreaterThan(atFirst.transactions);
});

test('of many peers a few are told in one turn, and each in its turn', () => {
  const { exchange, txids, timers, sent, told } = exchanging(3 * atOnce);
  const many = Array.from({ length: 20 }, (_, index) => (index + 1) as ConnectionId);
  for (const peer of many) exchange.tell(peer, txids);
  for (let turn = 0; many.some((peer) => told(peer).transactions < txids.length); turn++) {
    expect(turn).toBeLessThan(10);
    const from = sent.length;
    const set = timers.length;
    exchange.due();
    expect(new Set(sent.slice(from).map(({ to }) => to)).size).toBeLessThanOrEqual(8);
    const isDone = many.every((peer) => told(peer).transactions === txids.length);
    expect(timers.length - set).toBe(isDone ? 0 : 1);
  }
});

test('who asks again while it is told hears again what it was told, votes as well: its line may have left them out', () => {
  const { exchange, txids, timers, told } = exchanging(12);
  exchange.tell(a, txids);
  const { transactions } = told(a);
  exchange.due();
  expect(told(a).bundles).toBeGreaterThan(0);
  exchange.tell(a, txids);
  for (let portions = 2; portions === timers.length; portions++) exchange.due();
  const once = 12 + 6;
  expect(told(a).transactions).toBeGreaterThanOrEqual(12 + transactions);
  expect(told(a).bundles).toBeGreaterThan(once);
});

test('what was settled meanwhile is left out, and who is gone is told nothing more', () => {
  const { exchange, txids, pending, sent, told } = exchanging(12);
  exchange.tell(a, txids);
  exchange.tell(b, txids);
  const first = told(b).transactions;
  for (const txid of txids.slice(first, -1)) pending.delete(txid);
  exchange.peerGone(a);
  exchange.due();
  expect(told(a).transactions).toBe(first);
  expect(told(b).transactions).toBe(first + 1);
  expect(sent.at(-1)?.to).toBe(b);
});
