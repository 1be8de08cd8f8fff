import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { PackedBatch } from './batch.ts';
import { BatchWriter } from './batch-writer.ts';
import { chainLayout } from './chain-layout.ts';
import { CommitPace } from './commit-pace.ts';
import { migrate } from './migrate.ts';
import { type Fault, faultOf, openForWriting, useDurableLog, type WritableDatabase } from './sqlite.ts';

/**
 * The thread with the only writing connection to chain.sqlite. What is waiting when it is free becomes one transaction with one sync: the
 * slower the disk, the larger the group.
 */
export interface WriterOptions {
  readonly file: string;
  /** Sleeps this long after each commit: a slow disk, for tests and benchmarks. */
  readonly syncDelayMs: number;
}
export type WriterRequest = { readonly kind: 'batch'; readonly batch: PackedBatch } | { readonly kind: 'close' };
export type WriterReport =
  | { readonly kind: 'ready' }
  /** All batches up to this number are on the disk. */
  | { readonly kind: 'durable'; readonly through: number }
  /** Nothing after the last `durable` will be. */
  | { readonly kind: 'failed'; readonly fault: Fault };

/** Bound one transaction, so that the first answer of a long backlog does not wait for its last byte. About the rows of a block of 4,000 transactions, which take 130 ms. */
const maxGroupRows = 40_000;
const maxGroupBytes = 16 * 1024 * 1024;
/** Coins, index, history and pending entry of one transaction in a block. */
const rowsPerTransaction = 10;

function start(port: MessagePort, { file, syncDelayMs }: WriterOptions): void {
  const report = (message: WriterReport): void => port.postMessage(message);
  let db: WritableDatabase | undefined;
  const fail = (error: unknown): void => {
    report({ kind: 'failed', fault: faultOf(error, file) });
    db?.close();
    // The report still leaves.
    port.close();
  };
  try {
    db = openForWriting(file);
    migrate(db, chainLayout);
    useDurableLog(db);
    const writer = new BatchWriter(db);
    const opened = db;
    const pace = new CommitPace();
    port.on('message', (first: WriterRequest) => {
      try {
        if (first.kind === 'batch') sleep(pace.notBeforeMs(first.batch) - performance.now());
        const { batches, closing } = gather(port, first);
        const last = batches.at(-1);
        if (last !== undefined) {
          writer.commit(batches);
          pace.committed(batches, performance.now());
          sleep(syncDelayMs);
          report({ kind: 'durable', through: last.number });
        }
        if (closing) {
          opened.close();
          port.close();
        }
      } catch (error) {
        fail(error);
      }
    });
    report({ kind: 'ready' });
  } catch (error) {
    fail(error);
  }
}

/** Takes what else has come meanwhile. */
function gather(port: MessagePort, first: WriterRequest): { batches: PackedBatch[]; closing: boolean } {
  const batches: PackedBatch[] = [];
  let bytes = 0;
  let rows = 0;
  for (let request: WriterRequest | undefined = first; request !== undefined; request = next(port)) {
    if (request.kind === 'close') return { batches, closing: true };
    batches.push(request.batch);
    bytes += request.batch.bytes.length;
    rows += rowsOf(request.batch);
    if (bytes >= maxGroupBytes || rows >= maxGroupRows) break;
  }
  return { batches, closing: false };
}

function rowsOf({ operations }: PackedBatch): number {
  let rows = 0;
  for (const operation of operations) rows += 'lockCounts' in operation ? rowsPerTransaction * operation.lockCounts.length : 1;
  return rows;
}

const next = (port: MessagePort): WriterRequest | undefined => receiveMessageOnPort(port)?.message;

function sleep(ms: number): void {
  if (ms > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

if (parentPort !== null) start(parentPort, workerData as WriterOptions);
