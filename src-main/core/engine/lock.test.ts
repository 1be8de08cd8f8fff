import { expect, test } from 'vitest';
import { blockVoteOf, firstProposal, genesisOf, keyOf, TestNode } from './test-node.fixture.ts';

test('a block that this node is locked on without having prevoted it is stored with the lock, before the precommit', () => {
  const genesis = genesisOf(4);
  const { proposal, proposer } = firstProposal(genesis, 4);
  const others = [0, 1, 2, 3].filter((number) => number !== (proposer + 1) % 4);
  const node = new TestNode(genesis, (proposer + 1) % 4);
  const connection = node.connect(1, proposer);
  // No proposal in time.
  node.pass(10_000 + 1_100);
  expect(node.sentOf('BlockVote').map(({ phase, blockHash }) => [phase, blockHash])).toEqual([['prevote', undefined]]);
  node.receive(connection, 'BlockProposal', proposal);
  const { height, round, blockHash } = proposal;
  for (const member of others) node.receive(connection, 'BlockVote', blockVoteOf(genesis, member, { height, round, phase: 'prevote', blockHash }));
  expect(node.sentOf('BlockVote').find(({ phase, nodeId }) => phase === 'precommit' && nodeId === keyOf((proposer + 1) % 4).nodeId)?.blockHash).toBe(blockHash);
  const stored = node.persisted.map((operation) => (operation.kind === 'guard' ? operation.record.kind : operation.kind));
  expect(stored).toEqual(['block-vote', 'put-proposed-block', 'valid', 'lock', 'block-vote']);
});
