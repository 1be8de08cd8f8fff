import { expect, test } from 'vitest';
import type { NodeId } from '../../../src-shared/domain/ids.ts';
import { hashHex } from '../crypto/hash.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { Peer } from '../net/peer-connection.ts';
import { VoteWays } from './vote-ways.ts';

const keyOf = (node: number): NodeId => hashHex('evidence', new Uint8Array([node, node >> 8])) as string as NodeId;
const peersOf = (nodes: Iterable<number>): readonly Peer[] => [...nodes].map((node) => ({ connection: node as ConnectionId, nodeId: keyOf(node) }) as Peer);
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);
/** To whom a node passes on, of those that it is connected with. */
function waysOf(node: number, connected: Iterable<number>, { epoch = 0, isMember = (_: number): boolean => true } = {}): number[] {
  const peers = peersOf(connected);
  const members = new Set(peers.filter(({ connection }) => isMember(connection)).map(({ nodeId }) => nodeId));
  return new VoteWays({ options: { self: keyOf(node) }, epoch, snapshot: { byNode: members } }).of(peers).map(({ connection }) => connection);
}

test('among few masternodes all are ways', () => {
  expect(waysOf(0, range(1, 13))).toEqual(range(1, 13));
});

test('among many there are about twelve, six at least, the same each time and others in another epoch', () => {
  const counts = range(0, 100).map((node) => waysOf(node, range(100, 150)).length);
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(6);
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  expect(mean).toBeGreaterThan(10);
  expect(mean).toBeLessThan(14);
  const first = waysOf(0, range(1, 51));
  expect(waysOf(0, range(1, 51))).toEqual(first);
  expect(waysOf(0, range(1, 51), { epoch: 1 })).not.toEqual(first);
});

test('between two with as many peers a way leads both ways', () => {
  const nodes = range(0, 51);
  const ways = nodes.map(
    (node) =>
      new Set(
        waysOf(
          node,
          nodes.filter((other) => other !== node),
        ),
      ),
  );
  // But for those few whose lot gave them less than six.
  const oneWay = nodes.flatMap((node) => [...(ways[node] ?? [])].filter((other) => ways[other]?.has(node) !== true));
  expect(oneWay.length).toBeLessThan(10);
});

test('who is no masternode gets everything', () => {
  const chosen = waysOf(0, range(1, 61), { isMember: (node) => node <= 50 });
  expect(chosen).toEqual(expect.arrayContaining(range(51, 61)));
  expect(chosen.length).toBeLessThan(40);
});

test('what comes of it is in one piece, with a third of two hundred silent', () => {
  const count = 200;
  const isSilent = (node: number): boolean => node % 3 === 0;
  // Each is connected with about fifty others: near ones and far ones.
  const connected = range(0, count).map(
    (node) => new Set(range(1, 26).flatMap((step) => [(node + step * step) % count, (node - step * step + 10 * count) % count])),
  );
  for (const [node, others] of connected.entries()) others.delete(node);
  for (const epoch of range(0, 10)) {
    const ways = connected.map((others, node) => waysOf(node, others, { epoch }));
    const reached = new Set([1]);
    for (const node of reached) if (!isSilent(node)) for (const next of ways[node] ?? []) reached.add(next);
    expect(reached.size).toBe(count);
  }
});
