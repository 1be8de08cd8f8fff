import { setImmediate } from 'node:timers/promises';
import type { BlockHash, Hash, Outpoint, Txid } from '../../../src-shared/domain/ids.ts';
import { encodeSetElement } from '../../core/codec/coin.ts';
import { combineMuHash, deltaOf, emptyMuHash, finalizeMuHash } from '../../core/crypto/muhash.ts';
import { type CoinRow, coinOfRow } from './chain-reader.ts';
import type { UtxoSetInfo } from './queries.ts';
import { type Blob, hexOfBlob, openForReading, type ReadableDatabase } from './sqlite.ts';

/** About 5 ms of hashing: short questions are answered in between. */
const coinsPerSlice = 500;

export function outpointOfBlob(blob: Blob): Outpoint {
  return { txid: hexOfBlob<Txid>(blob.subarray(0, 32)), vout: new DataView(blob.buffer, blob.byteOffset).getUint32(32, true) };
}

/** Counts, adds up and hashes every coin as of one instant, on a connection of its own. Undefined before the genesis. */
export async function auditCoinSet(file: string): Promise<UtxoSetInfo | undefined> {
  const db = openForReading(file);
  try {
    db.exec('begin');
    const tip = db.prepare<[], [bigint, Blob, Blob]>('select height, hash, utxo_set_hash from chain_state').raw().get();
    if (tip === undefined) return undefined;
    const [height, hash, expected] = tip;
    return { height: Number(height), bestBlock: hexOfBlob<BlockHash>(hash), expectedMuhash: hexOfBlob<Hash>(expected), ...(await hashCoins(db)) };
  } finally {
    db.close();
  }
}

async function hashCoins(db: ReadableDatabase): Promise<Pick<UtxoSetInfo, 'coins' | 'totalAmount' | 'muhash'>> {
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
    set = combineMuHash(set, deltaOf(slice, []));
    slice = [];
    await setImmediate();
  }
  return { coins, totalAmount, muhash: finalizeMuHash(combineMuHash(set, deltaOf(slice, []))) };
}

/** What is wrong with the file, in words. */
export async function checkIntegrity(db: ReadableDatabase): Promise<readonly string[]> {
  const found = db.prepare<[], string>('pragma integrity_check').pluck().all();
  if (found.length !== 1 || found[0] !== 'ok') return found;
  const audit = await auditCoinSet(db.name);
  if (audit === undefined || audit.muhash === audit.expectedMuhash) return [];
  return [`the coin table hashes to ${audit.muhash}, but block ${audit.height} says ${audit.expectedMuhash}`];
}
