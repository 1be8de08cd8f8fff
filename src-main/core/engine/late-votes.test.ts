import { expect, test } from 'vitest';
import type { BlockHash, NodeId } from '../../../src-shared/domain/ids.ts';
import type { BlockVote } from '../codec/block-vote.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { EngineContext } from './context.ts';
import { LateVotes } from './late-votes.ts';

const idOf = (number: number): NodeId => number.toString(16).padStart(64, '0') as NodeId;
const hashOf = (height: number): BlockHash => `b${height.toString(16).padStart(63, '0')}` as BlockHash;
const peer = 1 as ConnectionId;
const members = Array.from({ length: 60 }, (_, index) => idOf(index));
const vote = (height: number, member: number, changed: Partial<BlockVote> = {}): BlockVote => ({
  height,
  round: 0,
  phase: 'precommit',
  blockHash: hashOf(height),
  nodeId: idOf(member),
  signature: new Uint8Array(64),
  ...changed,
});

/** Heights 1 to 3 count, and 4, the tip, whose certificate has the first forty members; of height 2 the first ten are credited. */
function setUp() {
  const asked = { blocks: 0, verified: 0, passedOn: 0, violations: 0 };
  const context = {
    genesis: { hash: 'c'.repeat(64) },
    nowMs: 0,
    tip: { height: 4, hash: hashOf(4) },
    registry: {
      progress: { counted: [1, 2, 3].map((height) => ({ height, hash: hashOf(height) })), tipCounts: true },
      snapshot: { byNode: new Map(members.map((nodeId) => [nodeId, {}])), members: members.map((nodeId) => ({ nodeId })) },
      member: (nodeId: NodeId) => ({ signed: members.indexOf(nodeId) < 10 ? [1] : [] }),
    },
    chain: {
      block: () => {
        asked.blocks++;
        return { certificate: { precommits: members.slice(0, 40).map((nodeId) => ({ nodeId })) } };
      },
    },
    intake: { blockVotes: { isOpen: () => true, take: () => undefined } },
    verify: (items: readonly { signature: Uint8Array }[], _urgent: boolean, then: (valid: boolean[]) => void) => {
      asked.verified += items.length;
      then(items.map(({ signature }) => signature[0] === 0));
    },
    broadcast: () => asked.passedOn++,
    violation: () => asked.violations++,
  };
  return { asked, context, late: new LateVotes(context as unknown as EngineContext) };
}

test('what certificates lack is kept once, in the order of a block, and told to others', () => {
  const { late, asked } = setUp();
  expect(late.received(peer, [vote(4, 50), vote(2, 20), vote(2, 11), vote(2, 20)])).toBe(3);
  expect(late.forBlock().map(({ height, nodeId }) => [height, members.indexOf(nodeId)])).toEqual([
    [2, 11],
    [2, 20],
    [4, 50],
  ]);
  expect(late.received(peer, [vote(2, 20)])).toBe(0);
  expect(asked).toMatchObject({ verified: 3, passedOn: 3, violations: 0 });
});

test.each<[string, BlockVote]>([
  ['in the tip’s certificate', vote(4, 5)],
  ['credited already', vote(2, 5)],
  ['of a block that does not count', vote(9, 50)],
  ['for another block', vote(2, 50, { blockHash: hashOf(7) })],
  ['for none', vote(2, 50, { blockHash: undefined })],
  ['a prevote', vote(2, 50, { phase: 'prevote' })],
  ['of nobody in the snapshot', vote(2, 99)],
])('what is %s is of no use', (_, one) => {
  const { late, asked } = setUp();
  expect(late.received(peer, [one])).toBe(0);
  expect(asked.verified).toBe(0);
});

test('a forged one ends the connection and leaves the good ones beside it', () => {
  const { late, asked } = setUp();
  late.received(peer, [vote(2, 20, { signature: new Uint8Array(64).fill(1) }), vote(2, 21)]);
  expect(late.forBlock()).toHaveLength(1);
  expect(asked.violations).toBe(1);
});

test('with a new tip what it credits is forgotten', () => {
  const { late, context } = setUp();
  late.received(peer, [vote(1, 20), vote(3, 20)]);
  Object.assign(context, { tip: { height: 5, hash: hashOf(5) }, registry: { ...context.registry, member: () => ({ signed: [0, 1] }) } });
  expect(late.forBlock().map(({ height }) => height)).toEqual([3]);
});

test('however many old votes come at once, the tip’s block is read once and a message is looked at so far', () => {
  const { late, asked } = setUp();
  late.received(
    peer,
    members.map((_, member) => vote(1, member)),
  );
  late.received(
    peer,
    Array.from({ length: 10_000 }, (_, index) => vote(1 + (index % 3), index % 60)),
  );
  expect(asked.blocks).toBe(1);
  expect(asked.verified).toBeLessThanOrEqual(60 + 256);
});
