import * as P from 'micro-packed';
import type { Hash, Lock, NodeId, Outpoint } from '../../../src-shared/domain/ids.ts';
import { maxSnapshotMembers } from '../constants.ts';
import { hashHex } from '../crypto/hash.ts';
import type { Snapshot, Tier } from '../snapshot.ts';
import { hexOf, list16, nameOf, optional, text } from './primitives.ts';
import { outpoint } from './transaction.ts';

/** host:port of a masternode: a DNS name is 253 characters at most, but nobody needs that many. */
export const maxServiceAddressBytes = 128;

/** One registration (protocol section 5). The registry is the list of them, by registration height, then index. */
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
}

const tier = nameOf<Tier>({ free: 0, bronze: 1, silver: 2, gold: 3 });

const registryCodec = list16(
  maxSnapshotMembers,
  P.struct({
    nodeId: hexOf<NodeId>(32),
    tier,
    collateral: optional(outpoint),
    ownerLock: hexOf<Lock>(20),
    rewardLock: hexOf<Lock>(20),
    serviceAddress: text(maxServiceAddressBytes),
    registeredHeight: P.U32LE,
  }),
) as unknown as P.CoderType<readonly RegistryMember[]>;

/** What decides votes and rewards; a service address does neither, and may change within an epoch. */
const snapshotCodec = P.struct({
  epoch: P.U32LE,
  members: list16(maxSnapshotMembers, P.struct({ nodeId: hexOf<NodeId>(32), tier, weight: P.U32LE, rewardLock: hexOf<Lock>(20) })),
}) as unknown as P.CoderType<Pick<Snapshot, 'epoch' | 'members'>>;

export const encodeRegistry = (members: readonly RegistryMember[]): Uint8Array => registryCodec.encode(members);
/** Throws on anything but one whole, canonical registry. */
export const decodeRegistry = (encoded: Uint8Array): readonly RegistryMember[] => registryCodec.decode(encoded);

/** The `registryHash` of block headers. */
export const hashRegistry = (members: readonly RegistryMember[]): Hash => hashHex('registry', encodeRegistry(members));

/** The `snapshotHash` of block headers. */
export const hashSnapshot = ({ epoch, members }: Pick<Snapshot, 'epoch' | 'members'>): Hash =>
  hashHex(
    'snapshot',
    snapshotCodec.encode({ epoch, members: members.map(({ nodeId, tier, weight, rewardLock }) => ({ nodeId, tier, weight, rewardLock })) } as never),
  );
