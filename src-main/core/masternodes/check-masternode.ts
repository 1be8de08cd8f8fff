import { lockOf } from '../../../src-shared/domain/address.ts';
import { type Lock, type OutpointKey, outpointKey, type PublicKey } from '../../../src-shared/domain/ids.ts';
import type { RejectionCode } from '../../../src-shared/domain/rejection-code.ts';
import type { Coin } from '../codec/coin.ts';
import { decodeMasternodePayload, isMasternodeKind, type MasternodePayload } from '../codec/masternode-payload.ts';
import type { RegistryMember } from '../codec/registry.ts';
import { isServiceAddress } from '../codec/service-address.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import { maxFreeMembers, maxSnapshotMembers } from '../constants.ts';
import type { CoinSource } from '../ports.ts';
import type { Rejection } from '../rejection.ts';
import { tiers } from '../tiers.ts';
import type { RegistryView } from './registry.ts';

const broken = (code: RejectionCode, detail: string): Rejection => ({ code, detail });
const payloads = new WeakMap<HashedTransaction, MasternodePayload>();

/** What a masternode transaction says; undefined for another kind. Throws where the payload does not decode, which `checkMasternodePayload` finds first. */
export function masternodePayloadOf(hashed: HashedTransaction): MasternodePayload | undefined {
  const { kind, payload } = hashed.transaction;
  if (!isMasternodeKind(kind)) return undefined;
  const known = payloads.get(hashed) ?? decodeMasternodePayload(kind, payload);
  payloads.set(hashed, known);
  return known;
}

/** The rules that a payload keeps or breaks by itself. */
export function checkMasternodePayload(hashed: HashedTransaction): Rejection | undefined {
  let payload: MasternodePayload | undefined;
  try {
    payload = masternodePayloadOf(hashed);
  } catch (error) {
    return broken('bad-payload', error instanceof Error ? error.message : 'it does not decode');
  }
  if (payload === undefined) return undefined;
  if ((payload.kind === 'masternode-register' || payload.kind === 'masternode-update') && !isServiceAddress(payload.serviceAddress))
    return broken('bad-payload', `the service address "${payload.serviceAddress}" is neither host:port nor empty`);
  if (payload.kind !== 'masternode-register') return undefined;
  const { tier, collateral } = payload;
  const needsCoin = tiers[tier].collateralUnits > 0n;
  if (needsCoin !== (collateral !== undefined)) return broken('bad-payload', needsCoin ? `${tier} names no collateral` : `${tier} names a collateral`);
  if (collateral !== undefined && hashed.inputKeys.includes(outpointKey(collateral))) return broken('bad-collateral', 'it is spent by its own registration');
  return undefined;
}

/** Locks whose keys must sign beside those of the inputs. The node key's is the lock that its public key would have. */
export function signersOf(payload: MasternodePayload, registry: Pick<RegistryView, 'member'>): readonly Lock[] {
  const nodeLock = lockOf(payload.nodeId as string as PublicKey);
  const owner = registry.member(payload.nodeId)?.ownerLock;
  switch (payload.kind) {
    case 'masternode-register':
      return [payload.ownerLock, nodeLock];
    case 'masternode-revive':
      return [nodeLock];
    case 'masternode-update':
    case 'masternode-exit':
      return owner === undefined ? [] : [owner];
    default:
      return payload satisfies never;
  }
}

/** The collateral that this transaction, and no other kind, may spend. */
export function releasedCollateral(payload: MasternodePayload, registry: Pick<RegistryView, 'member'>): OutpointKey | undefined {
  const collateral = payload.kind === 'masternode-exit' ? registry.member(payload.nodeId)?.collateral : undefined;
  return collateral && outpointKey(collateral);
}

export interface MasternodeContext {
  /** Before the transaction, in block order. */
  readonly registry: RegistryView;
  readonly coins: CoinSource;
  readonly height: number;
  readonly coinbaseMaturity: number;
}

/** The contextual rules of protocol section 5. What its inputs and witnesses must be is `checkInputs`. */
export function checkMasternode(hashed: HashedTransaction, payload: MasternodePayload, context: MasternodeContext): Rejection | undefined {
  const { registry } = context;
  const member = registry.member(payload.nodeId);
  if (payload.kind === 'masternode-register') {
    if (member !== undefined) return broken('already-registered', `node key ${payload.nodeId}`);
    if (registry.size >= maxSnapshotMembers) return broken('registry-full', `${maxSnapshotMembers} registrations`);
    if (payload.collateral !== undefined) return checkCollateral(outpointKey(payload.collateral), payload, context);
    return registry.freeMembers < maxFreeMembers ? undefined : broken('no-room-for-free', `${maxFreeMembers} registrations without collateral`);
  }
  if (member === undefined) return broken('not-registered', `node key ${payload.nodeId}`);
  switch (payload.kind) {
    case 'masternode-update':
      return checkOwner(hashed, member, context);
    case 'masternode-revive':
      if (payload.epoch !== registry.progress.epoch) return broken('wrong-epoch', `${payload.epoch}, it is ${registry.progress.epoch}`);
      return member.status === 'inactive' ? undefined : broken('not-inactive', `${payload.nodeId} is ${member.status}`);
    case 'masternode-exit': {
      const collateral = releasedCollateral(payload, registry);
      if (collateral !== undefined && !hashed.inputKeys.includes(collateral)) return broken('bad-collateral', `${collateral} is not spent`);
      return checkOwner(hashed, member, context);
    }
    default:
      return payload satisfies never;
  }
}

/**
 * Asked before what all witnesses must be: who the owner is depends on the chain. A node key may have been registered anew by another since, so that whoever passes this on
 * in good faith knows another owner than this node does.
 */
function checkOwner(
  { witnessLocks, inputKeys }: HashedTransaction,
  { nodeId, ownerLock }: RegistryMember,
  { coins }: MasternodeContext,
): Rejection | undefined {
  const spent = inputKeys.map((key) => coins.coin(key)?.lock);
  // A coin that is not here says so by itself.
  const isStranger = (lock: Lock): boolean => lock !== ownerLock && !spent.includes(lock) && !spent.includes(undefined);
  if (witnessLocks.includes(ownerLock) && !witnessLocks.some(isStranger)) return undefined;
  return broken('not-the-owner', `of ${nodeId}, who is ${ownerLock} and nobody else`);
}

function checkCollateral(
  key: OutpointKey,
  payload: Extract<MasternodePayload, { kind: 'masternode-register' }>,
  context: MasternodeContext,
): Rejection | undefined {
  if (context.registry.isCollateral(key)) return broken('already-registered', `collateral ${key}`);
  const coin: Coin | undefined = context.coins.coin(key);
  if (coin === undefined) return broken('missing-input', `collateral ${key}`);
  const { collateralUnits } = tiers[payload.tier];
  if (coin.amount !== collateralUnits) return broken('bad-collateral', `${key} holds ${coin.amount} units, ${payload.tier} needs exactly ${collateralUnits}`);
  if (coin.lock !== payload.ownerLock) return broken('bad-collateral', `${key} is not the owner's`);
  if (coin.coinbase && context.height - coin.height < context.coinbaseMaturity) return broken('immature-coinbase', `collateral ${key}`);
  return undefined;
}
