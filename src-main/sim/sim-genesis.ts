import { lockOf } from '../../src-shared/domain/address.ts';
import { unitsPerTime } from '../../src-shared/domain/amount.ts';
import type { Lock, NodeId, Outpoint, PublicKey } from '../../src-shared/domain/ids.ts';
import { toHex } from '../core/crypto/hex.ts';
import { createGenesis, type Genesis } from '../core/genesis.ts';
import { type KeyPair, keyPairOf } from '../node/keys/ed25519.ts';
import type { Prng } from './prng.ts';

const walletCount = 24;
const coinsPerWallet = 6;
const coinUnits = 50n * unitsPerTime;

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
export interface SimGenesis {
  readonly genesis: Genesis;
  readonly nodeKeys: readonly SimKey[];
  readonly nodeIds: readonly NodeId[];
  readonly wallets: readonly SimKey[];
  readonly coins: readonly OwnedCoin[];
}

export const addressOfNode = (index: number): string => `10.0.${index >> 8}.${index & 255}:24200`;

/** A devnet of that many Bronze masternodes, and wallets with coins. */
export function makeGenesis(random: Prng, nodes: number, timeMs: number): SimGenesis {
  const keyOf = (): SimKey => {
    const pair = keyPairOf(random.bytes(32));
    const publicKey = toHex(pair.publicKey) as PublicKey;
    return { pair, publicKey, lock: lockOf(publicKey) };
  };
  const nodeKeys = Array.from({ length: nodes }, keyOf);
  const nodeIds = nodeKeys.map(({ publicKey }) => publicKey as string as NodeId);
  const wallets = Array.from({ length: walletCount }, keyOf);
  const owners = wallets.flatMap((wallet) => Array.from({ length: coinsPerWallet }, () => wallet));
  const genesis = createGenesis({
    network: 'devnet',
    time: timeMs,
    masternodes: nodeKeys.map(({ lock }, index) => ({
      nodeKey: nodeIds[index] as NodeId,
      tier: 'bronze',
      ownerLock: lock,
      rewardLock: lock,
      serviceAddress: addressOfNode(index),
    })),
    allocations: owners.map(({ lock }, index) => ({ lock, amount: coinUnits, label: `coin ${index}` })),
  });
  const coins = genesis.coins.slice(nodes).map(({ outpoint, coin }, index) => ({ outpoint, amount: coin.amount, owner: owners[index] as SimKey }));
  return { genesis, nodeKeys, nodeIds, wallets, coins };
}
