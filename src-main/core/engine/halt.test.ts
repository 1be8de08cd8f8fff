import { expect, test } from 'vitest';
import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import { certificatesCodec } from '../codec/block.ts';
import { blockVoteOf, firstProposal, genesisOf, keyOf, TestNode } from './test-node.fixture.ts';

const genesis = genesisOf(4);
const { proposal, proposer } = firstProposal(genesis, 4);
const self = (proposer + 1) % 4;
const others = [0, 1, 2, 3].filter((number) => number !== self);
const rivals = [proposal.blockHash, 'ab'.repeat(32) as BlockHash];

/** Sees a quorum of precommits for each of two blocks. */
function halted(): TestNode {
  const node = new TestNode(genesis, self);
  const connection = node.connect(1, proposer);
  for (const blockHash of rivals)
    for (const member of others) node.receive(connection, 'BlockVote', blockVoteOf(genesis, member, { height: 1, round: 0, phase: 'precommit', blockHash }));
  return node;
}
/** A proposal and time for votes on it, and on what comes after it. */
function offered(node: TestNode): TestNode {
  const connection = node.connect(1, proposer);
  node.pass(10_000);
  node.receive(connection, 'BlockProposal', proposal);
  node.pass(30_000);
  return node;
}
const ownOf = (node: TestNode): unknown[] =>
  [...node.sentOf('BlockProposal'), ...node.sentOf('BlockVote'), ...node.sentOf('BlockVotes').flatMap(({ votes }) => votes)].filter(
    ({ nodeId }) => nodeId === keyOf(self).nodeId,
  );

test('two certificates for one height are stored with the halt, and the members that signed both are named', () => {
  const node = halted();
  const halt = node.persisted.find((operation) => operation.kind === 'put-halt');
  const certificates = certificatesCodec.decode(halt?.encoded ?? new Uint8Array());
  expect(certificates.map(({ blockHash, precommits }) => [blockHash, precommits.length])).toEqual(rivals.map((blockHash) => [blockHash, others.length]));
  const named = node.persisted.flatMap((operation) => (operation.kind === 'put-evidence' ? [operation.nodeId] : []));
  const signers = others.map((member) => keyOf(member).nodeId);
  expect(named.sort()).toEqual(signers.toSorted());
  expect(node.events.filter(({ kind }) => kind === 'halted')).toMatchObject([{ height: 1, signers: expect.arrayContaining(signers) }]);
});

test('a halted node signs nothing after a restart either, and says so again', () => {
  expect(ownOf(offered(new TestNode(genesis, self)))).not.toEqual([]);

  const node = offered(new TestNode(genesis, self, halted().stored()));
  expect(node.engine.views.consensus().halted).toBe(true);
  expect(node.events.filter(({ kind }) => kind === 'halted')).toMatchObject([{ height: 1 }]);
  expect(ownOf(node)).toEqual([]);
  expect(node.persisted).toEqual([]);
});

test('where the operator has marked both blocks, a node knows of no certificate of that height any more, and proposes there', () => {
  const node = halted();
  for (const [request, hash] of rivals.entries()) node.input({ kind: 'invalidate-block', request, hash, foundAt: undefined, isConfirmed: false });
  expect(node.engine.views.consensus().halted).toBe(false);
  // A round of each one's, this node's among them.
  node.pass(10_000);
  for (const round of [1, 2, 3, 4])
    for (const member of others)
      node.receive(1 as never, 'BlockVote', blockVoteOf(genesis, member, { height: 1, round, phase: 'prevote', blockHash: undefined }));
  expect(node.sentOf('BlockProposal').map(({ height, nodeId }) => [height, nodeId])).toContainEqual([1, keyOf(self).nodeId]);
});
