import { expect, test } from 'vitest';
import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { BlockVote } from '../codec/block-vote.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import { HeightMessages } from './height-messages.ts';

const vote = (number: number): BlockVote => ({
  height: 8,
  round: 0,
  phase: 'prevote',
  blockHash: undefined,
  nodeId: number.toString(16).padStart(64, '0') as NodeId,
  signature: new Uint8Array(64).fill(number & 255),
});

test('an early vote that every peer relays takes one place', () => {
  const messages = new HeightMessages();
  for (let peer = 1; peer <= 50; peer++) for (let number = 0; number < 100; number++) expect(messages.keepVote(peer as ConnectionId, vote(number))).toBe(true);
  expect(messages.nextHeight().votes).toHaveLength(100);
  // They come again for the next height.
  expect(messages.keepVote(1 as ConnectionId, vote(1))).toBe(true);
  expect(messages.nextHeight().votes).toHaveLength(1);
});
