import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { encodeAddress } from '../../../src-shared/domain/address.ts';
import { paramsOf } from '../../core/params.ts';
import type { Member } from '../../core/snapshot.ts';
import { tiers } from '../../core/tiers.ts';
import type { NodeServices } from './node-services.ts';
import { percentOf } from './present-masternodes.ts';
import { clockOf } from './present-network-state.ts';
import { balancesOf } from './present-wallet.ts';

type Overview = TopicValue<'overview'>;

export async function overviewOf(services: NodeServices): Promise<Overview> {
  const { info, views, history } = services;
  const tip = views.tip();
  const peers = views.peers();
  const snapshot = views.snapshot();
  const own = snapshot.byNode.get(info.nodeId);
  const rtts = peers.flatMap(({ rtt }) => rtt.smoothedMs ?? []).sort((a, b) => a - b);
  const medianRtt = rtts[Math.floor((rtts.length - 1) / 2)];
  const { samples, medianMs, p99Ms } = history.finality();
  const { size, bytes } = views.mempool();
  const freeDiskBytes = services.freeDiskBytes();
  return {
    chain: info.network.name,
    practice: info.practice,
    version: info.version,
    nodeid: info.nodeId,
    masternode: own === undefined || !info.masternode ? null : { ...ownOf(services, own), rewardaddress: encodeAddress(own.rewardLock, info.network.name) },
    height: tip.height,
    bestblockhash: tip.hash,
    tiptimems: tip.timeMs,
    behind: views.behindBy(),
    nextslotms: views.consensus().nextSlotMs,
    peers: {
      inbound: peers.filter(({ direction }) => direction === 'inbound').length,
      outbound: peers.filter(({ direction }) => direction === 'outbound').length,
      masternodes: peers.filter(({ nodeId }) => snapshot.byNode.has(nodeId)).length,
      ...(medianRtt === undefined ? {} : { medianrttms: medianRtt }),
    },
    reachability: views.reachability().state,
    clock: clockOf(services),
    finality: {
      samples: samples.map(({ atMs, finalAfterMs }) => ({ atms: atMs, finalafterms: finalAfterMs })),
      ...(medianMs === undefined ? {} : { medianms: medianMs }),
      ...(p99Ms === undefined ? {} : { p99ms: p99Ms }),
    },
    mempool: { size, bytes },
    ...(freeDiskBytes === undefined ? {} : { freediskbytes: freeDiskBytes }),
    votespersecond: history.votesPerSecond(),
    balance: (await balancesOf(services)).mine.trusted,
    nowms: services.nowMs(),
  };
}

/** Of a member of the snapshot. */
function ownOf({ views, info }: NodeServices, { tier, weight, nodeId }: Member): Omit<NonNullable<Overview['masternode']>, 'rewardaddress'> {
  const registered = views.registry().member(nodeId);
  const next = views.nextProposalHeight();
  const { height } = views.tip();
  return {
    tier,
    weight,
    status: registered?.status ?? 'exited',
    needed: tiers[tier].participationPercent,
    ...(registered === undefined || registered.closed.length === 0 ? {} : { percent: percentOf(registered.closed) }),
    ...(next === undefined ? {} : { nextproposalms: views.consensus().nextSlotMs + (next - height - 1) * paramsOf[info.network.name].blockIntervalMs }),
  };
}
