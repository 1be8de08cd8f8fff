import { expect, test } from 'vitest';
import type { NodeId, Txid } from '../../../src-shared/domain/ids.ts';
import { defaultLimits } from '../../../src-shared/domain/net-limits.ts';
import { encodeMessage, type Message } from '../codec/message.ts';
import type { ConnectionId } from './connection-id.ts';
import { RateLimits, SignerLimit } from './rate-limits.ts';

const limits = defaultLimits('mainnet');
const peer = 1 as ConnectionId;
const nodeId = 'aa'.repeat(32) as NodeId;
const host = '1.2.3.4';
const ids = (count: number): Txid[] => Array.from({ length: count }, () => 'bb'.repeat(32) as Txid);
const announcement = (count: number): Uint8Array => encodeMessage({ type: 'TransactionAnnouncement', body: { txids: ids(count) } });
const broadcast = (count: number, bytes = 200): Uint8Array =>
  encodeMessage({ type: 'TransactionBroadcast', body: { transactions: Array(count).fill(new Uint8Array(bytes)) } });
const bundles = (count: number): Uint8Array => encodeMessage({ type: 'TransactionVotes', body: { bundles: Array(count).fill(new Uint8Array(9)) } });
const bytesOf = (message: Message): Uint8Array => encodeMessage(message);
const getPeers = bytesOf({ type: 'GetPeers', body: {} });

function connected(nowMs = 0): RateLimits {
  const rates = new RateLimits(limits);
  rates.connected(peer, nodeId, host, nowMs);
  return rates;
}
const admitted = (rates: RateLimits, bytes: Uint8Array, nowMs: number, heightVotes = 0): string => rates.admit(peer, bytes, heightVotes, nowMs).kind;
function takenOf(rates: RateLimits, bytes: Uint8Array, times: number, nowMs: number): number {
  return Array.from({ length: times }, () => admitted(rates, bytes, nowMs)).filter((kind) => kind === 'taken').length;
}

test.each([
  ['requests for addresses', getPeers, 5],
  ['pings', bytesOf({ type: 'Ping', body: { nonce: 1n } }), 6],
  ['changes of subscriptions', bytesOf({ type: 'Unsubscribe', body: { outpoints: [], locks: [] } }), 10],
  ['requests for all that is pending', bytesOf({ type: 'GetPendingTransactions', body: {} }), 2],
  ['requests for blocks', bytesOf({ type: 'GetBlocks', body: { from: 1, count: 1 } }), 100],
  ['other messages', bytesOf({ type: 'GetBlockHeight', body: {} }), 1_000],
  ['announced ids, not messages', announcement(1_000), 10],
  ['transactions', broadcast(500), 20],
  ['what it fetches', bytesOf({ type: 'GetTransactions', body: { txids: ids(1_000) } }), 10],
  ['coins it asks about', bytesOf({ type: 'UtxoStateQuery', body: { query: 1, outpoints: [] } }), 1_000],
] as const)('of %s no more than the limit says is taken, and the rest is dropped', (_, bytes, burst) => {
  const rates = connected();
  expect(takenOf(rates, bytes, burst + 50, 0)).toBe(burst);
});

test('one kind of message does not use up what there is for another', () => {
  const rates = connected();
  takenOf(rates, bytesOf({ type: 'GetBlockHeight', body: {} }), 2_000, 0);
  takenOf(rates, announcement(10_000), 2, 0);
  expect([admitted(rates, getPeers, 0), admitted(rates, bytesOf({ type: 'GetTransactions', body: { txids: ids(9) } }), 0)]).toEqual(['taken', 'taken']);
});

test('dropped messages are told of once a minute, with their number, and counted for good', () => {
  const rates = connected();
  takenOf(rates, getPeers, 5, 0);
  const told = [0, 1, 2, 5_000].map((atMs) => rates.admit(peer, getPeers, 0, atMs));
  expect(told).toEqual([
    { kind: 'dropped', limit: 'rate_get_peers', untold: 1 },
    ...Array(3).fill({ kind: 'dropped', limit: 'rate_get_peers', untold: undefined }),
  ]);
  takenOf(rates, getPeers, 5, 60_000);
  expect(rates.admit(peer, getPeers, 0, 60_000)).toEqual({ kind: 'dropped', limit: 'rate_get_peers', untold: 4 });
  expect(rates.dropped(peer)).toEqual([{ limit: 'rate_get_peers', messages: 5 }]);
});

