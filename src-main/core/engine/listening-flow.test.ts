import { describe, expect, test } from 'vitest';
import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import { blockProposalMessage, type ProposalClaim } from '../codec/block-vote.ts';
import { signListening } from '../codec/listening.ts';
import type { MessageBodies } from '../codec/message.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import { type HashedVoteBundle, signVoteBundle } from '../codec/vote-bundle.ts';
import { sign, verifySignature } from '../crypto/signature.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import { paramsOf } from '../params.ts';
import type { RestoredState } from './context.ts';
import { allocation, blockVoteOf, coinOf, firstProposal, genesisOf, keyOf, lockOfKey, payment, TestNode } from './test-node.fixture.ts';

const genesis = genesisOf(4, 2);
const listenMs = 2_000;
const params = { ...paramsOf.devnet, listenMs };
const self = 0;
const fresh = (restored: Partial<RestoredState> = {}, nonce = 500n, of = genesis): TestNode => new TestNode(of, self, restored, { params, nonce });
const kindOf = (node: TestNode): string => node.engine.views.consensus().signing.kind;

const signerOf = (member: number) => ({ sign: (message: Uint8Array) => sign(keyOf(member).seed, message) });
const listeningOf = (member: number, nonce: bigint, answer: MessageBodies['Listening']['answer'] = undefined): MessageBodies['Listening'] =>
  signListening(keyOf(member).nodeId, { nonce, answer }, genesis.hash, signerOf(member));
const nothing: MessageBodies['ListeningReport'] = { vote: undefined, proposal: undefined, bundle: undefined };
const prevoteOf = (member: number, height: number) =>
  blockVoteOf(genesis, member, { height, round: 0, phase: 'prevote', blockHash: 'ab'.repeat(32) as BlockHash });
function proposalOf(member: number): ProposalClaim {
  const { seed, nodeId } = keyOf(member);
  const place = { height: 1, round: 0, validRound: undefined, blockHash: 'ab'.repeat(32) as BlockHash };
  return { ...place, nodeId, signature: sign(seed, blockProposalMessage(genesis.hash, place)) };
}
const [paid, rival] = [allocation - 2_000_000n, allocation - 3_000_000n].map((amount) =>
  payment(genesis, [coinOf(genesis, 4)], [{ amount, lock: lockOfKey(0) }]),
) as [HashedTransaction, HashedTransaction];
const acceptOf = ({ txid }: HashedTransaction, epoch = 0): HashedVoteBundle =>
  signVoteBundle({ nodeId: keyOf(self).nodeId, epoch, votes: [{ txid, choice: 'accept', code: 'none' }] }, genesis.hash, signerOf(self));

describe('a masternode that starts', () => {
  test('asks, and signs nothing until it has listened to somebody long enough; then it votes', () => {
    const node = fresh();
    node.pass(20_000);
    expect(kindOf(node)).toBe('listening');
    const connection = node.connect(1, 1);
    expect(node.sentOf('Listening')).toEqual([listeningOf(self, 500n)]);
    node.receive(connection, 'TransactionBroadcast', { transactions: [paid.encoded] });
    node.pass(listenMs - 1);
    expect([node.sentOf('BlockVote'), node.sentOf('TransactionVotes'), node.persisted.filter(({ kind }) => kind === 'guard')]).toEqual([[], [], []]);
    node.pass(1);
    expect(kindOf(node)).toBe('signing');
    node.pass(2_000);
    expect(node.sentOf('TransactionVotes')).toHaveLength(1);
    expect(node.sentOf('BlockVote').length + node.sentOf('BlockProposal').length).toBeGreaterThan(0);
  });

  test('says in the end what it would have said in the round that goes on', () => {
    const { proposal, proposer } = firstProposal(genesis, 4);
    const node = new TestNode(genesis, (proposer + 1) % 4, {}, { params });
    node.pass(9_999);
    const connection = node.connect(1, proposer);
    node.receive(connection, 'BlockProposal', proposal);
    node.pass(500);
    expect(node.sentOf('BlockVote')).toEqual([]);
    node.pass(listenMs);
    expect(node.sentOf('BlockVote')).toMatchObject([{ height: 1, round: 0, phase: 'prevote', blockHash: proposal.blockHash }]);
  });

  test('needs nobody where it decides alone', () => {
    const alone = genesisOf(1);
    const node = fresh({}, 500n, alone);
    node.pass(listenMs);
    expect(kindOf(node)).toBe('signing');
    node.pass(20_000);
    expect(node.engine.views.tip().height).toBeGreaterThan(0);
  });
});

