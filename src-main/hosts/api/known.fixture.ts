import { encodeAddress } from '../../../src-shared/domain/address.ts';
import type { Lock, NodeId, Txid } from '../../../src-shared/domain/ids.ts';
import { type HashedTransaction, hashTransaction } from '../../core/codec/transaction.ts';
import { createGenesis } from '../../core/genesis.ts';

/** What the fakes of this folder know: two members, two addresses, a genesis and a payment. */
export const ownLock = '11'.repeat(20) as Lock;
export const otherLock = '22'.repeat(20) as Lock;
export const ownAddress = encodeAddress(ownLock, 'devnet');
export const otherAddress = encodeAddress(otherLock, 'devnet');
export const selfId = 'aa'.repeat(32) as NodeId;
export const peerId = 'bb'.repeat(32) as NodeId;
export const nowMs = 1_700_000_100_000;

export const genesis = createGenesis({
  network: 'devnet',
  time: nowMs - 100_000,
  masternodes: [selfId, peerId].map((nodeKey) => ({ nodeKey, tier: 'bronze', ownerLock: ownLock, rewardLock: ownLock, serviceAddress: '127.0.0.1:1' })),
  allocations: [{ lock: ownLock, amount: 5_000_000_000n, label: 'one' }],
});
export const [minting] = genesis.block.transactions;
if (minting === undefined) throw new Error('a genesis has a transaction');
export const genesisTxid: Txid = minting.txid;

export const paying: HashedTransaction = hashTransaction({
  version: 1,
  kind: 'transfer',
  inputs: [{ txid: genesisTxid, vout: 2 }],
  outputs: [{ amount: 4_000_000_000n, lock: otherLock }],
  timestamp: nowMs - 50,
  payload: new Uint8Array(0),
  witnesses: [],
});
