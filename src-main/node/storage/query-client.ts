import { Worker } from 'node:worker_threads';
import type { ChainCheckProgress } from '../audit/verify-chain.ts';
import { OperationalError } from '../operational-error.ts';
import type { QueryAnswer, QueryArgs, QueryName } from './queries.ts';
import type { ReaderOptions, ReaderReport, ReaderRequest } from './reader-worker.ts';
import { errorOfFault } from './sqlite.ts';

interface Waiting {
  readonly onProgress: ((progress: ChainCheckProgress) => void) | undefined;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

/** More than pages and scripts of one person ask at once. */
const maxQueries = 1_000;

/** Hands queries to the reader thread, each as soon as everything persisted before it is durable. */
export class QueryClient {
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  /** Oldest first, so with rising batch numbers. */
  #held: { readonly batch: number; readonly request: ReaderRequest }[] = [];
  #durableThrough = 0;
  #nextId = 1;
  #closing = false;

  constructor(workerFile: URL, file: string, onFailure: (error: Error) => void) {
    this.#worker = new Worker(workerFile, { workerData: { file } satisfies ReaderOptions });
    this.#worker.on('message', (report: ReaderReport) => this.#onReport(report));
    this.#worker.on('error', (error) => onFailure(new OperationalError('worker-died', `reader: ${error.message}`, { cause: error })));
    this.#ended = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        resolve();
        if (!this.#closing) onFailure(new OperationalError('worker-died', 'reader'));
      });
    });
  }

  /** `after`: the last batch that the answer must have seen. */
  ask<N extends QueryName>(name: N, args: QueryArgs<N>, after: number, onProgress?: (progress: ChainCheckProgress) => void): Promise<QueryAnswer<N>> {
    if (this.#waiting.size >= maxQueries) return Promise.reject(new OperationalError('too-many-queries', `query ${name}`));
    return new Promise<QueryAnswer<N>>((resolve, reject) => {
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve, reject, onProgress });
      const request: ReaderRequest = { id, name, args };
      if (after <= this.#durableThrough) this.#worker.postMessage(request);
      else this.#held.push({ batch: after, request });
    });
  }

  durable(through: number): void {
    this.#durableThrough = through;
    if (this.#held.length === 0) return;
    for (const { batch, request } of this.#held) if (batch <= through) this.#worker.postMessage(request);
    this.#held = this.#held.filter(({ batch }) => batch > through);
  }

  /** Every question that waits is answered with this. */
  fail(error: Error): void {
    this.#held = [];
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.fail(new OperationalError('storage-stopped', 'query'));
    // An audit under way ends with the thread; it only reads.
    await this.#worker.terminate();
    await this.#ended;
  }

  #onReport(report: ReaderReport): void {
    const waiting = this.#waiting.get(report.id);
    if (report.kind === 'progress') return waiting?.onProgress?.(report.progress);
    this.#waiting.delete(report.id);
    if (report.kind === 'answer') waiting?.resolve(report.answer as never);
    else waiting?.reject(errorOfFault(report.fault));
  }
}