describe('records that are an old copy', () => {
  const cases: Record<string, Partial<MessageBodies['ListeningReport']>> = {
    'a block vote of the height that is decided': { vote: prevoteOf(self, 1) },
    'a block vote far ahead': { vote: prevoteOf(self, 500) },
    'a proposal': { proposal: proposalOf(self) },
    'votes of a later epoch': { bundle: acceptOf(paid, 3).bundle },
  };
  test.each(Object.entries(cases))('%s', (_, report) => {
    const node = fresh();
    const connection = node.connect(1, 1);
    node.receive(connection, 'ListeningReport', { ...nothing, ...report });
    expect(kindOf(node)).toBe('restored-old-copy');
    node.receive(connection, 'TransactionBroadcast', { transactions: [paid.encoded] });
    node.pass(60_000);
    expect([node.sentOf('BlockVote'), node.sentOf('BlockProposal'), node.sentOf('TransactionVotes')]).toEqual([[], [], []]);
    expect(node.events.filter(({ kind }) => kind === 'restored-old-copy')).toHaveLength(1);
    expect(node.disconnected).toEqual([]);
  });

  test('many forged ones at once are the end of a connection, not much to verify, and keep no proof of others out', () => {
    const node = fresh();
    const [liar, honest] = [node.connect(1, 50), node.connect(2, 1)];
    let verified = 0;
    node.verify = (item) => {
      verified++;
      return verifySignature(item);
    };
    node.holdAnswers = true;
    const forged = { ...prevoteOf(self, 1), signature: new Uint8Array(64).fill(1) };
    // Also of heights that are not being decided here.
    node.receive(liar, 'BlockVotes', { votes: Array.from({ length: 2_000 }, (_, round) => ({ ...forged, height: 1 + (round % 3), round })) });
    node.receive(honest, 'BlockVotes', { votes: [prevoteOf(self, 2)] });
    while (node.held.length > 0) node.release();
    expect([kindOf(node), node.disconnected]).toEqual(['restored-old-copy', [liar]]);
    expect(verified).toBeLessThan(300);
  });

  test.each(['before its transaction', 'after its transaction'])('an accept that comes %s', (order) => {
    const node = fresh();
    const connection = node.connect(1, 1);
    const transaction = { transactions: [paid.encoded], bundles: [] };
    const votes = { transactions: [], bundles: [acceptOf(paid).encoded] };
    for (const body of order === 'before its transaction' ? [votes, transaction] : [transaction, votes]) node.receive(connection, 'PendingTransactions', body);
    expect(kindOf(node)).toBe('restored-old-copy');
    // It would accept this one.
    node.receive(connection, 'TransactionBroadcast', { transactions: [rival.encoded] });
    node.pass(10_000);
    expect(node.sentOf('TransactionVotes').flatMap(({ bundles }) => bundles)).not.toContainEqual(acceptOf(rival).encoded);
  });

  test('are found again after another start, by what was stored meanwhile, with nobody there', () => {
    const pending = [{ encoded: paid.encoded, receivedMs: 0, finalAfterMs: undefined }];
    expect(kindOf(fresh({ pending, bundles: [acceptOf(paid).encoded] }))).toBe('restored-old-copy');
  });

  test('found out only while it signs: it stops, and asks who else there is', () => {
    const node = fresh();
    const connection = node.connect(1, 1);
    node.pass(listenMs);
    node.receive(connection, 'BlockVote', prevoteOf(self, 1));
    expect(kindOf(node)).toBe('restored-old-copy');
    expect(node.sentOf('Listening').map(({ nonce }) => nonce)).toEqual([500n, 501n]);
    node.receive(connection, 'Listening', listeningOf(self, 9n, { heard: 501n, signs: true }));
    expect(kindOf(node)).toBe('own-key-elsewhere');
  });
});

