import { expect, it } from 'vitest';
import { encodeAddress, lockOf } from '../../src-shared/domain/address.ts';
import type { Lock, NodeId, PublicKey, Txid } from '../../src-shared/domain/ids.ts';
import { decodeTransaction, type HashedTransaction } from '../core/codec/transaction.ts';
import { createGenesis } from '../core/genesis.ts';
import { masternodePayloadOf } from '../core/masternodes/check-masternode.ts';
import { Registry } from '../core/masternodes/registry.ts';
import type { CoinCategory } from '../core/wallet/balance.ts';
import { nodeKeyOf } from './keys/node-key.ts';
import { MasternodeService } from './masternode-service.ts';
import type { ListedCoin } from './wallet/wallet-service.ts';
import type { OwnerShape, OwnerTransaction } from './wallet/wallet-spender.ts';

const key = nodeKeyOf(new Uint8Array(32).fill(3));
const nodeKey = { publicKey: key.nodeId as string as PublicKey, sign: (message: Uint8Array) => key.sign(message) };
const [own, fresh] = ['11', '22'].map((byte) => byte.repeat(20)) as [Lock, Lock];
const bronze = 100_000_000_000n;
const coinOf = (
  number: number,
  amount: bigint,
  category: CoinCategory = 'spendable',
  parent: ListedCoin['coin']['parent'] = { kind: 'in-block', height: 1 },
): ListedCoin => ({
  coin: { outpoint: { txid: `0${number}`.repeat(32) as Txid, vout: 0 }, amount, lock: own, coinbase: false, parent, collateral: false, spentBy: undefined },
  category,
  label: '',
  account: 0,
  setAside: false,
});

function genesisWith(nodeIds: readonly NodeId[]) {
  return createGenesis({
    network: 'devnet',
    time: 1,
    masternodes: nodeIds.map((nodeId) => ({ nodeKey: nodeId, tier: 'bronze', ownerLock: own, rewardLock: own, serviceAddress: 'old:1' })),
    allocations: [],
  });
}
function serviceOn(registry: Registry, coins: readonly ListedCoin[] = []) {
  const asked: OwnerTransaction[] = [];
  const estimated: OwnerShape[] = [];
  const submitted: HashedTransaction[] = [];
  const txid = '99'.repeat(32) as Txid;
  const wallet = {
    listCoins: () => Promise.resolve(coins),
    newAddress: () => Promise.resolve(encodeAddress(fresh, 'devnet')),
    sendAsOwner: (one: OwnerTransaction) => {
      asked.push(one);
      return Promise.resolve(txid);
    },
    estimateAsOwner: (one: OwnerShape) => {
      estimated.push(one);
      return Promise.resolve(7n);
    },
  };
  const service = new MasternodeService({
    network: 'devnet',
    genesisHash: '77'.repeat(32) as never,
    nodeKey,
    views: { registry: () => registry },
    submit: (encoded) => {
      submitted.push(decodeTransaction(encoded));
      return Promise.resolve({ txid });
    },
    nowMs: () => 5,
  });
  return { service, wallet, asked, estimated, submitted };
}
const empty = genesisWith([]).registry;
const register = { tier: 'bronze', collateral: undefined, serviceAddress: 'here:1', rewardLock: undefined, passphrase: '', maxFee: undefined } as const;

