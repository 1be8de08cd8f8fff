import type { ParsedRequest, Response } from '../../../src-shared/api/contract.ts';
import type { masternodeMethods } from '../../../src-shared/api/methods/masternodes.ts';
import { encodeAddress } from '../../../src-shared/domain/address.ts';
import { formatTime } from '../../../src-shared/domain/amount.ts';
import { type Lock, type NodeId, type Outpoint, type OutpointKey, outpointOf } from '../../../src-shared/domain/ids.ts';
import { decodeBlock } from '../../core/codec/block.ts';
import { CodedError } from '../../node/coded-error.ts';
import { RewardHistory } from '../../node/reward-history.ts';
import type { HandlersOf } from './handler.ts';
import type { NodeServices } from './node-services.ts';
import { lockOfAddress, maxFeeOf } from './parse-fields.ts';
import { countsOf, epochOf, masternodesOf, participationOf, statusOf, tierList, withTimes } from './present-masternodes.ts';
import { walletOf } from './present-wallet.ts';

type Winner = Response<'masternodewinners'>[number];

export function masternodeHandlers(services: NodeServices): HandlersOf<typeof masternodeMethods> {
  const { masternodes, views, info } = services;
  const network = info.network.name;
  const rewards = new RewardHistory(services.storage, () => views.tip());
  const lockOfOptional = (address: string | undefined): Lock | undefined => (address === undefined ? undefined : lockOfAddress(address, network));
  const outpointOfOptional = (key: string | undefined): Outpoint | undefined => (key === undefined ? undefined : outpointOf(key as OutpointKey));
  const nodeOf = (nodeid: string | undefined): NodeId => (nodeid === undefined ? views.self() : (nodeid as NodeId));
  return {
    masternodelist: (wanted) =>
      withTimes(
        services,
        masternodesOf(services).filter((one) => isWanted(one, wanted)),
      ),
    masternodecount: () => countsOf(services),
    masternodestatus: () => statusOf(services),
    masternodewinners: ({ count }) => winnersOf(services, count),
    getrewards: async ({ address, since }) => {
      const sums = await rewards.of(lockOfAddress(address, network), since);
      return { since: formatTime(sums.since), total: formatTime(sums.total), sincecomplete: sums.isSinceWhole, complete: sums.isTotalWhole };
    },
    getparticipation: ({ nodeid }) => {
      if (nodeid !== undefined && views.registry().member(nodeid as NodeId) === undefined)
        throw new CodedError('not-found', `No masternode has the key ${nodeid}.`);
      return participationOf(services, nodeid as NodeId | undefined);
    },
    masternodetiers: () => tierList,
    estimatemasternodefee: async ({ action, tier, address, collateral, rewardaddress, nodeid }) => {
      const wallet = walletOf(services);
      const feeOf = {
        register: () => masternodes.registrationFee(wallet, { tier, collateral: outpointOfOptional(collateral), serviceAddress: address ?? '' }),
        update: () => masternodes.updateFee(wallet, { nodeId: nodeOf(nodeid), serviceAddress: address, rewardLock: lockOfOptional(rewardaddress) }),
        exit: () => masternodes.exitFee(wallet, nodeOf(nodeid)),
      }[action];
      return { fee: formatTime(await feeOf()) };
    },
    masternoderegister: async ({ tier, address, collateral, rewardaddress, passphrase, maxfee }) => {
      const { txid, ownerLock, rewardLock } = await masternodes.register(walletOf(services), {
        tier,
        collateral: outpointOfOptional(collateral),
        serviceAddress: address,
        rewardLock: lockOfOptional(rewardaddress),
        passphrase,
        maxFee: maxFeeOf(maxfee),
      });
      const { epoch, nextepochms } = epochOf(services);
      return {
        txid,
        nodeid: views.self(),
        owneraddress: encodeAddress(ownerLock, network),
        rewardaddress: encodeAddress(rewardLock, network),
        activeepoch: epoch + 1,
        activems: nextepochms,
      };
    },
    masternodeupdate: ({ address, rewardaddress, nodeid, passphrase, maxfee }) =>
      masternodes.update(walletOf(services), {
        nodeId: nodeOf(nodeid),
        serviceAddress: address,
        rewardLock: lockOfOptional(rewardaddress),
        passphrase,
        maxFee: maxFeeOf(maxfee),
      }),
    masternodeexit: ({ nodeid, passphrase, maxfee }) => masternodes.exit(walletOf(services), { nodeId: nodeOf(nodeid), passphrase, maxFee: maxFeeOf(maxfee) }),
    masternoderevive: () => masternodes.revive(),
  };
}

function isWanted(one: ReturnType<typeof masternodesOf>[number], { status, tier, text }: ParsedRequest<'masternodelist'>): boolean {
  const ofStatus = status === 'all' || (status === 'member' ? one.weight > 0 : one.status === status);
  if (!ofStatus || (tier !== 'all' && one.tier !== tier)) return false;
  return text === '' || [one.nodeid, one.address, one.owneraddress, one.rewardaddress].some((field) => field?.includes(text));
}

async function winnersOf({ views, storage, info }: NodeServices, count: number): Promise<Winner[]> {
  const nodes = new Map(views.registry().members.map(({ rewardLock, nodeId }) => [rewardLock, nodeId]));
  const winners: Winner[] = [];
  // Block 0 pays nobody: it makes the coins.
  for (let height = views.tip().height; height > 0 && winners.length < count; height--) {
    const stored = storage.reader.block(height);
    if (stored === undefined) break;
    const { header, hash, transactions } = decodeBlock(stored.encoded);
    const paid = (transactions[0]?.transaction.outputs ?? []).map(({ amount, lock }) => {
      const nodeId = nodes.get(lock);
      return { address: encodeAddress(lock, info.network.name), amount: formatTime(amount), ...(nodeId === undefined ? {} : { nodeid: nodeId }) };
    });
    winners.push({ height, hash, time: header.time, proposer: header.proposer, paid });
    // A block is up to 2 MB: others may be answered in between.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return winners;
}