describe('who means it no good silences it not', () => {
  test('with a report that its key did not sign', () => {
    const node = fresh();
    const connection = node.connect(1, 1);
    node.receive(connection, 'ListeningReport', { ...nothing, vote: { ...prevoteOf(1, 500), nodeId: keyOf(self).nodeId } });
    expect(node.disconnected).toEqual([connection]);
    node.connect(2, 2);
    node.pass(listenMs);
    expect(kindOf(node)).toBe('signing');
  });

  test('with what others signed', () => {
    const node = fresh();
    const connection = node.connect(1, 1);
    node.receive(connection, 'ListeningReport', { ...nothing, vote: prevoteOf(1, 500) });
    node.pass(listenMs);
    expect([kindOf(node), node.disconnected]).toEqual(['signing', []]);
  });

  test('by playing back what it signed before a restart', () => {
    const before = new TestNode(genesis, self);
    const first = before.connect(1, 1);
    before.receive(first, 'TransactionBroadcast', { transactions: [paid.encoded] });
    before.pass(12_000);
    const pending = [{ encoded: paid.encoded, receivedMs: 0, finalAfterMs: undefined }];
    const node = fresh({ ...before.stored(), pending });
    node.nowMs = before.nowMs;
    const connection = node.connect(1, 1);
    const votes = before.sentOf('BlockVote');
    const bundles = before.sentOf('TransactionVotes').flatMap((body) => body.bundles);
    const own = before.sentOf('BlockProposal');
    expect([votes.length > 0, bundles.length > 0]).toEqual([true, true]);
    for (const vote of votes) node.receive(connection, 'ListeningReport', { ...nothing, vote });
    for (const proposal of own) node.receive(connection, 'BlockProposal', proposal);
    node.receive(connection, 'BlockVotes', { votes });
    node.receive(connection, 'PendingTransactions', { transactions: [paid.encoded], bundles });
    node.pass(listenMs);
    expect(kindOf(node)).toBe('signing');
    // Byte for byte the same, for those that have lost them.
    expect(node.sentOf('BlockVote')).toEqual(expect.arrayContaining(votes));
  });

  test('with a vote for a transaction whose coin a block has spent since', () => {
    const node = fresh();
    node.chain.coins.delete(paid.inputKeys[0] as (typeof paid.inputKeys)[number]);
    const connection = node.connect(1, 1);
    node.receive(connection, 'PendingTransactions', { transactions: [paid.encoded], bundles: [acceptOf(paid).encoded] });
    node.receive(connection, 'PendingTransactions', { transactions: [paid.encoded], bundles: [] });
    node.pass(listenMs);
    expect(kindOf(node)).toBe('signing');
  });

  test('with a vote for a transaction whose coin a block has registered as a collateral since: the vote was released with that block', () => {
    const node = fresh();
    const [collateral] = genesis.coins;
    if (collateral === undefined) throw new Error('members of the genesis have collaterals');
    const spending = payment(genesis, [collateral.outpoint], [{ amount: allocation, lock: lockOfKey(0) }]);
    const connection = node.connect(1, 1);
    node.receive(connection, 'PendingTransactions', { transactions: [], bundles: [acceptOf(spending).encoded] });
    node.receive(connection, 'TransactionBroadcast', { transactions: [spending.encoded] });
    node.pass(listenMs);
    expect(kindOf(node)).toBe('signing');
  });

  test('with a vote for a transaction that a block holds', () => {
    const node = fresh();
    node.chain.heights.set(paid.txid, 1);
    const connection = node.connect(1, 1);
    node.receive(connection, 'PendingTransactions', { transactions: [paid.encoded], bundles: [acceptOf(paid).encoded] });
    node.pass(listenMs);
    expect(kindOf(node)).toBe('signing');
  });

  test('with questions and answers of its processes of before', () => {
    const node = fresh();
    const connection = node.connect(1, 1);
    for (const nonce of [3n, 4n]) {
      node.receive(connection, 'Listening', listeningOf(self, nonce));
      node.receive(connection, 'Listening', listeningOf(self, nonce, { heard: 5n, signs: true }));
    }
    node.pass(listenMs);
    expect(kindOf(node)).toBe('signing');
  });
});

