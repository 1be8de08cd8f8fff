import { expect, test } from 'vitest';
import { genesisOf, TestNode } from './test-node.fixture.ts';

function decided(heights: number): TestNode {
  const node = new TestNode(genesisOf(1), 0);
  node.connect(1, 50);
  while (node.chain.blocks.length <= heights) node.pass(10_000);
  return node;
}

test('nobody voted for the genesis block', () => {
  expect(new TestNode(genesisOf(1), 0).engine.views.lastDecided()).toBeUndefined();
});

test('the votes that decided the tip stay in sight while the next height waits for its slot', () => {
  const { engine, chain } = decided(1);
  const { hash } = engine.views.tip();
  const self = engine.views.self();
  expect(engine.views.consensus().beganMs).toBeUndefined();
  expect(engine.views.lastDecided()).toEqual({
    hash,
    certificate: chain.blocks[1]?.certificate,
    prevotes: [{ blockHash: hash, weight: engine.views.snapshot().totalWeight, voters: [self] }],
  });
});

test('of a block that was fetched there is the certificate alone', () => {
  const source = decided(2);
  const node = new TestNode(source.genesis, 9);
  node.nowMs = source.nowMs;
  const connection = node.connect(1, 50, 2);
  const blocks = source.chain.blocks.slice(1);
  const last = blocks[1];
  node.receive(connection, 'Blocks', { from: 1, blocks: blocks.map(({ encoded }) => encoded), certificate: last?.certificate });
  expect(node.engine.views.tip().height).toBe(2);
  expect(node.engine.views.lastDecided()).toEqual({ hash: last?.hash, certificate: last?.certificate, prevotes: undefined });
});
