import { type BlockHash, type Hash, type Lock, type OutpointKey, outpointOf, type Txid } from '../../../src-shared/domain/ids.ts';
import { type BlockCertificate, certificateCodec } from '../../core/codec/block.ts';
import type { Coin } from '../../core/codec/coin.ts';
import type { SignedThrough } from '../../core/consensus/own-key-watch.ts';
import type { AddressRecord } from '../../core/net/address-record.ts';
import type { Ban } from '../../core/net/ban.ts';
import type { ChainSource, StoredBlock, StoredUndo } from '../../core/ports.ts';
import { OperationalError } from '../operational-error.ts';
import { decodeGuardRecord, type StoredGuardRecord } from './guard-record.ts';
import { addressOf, banOf } from './peer-rows.ts';
import { amountOfInteger, asOperational, type Blob, blobOf, hexOfBlob, outpointBlob, type ReadableDatabase } from './sqlite.ts';

export interface StoredHalt {
  readonly height: number;
  readonly reason: string;
  readonly sinceMs: number;
  /** The certificates that contradict each other. */
  readonly encoded: Uint8Array;
  /** The block that was marked as invalid then. */
  readonly liftedBy: BlockHash | undefined;
}

/** What a node goes on from after a start. */
export interface StoredState {
  /** Undefined before the genesis is stored. */
  readonly chain:
    | {
        readonly height: number;
        readonly hash: BlockHash;
        readonly utxoSetHash: Hash;
        /** The encoded MuHash state. */
        readonly setHashState: Uint8Array;
        readonly genesisHash: BlockHash;
        /** The encoded registry. */
        readonly registry: Uint8Array;
      }
    | undefined;
  /** In order of arrival. */
  readonly pending: readonly { readonly txid: Txid; readonly encoded: Uint8Array; readonly receivedMs: number; readonly finalAfterMs: number | undefined }[];
  /** In order of arrival. */
  readonly bundles: readonly { readonly hash: Hash; readonly encoded: Uint8Array }[];
  /** In order of writing. */
  readonly guardRecords: readonly StoredGuardRecord[];
  readonly proposedBlocks: readonly { readonly height: number; readonly hash: BlockHash; readonly encoded: Uint8Array }[];
  /** By height and round. */
  readonly blockVotes: readonly { readonly height: number; readonly round: number; readonly encoded: Uint8Array }[];
  /** In order; at most one is not lifted. */
  readonly halts: readonly StoredHalt[];
  /** The operator's marks. */
  readonly invalid: readonly { readonly hash: BlockHash; readonly height: number }[];
  /** Undefined where no repair was made. */
  readonly signedThrough: SignedThrough | undefined;
  readonly addresses: readonly AddressRecord[];
  readonly bans: readonly Ban[];
}

export type CoinRow = [amount: bigint, lock: Blob, height: bigint, coinbase: bigint];

export const coinOfRow = ([amount, lock, height, coinbase]: CoinRow): Coin => ({
  amount: amountOfInteger(amount),
  lock: hexOfBlob<Lock>(lock),
  height: Number(height),
  coinbase: coinbase === 1n,
});

/** Throws OperationalError: whatever was stored was encoded whole. */
export function decodeCertificate(encoded: Uint8Array | null | undefined): BlockCertificate | undefined {
  if (encoded === null || encoded === undefined) return undefined;
  try {
    return certificateCodec.decode(encoded);
  } catch (error) {
    throw new OperationalError('database-damaged', 'a stored certificate does not decode', { cause: error });
  }
}

/** The committed state, read on the caller's thread in microseconds a question. Throws OperationalError for a damaged file. */
export class ChainReader implements ChainSource {
  readonly #db: ReadableDatabase;
  readonly #coin;
  readonly #block;
  readonly #undo;
  readonly #reverted;
  readonly #height;
  readonly #begin;
  readonly #end;

  constructor(db: ReadableDatabase) {
    this.#db = db;
    this.#begin = db.prepare('begin');
    this.#end = db.prepare('rollback');
    this.#coin = db.prepare<[Blob], CoinRow>('select amount, lock, height, coinbase from coin where outpoint = ?').raw();
    this.#block = db.prepare<[number], [Blob, Blob | null, Blob]>('select hash, certificate, encoded from block where height = ?').raw();
    this.#undo = db.prepare<[number], [Blob, Blob | null]>('select encoded, registry from undo where height = ?').raw();
    this.#reverted = db
      .prepare<[Blob], [Blob, Blob | null, Blob]>('select hash, certificate, encoded from reverted_block where previous_hash = ? order by hash')
      .raw();
    this.#height = db.prepare<[Blob], bigint>('select height from transaction_index where txid = ?').pluck();
  }

