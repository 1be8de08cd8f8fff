import { expect, test } from 'vitest';
import type { BlockHash, Txid } from '../../../src-shared/domain/ids.ts';
import { decodeBlock, hashBlock } from '../codec/block.ts';
import { type BlockProposal, blockProposalMessage } from '../codec/block-vote.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import { signVoteBundle } from '../codec/vote-bundle.ts';
import { ProposerSequence } from '../consensus/proposer.ts';
import { sign } from '../crypto/signature.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import { allocation, blockVoteOf, coinOf, genesisOf, keyOf, lockOfKey, payment, TestNode } from './test-node.fixture.ts';

const members = 4;
const genesis = genesisOf(members, 3);
const proposers = new ProposerSequence(genesis.registry.snapshot, 1);
const memberIn = (round: number): number => [0, 1, 2, 3].find((member) => keyOf(member).nodeId === proposers.at(1, round)) as number;
const [first, second] = [memberIn(0), memberIn(1)];
const others = [0, 1, 2, 3].filter((member) => member !== second);
const slotMs = 10_000;

const pays = (fee: bigint, coin = 0): HashedTransaction =>
  payment(genesis, [coinOf(genesis, members, coin)], [{ amount: allocation - fee, lock: lockOfKey(0) }]);
/** Accepts of all but this node: a certificate. */
const acceptsOf = ({ txid }: HashedTransaction): Uint8Array[] =>
  others.map((member) => {
    const { seed, nodeId } = keyOf(member);
    const votes = [{ txid, choice: 'accept' as const, code: 'none' as const }];
    return signVoteBundle({ nodeId, epoch: 0, votes }, genesis.hash, { sign: (message) => sign(seed, message) }).encoded;
  });
const txidsIn = ({ block }: BlockProposal): Txid[] => decodeBlock(block).transactions.map(({ txid }) => txid);

/** Of round 0, by a node that knows these transactions for long enough to include them. */
function firstBlock(transactions: readonly HashedTransaction[]): BlockProposal {
  const node = new TestNode(genesis, first);
  const connection = node.connect(1, 99);
  if (transactions.length > 0) node.receive(connection, 'TransactionBroadcast', { transactions: transactions.map(({ encoded }) => encoded) });
  node.pass(slotMs);
  const [proposal] = node.sentOf('BlockProposal');
  if (proposal === undefined) throw new Error('the first proposer proposes');
  return proposal;
}

/** In round 0 it has prevoted nil for want of a proposal; the others do as well, and go on. */
function endRound(node: TestNode, connection: ConnectionId): void {
  const nil: BlockHash | undefined = undefined;
  for (const phase of ['prevote', 'precommit'] as const)
    for (const member of others) node.receive(connection, 'BlockVote', blockVoteOf(genesis, member, { height: 1, round: 0, phase, blockHash: nil }));
  node.pass(600);
}
const proposed = (node: TestNode): BlockProposal[] => node.sentOf('BlockProposal').filter(({ nodeId }) => nodeId === keyOf(second).nodeId);

test('a block that came too late for its round is proposed afresh in the next, and not another one made', () => {
  const proposal = firstBlock([]);
  const node = new TestNode(genesis, second);
  const connection = node.connect(1, first);
  node.pass(slotMs + 1_100);
  node.receive(connection, 'BlockProposal', proposal);
  endRound(node, connection);
  expect(proposed(node)).toMatchObject([{ round: 1, validRound: undefined, blockHash: proposal.blockHash }]);
});

test('one that is still being checked is waited for', () => {
  const proposal = firstBlock([]);
  const node = new TestNode(genesis, second);
  const connection = node.connect(1, first);
  node.pass(slotMs + 1_100);
  for (const phase of ['prevote', 'precommit'] as const)
    for (const member of others) node.receive(connection, 'BlockVote', blockVoteOf(genesis, member, { height: 1, round: 0, phase, blockHash: undefined }));
  node.holdAnswers = true;
  node.receive(connection, 'BlockProposal', proposal);
  // Its signature is good; the hash of its coins is not known yet.
  node.release();
  node.pass(600);
  expect(node.events.filter(({ kind }) => kind === 'round-started')).toHaveLength(2);
  expect(proposed(node)).toEqual([]);
  node.release();
  expect(proposed(node)).toMatchObject([{ round: 1, blockHash: proposal.blockHash }]);
});

test('one that conflicts with a certificate is not proposed again', () => {
  const [inBlock, certified] = [pays(2_000_000n), pays(3_000_000n)];
  const proposal = firstBlock([inBlock]);
  expect(decodeBlock(proposal.block).transactions.map(({ txid }) => txid)).toContain(inBlock.txid);
  const node = new TestNode(genesis, second);
  const connection = node.connect(1, first);
  node.receive(connection, 'TransactionBroadcast', { transactions: [certified.encoded] });
  node.receive(connection, 'TransactionVotes', { bundles: acceptsOf(certified) });
  node.pass(slotMs + 1_100);
  node.receive(connection, 'BlockProposal', proposal);
  endRound(node, connection);
  const [again] = proposed(node);
  expect(again?.round).toBe(1);
  expect(decodeBlock((again as BlockProposal).block).transactions.map(({ txid }) => txid)).toContain(certified.txid);
});

