import { expect, test } from 'vitest';
import { type BlockHash, zeroHash } from '../../../src-shared/domain/ids.ts';
import { decodeBlock, hashBlock } from '../codec/block.ts';
import { blockVoteOf, firstProposal, genesisOf, keyOf, TestNode } from './test-node.fixture.ts';

// What honest members signed, passed on by a peer that changed what it says. It needs no key for that.

test('votes for none, passed on as votes for a block of zeros, accuse nobody and are no certificate', () => {
  const genesis = genesisOf(4);
  const { proposal } = firstProposal(genesis, 4);
  const node = new TestNode(genesis, 0);
  node.pass(10_000);
  const others = [1, 2, 3];
  const asSigned = others.map((member) => blockVoteOf(genesis, member, { height: 1, round: 1, phase: 'precommit', blockHash: undefined }));
  asSigned.forEach((vote, number) => {
    node.receive(node.connect(10 + number, 50 + number), 'BlockVote', vote);
    node.receive(node.connect(20 + number, 60 + number), 'BlockVote', { ...vote, blockHash: zeroHash as BlockHash });
  });
  expect(node.disconnected).toEqual([20, 21, 22]);
  const honest = node.connect(30, 70);
  node.receive(honest, 'BlockProposal', proposal);
  for (const phase of ['prevote', 'precommit'] as const)
    for (const member of others) node.receive(honest, 'BlockVote', blockVoteOf(genesis, member, { height: 1, round: 0, phase, blockHash: proposal.blockHash }));
  expect(node.events.filter(({ kind }) => kind === 'halted' || kind === 'evidence')).toEqual([]);
  expect(node.chain.blocks).toHaveLength(2);
});

/** The same header, and with it the same hash and the same signatures over it. */
function withLatePrecommits(encoded: Uint8Array): Uint8Array {
  const { header, previousCertificate, transactions } = decodeBlock(encoded);
  const junk = { height: 1, round: 0, nodeId: keyOf(3).nodeId, signature: new Uint8Array(64).fill(1) };
  return hashBlock(header, previousCertificate, transactions, [junk]).encoded;
}

test('block 1 with late precommits, which its header does not name, halts nobody who catches up', () => {
  const genesis = genesisOf(1);
  const source = new TestNode(genesis, 0);
  source.connect(1, 50);
  while (source.chain.blocks.length <= 3) source.pass(10_000);
  const node = new TestNode(genesis, 9);
  node.nowMs = source.nowMs;
  const connection = node.connect(1, 50, 3);
  const [first, ...rest] = source.chain.blocks.slice(1, 4).map(({ encoded }) => encoded);
  node.receive(connection, 'Blocks', { from: 1, blocks: [withLatePrecommits(first as Uint8Array), ...rest], certificate: source.chain.blocks[3]?.certificate });
  expect(node.events.filter(({ kind }) => kind === 'halted')).toEqual([]);
  expect(node.disconnected).toEqual([connection]);
});

test('nor is the proposer’s own block 1 taken for invalid after such a copy of it', () => {
  const genesis = genesisOf(4);
  const { proposal, proposer } = firstProposal(genesis, 4);
  const node = new TestNode(genesis, (proposer + 1) % 4);
  node.pass(10_000);
  node.receive(node.connect(1, 50), 'BlockProposal', { ...proposal, block: withLatePrecommits(proposal.block) });
  node.receive(node.connect(2, 51), 'BlockProposal', proposal);
  expect(node.sentOf('BlockVote').filter(({ phase }) => phase === 'prevote')).toMatchObject([{ blockHash: proposal.blockHash }]);
});
