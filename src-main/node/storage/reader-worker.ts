import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { ChainRows } from '../audit/chain-rows.ts';
import { issuedBy } from '../audit/chain-walk.ts';
import { checkAtStart, startBounds } from '../audit/start-check.ts';
import { type ChainCheckProgress, verifyChain } from '../audit/verify-chain.ts';
import { chainQueries, type QueryTable } from './chain-queries.ts';
import { auditCoinSet, checkIntegrity, integrityOf } from './coin-set-audit.ts';
import { type AuditName, isAudit, type QueryAnswer, type QueryArgs, type QueryName } from './queries.ts';
import { type Fault, faultOf, openForReading, type ReadableDatabase } from './sqlite.ts';

/** The thread that answers long reads, on a read-only connection; and a second one of the kind, which answers audits. */
export interface ReaderOptions {
  readonly file: string;
}
export interface ReaderRequest {
  readonly id: number;
  readonly name: QueryName;
  readonly args: QueryArgs<QueryName>;
}
export type ReaderReport =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: ChainCheckProgress }
  | { readonly kind: 'refused'; readonly id: number; readonly fault: Fault };

/** Often enough for people. */
const progressIntervalMs = 250;

type Audits = { readonly [N in AuditName]: (args: QueryArgs<N>, onProgress: (progress: ChainCheckProgress) => void) => QueryAnswer<N> };

/** Each as of one instant. */
const auditsOf = (db: ReadableDatabase): Audits => ({
  utxoSetInfo: ({ genesis }) => {
    const set = auditCoinSet(db);
    return set === undefined || genesis === undefined ? set : { ...set, issuedUnits: issuedBy(new ChainRows(db), genesis, set.height) };
  },
  integrity: () => checkIntegrity(db),
  fileIntegrity: ({ file }) => integrityOfFile(file),
  startCheck: ({ walletFile }) => ({ chain: checkAtStart(db, startBounds, () => performance.now()), wallet: integrityOfFile(walletFile)[0] }),
  verifyChain: (request, onProgress) => verifyChain(db, request, onProgress),
});

function integrityOfFile(file: string): readonly string[] {
  const db = openForReading(file);
  try {
    return integrityOf(db);
  } finally {
    db.close();
  }
}

function start(port: MessagePort, { file }: ReaderOptions): void {
  const db = openForReading(file);
  const table = chainQueries(db);
  const audits = auditsOf(db);
  const report = (one: ReaderReport): void => port.postMessage(one);
  port.on('message', ({ id, name, args }: ReaderRequest) => {
    let toldMs = performance.now();
    const onProgress = (progress: ChainCheckProgress): void => {
      if (performance.now() - toldMs < progressIntervalMs) return;
      toldMs = performance.now();
      report({ kind: 'progress', id, progress });
    };
    try {
      const answer = isAudit(name) ? db.transaction(() => audit(audits, name, args, onProgress))() : ask(table, name, args);
      report({ kind: 'answer', id, answer });
    } catch (error) {
      report({ kind: 'refused', id, fault: faultOf(error, file) });
    }
  });
}

// The caller's types tie the names to the arguments.
const audit = (audits: Audits, name: AuditName, args: QueryArgs<QueryName>, onProgress: (progress: ChainCheckProgress) => void): unknown =>
  (audits[name] as (args: QueryArgs<QueryName>, onProgress: (progress: ChainCheckProgress) => void) => unknown)(args, onProgress);
const ask = (table: QueryTable, name: Exclude<QueryName, AuditName>, args: QueryArgs<QueryName>): unknown =>
  (table[name] as (args: QueryArgs<QueryName>) => unknown)(args);

if (parentPort !== null) start(parentPort, workerData as ReaderOptions);