test('ten times the limit for ten seconds is a flood, whatever was taken of it', () => {
  const rates = connected();
  const kinds = Array.from({ length: 10 }, (_, second) => Array.from({ length: 2 }, () => admitted(rates, getPeers, second * 1_000)));
  expect(kinds.flat().filter((kind) => kind === 'flood').length).toBe(1);
  const honest = connected();
  const thousand = announcement(1_000);
  for (let second = 0; second < 600; second++) expect(admitted(honest, thousand, second * 1_000)).toBe('taken');
});

test('a machine that wakes up, this one or the peer’s, is not punished for what has gathered', () => {
  const rates = connected();
  const thousand = announcement(1_000);
  let atMs = 0;
  for (let night = 0; night < 20; night++) {
    atMs += 8 * 3_600_000;
    // As much as a send queue and the sockets hold, within two seconds.
    for (let part = 0; part < 200; part++) expect(admitted(rates, thousand, atMs + part * 10)).not.toBe('flood');
    for (let part = 0; part < 50; part++) expect(admitted(rates, getPeers, atMs + part)).not.toBe('flood');
  }
  expect(admitted(rates, thousand, atMs + 3_600_000)).toBe('taken');
});

test('what was asked for is not counted, however much it is; what comes beyond it is', () => {
  const rates = connected();
  rates.sent([peer], { type: 'GetPendingTransactions', body: {} });
  const pending = bytesOf({ type: 'PendingTransactions', body: { transactions: Array(500).fill(new Uint8Array(200)), bundles: [] } });
  expect(takenOf(rates, pending, 100, 0)).toBe(60 + 20);
  const fetching = connected();
  rates.sent([peer], { type: 'GetBlocks', body: { from: 1, count: 2 } });
  fetching.sent([peer], { type: 'GetTransactions', body: { txids: ids(500) } });
  expect(takenOf(fetching, broadcast(500), 30, 0)).toBe(1 + 20);
  const blocks = bytesOf({ type: 'Blocks', body: { from: 1, blocks: Array(20).fill(new Uint8Array(100_000)), certificate: undefined } });
  const syncing = connected();
  for (let index = 0; index < 200; index++) {
    syncing.sent([peer], { type: 'GetBlocks', body: { from: 1, count: 2 } });
    expect(admitted(syncing, blocks, 0)).toBe('taken');
  }
  expect(takenOf(syncing, blocks, 200, 0)).toBe(50);
});

test('bytes are counted whatever they are of; a proposal with its block has room', () => {
  const rates = connected();
  const large = broadcast(1, 1_000_000);
  expect(takenOf(rates, large, 200, 0)).toBe(100);
  expect(takenOf(rates, large, 200, 10_000)).toBe(100);
  expect(rates.dropped(peer)).toEqual([{ limit: 'rate_received_bytes', messages: 200 }]);
});

test('who has been served enough waits', () => {
  const rates = connected();
  const request = bytesOf({ type: 'GetBlocks', body: { from: 1, count: 500 } });
  for (let index = 0; index < 50; index++) {
    expect(admitted(rates, request, 0)).toBe('taken');
    rates.served(peer, 2_000_000, 0);
  }
  expect([admitted(rates, request, 0), admitted(rates, request, 1_000), rates.dropped(peer)]).toEqual([
    'dropped',
    'taken',
    [{ limit: 'rate_served_bytes', messages: 1 }],
  ]);
});

test('twice the bytes for ten seconds are a flood too', () => {
  const rates = connected();
  const large = broadcast(1, 1_000_000);
  const kinds = Array.from({ length: 21 * 10 }, (_, index) => admitted(rates, large, Math.floor(index / 21) * 1_000));
  expect(kinds.filter((kind) => kind === 'flood').length).toBe(1);
});

test('addresses that nobody asked for are as many as requests for some', () => {
  const rates = connected();
  rates.sent([peer], { type: 'GetPeers', body: {} });
  expect(takenOf(rates, bytesOf({ type: 'Peers', body: { peers: [] } }), 50, 0)).toBe(1 + 5);
});

test('votes that others brought first are not held against a peer, those that nobody needs are', () => {
  const rates = connected();
  // 300 bundles a second, each from this peer too and never as the first.
  for (let second = 0; second < 600; second++) {
    rates.fresh(300);
    expect(admitted(rates, bundles(300), second * 1_000)).toBe('taken');
    expect(rates.useless(peer, 300, second * 1_000)).toBe(false);
  }
  const kinds = new Set<string>();
  for (let second = 600; second < 700; second++) {
    const kind = admitted(rates, bundles(300), second * 1_000);
    if (kind === 'taken') rates.useless(peer, 300, second * 1_000);
    kinds.add(kind);
  }
  expect(kinds).toEqual(new Set(['taken', 'dropped']));
});

