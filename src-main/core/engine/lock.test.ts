import { describe, expect, test } from 'vitest';
import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import type { BlockVote } from '../codec/block-vote.ts';
import { blockVoteOf, firstProposal, genesisOf, keyOf, TestNode } from './test-node.fixture.ts';

describe('a member that locks on a block without having prevoted it, with a vote that nobody else has', () => {
  const genesis = genesisOf(4);
  const { proposal, proposer } = firstProposal(genesis, 4);
  const { height, blockHash } = proposal;
  const [self, other, faulty] = [1, 2, 3].map((step) => (proposer + step) % 4) as [number, number, number];
  const voteOf = (member: number, round: number, phase: BlockVote['phase'], value: BlockHash | undefined): BlockVote =>
    blockVoteOf(genesis, member, { height, round, phase, blockHash: value });

  const locked = (): TestNode => {
    const node = new TestNode(genesis, self);
    const connection = node.connect(1, proposer);
    // No proposal in time.
    node.pass(10_000 + 1_100);
    expect(node.sentOf('BlockVote').map(({ phase, blockHash }) => [phase, blockHash])).toEqual([['prevote', undefined]]);
    node.receive(connection, 'BlockProposal', proposal);
    for (const member of [proposer, other, faulty]) node.receive(connection, 'BlockVote', voteOf(member, 0, 'prevote', blockHash));
    expect(node.sentOf('BlockVote').find(({ phase, nodeId }) => phase === 'precommit' && nodeId === keyOf(self).nodeId)?.blockHash).toBe(blockHash);
    return node;
  };

  test('stores the block and the votes with the lock, before the precommit', () => {
    const stored = locked().persisted.map((operation) => (operation.kind === 'guard' ? operation.record.kind : operation.kind));
    expect(stored).toEqual(['block-vote', 'put-proposed-block', 'put-block-votes', 'valid', 'lock', 'block-vote']);
  });

  test('shows them after a crash, so that the others follow it when it proposes the block again', () => {
    const node = new TestNode(genesis, self, locked().stored());
    const connection = node.connect(1, other);
    node.receive(connection, 'GetBlockVotes', { height });
    // The faulty one is silent from now on, and so the others get no further than nil, until this one's turn comes.
    let round = 0;
    while (!node.sentOf('BlockProposal').some(({ nodeId }) => nodeId === keyOf(self).nodeId)) {
      round++;
      expect(round).toBeLessThan(5);
      for (const member of [proposer, other]) node.receive(connection, 'BlockVote', voteOf(member, round, 'prevote', undefined));
    }
    expect(node.sentOf('BlockProposal').at(-1)).toMatchObject({ round, validRound: 0, blockHash });

    const follower = new TestNode(genesis, other);
    const toFollower = follower.connect(1, self);
    follower.pass(10_000);
    follower.receive(toFollower, 'BlockProposal', proposal);
    follower.receive(toFollower, 'BlockVote', voteOf(proposer, 0, 'prevote', blockHash));
    follower.receive(toFollower, 'BlockVote', voteOf(proposer, round, 'prevote', undefined));
    for (const { message } of node.sent) {
      if (message.type === 'BlockProposal' || message.type === 'BlockVote' || message.type === 'BlockVotes')
        follower.receive(toFollower, message.type, message.body);
    }
    const prevotes = follower.sentOf('BlockVote').filter(({ nodeId, phase }) => nodeId === keyOf(other).nodeId && phase === 'prevote');
    expect(prevotes.map((vote) => [vote.round, vote.blockHash])).toEqual([
      [0, blockHash],
      [round, blockHash],
    ]);
  });
});
