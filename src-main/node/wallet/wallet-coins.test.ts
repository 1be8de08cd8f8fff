import { expect, it } from 'vitest';
import { type Lock, outpointKey, type Txid } from '../../../src-shared/domain/ids.ts';
import { hashTransaction } from '../../core/codec/transaction.ts';
import type { StoredCoin } from '../storage/chain-answers.ts';
import { type PendingSource, walletCoins } from './wallet-coins.ts';

const lock = '11'.repeat(20) as Lock;
const own = new Set([lock]);
const chain: readonly StoredCoin[] = [1, 2].map((amount) => ({
  outpoint: { txid: amount.toString().padStart(64, '0') as Txid, vout: 0 },
  coin: { amount: BigInt(amount), lock, height: 5, coinbase: false },
}));
const [first, second] = chain as [StoredCoin, StoredCoin];

it('works out once what a block left, and what is pending on top of that', () => {
  let lookedAt = 0;
  const nothing: PendingSource = {
    pendingTransactions: () => [],
    statusOf: () => 'pending',
    isCollateral: (key) => {
      lookedAt++;
      return key === outpointKey(second.outpoint);
    },
  };
  const settled = walletCoins(chain, own, nothing);
  expect(settled.map(({ amount, collateral, spentBy }) => [amount, collateral, spentBy])).toEqual([
    [1n, false, undefined],
    [2n, true, undefined],
  ]);
  const paying = hashTransaction({
    version: 1,
    kind: 'transfer',
    inputs: [first.outpoint],
    outputs: [{ amount: 1n, lock }],
    timestamp: 1,
    payload: new Uint8Array(),
    witnesses: [],
  });
  const changed = walletCoins(chain, own, { ...nothing, pendingTransactions: () => [paying] });
  expect(changed.map(({ outpoint, spentBy }) => [outpoint.txid, spentBy])).toEqual([
    [first.outpoint.txid, paying.txid],
    [second.outpoint.txid, undefined],
    [paying.txid, undefined],
  ]);
  expect(walletCoins(chain, own, nothing)).toBe(settled);
  expect(settled[0]?.spentBy).toBeUndefined();
  expect(lookedAt).toBe(chain.length);
});
