import { expect, test } from 'vitest';
import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { Peer } from '../net/peer-connection.ts';
import { VoteWays } from './vote-ways.ts';

/** Peers of which the first `members` are masternodes. */
const peersOf = (count: number): readonly Peer[] =>
  Array.from({ length: count }, (_, index) => ({ connection: (index + 1) as ConnectionId, nodeId: `${index}` as NodeId }) as Peer);

function waysOf(members: number, random: () => number = Math.random) {
  const context = { snapshot: { byNode: { has: (nodeId: NodeId) => Number(nodeId) < members } }, options: { random }, nowMs: 0 };
  return { context, ways: new VoteWays(context) };
}
const idsOf = (peers: readonly Peer[]): number[] => peers.map(({ connection }) => connection);

test('among few masternodes all are ways', () => {
  const ready = peersOf(12);
  expect(waysOf(12).ways.of(ready)).toEqual(ready);
});

test('among many there are six, the same each time while they are connected, and another for one that is gone', () => {
  const { ways } = waysOf(50);
  const ready = peersOf(50);
  const first = idsOf(ways.of(ready));
  expect(first).toHaveLength(6);
  expect(idsOf(ways.of(ready))).toEqual(first);
  const [gone, ...rest] = first;
  const without = idsOf(ways.of(ready.filter(({ connection }) => connection !== gone)));
  expect(without).toHaveLength(6);
  expect(without).toEqual(expect.arrayContaining(rest));
});

test('who passes something on to this node is a way too, for a minute', () => {
  const { context, ways } = waysOf(50);
  const ready = peersOf(50);
  const picked = new Set(idsOf(ways.of(ready)));
  const other = ready.find(({ connection }) => !picked.has(connection)) as Peer;
  ways.heardFrom(other.connection);
  expect(idsOf(ways.of(ready))).toContain(other.connection);
  context.nowMs = 60_000;
  expect(new Set(idsOf(ways.of(ready)))).toEqual(picked);
});

test('who is no masternode gets everything', () => {
  const ready = peersOf(60);
  const others = idsOf(ready.slice(50));
  const chosen = idsOf(waysOf(50).ways.of(ready));
  expect(chosen).toEqual(expect.arrayContaining(others));
  expect(chosen).toHaveLength(16);
});

test('what comes of it is in one piece, with a third of two hundred silent', () => {
  const count = 200;
  const silent = (node: number): boolean => node % 3 === 0;
  // Each is connected to fifty others, as two ends see it.
  const connected = Array.from({ length: count }, () => new Set<number>());
  let state = 1;
  const random = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  for (let link = 0; link < count * 25; link++) {
    const [a, b] = [Math.floor(random() * count), Math.floor(random() * count)];
    if (a === b) continue;
    connected[a]?.add(b);
    connected[b]?.add(a);
  }
  const ways = connected.map((others) => {
    const ready = [...others].map((node) => ({ connection: (node + 1) as ConnectionId, nodeId: `${node}` as NodeId }) as Peer);
    return idsOf(waysOf(count, random).ways.of(ready)).map((connection) => connection - 1);
  });
  const both = ways.map((picked, node) => new Set([...picked, ...ways.flatMap((theirs, other) => (theirs.includes(node) ? [other] : []))]));
  const reached = new Set([1]);
  for (const node of reached) if (!silent(node)) for (const next of both[node] ?? []) reached.add(next);
  expect(reached.size).toBe(count);
});
