import * as P from 'micro-packed';
import type { BlockHash, Hash, Lock, NodeId, Outpoint } from '../../../src-shared/domain/ids.ts';
import { maxSnapshotMembers } from '../constants.ts';
import { hashBytes, hashHex } from '../crypto/hash.ts';
import type { Snapshot, Tier } from '../snapshot.ts';
import { outpoint } from './outpoint.ts';
import { hexOf, list16, nameOf, optional, text, timeMs } from './primitives.ts';
import { tierCodec } from './tier.ts';

/** host:port of a masternode: a DNS name is 253 characters at most, but nobody needs that many. */
export const maxServiceAddressBytes = 128;
/** Rewards look at so many closed epochs (protocol section 5). */
export const maxClosedEpochs = 10;
/** Slot blocks of one epoch: its length, and what comes before it can close. A chain that makes full blocks for so long without closing stops counting. */
export const maxCountedBlocks = 1_000;

/**
 * `waiting`: registered in this epoch, a member from the next on. `reviving`: inactive, and back from the next epoch on. The quorum of an epoch is its
 * snapshot's, whatever changes here meanwhile.
 */
export type MemberStatus = 'waiting' | 'active' | 'inactive' | 'reviving';

/** Of one epoch that a member was in the snapshot of: the counted blocks, and those of them that it signed. */
export interface ClosedEpoch {
  readonly signed: number;
  readonly counted: number;
}

/** One registration (protocol section 5). The registry is the list of them, in the order of registration. */
export interface RegistryMember {
  readonly nodeId: NodeId;
  readonly tier: Tier;
  /** Exactly the tier's collateral; undefined for Free. */
  readonly collateral: Outpoint | undefined;
  /** Who holds the collateral. */
  readonly ownerLock: Lock;
  readonly rewardLock: Lock;
  /** host:port, or empty. */
  readonly serviceAddress: string;
  /** Of the block that registered it; 0 is the genesis. */
  readonly registeredHeight: number;
  readonly status: MemberStatus;
  /** Which of this epoch's counted blocks it signed: places in `EpochProgress.counted`, ascending. */
  readonly signed: readonly number[];
  /** The last `maxClosedEpochs`, oldest first. */
  readonly closed: readonly ClosedEpoch[];
}

/** How far an epoch is. */
export interface EpochProgress {
  readonly epoch: number;
  /** Of its first block. */
  readonly startHeight: number;
  /** How many the genesis file had, Free and others. */
  readonly genesisMembers: number;
  /** There have been enough collateralised members for the genesis file's Free ones to be capped like any others. */
  readonly launched: boolean;
  /** Its slot blocks whose certificate is in the chain, in order. */
  readonly counted: readonly { readonly height: number; readonly hash: BlockHash }[];
  /** The tip is a slot block of this epoch, and will be counted with its certificate. */
  readonly tipCounts: boolean;
  /** Time of the slot block that completed its length; undefined before. */
  readonly completedMs: number | undefined;
}

export interface RegistryContents {
  readonly progress: EpochProgress;
  readonly members: readonly RegistryMember[];
}

const membersCodec = list16(
  maxSnapshotMembers,
  P.struct({
    nodeId: hexOf<NodeId>(32),
    tier: tierCodec,
    collateral: optional(outpoint),
    ownerLock: hexOf<Lock>(20),
    rewardLock: hexOf<Lock>(20),
    serviceAddress: text(maxServiceAddressBytes),
    registeredHeight: P.U32LE,
    status: nameOf<MemberStatus>({ waiting: 0, active: 1, inactive: 2, reviving: 3 }),
    signed: list16(maxCountedBlocks, P.U16LE),
    closed: list16(maxClosedEpochs, P.struct({ signed: P.U16LE, counted: P.U16LE })),
  }),
) as unknown as P.CoderType<readonly RegistryMember[]>;

const progressCodec = P.struct({
  epoch: P.U32LE,
  startHeight: P.U32LE,
  genesisMembers: P.U16LE,
  launched: P.bool,
  counted: list16(maxCountedBlocks, P.struct({ height: P.U32LE, hash: hexOf<BlockHash>(32) })),
  tipCounts: P.bool,
  completedMs: optional(timeMs),
}) as unknown as P.CoderType<EpochProgress>;

/** What decides votes and rewards; a service address does neither, and may change within an epoch. */
const snapshotCodec = P.struct({
  epoch: P.U32LE,
  members: list16(maxSnapshotMembers, P.struct({ nodeId: hexOf<NodeId>(32), tier: tierCodec, weight: P.U32LE, rewardLock: hexOf<Lock>(20) })),
}) as unknown as P.CoderType<Pick<Snapshot, 'epoch' | 'members'>>;

export const encodeMembers = (members: readonly RegistryMember[]): Uint8Array => membersCodec.encode(members);
/** Throws on anything but one whole, canonical list. */
export const decodeMembers = (encoded: Uint8Array): readonly RegistryMember[] => membersCodec.decode(encoded);
export const encodeProgress = (progress: EpochProgress): Uint8Array => progressCodec.encode(progress);
/** Throws on anything but one whole, canonical value. */
export const decodeProgress = (encoded: Uint8Array): EpochProgress => progressCodec.decode(encoded);

/** The `registryHash` of block headers. */
export const hashRegistry = ({ progress, members }: RegistryContents): Hash =>
  hashHex('registry', hashBytes('registry-progress', encodeProgress(progress)), hashBytes('registry-members', encodeMembers(members)));

/** The `snapshotHash` of block headers. */
export const hashSnapshot = ({ epoch, members }: Pick<Snapshot, 'epoch' | 'members'>): Hash =>
  hashHex(
    'snapshot',
    snapshotCodec.encode({ epoch, members: members.map(({ nodeId, tier, weight, rewardLock }) => ({ nodeId, tier, weight, rewardLock })) } as never),
  );
