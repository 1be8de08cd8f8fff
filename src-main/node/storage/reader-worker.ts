import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { chainQueries, type QueryTable } from './chain-queries.ts';
import { auditCoinSet, checkIntegrity } from './coin-set-audit.ts';
import type { QueryArgs, QueryName } from './queries.ts';
import { type Fault, faultOf, openForReading, type ReadableDatabase } from './sqlite.ts';

/** The thread that answers long reads, on a read-only connection. */
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
  | { readonly kind: 'refused'; readonly id: number; readonly fault: Fault };

function start(port: MessagePort, { file }: ReaderOptions): void {
  const db = openForReading(file);
  const table = chainQueries(db);
  // One audit at a time: each reads everything.
  let lastAudit: Promise<unknown> = Promise.resolve();
  const afterAudits = <T>(run: () => Promise<T>): Promise<T> => {
    const done = lastAudit.then(run);
    lastAudit = done.catch(() => undefined);
    return done;
  };
  port.on('message', async ({ id, name, args }: ReaderRequest) => {
    try {
      const answer = await ask(name, args, table, db, afterAudits);
      port.postMessage({ kind: 'answer', id, answer } satisfies ReaderReport);
    } catch (error) {
      port.postMessage({ kind: 'refused', id, fault: faultOf(error, file) } satisfies ReaderReport);
    }
  });
}

function ask(
  name: QueryName,
  args: QueryArgs<QueryName>,
  table: QueryTable,
  db: ReadableDatabase,
  afterAudits: <T>(run: () => Promise<T>) => Promise<T>,
): unknown {
  if (name === 'utxoSetInfo') return afterAudits(() => auditCoinSet(db.name));
  if (name === 'integrity') return afterAudits(() => checkIntegrity(db));
  // The caller's types tie the name to the arguments.
  return (table[name] as (args: QueryArgs<QueryName>) => unknown)(args);
}

if (parentPort !== null) start(parentPort, workerData as ReaderOptions);
