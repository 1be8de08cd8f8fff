import type { BlockHash, Lock } from '../../../src-shared/domain/ids.ts';
import { decodeBlock, decodeBlockParts } from '../../core/codec/block.ts';
import type { RegistryMember } from '../../core/codec/registry.ts';
import { undoDepthBlocks } from '../../core/constants.ts';
import { revertChanges } from '../../core/ledger/apply-block.ts';
import { OperationalError } from '../operational-error.ts';
import { ChainReader, type CoinRow, coinOfRow } from '../storage/chain-reader.ts';
import { hashCoins } from '../storage/coin-set-audit.ts';
import { type Blob, openForReading, type ReadableDatabase } from '../storage/sqlite.ts';
import { type BlockRow, ChainRows } from './chain-rows.ts';
import { type AuditGenesis, ChainWalk } from './chain-walk.ts';
import { CoinLayer } from './coin-layer.ts';

/** Who held what after a block of a chain that has stopped, and who was registered. */
export interface CarriedOver {
  readonly height: number;
  readonly blockHash: BlockHash;
  /** Units by lock, in the order of the locks. */
  readonly balances: ReadonlyMap<Lock, bigint>;
  /** In the order of registration. */
  readonly members: readonly RegistryMember[];
}

/** The chain has no such block, or its undo data does not reach so far back; `message` says which. */
export class CarryOverError extends Error {
  override readonly name = 'CarryOverError';
}

/**
 * Reads a chain.sqlite as of a height, the tip's where left out; blocks above it are taken off in memory, and nothing is written. What comes out is held to
 * the header of that block: its coin set's hash and its registry's. Throws CarryOverError, or OperationalError `database-damaged` where it is not that.
 */
export function readCarriedOver(file: string, genesis: AuditGenesis, height: number | undefined): CarriedOver {
  const db = openForReading(file);
  try {
    return db.transaction(() => asOf(db, file, genesis, height))();
  } finally {
    db.close();
  }
}

function asOf(db: ReadableDatabase, file: string, genesis: AuditGenesis, wanted: number | undefined): CarriedOver {
  const rows = new ChainRows(db);
  const tip = rows.tip();
  if (tip === undefined) throw new CarryOverError(`${file} holds no chain.`);
  if (tip.genesisHash !== genesis.blockHash)
    throw new CarryOverError(`${file} is of another genesis: its first block is ${tip.genesisHash}, and not ${genesis.blockHash}.`);
  const height = wanted ?? tip.height;
  if (height > tip.height) throw new CarryOverError(`${file} ends with block ${tip.height}: there is no block ${height}.`);
  if (height < tip.height - undoDepthBlocks)
    throw new CarryOverError(`${file} ends with block ${tip.height}, and only the last ${undoDepthBlocks} can be taken off: ${height} is too far back.`);
  const damaged = (what: string): OperationalError => new OperationalError('database-damaged', `${file}: ${what}`);
  const rowAt = (at: number): BlockRow => {
    const row = rows.block(at);
    if (row === undefined) throw damaged(`block ${at} is missing`);
    return row;
  };

  const { header } = decodeBlockParts(rowAt(height).encoded);
  const walk = new ChainWalk(genesis);
  for (let at = 1; at <= height; at++) walk.step(decodeBlockParts(rowAt(at).encoded), rowAt(at).hash);
  const { registry } = walk.point;
  if (registry.hash !== header.registryHash) throw damaged(`the registry at block ${height} is not its header’s`);

  const balances = new Map<Lock, bigint>();
  const add = (lock: Lock, amount: bigint): void => void balances.set(lock, (balances.get(lock) ?? 0n) + amount);
  for (const [, ...row] of db.prepare<[], [Blob, ...CoinRow]>('select outpoint, amount, lock, height, coinbase from coin').raw().iterate()) {
    const { lock, amount } = coinOfRow(row);
    add(lock, amount);
  }
  const coins = new CoinLayer(new ChainReader(db), hashCoins(db).set);
  for (let at = tip.height; at > height; at--) {
    const changes = revertChanges(decodeBlock(rowAt(at).encoded), rows.undo(at) ?? new Uint8Array());
    const misfit = coins.apply(changes);
    if (misfit !== undefined) throw damaged(`block ${at}, taken off: ${misfit}`);
    for (const { coin } of changes.added) add(coin.lock, coin.amount);
    for (const { coin } of changes.removed) add(coin.lock, -coin.amount);
  }
  if (coins.hash !== header.utxoSetHash) throw damaged(`the coins at block ${height} hash to ${coins.hash}, its header says ${header.utxoSetHash}`);
  const held = [...balances].filter(([, amount]) => amount > 0n).sort(([a], [b]) => (a < b ? -1 : 1));
  return { height, blockHash: rowAt(height).hash, balances: new Map(held), members: registry.members };
}
