import { expect, test } from 'vitest';
import type { BlockProposal } from '../codec/block-vote.ts';
import { blockHashNumber, blockOf, nodeNumber } from '../ledger/ledger-fixtures.ts';
import { Mempool } from '../mempool/mempool.ts';
import { HeightMessages } from './height-messages.ts';
import { ProposedBlocks } from './proposed-blocks.ts';

const proposalOf = (round: number, block: number): BlockProposal => ({
  height: 1,
  round,
  validRound: undefined,
  blockHash: blockHashNumber(block),
  nodeId: nodeNumber(0),
  signature: new Uint8Array(64),
  block: new Uint8Array(),
});
const blockNumber = (number: number) => blockOf([], { time: number });

test('a height of many rounds always has room for the next block, and keeps what is needed', () => {
  const blocks = new ProposedBlocks(new Mempool());
  const needed = blockNumber(3).hash;
  for (let round = 0; round < 100; round++) {
    const block = blockNumber(round);
    expect(blocks.add(block, { kind: 'checking' }, (hash) => hash === needed).kept).toBe(true);
    expect(blocks.validity(block.hash)).toEqual({ kind: 'checking' });
  }
  expect(blocks.block(needed)).toBeDefined();
  expect(blocks.block(blockNumber(0).hash)).toBeUndefined();
  expect(Array.from({ length: 100 }, (_, round) => blocks.block(blockNumber(round).hash)).filter((block) => block !== undefined)).toHaveLength(32);
});

test('a block is refused where all that are here are needed, and known again where it is here', () => {
  const blocks = new ProposedBlocks(new Mempool());
  for (let number = 0; number < 32; number++) blocks.add(blockNumber(number), { kind: 'checking' }, () => true);
  expect(blocks.add(blockNumber(32), { kind: 'checking' }, () => true)).toEqual({ kept: false, dropped: undefined });
  expect(blocks.add(blockNumber(5), { kind: 'checking' }, () => true)).toEqual({ kept: true, dropped: undefined });
});

test('of too many proposals the earliest round goes first, but not of a block that is needed', () => {
  const messages = new HeightMessages();
  const isNeeded = (hash: string): boolean => hash === blockHashNumber(1);
  for (let round = 0; round < 40; round++) messages.addProposal(proposalOf(round, round), isNeeded);
  expect(messages.proposals().map(({ round }) => round)).toEqual([1, ...Array.from({ length: 31 }, (_, index) => index + 9)]);
});

test('a round has room for two proposals, each held once', () => {
  const messages = new HeightMessages();
  const never = (): boolean => false;
  messages.addProposal(proposalOf(0, 1), never);
  messages.addProposal(proposalOf(0, 1), never);
  expect(messages.hasRoomIn(0)).toBe(true);
  messages.addProposal(proposalOf(0, 2), never);
  expect([messages.hasRoomIn(0), messages.hasRoomIn(1)]).toEqual([false, true]);
  messages.dropProposalsOf(blockHashNumber(2));
  expect(messages.proposals().map(({ blockHash }) => blockHash)).toEqual([blockHashNumber(1)]);
});
