import { expect, it } from 'vitest';
import { signHeartbeat } from '../codec/heartbeat.ts';
import { sign } from '../crypto/signature.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import { genesisOf, keyOf, TestNode } from './test-node.fixture.ts';

const genesis = genesisOf(4);
const intervalMs = 10_000;
const heartbeatOf = (member: number, sequence: number, time: number, signer = member) =>
  signHeartbeat({ nodeId: keyOf(member).nodeId, sequence, time, height: 0 }, genesis.hash, { sign: (message) => sign(keyOf(signer).seed, message) });
const toldTo = (node: TestNode) => node.sent.filter(({ message }) => message.type === 'Heartbeat').map(({ to }) => to);

it('a masternode sends its own every interval, each above the one before, to all its peers', () => {
  const node = new TestNode(genesis, 0);
  const peers = [1, 2].map((member) => node.connect(member, member));
  node.pass(4 * intervalMs);
  const sent = node.sentOf('Heartbeat').filter(({ nodeId }) => nodeId === keyOf(0).nodeId);
  expect(sent.length).toBeGreaterThanOrEqual(3);
  expect(sent.every(({ sequence }, index) => index === 0 || sequence > sent[index - 1]!.sequence)).toBe(true);
  expect(toldTo(node)[0]).toEqual(peers);
  expect(node.engine.views.heartbeat(keyOf(0).nodeId).state).toBe('online');
});

it('one of another is passed on once: not to who brought it, nor to who signed it, nor to more than six', () => {
  const node = new TestNode(genesis, 0);
  const [signer, bringer, ...others] = [1, 2, 3, 11, 12, 13, 14, 15, 16].map((peer) => node.connect(peer, peer)) as [
    ConnectionId,
    ConnectionId,
    ...ConnectionId[],
  ];
  node.receive(bringer, 'Heartbeat', heartbeatOf(1, 5, node.nowMs));
  const [to = []] = toldTo(node);
  expect(to).toHaveLength(6);
  expect(others).toEqual(expect.arrayContaining([...to]));
  expect(new Set(to).size).toBe(6);
  for (const connection of [signer, ...others]) node.receive(connection, 'Heartbeat', heartbeatOf(1, 5, node.nowMs));
  expect(toldTo(node)).toHaveLength(1);
  expect(node.engine.views.heartbeat(keyOf(1).nodeId)).toMatchObject({ state: 'online', lastMs: node.nowMs });
  expect(node.disconnected).toEqual([]);
});

it('one that nobody registered means nothing, and a forged one ends the connection', () => {
  const node = new TestNode(genesis, 0);
  const [first, second] = [node.connect(1, 1), node.connect(2, 2)];
  node.receive(first, 'Heartbeat', heartbeatOf(9, 5, node.nowMs));
  node.receive(first, 'Heartbeat', heartbeatOf(3, 5, node.nowMs - 200_000));
  expect(toldTo(node)).toEqual([]);
  node.receive(second, 'Heartbeat', heartbeatOf(3, 5, node.nowMs, 2));
  expect(toldTo(node)).toEqual([]);
  expect(node.disconnected).toEqual([second]);
});

it('one that falls silent is told of', () => {
  const node = new TestNode(genesis, 0);
  node.receive(node.connect(1, 1), 'Heartbeat', heartbeatOf(1, 5, node.nowMs));
  node.pass(5 * intervalMs);
  const states = node.events.flatMap((event) => (event.kind === 'heartbeat' && event.nodeId === keyOf(1).nodeId ? [event.state] : []));
  expect(states).toEqual(['online', 'late', 'offline']);
});
