import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { encodeAddress } from '../../../src-shared/domain/address.ts';
import { paramsOf } from '../../core/params.ts';
import type { NodeServices } from './node-services.ts';
import { reachesQuorum } from './present-consensus.ts';
import { clockOf } from './present-network-state.ts';
import { balancesOf } from './present-wallet.ts';

type Overview = TopicValue<'overview'>;
type Reason = Overview['reasons'][number];

/** A node that has just started has not met its peers yet. */
const startingMs = 10_000;
/** Slots without a block before it is said that none comes: one may be late, or decided in a later round. */
const missedSlots = 2;

/**
 * What waits to be stored: a few full blocks' worth. A node that keeps up stores each before the next comes; one that catches up is held back by its disk as
 * a matter of course.
 */
const slowDiskBytes = 8 * 1024 * 1024;

/** What must not be overlooked; the others only matter. */
const grave: ReadonlySet<Reason> = new Set<Reason>(['halted', 'own-key-elsewhere', 'restored-old-copy', 'below-quorum', 'no-block']);

export async function overviewOf(services: NodeServices): Promise<Overview> {
  const { info, views, history } = services;
  const nowMs = services.nowMs();
  const tip = views.tip();
  const peers = views.peers();
  const snapshot = views.snapshot();
  const own = snapshot.byNode.get(info.nodeId);
  const rtts = peers.flatMap(({ rtt }) => rtt.smoothedMs ?? []).sort((a, b) => a - b);
  const medianRtt = rtts[Math.floor((rtts.length - 1) / 2)];
  const { samples, medianMs, p99Ms } = history.finality();
  const { size, bytes } = views.mempool();
  const reasons = reasonsOf(services, nowMs);
  return {
    verdict: reasons.length === 0 ? 'good' : reasons.some((reason) => grave.has(reason)) ? 'bad' : 'attention',
    reasons,
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
    nowms: nowMs,
  };
}

function reasonsOf(services: NodeServices, nowMs: number): Reason[] {
  const { info, views, storage } = services;
  const snapshot = views.snapshot();
  if (snapshot.members.length === 0) return ['not-launched'];
  const consensus = views.consensus();
  if (consensus.halted) return ['halted'];
  const { kind } = consensus.signing;
  // Nothing else matters as much, and it is no matter of starting.
  const silenced: Reason[] = kind === 'own-key-elsewhere' || kind === 'restored-old-copy' ? [kind] : [];
  const reasons: Reason[] = consensus.votes && kind === 'listening' ? [kind] : [];
  const alone = snapshot.members.every(({ nodeId }) => nodeId === info.nodeId);
  if (!alone && views.peers().length === 0) reasons.push('no-peers');
  if (!reachesQuorum(services)) reasons.push('below-quorum');
  if (views.behindBy() > 0) reasons.push('behind');
  else if (storage.backlogBytes > slowDiskBytes) reasons.push('disk-slow');
  const clock = views.clock().state;
  if (clock === 'warning') reasons.push('clock-off');
  if (clock === 'stopped') reasons.push('clock-stopped');
  // Who only follows loses nothing by it; a masternode that nobody can dial is the first to be cut off.
  if (info.masternode && views.reachability().state === 'unreachable') reasons.push('unreachable');
  const overdueMs = nowMs - consensus.nextSlotMs;
  if (overdueMs > missedSlots * paramsOf[info.network.name].blockIntervalMs) reasons.push('no-block');
  return [...silenced, ...(reasons.length > 0 && nowMs - info.startedAtMs < startingMs ? (['starting'] as const) : reasons)];
}
