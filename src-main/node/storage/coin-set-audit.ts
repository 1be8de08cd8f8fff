import type { BlockHash, Hash, Outpoint, Txid } from '../../../src-shared/domain/ids.ts';
import { encodeSetElement } from '../../core/codec/coin.ts';
import { combineMuHash, deltaOf, emptyMuHash, finalizeMuHash, type MuHashDelta } from '../../core/crypto/muhash.ts';
import { expandBySodium } from '../verify/expand-element.ts';
import { type CoinRow, coinOfRow } from './chain-reader.ts';
import { type Blob, hexOfBlob, isDamage, type ReadableDatabase } from './sqlite.ts';

export interface UtxoSetInfo {
  readonly height: number;
  readonly bestBlock: BlockHash;
  readonly coins: number;
  /** Units. */
  readonly totalAmount: bigint;
  /** Computed from the table. */
  readonly muhash: Hash;
  /** What the tip's header says. */
  readonly expectedMuhash: Hash;
  /** Units: the genesis and every reward; where a genesis was given. */
  readonly issuedUnits?: bigint;
}

/** Between two reports of how far it is: some milliseconds. */
const coinsPerSlice = 1_000;

export function outpointOfBlob(blob: Blob): Outpoint {
  return { txid: hexOfBlob<Txid>(blob.subarray(0, 32)), vout: new DataView(blob.buffer, blob.byteOffset).getUint32(32, true) };
}

/** Counts, adds up and hashes every coin as of one instant, on a connection in a transaction. Undefined before the genesis. */
export function auditCoinSet(db: ReadableDatabase): UtxoSetInfo | undefined {
  const tip = db.prepare<[], [bigint, Blob, Blob]>('select height, hash, utxo_set_hash from chain_state').raw().get();
  if (tip === undefined) return undefined;
  const [height, hash, expected] = tip;
  const { set, coins, totalAmount } = hashCoins(db);
  return {
    height: Number(height),
    bestBlock: hexOfBlob<BlockHash>(hash),
    expectedMuhash: hexOfBlob<Hash>(expected),
    coins,
    totalAmount,
    muhash: finalizeMuHash(set),
  };
}

/** `onProgress`: how many of how many coins. */
export function hashCoins(
  db: ReadableDatabase,
  onProgress: (done: number, total: number) => void = () => undefined,
): { readonly set: MuHashDelta; readonly coins: number; readonly totalAmount: bigint } {
  const total = Number(db.prepare<[], bigint>('select count(*) from coin').pluck().get());
  let set = emptyMuHash;
  let coins = 0;
  let totalAmount = 0n;
  let slice: Uint8Array[] = [];
  for (const [outpoint, ...row] of db.prepare<[], [Blob, ...CoinRow]>('select outpoint, amount, lock, height, coinbase from coin').raw().iterate()) {
    const coin = coinOfRow(row);
    coins++;
    totalAmount += coin.amount;
    slice.push(encodeSetElement(outpointOfBlob(outpoint), coin));
    if (slice.length < coinsPerSlice) continue;
    set = combineMuHash(set, deltaOf(slice, [], expandBySodium));
    slice = [];
    onProgress(coins, total);
  }
  return { set: combineMuHash(set, deltaOf(slice, [], expandBySodium)), coins, totalAmount };
}

/** What is wrong with the file, in words. The connection is in a transaction. */
export function checkIntegrity(db: ReadableDatabase): readonly string[] {
  const found = integrityOf(db);
  if (found.length > 0) return found;
  const audit = auditCoinSet(db);
  if (audit === undefined || audit.muhash === audit.expectedMuhash) return [];
  return [`the coin table hashes to ${audit.muhash}, but block ${audit.height} says ${audit.expectedMuhash}`];
}

/** SQLite's own check of a file: empty when all is well. Damage that it cannot read past is what it has found. */
export function integrityOf(db: ReadableDatabase): readonly string[] {
  try {
    const found = db.prepare<[], string>('pragma integrity_check').pluck().all();
    return found.length === 1 && found[0] === 'ok' ? [] : found;
  } catch (error) {
    if (isDamage(error)) return [error.message];
    throw error;
  }
}
