import type * as z from 'zod';
import type { Response } from '../../../src-shared/api/contract.ts';
import type { masternodeInfo } from '../../../src-shared/api/methods/masternodes.ts';
import { encodeAddress } from '../../../src-shared/domain/address.ts';
import { formatTime } from '../../../src-shared/domain/amount.ts';
import { type NodeId, outpointKey } from '../../../src-shared/domain/ids.ts';
import type { ClosedEpoch, RegistryMember } from '../../core/codec/registry.ts';
import { slotRewardUnits } from '../../core/constants.ts';
import { paramsOf } from '../../core/params.ts';
import type { Member } from '../../core/snapshot.ts';
import { tiers } from '../../core/tiers.ts';
import type { NodeServices } from './node-services.ts';

type MasternodeInfo = z.output<typeof masternodeInfo>;
type Epoch = Response<'masternodestatus'>['epoch'];

/** What one answer about many masternodes looks up once. */
class Presenter {
  readonly #services: NodeServices;
  readonly #connected: ReadonlySet<NodeId>;
  readonly #counted: number;

  constructor(services: NodeServices) {
    this.#services = services;
    this.#connected = new Set(services.views.peers().map(({ nodeId }) => nodeId));
    this.#counted = services.views.registry().progress.counted.length;
  }

  registered(member: RegistryMember): MasternodeInfo {
    const { views, info } = this.#services;
    const { nodeId, tier, status, serviceAddress, ownerLock, rewardLock, collateral, registeredHeight, signed } = member;
    return {
      ...this.#common(nodeId),
      tier,
      status,
      address: serviceAddress,
      owneraddress: encodeAddress(ownerLock, info.network.name),
      rewardaddress: encodeAddress(rewardLock, info.network.name),
      ...(collateral === undefined ? {} : { collateral: outpointKey(collateral) }),
      registeredheight: registeredHeight,
      participation: { signed: signed.length, counted: this.#counted },
      ...(member.closed.length === 0 ? {} : { percent: percentOf(member.closed) }),
      eligible: views.registry().isEligible(member),
    };
  }
  /** Of the snapshot, and not registered any more. */
  exited({ nodeId, tier, serviceAddress, rewardLock }: Member): MasternodeInfo {
    return {
      ...this.#common(nodeId),
      tier,
      status: 'exited',
      address: serviceAddress,
      rewardaddress: encodeAddress(rewardLock, this.#services.info.network.name),
      participation: { signed: 0, counted: this.#counted },
      eligible: false,
    };
  }

  #common(nodeId: NodeId): Pick<MasternodeInfo, 'nodeid' | 'weight' | 'heartbeat' | 'connected' | 'self'> {
    const { views } = this.#services;
    const self = nodeId === views.self();
    const { state, lastMs, height } = views.heartbeat(nodeId);
    const heartbeat = { state, ...(lastMs === undefined ? {} : { lastms: lastMs }), ...(height === undefined ? {} : { height }) };
    return { heartbeat, nodeid: nodeId, weight: views.snapshot().byNode.get(nodeId)?.weight ?? 0, connected: this.#connected.has(nodeId), self };
  }
}

/** In the order of registration; those that have left since the epoch began come first: they are older. */
export function masternodesOf(services: NodeServices): MasternodeInfo[] {
  const presenter = new Presenter(services);
  const registry = services.views.registry();
  const exited = services.views.snapshot().members.filter(({ nodeId }) => registry.member(nodeId) === undefined);
  return [...exited.map((member) => presenter.exited(member)), ...registry.members.map((member) => presenter.registered(member))];
}

/** With the time of the block that registered each. */
export async function withTimes({ storage }: Pick<NodeServices, 'storage'>, nodes: readonly MasternodeInfo[]): Promise<MasternodeInfo[]> {
  const heights = nodes.flatMap(({ registeredheight }) => registeredheight ?? []);
  const times = await storage.query('blockTimes', { heights });
  const timeOf = new Map(heights.map((height, at) => [height, times[at]]));
  return nodes.map((node) => {
    const time = node.registeredheight === undefined ? undefined : timeOf.get(node.registeredheight);
    return time === undefined ? node : { ...node, registeredtime: time };
  });
}

export const tierList: Response<'masternodetiers'> = (['free', 'bronze', 'silver', 'gold'] as const).map((tier) => ({
  tier,
  collateral: formatTime(tiers[tier].collateralUnits),
  weight: tiers[tier].weight,
  needed: tiers[tier].participationPercent,
}));

export function epochOf({ views, info }: NodeServices): Epoch {
  const { progress } = views.registry();
  const { lengthSlots, isClosing, blocksLeft } = views.epochState();
  return {
    epoch: progress.epoch,
    startheight: progress.startHeight,
    length: lengthSlots,
    counted: progress.counted.length,
    closing: isClosing,
    blocksleft: blocksLeft,
    nextepochms: views.consensus().nextSlotMs + blocksLeft * paramsOf[info.network.name].blockIntervalMs,
  };
}

export function countsOf({ views }: NodeServices): Response<'masternodecount'> {
  const { members } = views.registry();
  const snapshot = views.snapshot();
  const of = (matches: (member: RegistryMember) => boolean): number => members.filter(matches).length;
  return {
    total: members.length,
    members: snapshot.members.length,
    totalweight: snapshot.totalWeight,
    waiting: of(({ status }) => status === 'waiting'),
    active: of(({ status }) => status === 'active'),
    inactive: of(({ status }) => status === 'inactive'),
    reviving: of(({ status }) => status === 'reviving'),
    free: of(({ tier }) => tier === 'free'),
    bronze: of(({ tier }) => tier === 'bronze'),
    silver: of(({ tier }) => tier === 'silver'),
    gold: of(({ tier }) => tier === 'gold'),
  };
}

export async function statusOf(services: NodeServices): Promise<Response<'masternodestatus'>> {
  const { views, info } = services;
  const nodeId = views.self();
  const own = views.registry().member(nodeId);
  const share = shareOf(services);
  const [registration] = own === undefined ? [] : await withTimes(services, [new Presenter(services).registered(own)]);
  return {
    nodeid: nodeId,
    enabled: info.masternode,
    ...(registration === undefined ? {} : { registration }),
    advice: adviceOf(own, info.masternode),
    ...(own === undefined || own.closed.length === 0
      ? {}
      : { recent: { ...sumOf(own.closed), percent: percentOf(own.closed), needed: tiers[own.tier].participationPercent } }),
    ...(share === undefined ? {} : { rewardperblock: formatTime(share) }),
    epoch: epochOf(services),
  };
}

function adviceOf(own: RegistryMember | undefined, isEnabled: boolean): string {
  if (own === undefined) return 'This node is not registered: masternode register TIER HOST:PORT COLLATERAL.';
  if (!isEnabled) return 'It is registered and does not sign: start it with --masternode.';
  if (own.status === 'inactive') return 'It was away too long. It says by itself that it is back once it has caught up.';
  return '';
}

/** Of the reward of a slot block, if this node is paid. */
function shareOf({ views }: NodeServices): bigint | undefined {
  const registry = views.registry();
  const paid = views.snapshot().members.filter((member) => registry.isEligible(member));
  const own = paid.find(({ nodeId }) => nodeId === views.self());
  const totalWeight = BigInt(paid.reduce((sum, { weight }) => sum + weight, 0));
  return own && (slotRewardUnits * BigInt(own.weight)) / totalWeight;
}

export function participationOf(services: NodeServices, nodeId: NodeId | undefined): Response<'getparticipation'> {
  const registry = services.views.registry();
  const counted = registry.progress.counted.length;
  const shown = nodeId === undefined ? registry.members : registry.members.filter((member) => member.nodeId === nodeId);
  return {
    ...epochOf(services),
    members: shown.map((member) => ({
      nodeid: member.nodeId,
      tier: member.tier,
      status: member.status,
      signed: member.signed.length,
      counted,
      closed: member.closed.map((closed) => ({ ...closed })),
      ...(member.closed.length === 0 ? {} : { percent: percentOf(member.closed) }),
      needed: tiers[member.tier].participationPercent,
      eligible: registry.isEligible(member),
    })),
  };
}

const sumOf = (closed: readonly ClosedEpoch[]): ClosedEpoch =>
  closed.reduce((sum, one) => ({ signed: sum.signed + one.signed, counted: sum.counted + one.counted }), { signed: 0, counted: 0 });

/** Rounded down to a tenth: what is shown as enough is enough. */
export function percentOf(closed: readonly ClosedEpoch[]): number {
  const { signed, counted } = sumOf(closed);
  return counted === 0 ? 100 : Math.floor((1_000 * signed) / counted) / 10;
}
