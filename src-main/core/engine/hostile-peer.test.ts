import { expect, test } from 'vitest';
import { type BlockHash, zeroHash } from '../../../src-shared/domain/ids.ts';
import { decodeBlock, hashBlock } from '../codec/block.ts';
import { type BlockProposal, blockProposalMessage } from '../codec/block-vote.ts';
import { sign } from '../crypto/signature.ts';
import { allocation, blockVoteOf, coinOf, firstProposal, genesisOf, keyOf, lockOfKey, payment, TestNode } from './test-node.fixture.ts';

const stranger = 50;
const slotMs = 10_000;

const forged = <T extends { readonly signature: Uint8Array }>(signed: T): T => ({ ...signed, signature: new Uint8Array(64) });

test('a forged copy of a block vote does not keep the real one out, nor do the rest of its message', () => {
  const genesis = genesisOf(4);
  const node = new TestNode(genesis, 0);
  node.pass(slotMs);
  const nil = { height: 1, round: 0, phase: 'prevote', blockHash: undefined } as const;
  const one = blockVoteOf(genesis, 1, nil);
  const two = blockVoteOf(genesis, 2, nil);
  node.receive(node.connect(1, stranger), 'BlockVotes', { votes: [forged(one), two] });
  expect(node.disconnected).toEqual([1]);
  node.receive(node.connect(2, 1), 'BlockVote', one);
  const { prevotes } = node.engine.views.consensus();
  expect(prevotes.flatMap(({ blockHash, voters }) => (blockHash === undefined ? voters : []))).toEqual(expect.arrayContaining([one.nodeId, two.nodeId]));
});

test('a proposal that came with another block, or forged, is taken when it comes as it is', () => {
  const genesis = genesisOf(4);
  const { proposal, proposer } = firstProposal(genesis, 4);
  const node = new TestNode(genesis, (proposer + 1) % 4);
  node.receive(node.connect(1, stranger), 'BlockProposal', { ...proposal, block: genesis.block.encoded });
  node.receive(node.connect(2, stranger + 1), 'BlockProposal', forged(proposal));
  expect(node.disconnected).toEqual([1, 2]);
  node.connect(4, stranger + 2);
  node.receive(node.connect(3, proposer), 'BlockProposal', proposal);
  node.pass(slotMs);
  expect(node.sentOf('BlockVote').find(({ phase, round }) => phase === 'prevote' && round === 0)?.blockHash).toBe(proposal.blockHash);
});

test('a proposer that signs block upon block leaves room for the proposals of other rounds', () => {
  const genesis = genesisOf(4);
  const { proposal, proposer } = firstProposal(genesis, 4);
  const block = decodeBlock(proposal.block);
  const number = (proposer + 2) % 4;
  const node = new TestNode(genesis, number);
  const connection = node.connect(1, proposer);
  node.connect(2, stranger);
  const { seed } = keyOf(proposer);
  const signed = (one: Omit<BlockProposal, 'signature'>): BlockProposal => ({ ...one, signature: sign(seed, blockProposalMessage(genesis.hash, one)) });
  node.nowMs += slotMs;
  for (let index = 0; index < 40; index++) {
    const { hash, encoded } = hashBlock({ ...block.header, time: block.header.time + index, utxoSetHash: zeroHash as never }, undefined, block.transactions);
    // Of its rounds to come as well: every fourth is its own.
    node.receive(connection, 'BlockProposal', signed({ ...proposal, round: 4 * index, blockHash: hash, block: encoded }));
    node.receive(connection, 'BlockProposal', signed({ ...proposal, blockHash: hash, block: encoded }));
  }
  node.pass(60_000);
  // The others voted nil in round 0, and the next proposer has a valid block.
  for (const phase of ['prevote', 'precommit'] as const)
    for (const member of [0, 1, 2, 3].filter((one) => one !== number))
      node.receive(connection, 'BlockVote', blockVoteOf(genesis, member, { height: 1, round: 0, phase, blockHash: undefined }));
  node.pass(2_000);
  const next = [0, 1, 2, 3].find((one) => keyOf(one).nodeId === node.engine.views.consensus().proposer);
  expect(node.engine.views.consensus().round).toBe(1);
  if (next === number || next === undefined) throw new Error('choose another node');
  const other = new TestNode(genesis, next);
  const to = other.connect(1, stranger);
  other.nowMs = node.nowMs;
  for (const phase of ['prevote', 'precommit'] as const)
    for (const member of [0, 1, 2, 3].filter((one) => one !== next))
      other.receive(to, 'BlockVote', blockVoteOf(genesis, member, { height: 1, round: 0, phase, blockHash: undefined }));
  other.pass(3_000);
  const second = other.sentOf('BlockProposal').find(({ round }) => round === 1);
  if (second === undefined) throw new Error('it proposes in round 1');
  node.receive(connection, 'BlockProposal', second);
  for (const member of [0, 1, 2, 3].filter((one) => one !== number))
    node.receive(connection, 'BlockVote', blockVoteOf(genesis, member, { height: 1, round: 1, phase: 'precommit', blockHash: second.blockHash as BlockHash }));
  expect(node.chain.blocks.length).toBe(2);
});

