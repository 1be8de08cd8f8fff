import * as P from 'micro-packed';
import type { Lock, NodeId } from '../../../src-shared/domain/ids.ts';
import { bytes32, hexOf, list16, optional, text } from '../codec/primitives.ts';
import { decodeMembers, decodeProgress, encodeMembers, encodeProgress, maxServiceAddressBytes } from '../codec/registry.ts';
import { tierCodec } from '../codec/tier.ts';
import { maxSnapshotMembers } from '../constants.ts';
import type { Member } from '../snapshot.ts';
import { Registry } from './registry.ts';

/** Ten thousand members with all they may hold. */
const maxStateBytes = 64 * 1024 * 1024;

const snapshotMembers = list16(
  maxSnapshotMembers,
  P.struct({
    nodeId: hexOf<NodeId>(32),
    tier: tierCodec,
    weight: P.U32LE,
    rewardLock: hexOf<Lock>(20),
    serviceAddress: text(maxServiceAddressBytes),
  }),
) as unknown as P.CoderType<readonly Member[]>;
const codec = P.struct({
  progress: bytes32(maxStateBytes),
  members: bytes32(maxStateBytes),
  snapshot: snapshotMembers,
  previous: optional(snapshotMembers),
});

/** All of a registry, to be stored with the block that made it. */
export const encodeRegistryState = ({ progress, members, snapshot, previousSnapshot }: Registry): Uint8Array =>
  codec.encode({
    progress: encodeProgress(progress),
    members: encodeMembers(members),
    snapshot: snapshot.members,
    previous: previousSnapshot?.members,
  } as never);

/** Throws on anything but one whole state. */
export function decodeRegistryState(encoded: Uint8Array): Registry {
  const { progress, members, snapshot, previous } = codec.decode(encoded) as {
    progress: Uint8Array;
    members: Uint8Array;
    snapshot: readonly Member[];
    previous: readonly Member[] | undefined;
  };
  return Registry.restored({ progress: decodeProgress(progress), members: decodeMembers(members) }, snapshot, previous);
}
