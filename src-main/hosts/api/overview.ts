import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { encodeAddress } from '../../../src-shared/domain/address.ts';
import type { NodeServices } from './node-services.ts';
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
  return {
    chain: info.network.name,
    practice: info.practice,
    version: info.version,
    nodeid: info.nodeId,
    masternode:
      own === undefined || !info.masternode ? null : { tier: own.tier, weight: own.weight, rewardaddress: encodeAddress(own.rewardLock, info.network.name) },
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
    votespersecond: history.votesPerSecond(),
    balance: (await balancesOf(services)).mine.trusted,
    nowms: services.nowMs(),
  };
}
