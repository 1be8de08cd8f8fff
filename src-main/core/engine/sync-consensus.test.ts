import { expect, test } from 'vitest';
import { genesisOf, TestNode } from './test-node.fixture.ts';

const stranger = 50;

/** Blocks of a network with one member. */
function chainOf(heights: number): TestNode {
  const node = new TestNode(genesisOf(1), 0);
  // Somebody to say it to.
  node.connect(1, stranger);
  while (node.chain.blocks.length <= heights) node.pass(10_000);
  return node;
}
const rangeOf = (source: TestNode, from: number, count: number) => ({
  from,
  blocks: source.chain.blocks.slice(from, from + count).map(({ encoded }) => encoded),
  certificate: source.chain.blocks[from + count - 1]?.certificate,
});

test('a block that consensus decides while the same one is being applied does not stop the blocks after it', () => {
  const source = chainOf(4);
  const node = new TestNode(source.genesis, 9);
  node.nowMs = source.nowMs;
  const connection = node.connect(1, stranger, 2);
  node.holdAnswers = true;
  node.receive(connection, 'Blocks', rangeOf(source, 1, 2));
  node.release();
  // The set hash of block 1 is under way, and two more blocks are proven meanwhile.
  node.receive(connection, 'BlockAnnouncement', { height: 4, tipHash: source.chain.blocks[4]?.hash as never });
  node.receive(connection, 'Blocks', rangeOf(source, 3, 2));
  const setHash = node.held.shift();
  node.release();
  // Consensus: the proposal of block 1 and its one precommit.
  const proposal = source.sentOf('BlockProposal').find(({ height }) => height === 1);
  const precommit = source.sentOf('BlockVote').find(({ height, phase }) => height === 1 && phase === 'precommit');
  expect([setHash, proposal, precommit]).not.toContain(undefined);
  if (setHash === undefined || proposal === undefined || precommit === undefined) return;
  node.holdAnswers = false;
  node.receive(connection, 'BlockProposal', proposal);
  node.receive(connection, 'BlockVote', precommit);
  expect(node.chain.blocks.length).toBeGreaterThanOrEqual(2);
  node.input(setHash());
  expect(node.chain.blocks.map(({ hash }) => hash)).toEqual(source.chain.blocks.map(({ hash }) => hash));
  expect(node.events.filter(({ kind }) => kind === 'halted')).toEqual([]);
});