/** The same block, but that it would close the epoch, which it must not. */
function closing({ block, ...proposal }: BlockProposal): BlockProposal {
  const { header, transactions } = decodeBlock(block);
  const { hash, encoded } = hashBlock({ ...header, closesEpoch: true }, undefined, transactions);
  const signed = { ...proposal, blockHash: hash, block: encoded };
  return { ...signed, signature: sign(keyOf(first).seed, blockProposalMessage(genesis.hash, signed)) };
}

/** Three coins, the first two paid twice each; the second node knows all of it, and then the block of the first, which takes the first of each pair. */
function ambushed(
  overtaken: boolean,
  made = (proposal: BlockProposal): BlockProposal => proposal,
): {
  readonly pairs: readonly (readonly [HashedTransaction, HashedTransaction])[];
  readonly plain: HashedTransaction;
  readonly again: BlockProposal;
} {
  const pairs = [0, 1].map((coin) => [pays(2_000_000n, coin), pays(3_000_000n, coin)] as const);
  const plain = pays(2_000_000n, 2);
  const proposal = firstBlock(pairs.slice(0, 1).map(([one]) => one));
  const node = new TestNode(genesis, second);
  const connection = node.connect(1, first);
  const known = [...pairs.flat(), plain];
  node.receive(connection, 'TransactionBroadcast', { transactions: known.map(({ encoded }) => encoded) });
  node.pass(slotMs + 1_100);
  node.receive(connection, 'BlockProposal', made(proposal));
  if (overtaken) node.receive(connection, 'TransactionVotes', { bundles: acceptsOf((pairs[0] as (typeof pairs)[number])[1]) });
  endRound(node, connection);
  const [again] = proposed(node);
  if (again === undefined) throw new Error('the second proposer proposes');
  return { pairs, plain, again };
}

test('after a block that a certificate has overtaken, the next leaves out what is contested: no second pair that was prepared costs a second round', () => {
  const { pairs, plain, again } = ambushed(true);
  const [[, certified], [rival, other]] = pairs as [(typeof pairs)[number], (typeof pairs)[number]];
  expect(txidsIn(again).slice(1)).toEqual([certified.txid, plain.txid]);
  expect(txidsIn(again)).not.toContain(rival.txid);
  expect(txidsIn(again)).not.toContain(other.txid);
});

test('one that settles what is contested is proposed again where its round failed without that', () => {
  const { pairs, again } = ambushed(false);
  expect(txidsIn(again)).toContain(pairs[0]?.[0].txid);
});

test('an invalid block is overtaken by nothing: whoever signs one at every height does not put off what is contested', () => {
  const { pairs, again } = ambushed(true, closing);
  const [[, certified], [rival]] = pairs as [(typeof pairs)[number], (typeof pairs)[number]];
  expect(txidsIn(again)).toEqual(expect.arrayContaining([certified.txid, rival.txid]));
});

test('one of a later round is not proposed in this one: whoever has a turn to come would else take every turn', () => {
  const later = new TestNode(genesis, second);
  const connection = later.connect(1, first);
  later.pass(slotMs + 1_100);
  endRound(later, connection);
  const [ahead] = proposed(later);
  if (ahead === undefined) throw new Error('the second proposer proposes');
  expect(ahead.round).toBe(1);

  const node = new TestNode(genesis, first);
  node.pass(slotMs - 1_000);
  node.receive(node.connect(1, second), 'BlockProposal', ahead);
  node.pass(2_000);
  const own = node.sentOf('BlockProposal').filter(({ nodeId }) => nodeId === keyOf(first).nodeId);
  expect(own.map(({ round, block }) => [round, decodeBlock(block).header.proposer])).toEqual([[0, keyOf(first).nodeId]]);
});

/** What a member that is not the proposer prevotes within a second of hearing of this, a second before the slot, and when the slot has come. */
function prevotesOfThird(proposal: BlockProposal): readonly (readonly (BlockHash | undefined)[])[] {
  const node = new TestNode(genesis, memberIn(2));
  const connection = node.connect(1, first);
  const prevotes = (): (BlockHash | undefined)[] =>
    node.sentOf('BlockVote').flatMap(({ phase, nodeId, blockHash }) => (phase === 'prevote' && nodeId === keyOf(memberIn(2)).nodeId ? [blockHash] : []));
  node.pass(slotMs - 1_000);
  node.receive(connection, 'BlockProposal', proposal);
  node.pass(900);
  const before = prevotes();
  node.pass(200);
  return [before, prevotes()];
}

test('a block of the first turn begins its height before the slot, as a clock may be ahead, where it would be prevoted', () => {
  const proposal = firstBlock([]);
  expect(prevotesOfThird(proposal)).toEqual([[proposal.blockHash], [proposal.blockHash]]);
});

test('a block that nobody would prevote begins nothing: the rounds before the slot would be lost, one honest turn after another', () => {
  expect(prevotesOfThird(closing(firstBlock([])))).toEqual([[], [undefined]]);
});
