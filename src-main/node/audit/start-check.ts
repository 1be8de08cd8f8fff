import { type BlockHeader, decodeBlock, decodeBlockParts } from '../../core/codec/block.ts';
import { blockVotesCodec } from '../../core/codec/block-vote.ts';
import { hashSnapshot } from '../../core/codec/registry.ts';
import { decodeTransaction } from '../../core/codec/transaction.ts';
import { decodeVoteBundle } from '../../core/codec/vote-bundle.ts';
import { decodeMuHash, finalizeMuHash } from '../../core/crypto/muhash.ts';
import { decodeRegistryState } from '../../core/masternodes/registry-state.ts';
import { weighedMembers } from '../../core/masternodes/snapshot-weights.ts';
import { hashCoins } from '../storage/coin-set-audit.ts';
import { decodeGuardRecord, guardKeys } from '../storage/guard-record.ts';
import { type Blob, hexOfBlob, type ReadableDatabase } from '../storage/sqlite.ts';
import { checkBlockRow } from './block-row.ts';
import { ChainRows, type TipRow } from './chain-rows.ts';

/** How much is looked at: a start must not wait for minutes, and what is not looked at is found when it is read, or by `verifychain`. */
export interface StartCheckBounds {
  /** Of the file, that SQLite checks whole; of a larger one only the tables that bind signatures and say where the chain stands. */
  readonly maxQuickCheckBytes: number;
  readonly maxCoins: number;
  /** Of stored blocks, newest first. */
  readonly blocksMs: number;
}
/** Less than half a second each, on a disk that is not slow: a coin is hashed in 17 µs. */
export const startBounds: StartCheckBounds = { maxQuickCheckBytes: 100_000_000, maxCoins: 20_000, blocksMs: 500 };
export const noBounds: StartCheckBounds = {
  maxQuickCheckBytes: Number.POSITIVE_INFINITY,
  maxCoins: Number.POSITIVE_INFINITY,
  blocksMs: Number.POSITIVE_INFINITY,
};

/** Without one of these a node must not sign, or does not know where it stands. */
const vitalTables = ['chain_state', 'guard', 'proposed_block', 'block_votes', 'halt', 'evidence', 'undo'] as const;

/**
 * What is wrong with chain.sqlite, the first thing found, in words; undefined where nothing was. The connection is in a transaction. A file that cannot be
 * read at all throws SqliteError or OperationalError.
 */
export function checkAtStart(db: ReadableDatabase, bounds: StartCheckBounds, monotonicMs: () => number): string | undefined {
  return (
    structure(db, bounds) ??
    whatBinds(db) ??
    chain(db, bounds, monotonicMs) ??
    decoded(db, 'pending', 'encoded', decodeTransaction) ??
    decoded(db, 'vote_bundle', 'encoded', decodeVoteBundle)
  );
}

/** Of what binds this node's signatures, and where its chain stands: who repairs asks whether these are whole. */
export const whatBinds = (db: ReadableDatabase): string | undefined =>
  guardRows(db) ?? decoded(db, 'proposed_block', 'encoded', decodeBlock) ?? decoded(db, 'block_votes', 'encoded', (bytes) => blockVotesCodec.decode(bytes));

function structure(db: ReadableDatabase, { maxQuickCheckBytes }: StartCheckBounds): string | undefined {
  const bytes = pragma(db, 'page_count') * pragma(db, 'page_size');
  const checks = bytes <= maxQuickCheckBytes ? ['quick_check(1)'] : vitalTables.map((table) => `quick_check(${table})`);
  for (const check of checks) {
    const [found] = db.prepare<[], string>(`pragma ${check}`).pluck().all();
    if (found !== 'ok') return found ?? `${check} answers nothing`;
  }
  return undefined;
}

/** Each record is whole, and will be deleted when what it is of is decided. */
function guardRows(db: ReadableDatabase): string | undefined {
  for (const [seq, height, txid, bytes] of db
    .prepare<[], [bigint, bigint | null, Blob | null, Blob]>('select seq, height, txid, record from guard')
    .raw()
    .iterate()) {
    const record = attempt(() => decodeGuardRecord(bytes));
    if (record === undefined) return `record ${seq} of the guard: not what was stored`;
    const { height: ofHeight, txid: ofTransaction } = guardKeys(record);
    if ((height === null ? undefined : Number(height)) !== ofHeight || (txid === null ? undefined : hexOfBlob(txid)) !== ofTransaction)
      return `record ${seq} of the guard: its row says otherwise`;
  }
  return undefined;
}

