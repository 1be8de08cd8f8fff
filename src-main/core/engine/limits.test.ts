import { expect, test, vi } from 'vitest';
import type { BlockHash, Txid } from '../../../src-shared/domain/ids.ts';
import type { BlockVote } from '../codec/block-vote.ts';
import { voteBundleCodec } from '../codec/vote-bundle.ts';
import { paramsOf } from '../params.ts';
import { allocation, blockVoteOf, coinOf, firstProposal, genesisOf, keyOf, lockOfKey, payment, TestNode } from './test-node.fixture.ts';

const stranger = 50;
const slotMs = 10_000;
const hashOf = (number: number): BlockHash => number.toString(16).padStart(64, '0') as BlockHash;
const isValid = (): boolean => true;

/** Distinct votes of one member, which only a faulty one signs; the signature is for a `verify` that lets it pass. */
function votesOf(member: number, count: number): BlockVote[] {
  const { nodeId } = keyOf(member);
  return Array.from({ length: count }, (_, index) => ({
    height: 1,
    round: 0,
    phase: 'prevote',
    blockHash: hashOf(index),
    nodeId,
    signature: new Uint8Array(64),
  }));
}

test('a flood ends the connection, is recorded, and bans at once', () => {
  const node = new TestNode(genesisOf(4), 0);
  const connection = node.connect(1, stranger);
  for (let second = 0; second < 12 && node.disconnected.length === 0; second++) {
    for (let index = 0; index < 3; index++) node.receive(connection, 'GetPeers', {});
    node.nowMs += 1_000;
  }
  expect(node.disconnected).toEqual([connection]);
  expect(node.engine.views.violations()).toMatchObject([{ code: 'flood', detail: 'far more than rate_get_peers for ten seconds' }]);
  expect(node.engine.views.bans()).toMatchObject([{ reason: 'flood', subject: { kind: 'node', nodeId: keyOf(stranger).nodeId } }]);
  expect(node.events.filter(({ kind }) => kind === 'rate-limited').length).toBe(1);
  // Its next connection is refused.
  node.connect(2, stranger);
  expect(node.disconnected).toEqual([1, 2]);
});

test('what is too much is not looked at, and the peer stays', () => {
  const node = new TestNode(genesisOf(4), 0);
  const connection = node.connect(1, stranger);
  for (let index = 0; index < 20; index++) node.receive(connection, 'GetPeers', {});
  const answers = node.sentOf('Peers').length;
  expect(answers).toBeLessThan(10);
  expect(node.engine.views.rateLimited(connection)).toEqual([{ limit: 'rate_get_peers', messages: 20 - answers }]);
  expect([node.disconnected, node.engine.views.bans()]).toEqual([[], []]);
});

test('a message of an unknown type is a violation by that name', () => {
  const node = new TestNode(genesisOf(4), 0);
  node.input({ kind: 'message', connection: node.connect(1, stranger), bytes: Uint8Array.of(250, 1, 2) });
  expect(node.engine.views.violations()).toMatchObject([{ code: 'unknown-message', detail: 'type 250' }]);
});

test('all that is pending is sent once for each connection, not as often as it is asked for', () => {
  const genesis = genesisOf(4);
  const node = new TestNode(genesis, 0);
  const paid = payment(genesis, [coinOf(genesis, 4)], [{ amount: allocation - 10_000_000n, lock: lockOfKey(1) }]);
  node.input({ kind: 'submit-transaction', request: 1, encoded: paid.encoded });
  const connection = node.connect(1, stranger);
  for (let index = 0; index < 50; index++) node.receive(connection, 'GetPendingTransactions', {});
  expect(node.sentOf('PendingTransactions').filter(({ transactions }) => transactions.length > 0).length).toBeLessThanOrEqual(3);
});

/** Votes of a member that it has passed on, once those that gather have left; each once, whoever got it. */
function relayedOf(node: TestNode, member: number): BlockVote[] {
  node.pass(paramsOf.devnet.voteFlushMs);
  const sent = [...node.sentOf('BlockVote'), ...node.sentOf('BlockVotes').flatMap(({ votes }) => votes)];
  return [...new Map(sent.filter(({ nodeId }) => nodeId === keyOf(member).nodeId).map((vote) => [vote.blockHash, vote])).values()];
}

