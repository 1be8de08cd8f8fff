import type { BlockHash, Hash, NodeId, Txid } from '../../../src-shared/domain/ids.ts';
import { type Blob, blobOf, hexOfBlob, type ReadableDatabase } from '../storage/sqlite.ts';

/** A block as its row has it. Nothing of it has been looked at. */
export interface BlockRow {
  readonly hash: BlockHash;
  readonly time: number;
  readonly round: number;
  readonly proposer: NodeId;
  readonly transactions: number;
  readonly certificate: Uint8Array | undefined;
  readonly encoded: Uint8Array;
}
export interface TipRow {
  readonly height: number;
  readonly hash: BlockHash;
  readonly utxoSetHash: Hash;
  readonly setHashState: Uint8Array;
  readonly registry: Uint8Array;
  readonly genesisHash: BlockHash;
}

type BlockColumns = [hash: Blob, time: bigint, round: bigint, proposer: Blob, transactions: bigint, certificate: Blob | null, encoded: Blob];
type TipColumns = [height: bigint, hash: Blob, utxoSetHash: Blob, setHashState: Blob, registry: Blob, genesisHash: Blob];

/** What audits read of chain.sqlite, row by row. Each throws SqliteError where it meets a damaged page. */
export class ChainRows {
  readonly #block;
  readonly #undo;
  readonly #registryBefore;
  readonly #place;
  readonly #tip;
  readonly #beyond;

  constructor(db: ReadableDatabase) {
    this.#block = db
      .prepare<[number], BlockColumns>('select hash, time, round, proposer, transactions, certificate, encoded from block where height = ?')
      .raw();
    this.#registryBefore = db.prepare<[number], Blob | null>('select registry from undo where height = ?').pluck();
    this.#undo = db.prepare<[number], Blob>('select encoded from undo where height = ?').pluck();
    this.#place = db.prepare<[Blob], [bigint, bigint]>('select height, position from transaction_index where txid = ?').raw();
    this.#tip = db.prepare<[], TipColumns>('select height, hash, utxo_set_hash, set_hash_state, registry, genesis_hash from chain_state').raw();
    this.#beyond = db.prepare<[number], bigint>('select min(height) from block where height > ?').pluck();
  }

  /** Undefined before the genesis. */
  tip(): TipRow | undefined {
    const row = this.#tip.get();
    if (row === undefined) return undefined;
    const [height, hash, utxoSetHash, setHashState, registry, genesisHash] = row;
    return {
      height: Number(height),
      hash: hexOfBlob(hash),
      utxoSetHash: hexOfBlob(utxoSetHash),
      setHashState,
      registry,
      genesisHash: hexOfBlob(genesisHash),
    };
  }
  block(height: number): BlockRow | undefined {
    const row = this.#block.get(height);
    if (row === undefined) return undefined;
    const [hash, time, round, proposer, transactions, certificate, encoded] = row;
    return {
      hash: hexOfBlob(hash),
      time: Number(time),
      round: Number(round),
      proposer: hexOfBlob(proposer),
      transactions: Number(transactions),
      certificate: certificate ?? undefined,
      encoded,
    };
  }
  undo(height: number): Uint8Array | undefined {
    return this.#undo.get(height);
  }
  /** The encoded registry before a block, which is stored with the undo data of some. */
  registryBefore(height: number): Uint8Array | undefined {
    return this.#registryBefore.get(height) ?? undefined;
  }
  /** Where the index has a transaction. */
  placeOf(txid: Txid): { readonly height: number; readonly position: number } | undefined {
    const row = this.#place.get(blobOf(txid));
    return row && { height: Number(row[0]), position: Number(row[1]) };
  }
  /** The first block above the tip; there should be none. */
  blockBeyond(height: number): number | undefined {
    const found = this.#beyond.get(height);
    return found === undefined || found === null ? undefined : Number(found);
  }
}
