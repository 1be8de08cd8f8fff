import type { BlockHash, Lock, Outpoint, Txid } from '../../../src-shared/domain/ids.ts';
import { certificateCodec, decodeHeaderOf, encodedTransactionsOf } from '../../core/codec/block.ts';
import { decodeTransaction, type HashedTransaction, type TransactionOutput } from '../../core/codec/transaction.ts';
import { registryCheckpointBlocks } from '../../core/constants.ts';
import { InvariantError } from '../../core/invariant.ts';
import { decodeRegistryState } from '../../core/masternodes/registry-state.ts';
import { outpointOfBlob } from './coin-set-audit.ts';
import type { BlockFacts, BlockTransaction, ExplorerQueries, LockTransaction, Spender, TransactionFacts } from './explorer-answers.ts';
import { amountOfInteger, type Blob, blobOf, hexOfBlob, outpointBlob, type ReadableDatabase } from './sqlite.ts';

export type ExplorerTable = { readonly [N in keyof ExplorerQueries]: (args: ExplorerQueries[N]['args']) => ExplorerQueries[N]['answer'] };

/**
 * Of the blocks that one answer reads: where thirty full ones do not tell who made or spent a coin, the answer says that it is not known. Reading so
 * much takes some tens of milliseconds, and most answers need some kilobytes.
 */
const maxReadBytes = 64_000_000;
/** Of one address after a coin was made, looked through for who spent it: some tens of milliseconds of small blocks. */
const maxSearchedBlocks = 2_000;

/** What people look up: each answer as of one instant, and bounded however long the chain is. */
export function explorerQueries(db: ReadableDatabase): ExplorerTable {
  const statements = prepare(db);
  const asOfNow = <Args, Answer>(ask: (rows: Rows, args: Args) => Answer) => db.transaction((args: Args) => ask(new Rows(statements), args));
  return {
    blockFacts: asOfNow(blockFacts),
    blockTransactions: asOfNow(blockTransactions),
    transactionFacts: asOfNow(transactionFacts),
    outputsAt: asOfNow((rows, { outpoints }) => outpoints.map((outpoint) => rows.output(outpoint))),
    transactionsOfLock: asOfNow(transactionsOfLock),
    coinsOfLock: asOfNow(coinsOfLock),
    sumOfLock: asOfNow(sumOfLock),
  };
}

/** Rows as one answer sees them. */
class Rows {
  readonly statements: Statements;
  #leftBytes = maxReadBytes;
  /** The last one: transactions of one block come together. */
  #last: { readonly height: number; readonly encoded: Uint8Array; transactions?: readonly Uint8Array[] } | undefined;

  constructor(statements: Statements) {
    this.statements = statements;
  }

