import { expect, it } from 'vitest';
import type { MethodName, Response } from '../../../src-shared/api/contract.ts';
import { encodeAddress } from '../../../src-shared/domain/address.ts';
import type { Lock, Txid } from '../../../src-shared/domain/ids.ts';
import { encodeMasternodePayload, type MasternodePayload } from '../../core/codec/masternode-payload.ts';
import { hashTransaction } from '../../core/codec/transaction.ts';
import type { PendingTransaction } from '../../core/engine/views.ts';
import { silentLogger } from '../../node/logging/logger.ts';
import { genesis, genesisTxid, nowMs, otherAddress, otherLock, ownAddress, ownLock, paying, peerId, selfId } from './known.fixture.ts';
import type { NodeServices } from './node-services.ts';
import { createApi } from './registry.ts';
import { droppedTxid, fakeServices, spendingTxid } from './services.fixture.ts';

const answer = async <M extends MethodName>(method: M, params: unknown[], services: NodeServices = fakeServices()): Promise<Response<M>> => {
  const reply = await createApi(services, silentLogger).call(method, params, 'rpc');
  if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.message}`);
  return reply.value as Response<M>;
};

it('a block is looked up by height and by hash, with the weight of who certified it', async () => {
  const byHeight = await answer('getblockheader', [0]);
  expect(byHeight).toEqual(await answer('getblockheader', [genesis.block.hash]));
  expect(byHeight).toMatchObject({
    height: 0,
    certificate: { signers: [{ nodeid: selfId, weight: 10 }], weight: 10, totalweight: 20 },
    coinbase: { txid: genesisTxid, amount: '2050.00000000' },
  });
  await expect(answer('getblockheader', ['00'.repeat(32)])).rejects.toThrow('not-found');
  await expect(answer('getblocktransactions', ['00'.repeat(32)])).rejects.toThrow('not-found');
});

it('blocks below a height are those of the file', async () => {
  expect(await answer('getrecentblocks', [5, 3])).toMatchObject([{ height: 0 }]);
});

it('a transaction in a block says what became of each output, and by whom', async () => {
  const { state, details } = await answer('gettransactiondetails', [genesisTxid]);
  expect(state).toBe('confirmed');
  expect(details?.outputs).toMatchObject([
    { state: 'collateral' },
    { state: 'spent', spentby: { txid: spendingTxid, height: 7 } },
    { state: 'spentPending', spentby: { txid: paying.txid }, value: '50.00000000', address: ownAddress },
  ]);
});

it('a transaction that waits shows the coins that it spends; nobody can spend its outputs yet', async () => {
  const { details, fee } = await answer('gettransactiondetails', [paying.txid]);
  expect(fee).toBe('10.00000000');
  expect(details).toMatchObject({
    inputs: [{ txid: genesisTxid, vout: 2, address: ownAddress, value: '50.00000000' }],
    outputs: [{ address: otherAddress, value: '40.00000000', state: 'pending' }],
  });
  expect(details).not.toHaveProperty('payload');
});

it('of what was dropped the reason is left', async () => {
  expect(await answer('gettransactiondetails', [droppedTxid])).toMatchObject({ state: 'dropped', reason: 'expired' });
  expect(await answer('gettransactiondetails', [droppedTxid])).not.toHaveProperty('details');
});

it.each<[MasternodePayload, object]>([
  [
    {
      kind: 'masternode-register',
      nodeId: peerId,
      tier: 'bronze',
      collateral: { txid: genesisTxid, vout: 0 },
      ownerLock: ownLock,
      rewardLock: otherLock,
      serviceAddress: '203.0.113.5:24200',
    },
    {
      nodeid: peerId,
      tier: 'bronze',
      collateral: { txid: genesisTxid, vout: 0 },
      owneraddress: ownAddress,
      rewardaddress: otherAddress,
      serviceaddress: '203.0.113.5:24200',
    },
  ],
  [
    { kind: 'masternode-update', nodeId: peerId, rewardLock: otherLock, serviceAddress: '' },
    { nodeid: peerId, rewardaddress: otherAddress, serviceaddress: '' },
  ],
  [
    { kind: 'masternode-revive', nodeId: peerId, epoch: 9 },
    { nodeid: peerId, epoch: 9 },
  ],
  [{ kind: 'masternode-exit', nodeId: peerId }, { nodeid: peerId }],
])('the data of a masternode transaction are read: $kind', async (payload, said) => {
  const { views, ...services } = fakeServices();
  const hashed = hashTransaction({ ...paying.transaction, kind: payload.kind, payload: encodeMasternodePayload(payload) });
  const one = views.pending(paying.txid);
  if (one === undefined) throw new Error('a pending transaction');
  const details = await answer('gettransactiondetails', [hashed.txid], {
    ...services,
    views: { ...views, pending: (txid: Txid) => (txid === hashed.txid ? { ...one, hashed } : undefined) },
  });
  expect(details.details?.payload).toEqual({ kind: payload.kind, ...said });
});

/** The payment as its owner has signed it, at this stage. */
function withPayment(status: PendingTransaction['status']): NodeServices {
  const { views, ...services } = fakeServices();
  const { txid, transaction, encoded, inputKeys, claimKeys, leaf } = paying;
  const hashed = { txid, transaction, encoded, inputKeys, claimKeys, leaf, witnessLocks: [ownLock] };
  const one = views.pending(txid);
  return { ...services, views: { ...views, pendingTransactions: () => [hashed], pending: () => one && { ...one, hashed, status } } };
}

it('an address has what no one holds, comes in or goes out', async () => {
  // Two collaterals of 1,000 and a coin of 50 that a payment spends.
  expect(await answer('getaddressbalance', [ownAddress], withPayment('certified'))).toEqual({
    spendable: '0.00000000',
    pending: '0.00000000',
    immature: '0.00000000',
    locked: '2000.00000000',
    coins: 3,
    complete: true,
    used: true,
  });
  expect(await answer('getaddressbalance', [otherAddress])).toMatchObject({ pending: '40.00000000', spendable: '0.00000000', coins: 0, used: true });
  const unheard = encodeAddress('33'.repeat(20) as Lock, 'devnet');
  expect(await answer('getaddressbalance', [unheard])).toMatchObject({ coins: 0, used: false });
  await expect(answer('getaddressbalance', ['TIME1x'])).rejects.toThrow('invalid-address');
});

it('what is final counts as there, and what is rejected does not count', async () => {
  expect(await answer('getaddressbalance', [otherAddress], withPayment('final'))).toMatchObject({ pending: '0.00000000', spendable: '40.00000000' });
  expect(await answer('getaddressbalance', [ownAddress], withPayment('rejected'))).toMatchObject({ spendable: '50.00000000' });
});

it('an address’s history begins with what is in no block yet', async () => {
  const { transactions, next } = await answer('getaddresstransactions', [otherAddress]);
  expect(transactions).toEqual([{ txid: paying.txid, state: 'certified', kind: 'transfer', time: nowMs - 40, received: '40.00000000', change: '40.00000000' }]);
  expect(next).toBeUndefined();
  const own = await answer('getaddresstransactions', [ownAddress, 1]);
  expect((await answer('getaddresstransactions', [ownAddress], withPayment('certified'))).transactions[0]).toMatchObject({
    txid: paying.txid,
    received: '0.00000000',
    change: '-50.00000000',
  });
  expect(own.transactions).toMatchObject([{ txid: genesisTxid, state: 'confirmed', blockheight: 0, change: '2050.00000000' }]);
});

it('an address’s coins come in pages that say whether there are more', async () => {
  const page = await answer('getaddressutxos', [ownAddress, 2]);
  expect(page.complete).toBe(false);
  expect(page.coins).toHaveLength(2);
  expect((await answer('getaddressutxos', [ownAddress, 3])).complete).toBe(true);
});
