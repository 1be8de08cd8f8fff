import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import { FakeNetwork, FakeNode, nodeIdOf, peersOptions, seeded } from './fake-network.fixture.ts';

const minutesMs = (minutes: number): number => minutes * 60_000;
const port = 24_200;

function hasPeerTwice(node: FakeNode): boolean {
  const ready = node.peers.ready();
  return new Set(ready.map(({ nodeId }) => nodeId)).size < ready.length;
}

test('nodes that know one of them find all others, and remember them', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 3, max: 9 }), (seed, count) => {
      const random = seeded(seed);
      const network = new FakeNetwork({ random, maxDelayMs: 200 });
      const hosts = Array.from({ length: count }, (_, index) => `80.${index}.0.1`);
      const nodes = hosts.map(
        (host, index) =>
          new FakeNode(
            host,
            [`${host}:${port}`],
            peersOptions({ self: nodeIdOf(index + 1), nonce: BigInt(index + 1), bootstrap: [`${hosts[0]}:${port}`], random }),
          ),
      );
      for (const node of nodes) network.addNode(node);
      network.runUntil(network.nowMs + minutesMs(15), () => {
        // Asked after every event: a hundred thousand expectations would take longer than all the rest.
        for (const node of nodes) if (hasPeerTwice(node)) throw new Error(`${node.name} has a peer twice`);
      });
      for (const node of nodes) {
        expect(node.peers.ready(), node.name).toHaveLength(count - 1);
        expect(node.discoveries).toBeGreaterThan(0);
      }
      const last = nodes.at(-1) as FakeNode;
      expect(last.stored.size).toBeGreaterThan(1);

      // Without its only bootstrap node it comes back by what it remembers.
      network.restart(last, true);
      network.runUntil(network.nowMs + minutesMs(5));
      expect(last.peers.ready()).toHaveLength(count - 1);
    }),
    { numRuns: testRuns(10) },
  );
});

test('after sleep every address is tried at once again, and one dial each', () => {
  const network = new FakeNetwork({ random: seeded(3), maxDelayMs: 10 });
  const node = new FakeNode('80.0.0.1', [`80.0.0.1:${port}`], peersOptions({ connect: ['81.0.0.1:1', '81.0.0.2:1'] }));
  network.addNode(node);
  network.runUntil(network.nowMs + minutesMs(9));
  const before = node.dials.length;
  const hourLaterMs = network.nowMs + minutesMs(60);
  network.carryOut(node, node.peers.timer(hourLaterMs));
  expect(node.dials.slice(before).map(({ address }) => address)).toEqual(['81.0.0.1:1', '81.0.0.2:1']);
});

test('a clock that is set back an hour delays neither pings nor dials', () => {
  const network = new FakeNetwork({ random: seeded(3), maxDelayMs: 10 });
  const node = new FakeNode('80.0.0.1', [`80.0.0.1:${port}`], peersOptions({ connect: ['81.0.0.1:1'] }));
  network.addNode(node);
  network.runUntil(network.nowMs + 20);
  const [waiting] = node.peers.addresses();
  const back = minutesMs(60);
  network.carryOut(node, node.peers.timer(network.nowMs - back));
  // Of the time since the last input nobody knows on which side of the step it was.
  const off = (node.peers.addresses()[0]?.nextTryMs ?? 0) - ((waiting?.nextTryMs ?? 0) - back);
  expect(off).toBeGreaterThanOrEqual(0);
  expect(off).toBeLessThanOrEqual(20);
  expect(node.timerAtMs).toBe(node.peers.addresses()[0]?.nextTryMs);
});
