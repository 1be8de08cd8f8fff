import { expect, test } from 'vitest';
import type { BlockHash, NodeId } from '../../../src-shared/domain/ids.ts';
import type { BlockCertificate } from '../../core/codec/block.ts';
import { branchHandlers, chainWarnings } from './branch-handlers.ts';
import { genesis, peerId, selfId } from './known.fixture.ts';
import { fakeServices } from './services.fixture.ts';

const [left, right] = ['aa'.repeat(32) as BlockHash, 'bb'.repeat(32) as BlockHash];
const certificate = (blockHash: BlockHash, round: number, signers: readonly NodeId[]): BlockCertificate => ({
  height: 7,
  round,
  blockHash,
  precommits: signers.map((nodeId) => ({ nodeId, signature: new Uint8Array(64) })),
});

test.each([
  ['unknown-block', 'not-found'],
  ['genesis', 'invalid-parameter'],
  ['too-deep', 'too-many-blocks'],
  ['not-confirmed', 'confirmation-needed'],
  ['no-undo-data', 'no-undo-data'],
  ['under-way', 'reverting'],
] as const)('a refusal for %s has a code of the contract and says what to do', async (code, expected) => {
  const services = { ...fakeServices(), invalidateBlock: () => Promise.resolve({ ok: false, code, blocks: 101 } as const) };
  await expect(branchHandlers(services).invalidateblock({ blockhash: left, confirm: false })).rejects.toMatchObject({ code: expected });
});

test('the node is told where the block is in its chain, and whether it is meant', async () => {
  const asked: unknown[] = [];
  const services = {
    ...fakeServices(),
    invalidateBlock: (...args: unknown[]) => {
      asked.push(args);
      return Promise.resolve({ ok: true, reverted: 3, height: 4, hash: right } as const);
    },
  };
  expect(await branchHandlers(services).invalidateblock({ blockhash: genesis.block.hash, confirm: true })).toEqual({
    reverted: 3,
    height: 4,
    bestblockhash: right,
  });
  expect(asked).toEqual([[genesis.block.hash, 0, true]]);
});

test('a standing conflict is told with both blocks, and whoever signed both in one round as faulty; of different rounds nobody', async () => {
  const services = fakeServices();
  const halted = (rounds: readonly [number, number]) => ({
    ...services,
    views: {
      ...services.views,
      consensus: () => ({ ...services.views.consensus(), halted: true, signing: { kind: 'after-revert', through: { height: 9, epoch: 2 } } as const }),
      halts: () => [
        {
          height: 7,
          reason: 'two certificates',
          sinceMs: 5,
          certificates: [certificate(left, rounds[0], [selfId, peerId]), certificate(right, rounds[1], [peerId])],
          liftedBy: undefined,
        },
      ],
    },
  });
  const info = await branchHandlers(halted([1, 1])).getforkinfo({});
  expect(info).toMatchObject({ halted: true, silentthrough: { height: 9, epoch: 2 }, conflicts: [{ height: 7, faulty: [peerId], liftedby: null }] });
  expect(info.conflicts[0]?.certificates.map(({ blockhash }) => blockhash)).toEqual([left, right]);
  expect(await branchHandlers(halted([0, 1])).getforkinfo({})).toMatchObject({ conflicts: [{ faulty: [] }] });
  expect(chainWarnings(halted([1, 1]))).toEqual([
    expect.stringContaining('stopped at height 7: two certificates'),
    expect.stringContaining('signs nothing through height 9 and epoch 2'),
  ]);
  expect(chainWarnings(services)).toEqual([]);
});
