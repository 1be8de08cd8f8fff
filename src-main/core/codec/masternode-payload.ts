import * as P from 'micro-packed';
import type { Lock, NodeId, Outpoint } from '../../../src-shared/domain/ids.ts';
import { toHex } from '../crypto/hex.ts';
import type { Tier } from '../snapshot.ts';
import { outpoint } from './outpoint.ts';
import { hexOf, optional, text } from './primitives.ts';
import { maxServiceAddressBytes } from './registry.ts';
import { tierCodec } from './tier.ts';

/** The kinds of transaction that change the registry. */
export type MasternodeKind = 'masternode-register' | 'masternode-update' | 'masternode-revive' | 'masternode-exit';

/** What the payload of each masternode transaction says (protocol section 5). */
export interface MasternodePayloads {
  /** Signed by the key of `ownerLock` and by the node key. */
  'masternode-register': {
    readonly nodeId: NodeId;
    readonly tier: Tier;
    /** A coin of exactly the tier's collateral with `ownerLock`; none for Free. */
    readonly collateral: Outpoint | undefined;
    readonly ownerLock: Lock;
    readonly rewardLock: Lock;
    /** host:port, or empty. */
    readonly serviceAddress: string;
  };
  /** Signed by the owner. */
  'masternode-update': { readonly nodeId: NodeId; readonly rewardLock: Lock; readonly serviceAddress: string };
  /** Signed with the node key; valid in that epoch only. No inputs, no outputs, no fee. */
  'masternode-revive': { readonly nodeId: NodeId; readonly epoch: number };
  /** Signed by the owner; spends the collateral, if there is one. */
  'masternode-exit': { readonly nodeId: NodeId };
}
export type MasternodePayload = { [K in MasternodeKind]: { readonly kind: K } & MasternodePayloads[K] }[MasternodeKind];

const nodeIdBytes = 32;
const nodeId = hexOf<NodeId>(nodeIdBytes);
const lock = hexOf<Lock>(20);
const serviceAddress = text(maxServiceAddressBytes);
const codecs = {
  'masternode-register': P.struct({
    nodeId,
    tier: tierCodec,
    collateral: optional(outpoint),
    ownerLock: lock,
    rewardLock: lock,
    serviceAddress,
  }),
  'masternode-update': P.struct({ nodeId, rewardLock: lock, serviceAddress }),
  'masternode-revive': P.struct({ nodeId, epoch: P.U32LE }),
  'masternode-exit': P.struct({ nodeId }),
} as unknown as { readonly [K in MasternodeKind]: P.CoderType<MasternodePayloads[K]> };

export const isMasternodeKind = (kind: string): kind is MasternodeKind => Object.hasOwn(codecs, kind);

export function encodeMasternodePayload({ kind, ...fields }: MasternodePayload): Uint8Array {
  return (codecs[kind] as unknown as P.CoderType<object>).encode(fields);
}
/** Throws on anything but one whole, canonical payload of the kind. */
export function decodeMasternodePayload(kind: MasternodeKind, payload: Uint8Array): MasternodePayload {
  return { kind, ...(codecs[kind] as unknown as P.CoderType<object>).decode(payload) } as MasternodePayload;
}
/** Whose masternode it is about: every kind begins with it. */
export const nodeOfPayload = (payload: Uint8Array): NodeId => toHex(payload.subarray(0, nodeIdBytes)) as NodeId;
