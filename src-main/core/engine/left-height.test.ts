import { expect, test } from 'vitest';
import type { ConnectionId } from '../net/connection-id.ts';
import { hashAt, heightOf, invalidate, reconsider } from './branches.fixture.ts';
import { genesisOf, TestNode } from './test-node.fixture.ts';

const genesis = genesisOf(2);
const slotMs = 10_000;

/** Two members who hear of each other whatever is said of this height. */
function together(nodes: readonly [TestNode, TestNode], height: number): void {
  const heard = [nodes[0].sent.length, nodes[1].sent.length];
  for (let waitedMs = 0; waitedMs <= 2 * slotMs && nodes.some((node) => heightOf(node) < height); waitedMs += 100) {
    for (const [at, node] of nodes.entries()) {
      const other = nodes[1 - at] as TestNode;
      node.pass(100);
      for (const { message } of node.sent.slice(heard[at]))
        if (message.type === 'BlockProposal' || message.type === 'BlockVote') other.receive(1 as ConnectionId, message.type, message.body);
      heard[at] = node.sent.length;
    }
  }
}

test('who is back at the tip it left is bound to the block it locked on, and has it, also after a crash in between', () => {
  const nodes = [0, 1].map((number) => new TestNode(genesis, number)) as [TestNode, TestNode];
  for (const [at, node] of nodes.entries()) node.connect(1, 1 - at);
  together(nodes, 1);
  const left = hashAt(nodes[0], 1);
  expect(hashAt(nodes[1], 1)).toBe(left);

  for (const node of nodes) node.pass(slotMs);
  const locked = nodes.find((node) => node.sentOf('BlockProposal').some(({ height }) => height === 2)) as TestNode;
  const other = nodes[1 - locked.number] as TestNode;
  const [proposal] = locked.sentOf('BlockProposal').filter(({ height }) => height === 2);
  if (proposal === undefined) throw new Error('somebody proposes');
  other.receive(1 as ConnectionId, 'BlockProposal', proposal);
  const [prevote] = other.sentOf('BlockVote').filter(({ height, blockHash }) => height === 2 && blockHash === proposal.blockHash);
  if (prevote === undefined) throw new Error('the other prevotes it');
  locked.receive(1 as ConnectionId, 'BlockVote', prevote);
  expect(locked.stored().guardRecords).toContainEqual({ kind: 'lock', height: 2, lockedRound: 0, lockedHash: proposal.blockHash });

  expect(invalidate(locked, left)).toMatchObject({ ok: true, height: 0 });
  const { guardRecords, proposedBlocks, blockVotes } = locked.stored();
  const ofHeight = <T extends object>(one: T): boolean => !('height' in one) || one.height === 2;
  const restarted = new TestNode(genesis, locked.number, {
    guardRecords: guardRecords.filter(ofHeight),
    proposedBlocks: proposedBlocks.filter(ofHeight),
    blockVotes: blockVotes.filter(ofHeight),
    invalid: [{ hash: left, height: 1 }],
  });
  restarted.chain.revertedAfter = (parent) => locked.chain.revertedAfter(parent);
  restarted.nowMs = locked.nowMs;
  // Somebody who knows nothing of it.
  const connection = restarted.connect(1, 60);
  expect(reconsider(restarted, left)).toMatchObject({ ok: true, height: 1, hash: left });
  restarted.receive(connection, 'GetBlockVotes', { height: 2 });
  expect(restarted.sentOf('BlockProposal')).toEqual([proposal]);
  expect(restarted.sentOf('BlockVotes').flatMap(({ votes }) => votes)).toContainEqual(prevote);
});
