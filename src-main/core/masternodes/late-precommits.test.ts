import { describe, expect, it } from 'vitest';
import type { BlockHash, Lock, NodeId, Txid } from '../../../src-shared/domain/ids.ts';
import type { HashedBlock, LatePrecommit } from '../codec/block.ts';
import { checkLatePrecommits, creditable, lateVotesOf } from './late-precommits.ts';
import { Registry, type RegistryBlock } from './registry.ts';

const idOf = (number: number): NodeId => number.toString(16).padStart(64, '0') as NodeId;
const hashOf = (height: number): BlockHash => `b${height.toString(16).padStart(63, '0')}` as BlockHash;
const lock = '01'.repeat(20) as Lock;
const founders = Array.from({ length: 4 }, (_, vout) => ({
  nodeId: idOf(vout),
  tier: 'bronze' as const,
  collateral: { txid: 'ab'.repeat(32) as Txid, vout },
  ownerLock: lock,
  rewardLock: lock,
  serviceAddress: '',
}));

/** Three slot blocks and an early one, whose certificates lack member 3; member 2 has left. */
const operations: RegistryBlock['operations'] = [{ kind: 'masternode-exit', nodeId: idOf(2) }];
const registry = [1, 2, 3, 4].reduce(
  (before, height) =>
    before.after(
      {
        height,
        previousHash: hashOf(height - 1),
        timeMs: height,
        isSlotBlock: height !== 3,
        closesEpoch: false,
        certificateSigners: height === 1 ? [] : [idOf(0), idOf(1)],
        lateSigners: [],
        operations: height === 2 ? operations : [],
      },
      5,
    ),
  Registry.fromGenesis(founders),
);

const late = (height: number, member: number): LatePrecommit => ({ height, round: 0, nodeId: idOf(member), signature: new Uint8Array(64) });
/** A block on the fourth, whose certificate members 0 and 1 signed. */
const blockWith = (...latePrecommits: LatePrecommit[]): HashedBlock =>
  ({
    header: { height: 5, previousHash: hashOf(4) },
    previousCertificate: {
      height: 4,
      round: 0,
      blockHash: hashOf(4),
      precommits: [0, 1].map((number) => ({ nodeId: idOf(number), signature: new Uint8Array(64) })),
    },
    latePrecommits,
  }) as unknown as HashedBlock;
const verdict = (...latePrecommits: LatePrecommit[]): string | undefined => checkLatePrecommits(blockWith(...latePrecommits), registry)?.detail;

describe('late precommits', () => {
  it('are of counted blocks, the parent among them, by height and then in snapshot order', () => {
    expect([...creditable(registry, { height: 4, hash: hashOf(4) }).keys()]).toEqual([1, 2, 4]);
    expect(verdict()).toBeUndefined();
    expect(verdict(late(1, 3), late(2, 3), late(4, 3))).toBeUndefined();
  });

  it.each<[string, LatePrecommit[], string]>([
    ['of an early block', [late(3, 3)], 'does not count'],
    ['of a block that is not there yet', [late(5, 3)], 'does not count'],
    ['of a block before the epoch', [late(0, 3)], 'does not count'],
    ['of a stranger', [late(1, 9)], 'is not a member'],
    ['of a member that has left', [late(1, 2)], 'has left'],
    ['of one whom an earlier certificate credits', [late(1, 0)], 'is credited'],
    ['of one whom the block’s own certificate credits', [late(4, 1)], 'is credited'],
    ['the same twice', [late(1, 3), late(1, 3)], 'out of order'],
    ['against the order of heights', [late(2, 3), late(1, 3)], 'out of order'],
  ])('are refused %s', (_, given, words) => {
    expect(verdict(...given)).toContain(words);
  });

  it('are signatures of the blocks of this chain, whatever they say', () => {
    const votes = lateVotesOf(blockWith(late(1, 3), late(3, 3)), (height) => creditable(registry, { height: 4, hash: hashOf(4) }).get(height));
    expect(votes.map(({ phase, height, blockHash }) => [phase, height, blockHash])).toEqual([
      ['precommit', 1, hashOf(1)],
      ['precommit', 3, undefined],
    ]);
  });
});
