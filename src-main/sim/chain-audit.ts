import type { OutpointKey, Txid } from '../../src-shared/domain/ids.ts';
import { outpointKey, outpointOf } from '../../src-shared/domain/ids.ts';
import { decodeBlock } from '../core/codec/block.ts';
import type { Coin } from '../core/codec/coin.ts';
import { encodeSetElement } from '../core/codec/coin.ts';
import { decodeMuHash, deltaOf, finalizeMuHash } from '../core/crypto/muhash.ts';
import type { Genesis } from '../core/genesis.ts';
import { holds } from './broken-invariant.ts';
import type { DiskTables } from './disk-tables.ts';
import { RegistryModel } from './registry-model.ts';

const total = (coins: Iterable<Coin>): bigint => {
  let sum = 0n;
  for (const { amount } of coins) sum += amount;
  return sum;
};

/**
 * One node's coins and registry, made again from nothing but its blocks, in the plainest way there is; its table, its set hash, its headers and the supply must
 * come to the same.
 * Answers the transactions that are in its chain.
 */
export function auditChain(name: string, tables: DiskTables, genesis: Genesis): ReadonlySet<Txid> {
  const coins = new Map<OutpointKey, Coin>(genesis.coins.map(({ outpoint, coin }) => [outpointKey(outpoint), coin]));
  const genesisUnits = total(coins.values());
  const settled = new Set<Txid>();
  const registry = new RegistryModel(name, genesis);
  let issued = 0n;
  for (const [height, stored] of tables.blocks.entries()) {
    if (height === 0) continue;
    const block = decodeBlock(stored.encoded);
    issued += registry.apply(block);
    for (const [position, { txid, transaction }] of block.transactions.entries()) {
      for (const input of transaction.inputs)
        holds(coins.delete(outpointKey(input)), () => `${name}: block ${height} spends ${outpointKey(input)}, which is not there`);
      for (const [vout, { amount, lock }] of transaction.outputs.entries())
        coins.set(outpointKey({ txid, vout }), { amount, lock, height, coinbase: position === 0 });
      settled.add(txid);
    }
  }
  const supply = genesisUnits + issued;
  holds(total(tables.coins.values()) === supply, () => `${name}: ${total(tables.coins.values())} units in the table instead of ${supply}`);
  holds(coins.size === tables.coins.size, () => `${name}: ${tables.coins.size} coins in the table, ${coins.size} by its blocks`);
  for (const [key, coin] of coins) {
    const stored = tables.coins.get(key);
    const same = stored !== undefined && stored.amount === coin.amount && stored.lock === coin.lock && stored.height === coin.height;
    holds(same && stored.coinbase === coin.coinbase, () => `${name}: the coin ${key} differs from what its blocks say`);
  }
  checkSetHash(name, tables);
  return settled;
}

function checkSetHash(name: string, tables: DiskTables): void {
  const tip = tables.blocks.at(-1);
  holds(tip !== undefined, () => `${name} has no blocks`);
  const recomputed = finalizeMuHash(
    deltaOf(
      [...tables.coins].map(([key, coin]) => encodeSetElement(outpointOf(key), coin)),
      [],
    ),
  );
  const kept = decodeMuHash(tip.setHashState);
  holds(kept !== undefined && finalizeMuHash(kept) === recomputed, () => `${name}: the set hash kept along the chain is not that of its coins`);
  holds(tip.utxoSetHash === recomputed, () => `${name}: block ${tables.blocks.length - 1} says ${tip.utxoSetHash}, its coins ${recomputed}`);
}
