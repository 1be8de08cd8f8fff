import { contradictionLine } from '../../../src-shared/domain/contradiction.ts';
import { registryCheckpointBlocks, undoDepthBlocks } from '../../core/constants.ts';
import { InvariantError, invariant, unreachable } from '../../core/invariant.ts';
import { banKey } from '../../core/net/ban.ts';
import type { PackedApplyBlock, PackedBatch, PackedOperation, PackedRevertBlock, Span } from './batch.ts';
import { type AddressRow, addressRow, type BanRow, banRow } from './peer-rows.ts';
import { type Blob, blobOf, type WritableDatabase } from './sqlite.ts';

const hashBytes = 32;
const lockBytes = 20;
const outpointBytes = hashBytes + 4;

/** Writes batches to the tables of chain-layout.ts. */
export class BatchWriter {
  readonly #db: WritableDatabase;
  readonly #statements: Statements;

  constructor(db: WritableDatabase) {
    this.#db = db;
    this.#statements = prepare(db);
  }

  /** All of them as one transaction, durable when this returns; throws and has changed nothing otherwise. */
  commit(batches: readonly PackedBatch[]): void {
    this.#db
      .transaction(() => {
        for (const batch of batches) for (const operation of batch.operations) this.#write(operation, batch.bytes);
      })
      .immediate();
  }

