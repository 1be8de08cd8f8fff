import { expect, test } from 'vitest';
import { type BlockHash, type NodeId, zeroHash } from '../../../src-shared/domain/ids.ts';
import { type BlockCertificate, decodeBlock } from '../codec/block.ts';
import { encodeMessage } from '../codec/message.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import { signVoteBundle, type VoteChoice } from '../codec/vote-bundle.ts';
import { ProposerSequence } from '../consensus/proposer.ts';
import { maxBlockBytes, maxMessageBytes, maxOutputs, maxSnapshotMembers } from '../constants.ts';
import { sign } from '../crypto/signature.ts';
import { paramsOf } from '../params.ts';
import type { Snapshot } from '../snapshot.ts';
import { bytesOfTransactions, roomForTransactions } from './block-room.ts';
import { allocation, coinOf, genesisOf, keyOf, lockOfKey, payment, TestNode } from './test-node.fixture.ts';

const members = 2;
const large = 70;
const small = 300;
const genesis = genesisOf(members, large + small);
const earlyMs = 100;
const proposer = [0, 1].find((member) => keyOf(member).nodeId === new ProposerSequence(genesis.registry.snapshot, 1).at(1, 0)) as number;
const other = 1 - proposer;

const lock = lockOfKey(0);
/** Four units a byte of fee, and no more than the coin. */
const pays = (index: number, outputs: number, of = genesis, keys = members): HashedTransaction =>
  payment(
    of,
    [coinOf(of, keys, index)],
    Array.from({ length: outputs }, () => ({ amount: (allocation - 200_000n) / BigInt(outputs), lock })),
  );
/** A block of them would be some kilobytes too long: 70 of 28,000 bytes, then 300 of 220. */
const backlog = Array.from({ length: large + small }, (_, index) => pays(index, index < large ? maxOutputs : 1));

/** Everything in the backlog is final there. */
function nodeOf(member: number): { readonly node: TestNode; readonly connection: ReturnType<TestNode['connect']> } {
  const node = new TestNode(genesis, member, {}, { params: { ...paramsOf.devnet, listenMs: 0, finalMustBeIncludedMs: 0 } });
  node.verify = () => true;
  node.setHash = ({ state }) => ({ state, utxoSetHash: zeroHash as ReturnType<TestNode['setHash']>['utxoSetHash'] });
  const connection = node.connect(1, 1 - member);
  node.receive(connection, 'TransactionBroadcast', { transactions: backlog.map(({ encoded }) => encoded) });
  const { seed, nodeId } = keyOf(1 - member);
  const bundles = (['accept', 'commit'] as const).map((choice: VoteChoice) => {
    const votes = backlog.map(({ txid }) => ({ txid, choice, code: 'none' as const }));
    return signVoteBundle({ nodeId, epoch: 0, votes }, genesis.hash, { sign: (message) => sign(seed, message) }).encoded;
  });
  node.receive(connection, 'TransactionVotes', { bundles });
  // Half a block is final: the next is early.
  node.pass(earlyMs);
  return { node, connection };
}

test('a block under a backlog is filled to the last transaction that fits, and who knows the rest of the backlog votes for it', () => {
  const [proposal] = nodeOf(proposer).node.sentOf('BlockProposal');
  if (proposal === undefined) throw new Error('the proposer proposes');
  const block = decodeBlock(proposal.block);
  const [, ...payments] = block.transactions;
  expect(payments.length).toBeLessThan(backlog.length);
  const left = roomForTransactions(genesis.registry.snapshot, block.previousCertificate, block.latePrecommits) - bytesOfTransactions(payments);
  expect(left).toBeGreaterThanOrEqual(0);
  expect(left).toBeLessThan(bytesOfTransactions(backlog.slice(-1)));
  // By its length alone one more seems to fit: room for the longest certificate and coinbase is never used up.
  expect(block.encoded.length + bytesOfTransactions(backlog.slice(-1))).toBeLessThanOrEqual(maxBlockBytes);

  const { node, connection } = nodeOf(other);
  node.receive(connection, 'BlockProposal', proposal);
  expect(node.events.filter(({ kind }) => kind === 'vote-refused')).toEqual([]);
  expect(node.sentOf('BlockVote')).toMatchObject([{ phase: 'prevote', blockHash: proposal.blockHash }]);
});

test.each([1, 4, 100, maxSnapshotMembers])('what must be beside the transactions fits a block of %i members, whoever decided the one before', (count) => {
  const bytesOfCoinbase = 28 * (count + 1);
  for (const signers of [1, 4, 100, maxSnapshotMembers])
    for (const late of [0, 1, 1_000]) {
      const room = roomForTransactions(
        { members: { length: count } as unknown as Snapshot['members'] },
        { precommits: { length: signers } as unknown as BlockCertificate['precommits'] },
        new Array(late),
      );
      expect(room + bytesOfCoinbase + 96 * signers + 104 * late + 600).toBeLessThanOrEqual(maxBlockBytes);
    }
});

test('a full block, and a certificate with every signature that there may be, are one message', () => {
  const precommits = Array.from({ length: maxSnapshotMembers }, () => ({ nodeId: zeroHash as NodeId, signature: new Uint8Array(64) }));
  const certificate = { height: 1, round: 0, blockHash: zeroHash as BlockHash, precommits };
  const message = encodeMessage({ type: 'Blocks', body: { from: 1, blocks: [new Uint8Array(maxBlockBytes)], certificate } });
  expect(message.length).toBeLessThanOrEqual(maxMessageBytes);
});

test('an epoch stays open for a block more where what is certified does not fit into the one that may close it', () => {
  const alone = genesisOf(1, large + 10);
  const node = new TestNode(alone, 0);
  node.verify = () => true;
  node.setHash = ({ state }) => ({ state, utxoSetHash: zeroHash as ReturnType<TestNode['setHash']>['utxoSetHash'] });
  const { blockIntervalMs } = paramsOf.devnet;
  node.pass(6 * blockIntervalMs + 1);
  expect(node.chain.blocks.length - 1).toBe(5);
  const payments = Array.from({ length: large + 10 }, (_, index) => pays(index, maxOutputs, alone, 1));
  for (const [request, { encoded }] of payments.entries()) node.input({ kind: 'submit-transaction', request, encoded });
  node.pass(blockIntervalMs / 2);
  const [sixth, seventh] = node.chain.blocks.slice(6).map(({ encoded }) => decodeBlock(encoded));
  expect(sixth?.header.closesEpoch).toBe(false);
  expect(seventh?.header.closesEpoch).toBe(true);
  expect((sixth?.transactions.length ?? 0) + (seventh?.transactions.length ?? 0)).toBe(payments.length + 2);
});
