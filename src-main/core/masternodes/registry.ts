import { type BlockHash, type Hash, type NodeId, type OutpointKey, outpointKey } from '../../../src-shared/domain/ids.ts';
import type { MasternodePayload } from '../codec/masternode-payload.ts';
import { type EpochProgress, hashRegistry, hashSnapshot, maxCountedBlocks, type RegistryContents, type RegistryMember } from '../codec/registry.ts';
import { InvariantError, unreachable } from '../invariant.ts';
import type { Member, Snapshot } from '../snapshot.ts';
import { closeEpochOf, inactiveAfter, isEligible } from './participation.ts';
import { hasLaunched, weighedMembers } from './snapshot-weights.ts';

/** What a block does to the registry. The operations were checked, in this order, by `checkMasternode`. */
export interface RegistryBlock {
  readonly height: number;
  readonly previousHash: BlockHash;
  readonly timeMs: number;
  /** The first block in its slot. */
  readonly isSlotBlock: boolean;
  readonly closesEpoch: boolean;
  /** Who signed the certificate of its parent. */
  readonly certificateSigners: readonly NodeId[];
  /** Precommits of counted blocks that their certificates lack. */
  readonly lateSigners: readonly { readonly height: number; readonly nodeId: NodeId }[];
  readonly operations: readonly MasternodePayload[];
}

/** What the rules of masternode transactions ask: of a registry, or of one within a block. */
export interface RegistryView {
  readonly progress: EpochProgress;
  /** How many registrations. */
  readonly size: number;
  /** How many of them have no collateral. */
  readonly freeMembers: number;
  member(nodeId: NodeId): RegistryMember | undefined;
  isCollateral(key: OutpointKey): boolean;
}

/**
 * Who is a masternode (protocol section 5): chain state, and nothing else decides it. A value: what a block does makes another one. The snapshot of the
 * epoch goes with it, taken when the epoch began and fixed since.
 */
export class Registry implements RegistryContents, RegistryView {
  readonly progress: EpochProgress;
  /** In the order of registration. */
  readonly members: readonly RegistryMember[];
  /** Decides the blocks of this epoch. */
  readonly snapshot: Snapshot;
  /** Decided the closing block before this epoch; undefined in the first. */
  readonly previousSnapshot: Snapshot | undefined;
  #hash: Hash | undefined;
  #byNode: ReadonlyMap<NodeId, RegistryMember> | undefined;
  #collaterals: ReadonlyMap<OutpointKey, NodeId> | undefined;
  #freeMembers: number | undefined;

  private constructor(contents: RegistryContents, snapshot: Snapshot, previousSnapshot: Snapshot | undefined) {
    this.progress = contents.progress;
    this.members = contents.members;
    this.snapshot = snapshot;
    this.previousSnapshot = previousSnapshot;
  }

  /** `members` in the order of the genesis file, with the collaterals that its block makes. */
  static fromGenesis(members: readonly Omit<RegistryMember, 'registeredHeight' | 'status' | 'signed' | 'closed'>[]): Registry {
    const active = members.map((member): RegistryMember => ({ ...member, registeredHeight: 0, status: 'active', signed: [], closed: [] }));
    const launched = hasLaunched(active, active.length);
    const progress: EpochProgress = {
      epoch: 0,
      startHeight: 1,
      genesisMembers: members.length,
      launched,
      counted: [],
      tipCounts: false,
      completedMs: undefined,
    };
    return new Registry({ progress, members: active }, snapshotOf(0, weighedMembers(active, launched)), undefined);
  }
  /** From what was stored. */
  static restored(contents: RegistryContents, snapshot: readonly Member[], previous: readonly Member[] | undefined): Registry {
    const { epoch } = contents.progress;
    return new Registry(contents, snapshotOf(epoch, snapshot), previous && snapshotOf(epoch - 1, previous));
  }

  /** The `registryHash` of block headers. */
  get hash(): Hash {
    this.#hash ??= hashRegistry(this);
    return this.#hash;
  }
  member(nodeId: NodeId): RegistryMember | undefined {
    this.#byNode ??= new Map(this.members.map((member) => [member.nodeId, member]));
    return this.#byNode.get(nodeId);
  }
  get size(): number {
    return this.members.length;
  }
  get freeMembers(): number {
    this.#freeMembers ??= this.members.reduce((count, { collateral }) => count + (collateral === undefined ? 1 : 0), 0);
    return this.#freeMembers;
  }
  /** Whose collateral this coin is. */
  holderOf(key: OutpointKey): NodeId | undefined {
    this.#collaterals ??= new Map(this.members.flatMap(({ collateral, nodeId }) => (collateral === undefined ? [] : [[outpointKey(collateral), nodeId]])));
    return this.#collaterals.get(key);
  }
  isCollateral(key: OutpointKey): boolean {
    return this.holderOf(key) !== undefined;
  }
  /** Whether a member of the snapshot is paid by the next block. One that has left since is not. */
  isEligible({ nodeId }: Pick<Member, 'nodeId'>): boolean {
    const member = this.member(nodeId);
    return member !== undefined && isEligible(member, this.progress.counted.length);
  }
  /** What decided the block at the tip, of this height: the epoch's before, if that block closed it. */
  parentSnapshot(tipHeight: number): Snapshot {
    return tipHeight < this.progress.startHeight ? (this.previousSnapshot ?? this.snapshot) : this.snapshot;
  }
  /** Whether the epoch has its length of slot blocks, so that a block of a later slot may close it. */
  get isComplete(): boolean {
    return this.progress.completedMs !== undefined;
  }