test('a member that signs endlessly many votes is counted and relayed within its limit, and shown as faulty a few times', () => {
  const node = new TestNode(genesisOf(4), 0);
  node.verify = isValid;
  node.pass(slotMs);
  const connections = [node.connect(1, stranger), node.connect(2, stranger + 1)];
  const votes = votesOf(1, 1_000);
  // Whoever brings them.
  for (const [index, vote] of votes.entries()) node.receive(connections[index % 2] as never, 'BlockVote', vote);
  const relayed = relayedOf(node, 1);
  expect(relayed.length).toBeLessThanOrEqual(200);
  expect(relayed.length).toBeGreaterThan(100);
  expect(node.disconnected).toEqual([]);
  // The others' votes are taken as ever, and its own again after a while.
  node.receive(connections[0] as never, 'BlockVote', { ...votes[0], nodeId: keyOf(2).nodeId } as BlockVote);
  expect(relayedOf(node, 2)).toHaveLength(1);
  expect(node.persisted.filter(({ kind }) => kind === 'put-evidence').length).toBe(1);
});

test('evidence against one signer is stored a few times, however much there is', () => {
  const node = new TestNode(genesisOf(4), 0);
  node.verify = isValid;
  node.pass(slotMs);
  const connection = node.connect(1, stranger);
  const [one, two] = votesOf(1, 2) as [BlockVote, BlockVote];
  for (let round = 1; round < 100; round++) {
    node.receive(connection, 'BlockVotes', { votes: [one, two].map((vote) => ({ ...vote, round })) });
    node.nowMs += 1_000;
  }
  expect(node.persisted.filter(({ kind }) => kind === 'put-evidence').length).toBe(32);
});

test('many votes in one message are verified in portions, and one that is forged is the end of it', () => {
  const node = new TestNode(genesisOf(4), 0);
  node.pass(slotMs);
  let verified = 0;
  node.verify = () => {
    verified++;
    return verified !== 100;
  };
  const votes = [1, 2, 3].flatMap((member) => votesOf(member, 190));
  node.receive(node.connect(1, stranger), 'BlockVotes', { votes });
  expect([verified, node.disconnected]).toEqual([256, [1]]);
  // What was not verified is taken from others.
  node.verify = isValid;
  node.receive(node.connect(2, stranger + 1), 'BlockVote', votes.at(-1) as BlockVote);
  expect(relayedOf(node, 3)).toEqual([]);
  node.connect(3, stranger + 2);
  node.receive(2 as never, 'BlockVote', votes.at(-2) as BlockVote);
  expect(relayedOf(node, 3)).not.toEqual([]);
});

test('all votes of a long height in a large network, told again while it stalls, are known', () => {
  const members = 42;
  const node = new TestNode(genesisOf(members), 0);
  let verified = 0;
  node.verify = () => ++verified > 0;
  node.pass(slotMs);
  const rounds = Array.from({ length: 55 }, (_, round) =>
    Array.from({ length: members - 1 }, (_, index) =>
      (['prevote', 'precommit'] as const).map(
        (phase): BlockVote => ({ height: 1, round, phase, blockHash: undefined, nodeId: keyOf(index + 1).nodeId, signature: new Uint8Array(64) }),
      ),
    ).flat(),
  );
  const tell = (connection: number, told: readonly (readonly BlockVote[])[]): void => {
    for (const votes of told) {
      node.receive(connection as never, 'BlockVotes', { votes });
      node.nowMs += 1_000;
    }
  };
  tell(node.connect(1, 200), rounds);
  const once = verified;
  expect(once).toBe(rounds.flat().length);
  tell(node.connect(2, 201), rounds.slice(0, 5));
  expect([verified, node.disconnected]).toEqual([once, []]);
});

/** Of one member; the signature is for a `verify` that lets it pass. */
function bundlesOf(member: number, count: number, votesEach: number, epoch = 0): Uint8Array[] {
  const { nodeId } = keyOf(member);
  return Array.from({ length: count }, (_, index) =>
    voteBundleCodec.encode({
      nodeId,
      epoch,
      votes: Array.from({ length: votesEach }, (_, vote) => ({ txid: hashOf(index * votesEach + vote) as string as Txid, choice: 'accept', code: 'none' })),
      signature: new Uint8Array(64),
    }),
  );
}

test('a member that signs endlessly many bundles has them stored and relayed within its limit, and the rest is not even verified', () => {
  const node = new TestNode(genesisOf(4), 0);
  let verified = 0;
  node.verify = () => ++verified > 0;
  const from = node.connect(1, stranger);
  node.connect(2, stranger + 1);
  const bundles = bundlesOf(1, 3_000, 1);
  node.receive(from, 'TransactionVotes', { bundles: bundles.slice(0, 2_500) });
  expect(node.persisted.filter(({ kind }) => kind === 'put-bundle').length).toBe(2_000);
  node.receive(from, 'TransactionVotes', { bundles: bundles.slice(2_500) });
  expect(verified).toBe(2_500);
  node.pass(paramsOf.devnet.voteFlushMs);
  expect(node.sentOf('TransactionVotes').flatMap(({ bundles }) => bundles).length).toBe(2_000);
  expect(node.disconnected).toEqual([]);
});

