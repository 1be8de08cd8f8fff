import { lockOf } from '../../src-shared/domain/address.ts';
import { unitsPerTime } from '../../src-shared/domain/amount.ts';
import type { Lock, NodeId, Outpoint, PublicKey } from '../../src-shared/domain/ids.ts';
import { toHex } from '../core/crypto/hex.ts';
import { createGenesis, type Genesis } from '../core/genesis.ts';
import type { Tier } from '../core/snapshot.ts';
import { tiers } from '../core/tiers.ts';
import { type KeyPair, keyPairOf } from '../node/keys/ed25519.ts';
import type { Prng } from './prng.ts';

/** Of each owner: some are given away in the course of things. */
const collateralsPerOwner = ['bronze', 'bronze', 'bronze', 'bronze', 'silver', 'silver', 'gold'] as const satisfies readonly Tier[];
const walletCount = 24;
const standardCoins = 6 * walletCount;
const coinUnits = 50n * unitsPerTime;
/** Of each owner, beside collaterals: what its registrations cost, and games with them. */
const feeCoinsPerOwner = 12;

export interface SimKey {
  readonly publicKey: PublicKey;
  readonly lock: Lock;
  readonly pair: KeyPair;
}
export interface OwnedCoin {
  readonly outpoint: Outpoint;
  /** Units. */
  readonly amount: bigint;
  readonly owner: SimKey;
}
/** Who may register a machine: with collaterals of each tier that has one, and coins for fees. */
export interface SimOwner {
  readonly key: SimKey;
  readonly collaterals: readonly OwnedCoin[];
  readonly feeCoins: readonly OwnedCoin[];
}
export interface SimGenesis {
  readonly genesis: Genesis;
  /** Of the genesis file's members. */
  readonly tiers: readonly Tier[];
  /** Of the members, then of the candidates. */
  readonly nodeKeys: readonly SimKey[];
  readonly wallets: readonly SimKey[];
  readonly coins: readonly OwnedCoin[];
  readonly addressOf: (index: number) => string;
  /** One for each candidate. */
  readonly owners: readonly SimOwner[];
}
export interface GenesisPlan {
  /** The masternodes of the genesis file. */
  readonly members: readonly Tier[];
  /** Machines that are no masternodes yet. */
  readonly candidates: number;
  readonly addressOf?: (index: number) => string;
  /** Of all wallets together, at least. */
  readonly coins?: number;
}

export const addressOfNode = (index: number): string => `10.0.${index >> 8}.${index & 255}:24200`;

export function simKeyOf(pair: KeyPair): SimKey {
  const publicKey = toHex(pair.publicKey) as PublicKey;
  return { pair, publicKey, lock: lockOf(publicKey) };
}

/** A devnet of those masternodes, and wallets with coins. */
export function makeGenesis(
  random: Prng,
  { members, candidates, addressOf = addressOfNode, coins: coinCount = standardCoins }: GenesisPlan,
  timeMs: number,
): SimGenesis {
  const keyOf = (): SimKey => simKeyOf(keyPairOf(random.bytes(32)));
  const memberKeys = members.map(keyOf);
  const wallets = Array.from({ length: walletCount }, keyOf);
  const candidateKeys = Array.from({ length: candidates }, keyOf);
  const ownerKeys = Array.from({ length: candidates }, keyOf);
  const allocations: { readonly owner: SimKey; readonly amount: bigint }[] = [];
  const allocate = (owner: SimKey, amount: bigint): number => allocations.push({ owner, amount }) - 1;
  const coinPlaces = wallets.flatMap((wallet) => Array.from({ length: Math.ceil(coinCount / walletCount) }, () => allocate(wallet, coinUnits)));
  const ownerPlaces = ownerKeys.map((owner) => ({
    collaterals: collateralsPerOwner.map((tier) => allocate(owner, tiers[tier].collateralUnits)),
    feeCoins: Array.from({ length: feeCoinsPerOwner }, () => allocate(owner, coinUnits)),
  }));
  const genesis = createGenesis({
    network: 'devnet',
    time: timeMs,
    masternodes: memberKeys.map(({ lock, publicKey }, index) => ({
      nodeKey: publicKey as string as NodeId,
      tier: members[index] as Tier,
      ownerLock: lock,
      rewardLock: lock,
      serviceAddress: addressOf(index),
    })),
    allocations: allocations.map(({ owner, amount }, index) => ({ lock: owner.lock, amount, label: `coin ${index}` })),
  });
  // Collaterals of the genesis file's members come first.
  const allocated = genesis.coins.slice(genesis.coins.length - allocations.length);
  const coinAt = (place: number): OwnedCoin => {
    const { outpoint, coin } = allocated[place] as (typeof allocated)[number];
    return { outpoint, amount: coin.amount, owner: (allocations[place] as (typeof allocations)[number]).owner };
  };
  const owners = ownerPlaces.map(({ collaterals, feeCoins }, index): SimOwner => {
    return { key: ownerKeys[index] as SimKey, collaterals: collaterals.map(coinAt), feeCoins: feeCoins.map(coinAt) };
  });
  return { genesis, tiers: members, nodeKeys: [...memberKeys, ...candidateKeys], wallets, coins: coinPlaces.map(coinAt), addressOf, owners };
}

/**
 * Which of the members are faulty: drawn one after another, as many as wanted, each only as long as all of them together weigh less than a third. That is what
 * the model allows (protocol section 1).
 */
export function pickFaulty(random: Prng, members: readonly Tier[], atMost: number): ReadonlySet<number> {
  const weightOf = (index: number): number => tiers[members[index] as Tier].weight;
  const total = members.reduce((sum, tier) => sum + tiers[tier].weight, 0);
  const faulty = new Set<number>();
  let weight = 0;
  for (const index of random.shuffled([...members.keys()])) {
    if (faulty.size >= atMost || 3 * (weight + weightOf(index)) >= total) continue;
    weight += weightOf(index);
    faulty.add(index);
  }
  return faulty;
}