  /** Undefined once so much was read that the answer does without. */
  block(height: number): Uint8Array | undefined {
    if (this.#last?.height === height) return this.#last.encoded;
    if (this.#leftBytes <= 0) return undefined;
    const encoded = this.statements.encoded.get(height);
    if (encoded === undefined) throw new InvariantError(`block ${height} is in an index and not in the table`);
    this.#leftBytes -= encoded.length;
    this.#last = { height, encoded };
    return encoded;
  }
  transactionsOf(height: number): readonly Uint8Array[] | undefined {
    const encoded = this.block(height);
    if (encoded === undefined || this.#last === undefined) return undefined;
    this.#last.transactions ??= encodedTransactionsOf(encoded);
    return this.#last.transactions;
  }
  transactionAt(height: number, position: number): HashedTransaction | undefined {
    const transactions = this.transactionsOf(height);
    if (transactions === undefined) return undefined;
    const encoded = transactions[position];
    if (encoded === undefined) throw new InvariantError(`block ${height} has no transaction ${position}`);
    return decodeTransaction(encoded);
  }
  /** The first block at this height or above that has something to do with the lock. */
  nextTouched(lock: Lock, height: number): number | undefined {
    const next = this.statements.nextTouched.get(blobOf(lock), height);
    return next === undefined ? undefined : Number(next);
  }
  /** Of a coin, whether it is spent or not; undefined where there is none, or too much was read to look. */
  output(outpoint: Outpoint): TransactionOutput | undefined {
    const coin = this.statements.coin.get(outpointBlob(outpoint));
    if (coin !== undefined) return { amount: amountOfInteger(coin[0]), lock: hexOfBlob<Lock>(coin[1]) };
    const { txid, vout } = outpoint;
    const place = this.statements.place.get(blobOf(txid));
    return place && this.transactionAt(Number(place[0]), Number(place[1]))?.transaction.outputs[vout];
  }
}

function blockFacts({ statements }: Rows, args: ExplorerQueries['blockFacts']['args']): BlockFacts | undefined {
  const row = 'hash' in args ? statements.blockByHash.get(blobOf(args.hash)) : statements.blockByHeight.get(args.height);
  if (row === undefined) return undefined;
  const [storedHeight, hash, certificate, encoded] = row;
  const height = Number(storedHeight);
  const header = decodeHeaderOf(encoded);
  const transactions = encodedTransactionsOf(encoded);
  const coinbase = transactions[0] && decodeTransaction(transactions[0]);
  const next = statements.hashAt.get(height + 1);
  return {
    hash: hexOfBlob<BlockHash>(hash),
    nextHash: next && hexOfBlob<BlockHash>(next),
    header,
    sizeBytes: encoded.length,
    transactions: transactions.length,
    coinbase: coinbase && { txid: coinbase.txid, outputs: coinbase.transaction.outputs },
    certificate: certificate === null ? undefined : certificateCodec.decode(certificate),
    snapshot: snapshotOf(statements, height, header.snapshotHash),
  };
}

/** The members that decided a block, as long as the registry of its epoch is kept with the undo data. */
function snapshotOf(statements: Statements, height: number, hash: string): BlockFacts['snapshot'] {
  const stored = statements.registryBefore.get(height, height - registryCheckpointBlocks);
  if (stored === undefined) return undefined;
  const { snapshot } = decodeRegistryState(stored);
  if (snapshot.hash !== hash) return undefined;
  return { totalWeight: snapshot.totalWeight, weights: new Map(snapshot.members.map(({ nodeId, weight }) => [nodeId, weight])) };
}

function blockTransactions(rows: Rows, { hash, skip, count }: ExplorerQueries['blockTransactions']['args']): readonly BlockTransaction[] | undefined {
  const height = rows.statements.heightOf.get(blobOf(hash));
  if (height === undefined) return undefined;
  return (rows.transactionsOf(Number(height)) ?? []).slice(skip, skip + count).map((encoded, i) => {
    const { txid, transaction } = decodeTransaction(encoded);
    return {
      position: skip + i,
      txid,
      kind: transaction.kind,
      inputs: transaction.inputs.length,
      outputs: transaction.outputs.length,
      amount: transaction.outputs.reduce((sum, { amount }) => sum + amount, 0n),
      sizeBytes: encoded.length,
    };
  });
}

function transactionFacts(rows: Rows, { txid, output }: ExplorerQueries['transactionFacts']['args']): TransactionFacts | undefined {
  const { statements } = rows;
  const place = statements.place.get(blobOf(txid));
  if (place === undefined) return undefined;
  const [height, position] = [Number(place[0]), Number(place[1])];
  const hashed = rows.transactionAt(height, position);
  const block = statements.blockRow.get(height);
  if (hashed === undefined || block === undefined) throw new InvariantError(`transaction ${txid} is in block ${height}, which is not in the table`);
  // Before who spent its own: what one read may take goes to these first.
  const inputs = hashed.transaction.inputs.map((input) => rows.output(input));
  const unspent = hashed.transaction.outputs.map((_, vout) => statements.coin.get(outpointBlob({ txid, vout })) !== undefined);
  const spent = hashed.transaction.outputs.flatMap(({ lock }, vout) => (unspent[vout] === true || (output ?? vout) !== vout ? [] : [{ vout, lock }]));
  return {
    txid,
    height,
    position,
    blockHash: hexOfBlob<BlockHash>(block[0]),
    blockTimeMs: Number(block[1]),
    // A view would carry the whole block along to the other thread.
    encoded: new Uint8Array(hashed.encoded),
    finalAfterMs: place[2] === null ? undefined : Number(place[2]),
    unspent,
    spenders: spendersOf(rows, txid, height, spent),
    spent: inputs,
  };
}

/**
 * Who spent these outputs. There is no index of that, which every block would have to write for the few who ask: a transaction that spends a coin is in
 * the history of the coin's lock, after the one that made it. Its block is searched for the bytes of the txid, and is decoded only where they are.
 */
function spendersOf(rows: Rows, txid: Txid, madeAt: number, spent: readonly { readonly vout: number; readonly lock: Lock }[]): readonly Spender[] {
  const wanted = new Map<Lock, Set<number>>();
  for (const { vout, lock } of spent) wanted.set(lock, (wanted.get(lock) ?? new Set()).add(vout));
  const lockOf = new Map(spent.map(({ vout, lock }) => [vout, lock]));
  const found: Spender[] = [];
  const searched = new Set<number>();
  let left = maxSearchedBlocks;
  for (const [lock, vouts] of wanted) {
    for (let height = rows.nextTouched(lock, madeAt); vouts.size > 0 && height !== undefined; height = rows.nextTouched(lock, height + 1)) {
      if (left-- === 0) return found;
      if (searched.has(height)) continue;
      searched.add(height);
      const encoded = rows.block(height);
      if (encoded === undefined) return found;
      if (!bufferOf(encoded).includes(txid, 0, 'hex')) continue;
      for (const spender of spendersIn(rows.transactionsOf(height) ?? [], txid, height)) {
        const of = lockOf.get(spender.vout);
        if (of !== undefined && wanted.get(of)?.delete(spender.vout) === true) found.push(spender);
      }
    }
  }
  return found;
}

const spendersIn = (transactions: readonly Uint8Array[], txid: Txid, height: number): Spender[] =>
  transactions
    .filter((encoded) => bufferOf(encoded).includes(txid, 0, 'hex'))
    .flatMap((encoded) => {
      const { txid: by, transaction } = decodeTransaction(encoded);
      return transaction.inputs.flatMap((input) => (input.txid === txid ? [{ vout: input.vout, txid: by, height }] : []));
    });

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, byteLength);

function transactionsOfLock(rows: Rows, { lock, limit, before }: ExplorerQueries['transactionsOfLock']['args']): readonly LockTransaction[] {
  const { height, position } = before ?? { height: Number.MAX_SAFE_INTEGER, position: 0 };
  const places = rows.statements.history.all(blobOf(lock), height, position, limit);
  // First all of these, which come block by block; what they spent leads to other blocks.
  const listed = places.map(([atHeight, atPosition, txid]) => {
    const hashed = rows.transactionAt(Number(atHeight), Number(atPosition));
    return { height: Number(atHeight), position: Number(atPosition), txid: hexOfBlob<Txid>(txid), hashed: hashed && detached(hashed) };
  });
  return listed.map(({ hashed, ...place }) => {
    const time = rows.statements.blockRow.get(place.height)?.[1];
    return {
      ...place,
      blockTimeMs: Number(time ?? 0),
      kind: hashed?.transaction.kind,
      received: hashed && sumTo(lock, hashed.transaction.outputs),
      paid: hashed && paidBy(rows, lock, hashed),
    };
  });
}

/** Its bytes alone: a view keeps the block that it is of. */
const detached = ({ encoded }: HashedTransaction): HashedTransaction => decodeTransaction(new Uint8Array(encoded));

const sumTo = (lock: Lock, outputs: readonly (TransactionOutput | undefined)[]): bigint =>
  outputs.reduce((sum, output) => (output?.lock === lock ? sum + output.amount : sum), 0n);

/** Units that the lock's coins put in; undefined where a coin could not be looked up. Nothing without a signature of its key. */
function paidBy(rows: Rows, lock: Lock, hashed: HashedTransaction): bigint | undefined {
  if (!hashed.witnessLocks.includes(lock)) return 0n;
  const spent = hashed.transaction.inputs.map((input) => rows.output(input));
  return spent.includes(undefined) ? undefined : sumTo(lock, spent);
}

function coinsOfLock({ statements }: Rows, { lock, limit, after }: ExplorerQueries['coinsOfLock']['args']): ExplorerQueries['coinsOfLock']['answer'] {
  const from = after === undefined ? new Uint8Array(0) : outpointBlob(after);
  return statements.coinsAfter.all(blobOf(lock), from, limit).map(([outpoint, amount, height, coinbase]) => ({
    outpoint: outpointOfBlob(outpoint),
    coin: { amount: amountOfInteger(amount), lock, height: Number(height), coinbase: coinbase === 1n },
  }));
}

function sumOfLock({ statements }: Rows, { lock, limit, matureThrough }: ExplorerQueries['sumOfLock']['args']): ExplorerQueries['sumOfLock']['answer'] {
  const sum = { coins: 0, mature: 0n, immature: 0n, isWhole: true };
  for (const [amount, height, coinbase] of statements.amounts.iterate(blobOf(lock), limit + 1)) {
    if (sum.coins === limit) return { ...sum, isWhole: false };
    sum.coins++;
    if (coinbase === 1n && Number(height) > matureThrough) sum.immature += amountOfInteger(amount);
    else sum.mature += amountOfInteger(amount);
  }
  return sum;
}

type BlockRow = [height: bigint, hash: Blob, certificate: Blob | null, encoded: Blob];
type Statements = ReturnType<typeof prepare>;

const prepare = (db: ReadableDatabase) => ({
  blockByHash: db.prepare<[Blob], BlockRow>('select height, hash, certificate, encoded from block where hash = ?').raw(),
  blockByHeight: db.prepare<[number], BlockRow>('select height, hash, certificate, encoded from block where height = ?').raw(),
  blockRow: db.prepare<[number], [Blob, bigint]>('select hash, time from block where height = ?').raw(),
  encoded: db.prepare<[number], Blob>('select encoded from block where height = ?').pluck(),
  hashAt: db.prepare<[number], Blob>('select hash from block where height = ?').pluck(),
  heightOf: db.prepare<[Blob], bigint>('select height from block where hash = ?').pluck(),
  registryBefore: db
    .prepare<[number, number], Blob>('select registry from undo where height <= ? and height > ? and registry is not null order by height desc limit 1')
    .pluck(),
  place: db.prepare<[Blob], [bigint, bigint, bigint | null]>('select height, position, final_after_ms from transaction_index where txid = ?').raw(),
  coin: db.prepare<[Blob], [bigint, Blob]>('select amount, lock from coin where outpoint = ?').raw(),
  coinsAfter: db
    .prepare<[Blob, Blob, number], [Blob, bigint, bigint, bigint]>(
      'select outpoint, amount, height, coinbase from coin where lock = ? and outpoint > ? order by outpoint limit ?',
    )
    .raw(),
  amounts: db.prepare<[Blob, number], [bigint, bigint, bigint]>('select amount, height, coinbase from coin where lock = ? limit ?').raw(),
  history: db
    .prepare<[Blob, number, number, number], [bigint, bigint, Blob]>(
      'select height, position, txid from lock_history where lock = ? and (height, position) < (?, ?) order by height desc, position desc limit ?',
    )
    .raw(),
  nextTouched: db.prepare<[Blob, number], bigint>('select height from lock_history where lock = ? and height >= ? order by height limit 1').pluck(),
});
