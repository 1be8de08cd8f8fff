import { describe, expect, test } from 'vitest';
import type { Lock, NodeId, Outpoint, PublicKey, Txid } from '../../../src-shared/domain/ids.ts';
import { encodeMasternodePayload, type MasternodePayload } from '../codec/masternode-payload.ts';
import { type HashedTransaction, hashTransaction } from '../codec/transaction.ts';
import { maxMasternodeTransactionsPerBlock } from '../constants.ts';
import { Mempool } from './mempool.ts';

const lock = 'aa'.repeat(20) as Lock;
const nodeOf = (number: number): NodeId => number.toString(16).padStart(64, '0') as NodeId;
const coin = (number: number): Outpoint => ({ txid: (1_000_000 + number).toString(16).padStart(64, '0') as Txid, vout: 0 });
const witness = { publicKey: 'bb'.repeat(32) as PublicKey, signature: new Uint8Array(64) };
/** Spends the coin of that number; a revive spends nothing. */
const spending = (number: number, said?: MasternodePayload): HashedTransaction =>
  hashTransaction({
    version: 1,
    kind: said?.kind ?? 'transfer',
    inputs: said?.kind === 'masternode-revive' ? [] : [coin(number)],
    outputs: said?.kind === 'masternode-revive' ? [] : [{ amount: 1_000n, lock }],
    timestamp: number,
    payload: said === undefined ? new Uint8Array() : encodeMasternodePayload(said),
    witnesses: [witness],
  });
const update = (number: number, node = number, serviceAddress = ''): HashedTransaction =>
  spending(number, { kind: 'masternode-update', nodeId: nodeOf(node), rewardLock: lock, serviceAddress });
const register = (number: number, collateral: Outpoint): HashedTransaction =>
  spending(number, { kind: 'masternode-register', nodeId: nodeOf(number), tier: 'bronze', collateral, ownerLock: lock, rewardLock: lock, serviceAddress: '' });
const revive = (number: number): HashedTransaction => spending(number, { kind: 'masternode-revive', nodeId: nodeOf(number), epoch: 1 });

const lowFee = 1_200n;
const highFee = 1_000_000n;
const request = { nowMs: 60_000, uncertifiedAgeMs: 30_000, maxBytes: 100_000, leavesOutContested: false };
function mempoolOf(list: readonly (readonly [HashedTransaction, bigint])[]): Mempool {
  const mempool = new Mempool();
  for (const [hashed, fee] of list) expect(mempool.admit({ hashed, fee, receivedMs: 0 }).ok).toBe(true);
  return mempool;
}
const masternodesIn = (list: readonly HashedTransaction[]): HashedTransaction[] => list.filter(({ transaction }) => transaction.kind !== 'transfer');
const flood = (count: number, node?: number) => Array.from({ length: count }, (_, number) => [update(number, node), lowFee] as const);

describe('masternode transactions for a block', () => {
  test.each([undefined, 1])('are no more than it may hold, so that others have the room (all of masternode %s)', (node) => {
    const paid = spending(5_000);
    const chosen = mempoolOf([...flood(1_000, node), [paid, 100_000n]]).forBlock(request);
    expect(masternodesIn(chosen).length).toBe(node === undefined ? maxMasternodeTransactionsPerBlock : 1);
    expect(chosen).toContain(paid);
  });

  test('revives go first, then who pays more, however many came before', () => {
    const exits = spending(5_000, { kind: 'masternode-exit', nodeId: nodeOf(5_000) });
    const back = revive(6_000);
    const chosen = masternodesIn(mempoolOf([...flood(1_000), [exits, highFee], [back, 0n]]).forBlock(request));
    expect(chosen).toEqual(expect.arrayContaining([exits, back]));
    expect(chosen.length).toBe(maxMasternodeTransactionsPerBlock);
  });

  test('of one masternode the first received, whatever it pays: what its owner does stays in order', () => {
    const [first, second] = [update(1, 7, 'a.example:1'), update(2, 7, 'b.example:1')];
    expect(
      mempoolOf([
        [first, lowFee],
        [second, highFee],
      ]).forBlock(request),
    ).toEqual([first]);
  });

  test('of one masternode its revive, though what its owner sent first pays too little to get in', () => {
    const [moved, back] = [update(5_000, 5_000), revive(5_000)];
    const others = flood(1_000).map(([hashed]) => [hashed, highFee] as const);
    const chosen = mempoolOf([[moved, lowFee], [back, 0n], ...others]).forBlock(request);
    expect(chosen).toContain(back);
    expect(chosen).not.toContain(moved);
  });

  test('have no place where what was received before uses their coins: the first received goes', () => {
    const collateral = coin(9_000);
    const registrations = Array.from({ length: 4 }, (_, number) => [register(100 + number, collateral), highFee] as const);
    const chosen = mempoolOf([...registrations, ...flood(maxMasternodeTransactionsPerBlock)]).forBlock(request);
    expect(masternodesIn(chosen).length).toBe(maxMasternodeTransactionsPerBlock);
    expect(chosen.filter(({ transaction }) => transaction.kind === 'masternode-register')).toEqual([registrations[0]?.[0]]);
    const paid = spending(9_000);
    expect(mempoolOf([[paid, lowFee], ...registrations.slice(1)]).forBlock(request)).toEqual([paid]);
  });
});