  #write(operation: PackedOperation, bytes: Uint8Array): void {
    const s = this.#statements;
    const at = ([start, end]: Span): Blob => bytes.subarray(start, end);
    switch (operation.kind) {
      case 'apply-block':
        this.#applyBlock(operation, at);
        return;
      case 'revert-block':
        this.#revertBlock(operation, at);
        return;
      case 'put-transaction':
        s.putPending.run(blobOf(operation.txid), at(operation.encoded), operation.receivedMs);
        return;
      case 'remove-transactions':
        for (const txid of operation.txids) s.removePending.run(blobOf(txid));
        return;
      case 'mark-final': {
        const txid = blobOf(operation.txid);
        // Its block may have come first, and taken it out of `pending`.
        if (s.markPendingFinal.run(operation.finalAfterMs, txid).changes === 0) s.markIndexFinal.run(operation.finalAfterMs, txid);
        return;
      }
      case 'put-bundle':
        s.putBundle.run(blobOf(operation.hash), at(operation.encoded));
        return;
      case 'remove-bundles':
        for (const hash of operation.hashes) s.removeBundle.run(blobOf(hash));
        return;
      case 'guard':
        s.putGuard.run(operation.height ?? null, operation.txid === undefined ? null : blobOf(operation.txid), operation.epoch ?? null, at(operation.record));
        return;
      case 'release':
        for (const txid of operation.txids) s.releaseGuard.run(blobOf(txid));
        return;
      case 'end-silence':
        s.endSilence.run();
        return;
      case 'put-proposed-block':
        s.putProposed.run(operation.height, blobOf(operation.hash), at(operation.encoded));
        return;
      case 'put-block-votes':
        s.putBlockVotes.run(operation.height, operation.round, at(operation.encoded));
        return;
      case 'put-evidence':
        s.putEvidence.run(blobOf(operation.hash), blobOf(operation.nodeId), contradictionLine(operation.contradiction), at(operation.encoded));
        return;
      case 'put-halt':
        s.putHalt.run(operation.height, operation.reason, operation.sinceMs, at(operation.encoded));
        return;
      case 'mark-invalid':
        s.markInvalid.run(blobOf(operation.hash), operation.height);
        if (operation.liftsHalt) s.liftHalt.run(blobOf(operation.hash));
        return;
      case 'unmark-invalid':
        s.unmarkInvalid.run(blobOf(operation.hash));
        s.restoreHalt.run(blobOf(operation.hash));
        return;
      case 'put-addresses':
        for (const record of operation.records) s.putAddress.run(...addressRow(record));
        return;
      case 'remove-addresses':
        for (const address of operation.addresses) s.removeAddress.run(address);
        return;
      case 'put-ban':
        s.putBan.run(...banRow(operation.ban));
        return;
      case 'remove-bans':
        for (const subject of operation.subjects) s.removeBan.run(banKey(subject));
        return;
      default:
        unreachable(operation);
    }
  }

  #applyBlock(block: PackedApplyBlock, at: (span: Span) => Blob): void {
    const s = this.#statements;
    const { height } = block;
    const hash = blobOf(block.hash);
    const tip = s.tip.get();
    invariant(height === (tip === undefined ? 0 : Number(tip[0]) + 1), `block ${height} does not follow the stored tip ${tip?.[0]}`);
    const certificate = block.certificate === undefined ? null : at(block.certificate);
    const proposer = blobOf(block.proposer);
    const transactions = block.lockCounts.length;
    s.putBlock.run(height, hash, block.time, block.round, proposer, block.decidedAtMs, transactions, certificate, at(block.encoded));
    s.putUndo.run(height, at(block.undo), block.registryBefore === undefined ? null : at(block.registryBefore));
    s.dropUndo.run(height - undoDepthBlocks - registryCheckpointBlocks);
    s.dropReverted.run(hash, height - undoDepthBlocks);
    this.#addCoins(block);
    this.#removeCoins(block);
    this.#indexTransactions(block);
    s.putState.run(height, hash, blobOf(block.utxoSetHash), at(block.setHashState), at(block.registry), tip === undefined ? hash : tip[1]);
    if (block.closesEpoch) {
      s.clearVotes.run(block.epoch);
      s.clearBundles.run();
    }
    s.clearGuard.run(block.clearsConsensusThrough);
    s.clearProposed.run(block.clearsConsensusThrough);
    s.clearBlockVotes.run(block.clearsConsensusThrough);
  }

  /** The tip as it was before the block, in every table but those of the guard. */
  #revertBlock(block: PackedRevertBlock, at: (span: Span) => Blob): void {
    const s = this.#statements;
    const { height } = block;
    const hash = blobOf(block.hash);
    const previousHash = blobOf(block.previousHash);
    const tip = s.tip.get();
    invariant(tip !== undefined && height === Number(tip[0]) && height > 0, `block ${height} is not the stored tip ${tip?.[0]}`);
    const certificate = block.certificate === undefined ? null : at(block.certificate);
    s.putReverted.run(hash, previousHash, height, certificate, at(block.encoded));
    if (s.removeBlock.run(height, hash).changes !== 1) throw new InvariantError(`block ${height} in the table is not ${block.hash}`);
    s.removeUndo.run(height);
    this.#addCoins(block);
    this.#removeCoins(block);
    this.#forgetTransactions(block);
    s.putState.run(height - 1, previousHash, blobOf(block.utxoSetHash), at(block.setHashState), at(block.registry), tip[1]);
    s.clearFinal.run();
    s.clearBundles.run();
  }

  #addCoins({ added }: Pick<PackedApplyBlock, 'added'>): void {
    const outpoints = outpointBlobs(added.txids, added.vouts);
    const locks = blobOf(added.locks);
    for (let i = 0; i < outpoints.length; i++) {
      const lock = locks.subarray(lockBytes * i, lockBytes * (i + 1));
      this.#statements.putCoin.run(outpoints[i] as Blob, added.amounts[i] as bigint, lock, added.heights[i] as number, added.coinbase[i] as number);
    }
  }

  #removeCoins({ removed, height }: Pick<PackedApplyBlock, 'removed' | 'height'>): void {
    for (const outpoint of outpointBlobs(removed.txids, removed.vouts)) {
      // A set that drifts from the ledger's must not live on.
      if (this.#statements.removeCoin.run(outpoint).changes !== 1) {
        throw new InvariantError(`block ${height} takes away ${Buffer.from(outpoint).toString('hex')}, which is not in the table`);
      }
    }
  }

  #indexTransactions(block: PackedApplyBlock): void {
    const s = this.#statements;
    const { height } = block;
    // None where a node catches up: then it is asked once and not for each transaction.
    const isPending = s.anyPending.get() === 1n;
    forEachTransaction(block, (txid, position, locks) => {
      if (isPending) {
        s.indexPending.run(txid, height, position, txid);
        s.removePending.run(txid);
      } else s.indexTransaction.run(txid, height, position);
      for (const lock of locks) s.putHistory.run(lock, height, position, txid);
    });
  }

  #forgetTransactions(block: PackedRevertBlock): void {
    const s = this.#statements;
    forEachTransaction(block, (txid, position, locks) => {
      s.forgetTransaction.run(txid);
      for (const lock of locks) s.removeHistory.run(lock, block.height, position);
    });
  }
}

