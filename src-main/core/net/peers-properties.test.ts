import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import { FakeNetwork, FakeNode, nodeIdOf, peersOptions, seeded, waitingOf } from './fake-network.fixture.ts';

const minutesMs = (minutes: number): number => minutes * 60_000;

/** What happens to two nodes in the first minute. */
const disturbance = fc.record({
  afterMs: fc.integer({ min: 0, max: 60_000 }),
  node: fc.integer({ min: 0, max: 1 }),
  kind: fc.constantFrom('cut', 'restart', 'crash', 'disconnect', 'ask', 'forget'),
  pick: fc.nat(),
});

function twoNodes(seed: number, maxDelayMs: number, connect: readonly [readonly string[], readonly string[]]): { network: FakeNetwork; nodes: FakeNode[] } {
  const random = seeded(seed);
  const network = new FakeNetwork({ random, maxDelayMs });
  const nodes = connect.map(
    (addresses, index) =>
      new FakeNode(
        'ab'[index] as string,
        [0, 1].map((port) => `${'ab'[index]}:${port}`),
        peersOptions({ self: nodeIdOf(index + 1), nonce: BigInt(index + 1), connect: addresses, random }),
      ),
  );
  for (const node of nodes) network.addNode(node);
  return { network, nodes };
}

const toA = fc.subarray(['a:0', 'a:1']);
const toB = fc.subarray(['b:0', 'b:1']);

test('two nodes end with one connection, the same at both ends, whatever happened before', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.constantFrom(1, 50, 2_000),
      fc.tuple(toB, toA).filter(([a, b]) => a.length + b.length > 0),
      fc.array(disturbance, { maxLength: 8 }),
      (seed, maxDelayMs, connect, disturbances) => {
        const { network, nodes } = twoNodes(seed, maxDelayMs, connect);
        const startMs = network.nowMs;
        for (const { afterMs, node: index, kind, pick } of disturbances)
          network.at(startMs + afterMs, () => {
            const node = nodes[index] as FakeNode;
            const open = network.openConnections();
            const own = node.peers.ready()[pick % Math.max(1, node.peers.ready().length)];
            if (kind === 'cut' && open.length > 0) network.cut(open[pick % open.length]!);
            if (kind === 'restart' || kind === 'crash') network.restart(node, kind === 'restart');
            if (kind === 'disconnect' && own !== undefined) network.carryOut(node, node.peers.disconnect(own.connection, 'requested', network.nowMs));
            for (const address of connect[index] as readonly string[]) {
              if (kind === 'forget') network.carryOut(node, node.peers.removeNode(address, network.nowMs));
              if (kind === 'ask' || kind === 'forget') network.carryOut(node, node.peers.addNode(address, network.nowMs));
            }
          });

        network.runUntil(startMs + minutesMs(15), () => {
          for (const node of nodes) {
            expect(node.peers.ready().length).toBeLessThanOrEqual(1);
            expect(node.peers.ready().map(({ connection }) => connection)).toEqual([...node.ready.keys()]);
          }
        });

        const [a, b] = nodes.map((node) => node.peers.ready().map(({ connection }) => network.linkOf(connection)));
        expect(a).toHaveLength(1);
        expect(a).toEqual(b);
        for (const node of nodes) {
          expect(node.changedAtMs, 'nothing changes any more').toBeLessThan(startMs + minutesMs(10));
          expect(waitingOf(node.peers)).toEqual([]);
        }
      },
    ),
    { numRuns: testRuns(60) },
  );
});

test('when both dial at once, the connection that the smaller id dialled stays, and no address is dialled again', () => {
  fc.assert(
    fc.property(fc.integer(), fc.constantFrom(1, 50, 2_000), (seed, maxDelayMs) => {
      const { network, nodes } = twoNodes(seed, maxDelayMs, [['b:0'], ['a:0']]);
      network.runUntil(network.nowMs + minutesMs(10));
      const [a, b] = nodes as [FakeNode, FakeNode];
      expect(a.peers.ready().map(({ direction }) => direction)).toEqual(['outbound']);
      expect(b.peers.ready().map(({ direction }) => direction)).toEqual(['inbound']);
      expect(a.dials).toHaveLength(1);
      expect(b.dials.length).toBeLessThanOrEqual(2);
    }),
  );
});

test('a full mesh of nodes that all start at once and know one another', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 3, max: 7 }), (seed, count) => {
      const random = seeded(seed);
      const network = new FakeNetwork({ random, maxDelayMs: 100 });
      const names = Array.from({ length: count }, (_, index) => `n${index}:0`);
      const nodes = names.map(
        (name, index) => new FakeNode(`n${index}`, [name], peersOptions({ self: nodeIdOf(index + 1), nonce: BigInt(index + 1), connect: names, random })),
      );
      for (const node of nodes) network.addNode(node);
      network.runUntil(network.nowMs + minutesMs(2));
      for (const [index, node] of nodes.entries()) {
        const others = nodes.map(({ options }) => options.self).filter((id) => id !== node.options.self);
        expect(
          node.peers
            .ready()
            .map(({ nodeId }) => nodeId)
            .sort(),
        ).toEqual(others);
        expect(node.peers.ready().every(({ rtt }) => rtt.lastMs !== undefined)).toBe(true);
        // Its own address is among those it was given.
        expect(waitingOf(node.peers).map(({ address, state, lastReason }) => ({ address, state, lastReason }))).toEqual([
          { address: names[index], state: 'givenUp', lastReason: 'self' },
        ]);
        expect(node.dials.filter(({ address }) => address === names[index])).toHaveLength(1);
      }
    }),
    { numRuns: testRuns(15) },
  );
});
