import { readContradiction } from '../../../src-shared/domain/contradiction.ts';
import type { BlockHash, Lock, Txid } from '../../../src-shared/domain/ids.ts';
import { encodedTransactionsOf } from '../../core/codec/block.ts';
import { InvariantError } from '../../core/invariant.ts';
import type { HistoryItem, StoredCoin } from './chain-answers.ts';
import { type CoinRow, coinOfRow } from './chain-reader.ts';
import { outpointOfBlob } from './coin-set-audit.ts';
import { explorerQueries } from './explorer-queries.ts';
import type { AuditName, BlockSummary, Queries, QueryAnswer, QueryArgs } from './queries.ts';
import { type Blob, blobOf, hexOfBlob, type ReadableDatabase } from './sqlite.ts';

type ShortQueries = Omit<Queries, AuditName>;
export type QueryTable = { readonly [N in keyof ShortQueries]: (args: QueryArgs<N>) => QueryAnswer<N> };

/** The queries that are a few look-ups or one page of rows. */
export function chainQueries(db: ReadableDatabase): QueryTable {
  const statements = prepare(db);
  return {
    ...explorerQueries(db),
    coinsOfLocks: ({ locks }) => locks.flatMap((lock) => statements.coins.all(blobOf(lock)).map(coinOf)),
    usedLocks: ({ locks }) => locks.filter((lock) => statements.used.get(blobOf(lock)) !== undefined),
    historyOfLocks: (args) => history(statements, args),
    block: (args) => {
      const row = 'hash' in args ? statements.blockByHash.get(blobOf(args.hash)) : statements.blockByHeight.get(args.height);
      if (row === undefined) return undefined;
      const [certificate, encoded, ...summary] = row;
      return { ...summaryOf(summary), certificate: certificate ?? undefined, encoded };
    },
    blockSummaries: ({ from, count }) => statements.summaries.all(from, count).map(summaryOf),
    blockTimes: ({ heights }) =>
      heights.map((height) => {
        const row = statements.time.get(height);
        return row && Number(row[0]);
      }),
    transaction: ({ txid }) => {
      const row = statements.transaction.get(blobOf(txid));
      if (row === undefined) return undefined;
      const [height, position, finalAfterMs, hash, block] = row;
      const encoded = encodedTransactionsOf(block)[Number(position)];
      if (encoded === undefined) throw new InvariantError(`block ${height} has no transaction ${position}`);
      return {
        txid,
        height: Number(height),
        position: Number(position),
        blockHash: hexOfBlob<BlockHash>(hash),
        // A view would carry the whole block along to the other thread.
        encoded: new Uint8Array(encoded),
        finalAfterMs: finalAfterMs === null ? undefined : Number(finalAfterMs),
      };
    },
    evidence: ({ limit }) =>
      statements.evidence.all(limit).map(([hash, nodeId, description, encoded]) => ({
        hash: hexOfBlob(hash),
        nodeId: hexOfBlob(nodeId),
        description,
        contradiction: readContradiction(description),
        encoded,
      })),
  };
}

const coinOf = ([outpoint, ...coin]: [Blob, ...CoinRow]): StoredCoin => ({ outpoint: outpointOfBlob(outpoint), coin: coinOfRow(coin) });

/** A page of each lock's history holds the page of them all. */
function history(statements: Statements, { locks, limit, before }: QueryArgs<'historyOfLocks'>): HistoryItem[] {
  const { height, position } = before ?? { height: Number.MAX_SAFE_INTEGER, position: 0 };
  const items = new Map<Txid, HistoryItem>();
  for (const lock of new Set<Lock>(locks)) {
    for (const [itemHeight, itemPosition, txidBlob] of statements.history.all(blobOf(lock), height, position, limit)) {
      const txid = hexOfBlob<Txid>(txidBlob);
      items.set(txid, { txid, height: Number(itemHeight), position: Number(itemPosition) });
    }
  }
  return [...items.values()].sort((a, b) => b.height - a.height || b.position - a.position).slice(0, limit);
}

type SummaryRow = [height: bigint, hash: Blob, proposer: Blob, time: bigint, round: bigint, decidedAtMs: bigint, transactions: bigint];
const summaryColumns = 'height, hash, proposer, time, round, decided_at_ms, transactions';

const summaryOf = ([height, hash, proposer, time, round, decidedAtMs, transactions]: SummaryRow): BlockSummary => ({
  height: Number(height),
  hash: hexOfBlob(hash),
  proposer: hexOfBlob(proposer),
  time: Number(time),
  round: Number(round),
  decidedAtMs: Number(decidedAtMs),
  transactions: Number(transactions),
});

type Statements = ReturnType<typeof prepare>;

const prepare = (db: ReadableDatabase) => ({
  coins: db.prepare<[Blob], [Blob, ...CoinRow]>('select outpoint, amount, lock, height, coinbase from coin where lock = ? order by outpoint').raw(),
  history: db
    .prepare<[Blob, number, number, number], [bigint, bigint, Blob]>(
      'select height, position, txid from lock_history where lock = ? and (height, position) < (?, ?) order by height desc, position desc limit ?',
    )
    .raw(),
  used: db.prepare<[Blob], [bigint]>('select 1 from lock_history where lock = ? limit 1').raw(),
  blockByHash: db.prepare<[Blob], [Blob | null, Blob, ...SummaryRow]>(`select certificate, encoded, ${summaryColumns} from block where hash = ?`).raw(),
  blockByHeight: db.prepare<[number], [Blob | null, Blob, ...SummaryRow]>(`select certificate, encoded, ${summaryColumns} from block where height = ?`).raw(),
  summaries: db.prepare<[number, number], SummaryRow>(`select ${summaryColumns} from block where height >= ? order by height limit ?`).raw(),
  time: db.prepare<[number], [bigint]>('select time from block where height = ?').raw(),
  transaction: db
    .prepare<[Blob], [bigint, bigint, bigint | null, Blob, Blob]>(
      'select t.height, t.position, t.final_after_ms, b.hash, b.encoded from transaction_index t join block b on b.height = t.height where t.txid = ?',
    )
    .raw(),
  evidence: db.prepare<[number], [Blob, Blob, string, Blob]>('select hash, node_id, description, encoded from evidence order by seq desc limit ?').raw(),
});
