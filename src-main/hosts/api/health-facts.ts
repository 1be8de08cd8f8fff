import { signersOfBoth } from '../../core/engine/halts.ts';
import { paramsOf } from '../../core/params.ts';
import { tiers } from '../../core/tiers.ts';
import type { HealthFacts } from '../../node/health/health-facts.ts';
import { laterVersion } from '../../node/health/later-version.ts';
import type { NodeServices } from './node-services.ts';
import { reachesQuorum } from './present-consensus.ts';

type Sources = Pick<NodeServices, 'info' | 'views' | 'storage' | 'audit' | 'restart' | 'nowMs'>;

/** @param freeDiskBytes of the data directory's disk; undefined where that is not known */
export function healthFactsOf(sources: Sources, freeDiskBytes: number | undefined): HealthFacts {
  const { info, views, storage } = sources;
  const nowMs = sources.nowMs();
  const snapshot = views.snapshot();
  const consensus = views.consensus();
  const halt = views.halts().find(({ liftedBy }) => liftedBy === undefined);
  const peers = views.peers();
  const clock = views.clock();
  const reachability = views.reachability();
  return {
    launched: snapshot.members.length > 0,
    alone: snapshot.members.length > 0 && snapshot.members.every(({ nodeId }) => nodeId === info.nodeId),
    peers: peers.length,
    keyElsewhere: views.isKeyElsewhere(),
    quorum: reachesQuorum(views),
    behindBlocks: views.behindBy(),
    sinceBlockMs: nowMs - views.tip().timeMs,
    overdueMs: nowMs - consensus.nextSlotMs,
    blockIntervalMs: paramsOf[info.network.name].blockIntervalMs,
    halted: halt && { height: halt.height, blocks: halt.certificates.map(({ blockHash }) => blockHash), faulty: signersOfBoth(halt).length },
    silentThrough: consensus.signing.kind === 'after-revert' ? consensus.signing.through : undefined,
    // Who has no vote has nothing to listen for.
    signing: consensus.signing.kind === 'listening' && !consensus.votes ? 'off' : consensus.signing.kind,
    masternode: ownOf(sources),
    isMasternode: info.masternode,
    reachability: reachability.state,
    address: reachability.address ?? '',
    clock: clock.state,
    clockOffsetSeconds: clock.offsetMs === undefined ? undefined : 0 - clock.offsetMs / 1_000,
    backlogBytes: storage.backlogBytes,
    oldestWriteMs: storage.oldestWriteMs,
    damage: sources.audit.damage,
    canRestart: sources.restart !== undefined,
    freeDiskBytes,
    later: laterVersion(
      info.userAgent,
      peers.map(({ userAgent }) => userAgent),
    ),
  };
}

/** The last closed epochs and what there is of this one: what will be judged next. */
function ownOf({ info, views }: Sources): HealthFacts['masternode'] {
  const registry = views.registry();
  const own = info.masternode ? registry.member(info.nodeId) : undefined;
  if (own === undefined) return undefined;
  const epochs = [...own.closed, ...(own.status === 'active' ? [{ signed: own.signed.length, counted: registry.progress.counted.length }] : [])];
  return {
    status: own.status,
    signed: epochs.reduce((sum, { signed }) => sum + signed, 0),
    counted: epochs.reduce((sum, { counted }) => sum + counted, 0),
    neededPercent: tiers[own.tier].participationPercent,
  };
}