/** The first row whose bytes are not what was stored. */
function decoded(db: ReadableDatabase, table: string, column: string, decode: (bytes: Uint8Array) => unknown): string | undefined {
  let row = 0;
  for (const bytes of db.prepare<[], Blob>(`select ${column} from ${table}`).pluck().iterate()) {
    row++;
    try {
      decode(bytes);
    } catch (error) {
      return `row ${row} of ${table}: ${error instanceof Error ? error.message : error}`;
    }
  }
  return undefined;
}

function chain(db: ReadableDatabase, bounds: StartCheckBounds, monotonicMs: () => number): string | undefined {
  const rows = new ChainRows(db);
  const tip = rows.tip();
  return tip && (checkTipRow(rows, tip) ?? checkCoins(db, tip, bounds) ?? checkBlocks(rows, tip, bounds, monotonicMs));
}

/** Whether the tip's row, its block, the registry and the state of the set's hash agree. */
export function checkTipRow(rows: ChainRows, { height, hash, utxoSetHash, setHashState, registry, genesisHash }: TipRow): string | undefined {
  const block = rows.block(height);
  if (block?.hash !== hash) return `the tip is block ${height} ${hash}, and the block there is ${block?.hash}`;
  const header = attempt(() => decodeBlockParts(block.encoded).header);
  if (header === undefined) return `block ${height}: it does not decode`;
  if (header.utxoSetHash !== utxoSetHash) return `the tip has the coin set’s hash ${utxoSetHash}, its header ${header.utxoSetHash}`;
  const set = decodeMuHash(setHashState);
  if (set === undefined || finalizeMuHash(set) !== utxoSetHash) return 'the stored state of the coin set’s hash is not the tip’s';
  if (rows.block(0)?.hash !== genesisHash) return `the chain begins with ${rows.block(0)?.hash}, and its state is of ${genesisHash}`;
  if (!isRegistryOf(rows, header, registry)) return 'the stored registry is not the tip’s';
  const beyond = rows.blockBeyond(height);
  return beyond === undefined ? undefined : `there is a block ${beyond} above the tip`;
}

/** A header covers the registry after its block and the snapshot that decided it; the one after a closing block follows from the registry. */
function isRegistryOf(rows: ChainRows, header: BlockHeader, encoded: Uint8Array): boolean {
  const registry = attempt(() => decodeRegistryState(encoded));
  if (registry?.hash !== header.registryHash) return false;
  const { progress, members, snapshot, previousSnapshot } = registry;
  const hasBegun = header.height >= progress.startHeight;
  const active = members.filter(({ status }) => status === 'active');
  const expected = hasBegun ? header.snapshotHash : hashSnapshot({ epoch: progress.epoch, members: weighedMembers(active, progress.launched) });
  if (header.height > 0 && snapshot.hash !== expected) return false;
  if (previousSnapshot === undefined) return progress.epoch === 0;
  const closing = rows.block(progress.startHeight - 1);
  return closing !== undefined && attempt(() => decodeBlockParts(closing.encoded).header.snapshotHash) === previousSnapshot.hash;
}

function checkCoins(db: ReadableDatabase, { height, utxoSetHash }: TipRow, { maxCoins }: StartCheckBounds): string | undefined {
  const coins = Number(db.prepare<[], bigint>('select count(*) from coin').pluck().get());
  if (coins > maxCoins) return undefined;
  const found = finalizeMuHash(hashCoins(db).set);
  return found === utxoSetHash ? undefined : `the coin table hashes to ${found}, but block ${height} says ${utxoSetHash}`;
}

function checkBlocks(rows: ChainRows, tip: TipRow, { blocksMs }: StartCheckBounds, monotonicMs: () => number): string | undefined {
  const endMs = monotonicMs() + blocksMs;
  for (let height = tip.height; height >= 0 && monotonicMs() < endMs; height--) {
    const row = rows.block(height);
    const block = row && attempt(() => decodeBlock(row.encoded));
    if (row === undefined || block === undefined) return `block ${height}: ${row === undefined ? 'it is missing' : 'it does not decode'}`;
    const misfit = checkBlockRow(row, block, height, height === 0 ? undefined : rows.block(height - 1)?.hash);
    if (misfit !== undefined) return `block ${height}: ${misfit}`;
  }
  return undefined;
}

const pragma = (db: ReadableDatabase, name: string): number => Number(db.pragma(name, { simple: true }));

function attempt<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}