test('bundles that anybody may have made do not have the chain asked for each of their votes', () => {
  const node = new TestNode(genesisOf(4), 0);
  const asked = vi.spyOn(node.chain, 'transactionHeight').mockReturnValue(1);
  const connection = node.connect(1, stranger);
  // In no epoch of this node's, by no member, and forged; each would be two thousand look-ups.
  node.receive(connection, 'TransactionVotes', { bundles: [...bundlesOf(1, 2, 1_024, 7), ...bundlesOf(9, 2, 1_024), ...bundlesOf(1, 2, 1_024)] });
  expect([node.disconnected, asked.mock.calls.length]).toEqual([[connection], 0]);
});

test('many bundles in one message are verified and counted in portions, and one that is forged is the end of it', () => {
  const node = new TestNode(genesisOf(4), 0);
  const portions: number[] = [];
  node.verify = (_item, index) => {
    if (index === 0) portions.push(0);
    portions[portions.length - 1] = index + 1;
    return portions.length < 3;
  };
  node.receive(node.connect(1, stranger), 'TransactionVotes', { bundles: bundlesOf(1, 700, 1) });
  expect([portions, node.disconnected]).toEqual([[256, 256, 188], [1]]);
  // A copy is none, and the others of the message are taken of others.
  portions.length = 0;
  node.verify = (_item, index) => {
    if (index === 0) portions.push(0);
    portions[portions.length - 1] = index + 1;
    return true;
  };
  const [first, ...rest] = bundlesOf(2, 6, 1_024);
  const copies = Array<Uint8Array>(300).fill(first as Uint8Array);
  node.receive(node.connect(2, stranger + 1), 'TransactionVotes', { bundles: [...copies, ...rest] });
  expect([portions, node.disconnected]).toEqual([[4, 2], [1]]);
  expect(node.persisted.filter(({ kind }) => kind === 'put-bundle').length).toBe(518);
});

test('votes that nobody needs, at full speed, end the connection; each once from everybody does not', () => {
  const genesis = genesisOf(4);
  const node = new TestNode(genesis, 0);
  node.verify = isValid;
  node.pass(slotMs);
  const honest = Array.from({ length: 8 }, (_, index) => node.connect(index + 1, stranger + index));
  const vote = blockVoteOf(genesis, 1, { height: 1, round: 0, phase: 'prevote', blockHash: undefined });
  for (let second = 0; second < 20; second++) {
    for (const connection of honest) node.receive(connection, 'BlockVotes', { votes: [vote] });
    node.nowMs += 1_000;
  }
  expect(node.disconnected).toEqual([]);
  const hostile = node.connect(20, stranger + 20);
  for (let second = 0; second < 60 && node.disconnected.length === 0; second++) {
    node.receive(hostile, 'BlockVotes', { votes: Array<BlockVote>(4_000).fill(vote) });
    node.nowMs += 1_000;
  }
  expect(node.disconnected).toEqual([hostile]);
});

test('what a height has is told to a few peers in turn, each proposal to nobody who has it', () => {
  const genesis = genesisOf(4);
  const { proposal, proposer } = firstProposal(genesis, 4);
  const node = new TestNode(genesis, (proposer + 1) % 4);
  const peers = Array.from({ length: 20 }, (_, index) => node.connect(index + 1, stranger + index));
  node.pass(slotMs);
  node.receive(peers[0] as never, 'BlockProposal', proposal);
  const before = node.sent.length;
  const asked = (): Set<number> => new Set(node.sent.slice(before).flatMap(({ to, message }) => (message.type === 'GetBlockVotes' ? to : [])));
  const toldBlocks = (): number[] => node.sent.slice(before).flatMap(({ to, message }) => (message.type === 'BlockProposal' ? [...to] : []));
  node.pass(3_000);
  expect(asked().size).toBe(8);
  node.pass(6_000);
  expect(asked().size).toBe(20);
  expect(toldBlocks()).not.toContain(peers[0]);
  expect(new Set(toldBlocks()).size).toBe(19);
  // Who asks again and again gets it again after 3 s, 6 s, 12 s, and so on.
  const start = toldBlocks().filter((to) => to === peers[1]).length;
  for (let second = 0; second < 60; second++) {
    node.receive(peers[1] as never, 'GetBlockVotes', { height: 1 });
    node.pass(1_000);
  }
  expect(toldBlocks().filter((to) => to === peers[1]).length - start).toBeLessThanOrEqual(5);
  // A clock that is set back does not make it wait an hour.
  const told = toldBlocks().length;
  node.nowMs -= 3_600_000;
  node.receive(peers[1] as never, 'GetBlockVotes', { height: 1 });
  expect(toldBlocks().slice(told)).toEqual([peers[1]]);
});