describe('another process with its key', () => {
  const talk = (one: TestNode, other: TestNode, rounds = 4): void => {
    // Each has a peer of its own, and these pass on what members say.
    const [a, b] = [one, other].map((node, index) => node.connect(1, index + 1)) as [ConnectionId, ConnectionId];
    const told = [0, 0];
    for (let round = 0; round < rounds; round++)
      for (const [from, to, connection, at] of [[one, other, b, 0] as const, [other, one, a, 1] as const]) {
        const said = from.sentOf('Listening');
        for (const body of said.slice(told[at])) to.receive(connection, 'Listening', body);
        told[at] = said.length;
      }
  };

  test('that signs already: the one that starts signs nothing, and says so', () => {
    const running = fresh({}, 9_000n);
    running.connect(7, 3);
    running.pass(listenMs);
    const starting = fresh({}, 500n);
    talk(running, starting);
    for (const node of [running, starting]) node.pass(30_000);
    expect([running, starting].map(kindOf)).toEqual(['signing', 'own-key-elsewhere']);
    expect(starting.sentOf('BlockVote')).toEqual([]);
    expect(starting.events.filter(({ kind }) => kind === 'own-key-elsewhere')).toHaveLength(1);
  });

  test('is not what every lost connection means', () => {
    const node = fresh();
    const connection = node.connect(1, 1);
    node.pass(listenMs);
    node.input({ kind: 'closed', connection, reason: 'reset', offence: false });
    expect(kindOf(node)).toBe('signing');
  });

  /** Dials a peer every five seconds, which says that it is connected with this key. */
  const refused = (node: TestNode, forMs: number): void => {
    for (let passedMs = 0; passedMs < forMs; passedMs += 5_000) {
      node.connect(100 + node.nowMs, 1, 0, { dialed: '10.0.0.1:1', refusal: 'duplicate' });
      node.pass(5_000);
    }
  };
  const stateOf = (node: TestNode): readonly unknown[] => [kindOf(node), node.engine.views.isKeyElsewhere()];

  test('that took its peers while it was cut off: it says so, and listens again when it is back', () => {
    const node = fresh();
    const connection = node.connect(1, 1);
    node.pass(listenMs);
    node.input({ kind: 'closed', connection, reason: 'reset', offence: false });
    // For so long it may be its own connection, which the peer has not found gone.
    refused(node, 60_000);
    expect(stateOf(node)).toEqual(['signing', false]);
    refused(node, 5_000);
    expect(stateOf(node)).toEqual(['listening', true]);
    const back = node.connect(3, 1);
    expect(stateOf(node)).toEqual(['listening', false]);
    node.receive(back, 'Listening', listeningOf(self, 9n, { heard: 501n, signs: true }));
    expect(kindOf(node)).toBe('own-key-elsewhere');
  });

  test('is not what a peer means that does not know yet that a connection is gone, each time anew', () => {
    const node = fresh();
    for (const number of [1, 2, 3]) {
      const connection = node.connect(number, 2);
      node.pass(listenMs);
      refused(node, 1_000);
      node.input({ kind: 'closed', connection, reason: 'reset', offence: false });
      refused(node, 60_000);
      expect(stateOf(node)).toEqual(['signing', false]);
    }
  });

  test('that starts at the same time: the lower nonce goes first', () => {
    const nodes = [fresh({}, 9_000n), fresh({}, 500n)] as const;
    talk(...nodes);
    for (const node of nodes) node.pass(listenMs);
    expect(nodes.map(kindOf)).toEqual(['own-key-elsewhere', 'signing']);
  });
});

describe('what a node does for a member that listens', () => {
  test('passes it on once, to all but who sent it', () => {
    const node = new TestNode(genesis, self);
    const [first, second, third] = [1, 2, 3].map((number) => node.connect(number, number)) as [ConnectionId, ConnectionId, ConnectionId];
    const asked = listeningOf(1, 7n);
    node.receive(first, 'Listening', asked);
    node.receive(second, 'Listening', asked);
    const passedOn = node.sent.filter(({ message }) => message.type === 'Listening');
    expect(passedOn).toEqual([{ to: [second, third], message: { type: 'Listening', body: asked } }]);
  });

  test('not for strangers, nor for more than a member needs, nor for who signs it not', () => {
    const node = new TestNode(genesis, self);
    const [first] = [1, 2].map((number) => node.connect(number, number)) as [ConnectionId, ConnectionId];
    node.receive(first, 'Listening', listeningOf(9, 7n));
    expect(node.sentOf('Listening')).toEqual([]);
    for (let nonce = 0n; nonce < 100n; nonce++) node.receive(first, 'Listening', listeningOf(1, nonce));
    expect(node.sentOf('Listening')).toHaveLength(10);
    node.receive(first, 'Listening', { ...listeningOf(2, 7n), nonce: 8n });
    expect(node.disconnected).toEqual([first]);
  });

  test('tells it the latest that its key has signed, and a stranger nothing', () => {
    const node = new TestNode(genesis, self);
    const connection = node.connect(1, 1);
    node.pass(10_000);
    const votes = [0, 1].map((round) => blockVoteOf(genesis, 1, { height: 1, round, phase: 'prevote', blockHash: undefined }));
    for (const vote of votes) node.receive(connection, 'BlockVote', vote);
    const bundle = signVoteBundle(
      { nodeId: keyOf(1).nodeId, epoch: 0, votes: [{ txid: paid.txid, choice: 'accept', code: 'none' }] },
      genesis.hash,
      signerOf(1),
    );
    node.receive(connection, 'PendingTransactions', { transactions: [paid.encoded], bundles: [bundle.encoded] });
    node.receive(connection, 'Listening', listeningOf(1, 7n));
    expect(node.sentOf('ListeningReport')).toEqual([{ vote: votes[1], proposal: undefined, bundle: bundle.bundle }]);
    // What another peer passes on is answered by who hears it first.
    node.receive(node.connect(2, 2), 'Listening', listeningOf(1, 8n));
    expect(node.sentOf('ListeningReport')).toHaveLength(1);
  });
});
