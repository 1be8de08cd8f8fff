import { expect, test } from 'vitest';
import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import { blockVoteOf, genesisOf, TestNode } from './test-node.fixture.ts';

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

test('a node that has a quorum of precommits for a block it does not have proposes no other at that height', () => {
  const genesis = genesisOf(4);
  for (const self of [0, 1, 2, 3]) {
    const node = new TestNode(genesis, self);
    const connection = node.connect(1, 50);
    node.pass(10_000);
    const before = node.sentOf('BlockProposal').length;
    for (const member of [0, 1, 2, 3].filter((number) => number !== self))
      node.receive(connection, 'BlockVote', blockVoteOf(genesis, member, { height: 1, round: 0, phase: 'precommit', blockHash: 'ab'.repeat(32) as BlockHash }));
    node.pass(60_000);
    expect(node.sentOf('BlockProposal')).toHaveLength(before);
  }
});