/** A chain of one member, and a node that follows it. */
function chainOf(heights: number): TestNode {
  const genesis = genesisOf(1);
  const node = new TestNode(genesis, 0);
  node.connect(1, stranger);
  const paid = payment(genesis, [coinOf(genesis, 1)], [{ amount: allocation - 10_000_000n, lock: lockOfKey(1) }]);
  node.receive(1 as never, 'TransactionBroadcast', { transactions: [paid.encoded] });
  while (node.chain.blocks.length <= heights) node.pass(slotMs);
  return node;
}

test.each(['transactions', 'certificate'] as const)('a peer that serves a certified block with other %s is left, and nothing is halted', (what) => {
  const source = chainOf(3);
  const node = new TestNode(source.genesis, 9);
  node.nowMs = source.nowMs;
  const all = source.chain.blocks.slice(1);
  const certificate = all.at(-1)?.certificate;
  const mutated = all.map(({ encoded }, index) => {
    const block = decodeBlock(encoded);
    if (what === 'transactions' && index === 0) return hashBlock(block.header, block.previousCertificate, block.transactions.slice(0, 1)).encoded;
    if (what === 'certificate' && index === 1) return hashBlock(block.header, undefined, block.transactions).encoded;
    return encoded;
  });
  expect(mutated).not.toEqual(all.map(({ encoded }) => encoded));
  const liar = node.connect(1, stranger, 3);
  node.receive(liar, 'Blocks', { from: 1, blocks: mutated, certificate });
  expect(node.disconnected).toEqual([1]);
  expect(node.events.filter(({ kind }) => kind === 'halted')).toEqual([]);
  node.receive(node.connect(2, stranger + 1, 3), 'Blocks', { from: 1, blocks: all.map(({ encoded }) => encoded), certificate });
  expect(node.chain.blocks.map(({ hash }) => hash)).toEqual(source.chain.blocks.map(({ hash }) => hash));
  expect(node.chain.blocks.map(({ certificate: one }) => one)).toEqual(source.chain.blocks.map(({ certificate: one }) => one));
});

test('a transaction with a bad signature says nothing about the one with the good one', () => {
  const genesis = genesisOf(4);
  const node = new TestNode(genesis, 0);
  const paid = payment(genesis, [coinOf(genesis, 4)], [{ amount: allocation - 10_000_000n, lock: lockOfKey(1) }]);
  const bad = paid.encoded.slice();
  bad[bad.length - 1] = (bad[bad.length - 1] ?? 0) ^ 1;
  node.receive(node.connect(1, stranger), 'TransactionBroadcast', { transactions: [bad] });
  expect(node.disconnected).toEqual([1]);
  expect(node.engine.views.departed(paid.txid)).toBeUndefined();
  node.receive(node.connect(2, stranger + 1), 'TransactionAnnouncement', { txids: [paid.txid] });
  expect(node.sentOf('GetTransactions')).toEqual([{ txids: [paid.txid] }]);
});