  /** `epochSlotBlocks`: the length of an epoch. */
  after(block: RegistryBlock, epochSlotBlocks: number): Registry {
    const credited = this.#credited(block);
    const members = withOperations(credited.members, block.operations, block.height);
    const counts = block.isSlotBlock && !block.closesEpoch && credited.counted.length < maxCountedBlocks;
    if (block.closesEpoch) return this.#nextEpoch(members, credited.counted.length, block.height);
    const slotBlocks = credited.counted.length + (counts ? 1 : 0);
    const completedMs = this.progress.completedMs ?? (slotBlocks >= epochSlotBlocks ? block.timeMs : undefined);
    const progress = { ...this.progress, counted: credited.counted, tipCounts: counts, completedMs };
    return new Registry({ progress, members }, this.snapshot, this.previousSnapshot);
  }

  /** The parent is counted with its certificate, and late precommits are added to what they are of. */
  #credited({ height, previousHash, certificateSigners, lateSigners }: RegistryBlock): {
    members: readonly RegistryMember[];
    counted: EpochProgress['counted'];
  } {
    const { progress, members } = this;
    const counted = progress.tipCounts ? [...progress.counted, { height: height - 1, hash: previousHash }] : progress.counted;
    const placeOf = new Map(counted.map((one, place) => [one.height, place]));
    const signed = new Map<NodeId, number[]>();
    const credit = (nodeId: NodeId, of: number): void => {
      const place = placeOf.get(of);
      if (place === undefined) return;
      const places = signed.get(nodeId);
      if (places === undefined) signed.set(nodeId, [place]);
      else places.push(place);
    };
    if (progress.tipCounts) for (const nodeId of certificateSigners) credit(nodeId, height - 1);
    for (const late of lateSigners) credit(late.nodeId, late.height);
    if (signed.size === 0) return { members, counted };
    const withMore = members.map((member): RegistryMember => {
      const more = signed.get(member.nodeId);
      return more === undefined ? member : { ...member, signed: [...new Set([...member.signed, ...more])].sort((a, b) => a - b) };
    });
    return { members: withMore, counted };
  }

  #nextEpoch(members: readonly RegistryMember[], counted: number, height: number): Registry {
    const inactive = inactiveAfter(members, this.snapshot, counted);
    const next = members.map((member): RegistryMember => {
      const took = this.snapshot.byNode.has(member.nodeId) && member.registeredHeight < this.progress.startHeight;
      return {
        ...member,
        status: inactive.has(member.nodeId) || member.status === 'inactive' ? 'inactive' : 'active',
        signed: [],
        closed: took && counted > 0 ? closeEpochOf(member, counted) : member.closed,
      };
    });
    const active = next.filter(({ status }) => status === 'active');
    const { genesisMembers } = this.progress;
    const launched = this.progress.launched || hasLaunched(active, genesisMembers);
    const epoch = this.progress.epoch + 1;
    const progress = { epoch, startHeight: height + 1, genesisMembers, launched, counted: [], tipCounts: false, completedMs: undefined };
    return new Registry({ progress, members: next }, snapshotOf(epoch, weighedMembers(active, launched)), this.snapshot);
  }
}

/** What an operation makes of its member: undefined before it registers and after it leaves. */
export function changedBy(member: RegistryMember | undefined, operation: MasternodePayload, height: number): RegistryMember | undefined {
  switch (operation.kind) {
    case 'masternode-register': {
      const { kind: _, ...fields } = operation;
      if (member !== undefined) throw new InvariantError(`${operation.nodeId} is registered already`);
      return { ...fields, registeredHeight: height, status: 'waiting', signed: [], closed: [] };
    }
    case 'masternode-update':
      return member && { ...member, rewardLock: operation.rewardLock, serviceAddress: operation.serviceAddress };
    case 'masternode-revive':
      return member && { ...member, status: 'reviving' };
    case 'masternode-exit':
      return undefined;
    default:
      return unreachable(operation);
  }
}

/** All of a block's in one go: a registry may be long. Who leaves and registers again stands at the end, as a Map has it. */
function withOperations(members: readonly RegistryMember[], operations: readonly MasternodePayload[], height: number): readonly RegistryMember[] {
  if (operations.length === 0) return members;
  const byNode = new Map(members.map((member) => [member.nodeId, member]));
  for (const operation of operations) {
    const changed = changedBy(byNode.get(operation.nodeId), operation, height);
    if (changed === undefined) byNode.delete(operation.nodeId);
    else byNode.set(operation.nodeId, changed);
  }
  return [...byNode.values()];
}

function snapshotOf(epoch: number, members: readonly Member[]): Snapshot {
  return {
    epoch,
    hash: hashSnapshot({ epoch, members }),
    members,
    totalWeight: members.reduce((sum, { weight }) => sum + weight, 0),
    byNode: new Map<NodeId, Member>(members.map((member) => [member.nodeId, member])),
  };
}