function forEachTransaction(
  { txids, lockCounts, locks }: Pick<PackedApplyBlock, 'txids' | 'lockCounts' | 'locks'>,
  use: (txid: Blob, position: number, locks: readonly Blob[]) => void,
): void {
  const txidBytes = blobOf(txids);
  const lockBytesOfAll = blobOf(locks);
  let nextLock = 0;
  for (const [position, count] of lockCounts.entries()) {
    const own = Array.from({ length: count }, (_, i) => lockBytesOfAll.subarray(nextLock + lockBytes * i, nextLock + lockBytes * (i + 1)));
    nextLock += lockBytes * count;
    use(txidBytes.subarray(hashBytes * position, hashBytes * (position + 1)), position, own);
  }
}

function outpointBlobs(txids: string, vouts: Uint32Array): Blob[] {
  const ids = blobOf(txids);
  const keys = Buffer.allocUnsafe(outpointBytes * vouts.length);
  return Array.from(vouts, (vout, i) => {
    const key = keys.subarray(outpointBytes * i, outpointBytes * (i + 1));
    ids.copy(key, 0, hashBytes * i, hashBytes * (i + 1));
    key.writeUInt32LE(vout, hashBytes);
    return key;
  });
}

type Statements = ReturnType<typeof prepare>;

const prepare = (db: WritableDatabase) => ({
  tip: db.prepare<[], [bigint, Blob]>('select height, genesis_hash from chain_state').raw(),
  putBlock: db.prepare<[number, Blob, number, number, Blob, number, number, Blob | null, Blob]>(
    'insert into block (height, hash, time, round, proposer, decided_at_ms, transactions, certificate, encoded) values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  ),
  putUndo: db.prepare<[number, Blob, Blob | null]>('insert into undo (height, encoded, registry) values (?, ?, ?)'),
  dropUndo: db.prepare<[number]>('delete from undo where height <= ?'),
  removeUndo: db.prepare<[number]>('delete from undo where height = ?'),
  removeBlock: db.prepare<[number, Blob]>('delete from block where height = ? and hash = ?'),
  putReverted: db.prepare<[Blob, Blob, number, Blob | null, Blob]>(
    'insert or ignore into reverted_block (hash, previous_hash, height, certificate, encoded) values (?, ?, ?, ?, ?)',
  ),
  dropReverted: db.prepare<[Blob, number]>('delete from reverted_block where hash = ? or height <= ?'),
  markInvalid: db.prepare<[Blob, number]>('insert or ignore into invalid_block (hash, height) values (?, ?)'),
  unmarkInvalid: db.prepare<[Blob]>('delete from invalid_block where hash = ?'),
  putCoin: db.prepare<[Blob, bigint, Blob, number, number]>('insert into coin (outpoint, amount, lock, height, coinbase) values (?, ?, ?, ?, ?)'),
  removeCoin: db.prepare<[Blob]>('delete from coin where outpoint = ?'),
  anyPending: db.prepare<[], bigint>('select exists (select 1 from pending)').pluck(),
  indexTransaction: db.prepare<[Blob, number, number]>('insert into transaction_index (txid, height, position) values (?, ?, ?)'),
  indexPending: db.prepare<[Blob, number, number, Blob]>(
    'insert into transaction_index (txid, height, position, final_after_ms) values (?, ?, ?, (select final_after_ms from pending where txid = ?))',
  ),
  forgetTransaction: db.prepare<[Blob]>('delete from transaction_index where txid = ?'),
  removeHistory: db.prepare<[Blob, number, number]>('delete from lock_history where lock = ? and height = ? and position = ?'),
  putHistory: db.prepare<[Blob, number, number, Blob]>('insert or ignore into lock_history (lock, height, position, txid) values (?, ?, ?, ?)'),
  putState: db.prepare<[number, Blob, Blob, Blob, Blob, Blob]>(
    'insert or replace into chain_state (id, height, hash, utxo_set_hash, set_hash_state, registry, genesis_hash) values (1, ?, ?, ?, ?, ?, ?)',
  ),
  putPending: db.prepare<[Blob, Blob, number]>('insert or ignore into pending (txid, encoded, received_ms) values (?, ?, ?)'),
  removePending: db.prepare<[Blob]>('delete from pending where txid = ?'),
  clearFinal: db.prepare<[]>('update pending set final_after_ms = null where final_after_ms is not null'),
  markPendingFinal: db.prepare<[number, Blob]>('update pending set final_after_ms = ? where txid = ?'),
  markIndexFinal: db.prepare<[number, Blob]>('update transaction_index set final_after_ms = ? where txid = ? and final_after_ms is null'),
  putBundle: db.prepare<[Blob, Blob]>('insert or ignore into vote_bundle (hash, encoded) values (?, ?)'),
  removeBundle: db.prepare<[Blob]>('delete from vote_bundle where hash = ?'),
  putGuard: db.prepare<[number | null, Blob | null, number | null, Blob]>('insert into guard (height, txid, epoch, record) values (?, ?, ?, ?)'),
  releaseGuard: db.prepare<[Blob]>('delete from guard where txid = ?'),
  // Those of later epochs were said on a branch that was left; older releases did not say of which they are.
  clearVotes: db.prepare<[number]>('delete from guard where txid is not null and (epoch is null or epoch <= ?)'),
  endSilence: db.prepare<[]>('delete from guard where seq = (select max(seq) from guard where height is null and txid is null)'),
  clearBundles: db.prepare<[]>('delete from vote_bundle'),
  clearGuard: db.prepare<[number]>('delete from guard where height <= ?'),
  putProposed: db.prepare<[number, Blob, Blob]>('insert or ignore into proposed_block (height, hash, encoded) values (?, ?, ?)'),
  clearProposed: db.prepare<[number]>('delete from proposed_block where height <= ?'),
  putBlockVotes: db.prepare<[number, number, Blob]>('insert or ignore into block_votes (height, round, encoded) values (?, ?, ?)'),
  clearBlockVotes: db.prepare<[number]>('delete from block_votes where height <= ?'),
  putEvidence: db.prepare<[Blob, Blob, string, Blob]>('insert or ignore into evidence (hash, node_id, description, encoded) values (?, ?, ?, ?)'),
  putAddress: db.prepare<AddressRow>(
    'insert or replace into address (address, node_id, source, first_seen_ms, last_success_ms, last_try_ms, failures, anchor) values (?, ?, ?, ?, ?, ?, ?, ?)',
  ),
  removeAddress: db.prepare<[string]>('delete from address where address = ?'),
  putBan: db.prepare<BanRow>('insert or replace into ban (subject, node_id, created_ms, until_ms, reason, by) values (?, ?, ?, ?, ?, ?)'),
  removeBan: db.prepare<[string]>('delete from ban where subject = ?'),
  putHalt: db.prepare<[number, string, number, Blob]>(
    'insert into halt (height, reason, since_ms, encoded) select ?, ?, ?, ? where not exists (select 1 from halt where lifted_by is null)',
  ),
  liftHalt: db.prepare<[Blob]>('update halt set lifted_by = ? where lifted_by is null'),
  restoreHalt: db.prepare<[Blob]>('update halt set lifted_by = null where lifted_by = ?'),
});
