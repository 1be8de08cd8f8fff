import { decodeBlock } from '../core/codec/block.ts';
import type { RestoredState } from '../core/engine/context.ts';
import { type Genesis, genesisOperation } from '../core/genesis.ts';
import { invariant } from '../core/invariant.ts';
import { encodeRegistryState } from '../core/masternodes/registry-state.ts';
import { OperationalError } from './operational-error.ts';
import type { Storage } from './storage/storage.ts';

/** What the file holds, or, in a new one, the genesis. A file of another network is refused. */
export function restoredState(storage: Storage, genesis: Genesis, nowMs: number): RestoredState {
  const { chain, pending, bundles, guardRecords, proposedBlocks, blockVotes, halts, invalid, signedThrough, addresses, bans } = storage.loadState();
  const rest = {
    pending,
    bundles: bundles.map(({ encoded }) => encoded),
    guardRecords,
    proposedBlocks,
    blockVotes,
    halts,
    invalid,
    signedThrough,
    addresses,
    bans,
  };
  if (chain !== undefined) {
    if (chain.genesisHash !== genesis.block.hash)
      throw new OperationalError('other-genesis', `the database begins with block ${chain.genesisHash}, ${genesis.network} with ${genesis.block.hash}`);
    const tip = storage.reader.block(chain.height);
    invariant(tip !== undefined, 'the tip is stored with its block');
    return { ...rest, registry: chain.registry, tip: { ...chain, timeMs: decodeBlock(tip.encoded).header.time } };
  }
  const { header, hash } = genesis.block;
  const tip = { height: 0, hash, timeMs: header.time, utxoSetHash: header.utxoSetHash, setHashState: genesis.setHashState };
  storage.persist([genesisOperation(genesis, nowMs)]);
  return { ...rest, registry: encodeRegistryState(genesis.registry), tip };
}