test('what is repeated of a height that stalls is not held against a peer', () => {
  const rates = connected();
  const votes = 700;
  for (let second = 0; second < 3_600; second += 3) {
    expect(admitted(rates, bundles(votes), second * 1_000, votes)).toBe('taken');
    rates.useless(peer, votes, second * 1_000);
  }
});

test('useless votes at full speed are a flood', () => {
  const rates = connected();
  let isFlood = false;
  for (let atMs = 0; atMs < 20_000 && !isFlood; atMs += 50) {
    const { kind } = rates.admit(peer, bundles(1_000), 0, atMs);
    isFlood = kind === 'flood' || (kind === 'taken' && rates.useless(peer, 1_000, atMs));
  }
  expect(isFlood).toBe(true);
});

test('who comes back finds its limits as it left them, and nothing is awaited of it', () => {
  const rates = connected();
  rates.sent([peer], { type: 'GetPendingTransactions', body: {} });
  takenOf(rates, getPeers, 10, 0);
  rates.gone(peer);
  const again = 2 as ConnectionId;
  rates.connected(again, nodeId, host, 1_000);
  expect([1, 2].map(() => rates.admit(again, getPeers, 0, 1_000).kind)).toEqual(['taken', 'dropped']);
  const pending = bytesOf({ type: 'PendingTransactions', body: { transactions: Array(9_999).fill(new Uint8Array(1)), bundles: [] } });
  expect([1, 2].map(() => rates.admit(again, pending, 0, 1_000).kind)).toEqual(['taken', 'taken']);
  expect(rates.admit(again, pending, 0, 1_000).kind).toBe('dropped');
  expect(rates.dropped(again).map(({ messages }) => messages)).toEqual([6, 1]);
  // What is pending, and addresses, may be asked for once on each connection.
  const ask = bytesOf({ type: 'GetPendingTransactions', body: {} });
  expect([1, 2, 3].map(() => rates.admit(again, ask, 0, 1_000).kind)).toEqual(['taken', 'taken', 'dropped']);
  rates.gone(again);
  rates.connected(peer, nodeId, host, 1_000);
  expect(rates.admit(peer, ask, 0, 1_000).kind).toBe('taken');
});

const thirdOfAll = bytesOf({ type: 'PendingTransactions', body: { transactions: Array(10_000).fill(new Uint8Array(1)), bundles: [] } });
/** Connects, is asked for all that is pending, and brings as much as is taken. */
function broughtAnew(rates: RateLimits, key: string, from: string, nowMs: number): number {
  rates.connected(peer, key.repeat(32) as NodeId, from, nowMs);
  rates.sent([peer], { type: 'GetPendingTransactions', body: {} });
  const times = takenOf(rates, thirdOfAll, 20, nowMs);
  rates.gone(peer);
  return times;
}

test('all that is pending is taken once an hour of a key, however often it connects, and of an IP as often as it may have peers', () => {
  const rates = new RateLimits(limits);
  // And one more of each key, which uses up its limit of transactions.
  expect([0, 0, 0].map((nowMs) => broughtAnew(rates, 'aa', host, nowMs))).toEqual([3 + 1, 0, 0]);
  expect(broughtAnew(rates, 'aa', '5.6.7.8', 0)).toBe(0);
  expect(['b1', 'b2', 'b3', 'b4', 'b5'].map((key) => broughtAnew(rates, key, host, 0))).toEqual([3 + 1, 3 + 1, 3 + 1, 0 + 1, 0 + 1]);
  expect(broughtAnew(rates, 'aa', '9.9.9.9', 3_600_000)).toBe(3 + 1);
});

test('bytes that were asked for are a flood like others where they go on for so long', () => {
  const rates = connected();
  rates.sent([peer], { type: 'GetPendingTransactions', body: {} });
  const large = bytesOf({ type: 'PendingTransactions', body: { transactions: [new Uint8Array(1_000_000)], bundles: [] } });
  const kinds = Array.from({ length: 21 * 10 }, (_, index) => admitted(rates, large, Math.floor(index / 21) * 1_000));
  expect(kinds.filter((kind) => kind !== 'taken')).toEqual(['flood']);
});

test('a member may sign so much, whoever brings it, and nobody else can use that up', () => {
  const signer = new SignerLimit(20);
  const member = nodeId;
  let taken = 0;
  for (let index = 0; index < 1_000; index++)
    if (signer.isOpen(member, 0)) {
      signer.take(member, 0);
      taken++;
    }
  expect([taken, signer.isOpen('dd'.repeat(32) as NodeId, 0), signer.isOpen(member, 50)]).toEqual([200, true, true]);
});