it('a registration names a coin that fits, and says which do or how to make one', async () => {
  const fitting = coinOf(1, bronze);
  const { service, wallet, asked } = serviceOn(empty, [coinOf(2, 5n), fitting, coinOf(3, bronze, 'locked')]);
  const named = (number: number) => service.register(wallet, { ...register, collateral: coinOf(number, 0n).coin.outpoint });
  await expect(service.register(wallet, register)).rejects.toThrow(`These fit: ${'01'.repeat(32)}:0.`);
  await expect(named(2)).rejects.toThrow('needs exactly 1000.00000000');
  await expect(named(3)).rejects.toThrow('collateral of a masternode already');
  await expect(named(4)).rejects.toThrow('has no coin');
  await expect(service.register(wallet, { ...register, serviceAddress: 'here' })).rejects.toThrow('host:port');
  await expect(service.register(wallet, { ...register, tier: 'free', collateral: fitting.coin.outpoint })).rejects.toThrow('names no collateral');
  await expect(service.register(serviceOn(empty).wallet, register)).rejects.toThrow('sendtoaddress ADDRESS 1000.00000000');
  await expect(service.register(serviceOn(empty, [coinOf(1, bronze, 'pending', { kind: 'pending' })]).wallet, register)).rejects.toThrow('on its way');
  expect(asked).toEqual([]);
  expect(await named(1)).toMatchObject({ ownerLock: own, rewardLock: fresh });
  expect(asked[0]).toMatchObject({ owner: own, signers: [own, lockOf(nodeKey.publicKey)], releases: undefined });
  expect(asked[0]?.payload).toMatchObject({ kind: 'masternode-register', nodeId: key.nodeId, tier: 'bronze', ownerLock: own, rewardLock: fresh });
});

it('what a registration would cost is known before any address is made for it', async () => {
  const { service, wallet, asked, estimated } = serviceOn(empty, [coinOf(1, bronze)]);
  const { outpoint } = coinOf(1, 0n).coin;
  await expect(service.registrationFee(wallet, register)).rejects.toThrow('These fit');
  expect(
    await service.registrationFee({ ...wallet, newAddress: () => Promise.reject(new Error('an address was made')) }, { ...register, collateral: outpoint }),
  ).toBe(7n);
  await service.register(wallet, { ...register, collateral: outpoint });
  expect(estimated[0]?.signers).toEqual(asked[0]?.signers);
  expect({ ...estimated[0]?.payload, rewardLock: fresh }).toEqual(asked[0]?.payload);
});

it('what is registered is changed and ended by its owner, and not registered again', async () => {
  const { registry } = genesisWith([key.nodeId]);
  const { service, wallet, asked, estimated } = serviceOn(registry);
  await expect(service.register(wallet, register)).rejects.toThrow('already-registered');
  await expect(service.registrationFee(wallet, register)).rejects.toThrow('already-registered');
  const update = { nodeId: key.nodeId, serviceAddress: undefined, rewardLock: fresh };
  expect([await service.updateFee(wallet, update), await service.exitFee(wallet, key.nodeId)]).toEqual([7n, 7n]);
  await service.update(wallet, { ...update, passphrase: '', maxFee: 7n });
  await service.exit(wallet, { nodeId: key.nodeId, passphrase: '', maxFee: 7n });
  expect(asked.map(({ payload, signers, releases }) => ({ payload, signers, releases }))).toEqual(estimated);
  expect(asked.map(({ maxFee }) => maxFee)).toEqual([7n, 7n]);
  expect(asked.map(({ payload }) => payload)).toEqual([
    { kind: 'masternode-update', nodeId: key.nodeId, rewardLock: fresh, serviceAddress: 'old:1' },
    { kind: 'masternode-exit', nodeId: key.nodeId },
  ]);
  const { collateral } = registry.members[0]!;
  expect(asked[1]).toMatchObject({ owner: own, releases: `${collateral!.txid}:${collateral!.vout}` });
  await expect(serviceOn(empty).service.exit(wallet, { nodeId: key.nodeId, passphrase: '', maxFee: undefined })).rejects.toThrow('not-registered');
});

it('a revive is of this epoch, and of a node that is inactive', async () => {
  const { registry } = genesisWith([key.nodeId]);
  await expect(serviceOn(registry).service.revive()).rejects.toThrow('not-inactive');
  const inactive = Registry.restored(
    { progress: { ...registry.progress, epoch: 4 }, members: registry.members.map((member) => ({ ...member, status: 'inactive' as const })) },
    registry.snapshot.members,
    undefined,
  );
  const { service, submitted } = serviceOn(inactive);
  await service.revive();
  expect(masternodePayloadOf(submitted[0]!)).toEqual({ kind: 'masternode-revive', nodeId: key.nodeId, epoch: 4 });
  expect(submitted[0]!.transaction.witnesses).toHaveLength(1);
});