  coin(key: OutpointKey): Coin | undefined {
    const row = this.#ask(() => this.#coin.get(outpointBlob(outpointOf(key))));
    return row && coinOfRow(row);
  }

  block(height: number): StoredBlock | undefined {
    const row = this.#ask(() => this.#block.get(height));
    return row && blockOfRow(row);
  }

  undo(height: number): StoredUndo | undefined {
    const row = this.#ask(() => this.#undo.get(height));
    return row && { encoded: row[0], registry: row[1] ?? undefined };
  }

  revertedAfter(parent: BlockHash): readonly StoredBlock[] {
    return this.#ask(() => this.#reverted.all(blobOf(parent))).map(blockOfRow);
  }

  transactionHeight(txid: Txid): number | undefined {
    const height = this.#ask(() => this.#height.get(blobOf(txid)));
    return height === undefined ? undefined : Number(height);
  }

  loadState(): StoredState {
    return asOperational(this.#db.name, () => this.#db.transaction(() => readState(this.#db))());
  }

  close(): void {
    this.#db.close();
  }

  /** The next read sees what is committed by now. */
  refresh(): void {
    if (this.#db.open && this.#db.inTransaction) this.#end.run();
  }

  /**
   * The reads of one turn share a transaction, since taking and giving back the file's lock costs as much as a read. It ends with the turn: one
   * that stayed open would keep the log from ever starting over. By a rollback: after a read that met damage, a commit reports the damage once more, where nobody catches it.
   */
  #ask<T>(read: () => T): T {
    return asOperational(this.#db.name, () => {
      if (!this.#db.inTransaction) {
        this.#begin.run();
        queueMicrotask(() => this.refresh());
      }
      return read();
    });
  }
}

const blockOfRow = ([hash, certificate, encoded]: [Blob, Blob | null, Blob]): StoredBlock => ({
  hash: hexOfBlob<BlockHash>(hash),
  certificate: decodeCertificate(certificate),
  encoded,
});

function readState(db: ReadableDatabase): StoredState {
  const all = <Row extends unknown[]>(sql: string): Row[] => db.prepare<[], Row>(sql).raw().all();
  const [chain] = all<[bigint, Blob, Blob, Blob, Blob, Blob]>('select height, hash, utxo_set_hash, set_hash_state, genesis_hash, registry from chain_state');
  const [signed] = all<[bigint, bigint, bigint]>('select epoch, height, before_ms from signed_through');
  return {
    chain: chain && {
      height: Number(chain[0]),
      hash: hexOfBlob(chain[1]),
      utxoSetHash: hexOfBlob(chain[2]),
      setHashState: chain[3],
      genesisHash: hexOfBlob(chain[4]),
      registry: chain[5],
    },
    pending: all<[Blob, Blob, bigint, bigint | null]>('select txid, encoded, received_ms, final_after_ms from pending order by seq').map((row) => ({
      txid: hexOfBlob(row[0]),
      encoded: row[1],
      receivedMs: Number(row[2]),
      finalAfterMs: row[3] === null ? undefined : Number(row[3]),
    })),
    bundles: all<[Blob, Blob]>('select hash, encoded from vote_bundle order by seq').map(([hash, encoded]) => ({ hash: hexOfBlob(hash), encoded })),
    guardRecords: all<[Blob]>('select record from guard order by seq').map(([record]) => decodeGuardRecord(record)),
    proposedBlocks: all<[bigint, Blob, Blob]>('select height, hash, encoded from proposed_block order by height, rowid').map(([height, hash, encoded]) => ({
      height: Number(height),
      hash: hexOfBlob(hash),
      encoded,
    })),
    blockVotes: all<[bigint, bigint, Blob]>('select height, round, encoded from block_votes order by height, round').map(([height, round, encoded]) => ({
      height: Number(height),
      round: Number(round),
      encoded,
    })),
    halts: all<[bigint, string, bigint, Blob, Blob | null]>('select height, reason, since_ms, encoded, lifted_by from halt order by seq').map((row) => ({
      height: Number(row[0]),
      reason: row[1],
      sinceMs: Number(row[2]),
      encoded: row[3],
      liftedBy: row[4] === null ? undefined : hexOfBlob(row[4]),
    })),
    invalid: all<[Blob, bigint]>('select hash, height from invalid_block order by height, hash').map(([hash, height]) => ({
      hash: hexOfBlob(hash),
      height: Number(height),
    })),
    signedThrough: signed && { epoch: Number(signed[0]), height: Number(signed[1]), beforeMs: Number(signed[2]) },
    addresses: all<Parameters<typeof addressOf>[0]>('select * from address order by address').map(addressOf),
    bans: all<Parameters<typeof banOf>[0]>('select * from ban order by created_ms, subject').map(banOf),
  };
}
