import * as P from 'micro-packed';
import type { Hash, Lock, NodeId } from '../../../src-shared/domain/ids.ts';
import { type NetworkName, networks } from '../../../src-shared/domain/networks.ts';
import { maxGenesisOutputs, maxSnapshotMembers } from '../constants.ts';
import { hashHex } from '../crypto/hash.ts';
import type { Tier } from '../snapshot.ts';
import { hexOf, list16, nameOf, text, timeMs } from './primitives.ts';
import { maxServiceAddressBytes } from './registry.ts';
import { tierCodec } from './tier.ts';

export interface GenesisMasternode {
  readonly nodeKey: NodeId;
  readonly tier: Tier;
  /** Holds the collateral, which the genesis makes. */
  readonly ownerLock: Lock;
  readonly rewardLock: Lock;
  /** host:port, or empty. */
  readonly serviceAddress: string;
}
export interface GenesisAllocation {
  readonly lock: Lock;
  /** Units. */
  readonly amount: bigint;
  /** For people. It is in the genesis hash, so that a file cannot be told differently. */
  readonly label: string;
}
/** What a genesis file says, checked (protocol section 12). Everything of a network follows from it. */
export interface GenesisContents {
  readonly network: NetworkName;
  /** Milliseconds since 1970: the beginning of slot 0. */
  readonly time: number;
  readonly masternodes: readonly GenesisMasternode[];
  readonly allocations: readonly GenesisAllocation[];
}

/** An output that nobody can spend is locked to this: no key is known whose hash begins with 20 zero bytes, and finding one is as hard as stealing any coin. */
export const unspendableLock = '0'.repeat(40) as Lock;

export const maxGenesisLabelBytes = 64;

const codec = P.struct({
  network: nameOf<NetworkName>({ mainnet: networks.mainnet.id, testnet: networks.testnet.id, devnet: networks.devnet.id }),
  time: timeMs,
  masternodes: list16(
    maxSnapshotMembers,
    P.struct({
      nodeKey: hexOf<NodeId>(32),
      tier: tierCodec,
      ownerLock: hexOf<Lock>(20),
      rewardLock: hexOf<Lock>(20),
      serviceAddress: text(maxServiceAddressBytes),
    }),
  ),
  allocations: list16(maxGenesisOutputs, P.struct({ lock: hexOf<Lock>(20), amount: P.U64LE, label: text(maxGenesisLabelBytes) })),
}) as unknown as P.CoderType<GenesisContents>;

export const encodeGenesis = (contents: GenesisContents): Uint8Array => codec.encode(contents);
/** Throws on anything but one whole, canonical value. */
export const decodeGenesis = (encoded: Uint8Array): GenesisContents => codec.decode(encoded);

/** Names the network: `Hello` says it, and whatever is signed covers it. */
export const hashGenesis = (contents: GenesisContents): Hash => hashHex('genesis', encodeGenesis(contents));
