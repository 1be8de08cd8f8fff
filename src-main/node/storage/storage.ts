import { Worker } from 'node:worker_threads';
import { invariant } from '../../core/invariant.ts';
import type { ChainSource } from '../../core/ports.ts';
import type { StoreOperation } from '../../core/store-operation.ts';
import type { ChainCheckProgress } from '../audit/verify-chain.ts';
import { OperationalError } from '../operational-error.ts';
import { BatchPacker } from './batch.ts';
import { ChainReader, type StoredState } from './chain-reader.ts';
import { ChainOverlay } from './overlay.ts';
import { isAudit, type QueryAnswer, type QueryArgs, type QueryName } from './queries.ts';
import { QueryClient } from './query-client.ts';
import { errorOfFault, openForReading } from './sqlite.ts';
import type { WriterOptions, WriterReport, WriterRequest } from './storage-worker.ts';

export interface StorageOptions {
  /** chain.sqlite; made if it is not there. */
  readonly file: string;
  readonly workers: { readonly writer: URL; readonly reader: URL };
  /** Each batch up to this number is on the disk. */
  readonly onDurable: (through: number) => void;
  /** Once: nothing that was not reported durable by now will be, and the node must stop. An OperationalError, or an InvariantError for a bug. */
  readonly onFailure: (error: Error) => void;
  /** Milliseconds since some instant; never goes back. */
  readonly monotonicMs: () => number;
  /** A slow disk, for tests and benchmarks. */
  readonly syncDelayMs?: number;
}

/** What nobody waits for leaves with what somebody does, or after this: a flush of votes takes as long, and each message and each sync costs more than its rows. */
const gatherMs = 10;

/**
 * Whether something is to happen as soon as it is on the disk: signatures leave, a block is decided, the operator is answered. The rest has no hurry; what
 * relies on it, as the answer to who submits a transaction, waits that much longer.
 */
const isAwaited: Record<StoreOperation['kind'], boolean> = {
  'apply-block': true,
  'revert-block': true,
  'put-transaction': false,
  'remove-transactions': false,
  'mark-final': false,
  'put-bundle': false,
  'remove-bundles': false,
  guard: true,
  'put-proposed-block': true,
  'put-block-votes': true,
  'put-evidence': true,
  'put-halt': true,
  'mark-invalid': true,
  'unmark-invalid': true,
  'put-addresses': false,
  'remove-addresses': false,
  'put-ban': false,
  'remove-bans': false,
};

/**
 * The main thread's side of chain.sqlite (tables: chain-layout.ts).
 *
 * | thread | connection | does |
 * |---|---|---|
 * | main | read-only, under an overlay of what is not durable yet | single look-ups, in microseconds |
 * | storage-worker.ts | the only writing one | commits batches; what waits meanwhile becomes one group |
 * | reader-worker.ts | read-only | lists, pages |
 * | another of it, from the first audit on | read-only | audits, which read everything |
 */
export class Storage {
  /** Answers as if everything persisted so far were in the file. Throws OperationalError for a damaged file. */
  readonly reader: ChainSource;
  readonly #reader: ChainReader;
  readonly #overlay: ChainOverlay;
  readonly #writer: Worker;
  readonly #queries: QueryClient;
  #audits: QueryClient | undefined;
  readonly #options: StorageOptions;
  readonly #writerEnded: Promise<void>;
  /** Of the batch that gathers now, or that the next operation begins. */
  #nextBatch = 1;
  #gathering: BatchPacker | undefined;
  /** When it leaves at the latest. */
  #gatherTimer: NodeJS.Timeout | undefined;
  /** It leaves with the end of this turn. */
  #isHurried = false;
  #durableThrough = 0;
  /** The batches under way, oldest first. */
  #underWay: { readonly batch: number; readonly bytes: number; readonly sinceMs: number }[] = [];
  #backlogBytes = 0;
  /** Who waits for a batch, in the order of the batches. As many as answers are being made at once. */
  #settling: { readonly batch: number; readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  #failed = false;
  #closing = false;
  /** The writer is gone, in order or not: nothing more becomes durable. */
  #ended = false;

  /** Rejects with an OperationalError that names the file. */
  static async open(options: StorageOptions): Promise<Storage> {
    const workerData: WriterOptions = { file: options.file, syncDelayMs: options.syncDelayMs ?? 0 };
    const writer = new Worker(options.workers.writer, { workerData });
    const first = await firstReport(writer);
    if (first.kind === 'failed') throw errorOfFault(first.fault);
    try {
      return new Storage(options, writer);
    } catch (error) {
      await writer.terminate();
      throw error;
    }
  }

  private constructor(options: StorageOptions, writer: Worker) {
    this.#options = options;
    this.#reader = new ChainReader(openForReading(options.file));
    this.#overlay = new ChainOverlay(this.#reader);
    this.reader = this.#overlay;
    this.#queries = new QueryClient(options.workers.reader, options.file, (error) => this.#fail(error));
    this.#writer = writer;
    writer.on('message', (report: WriterReport) => this.#onReport(report));
    writer.on('error', (error) => this.#fail(new OperationalError('worker-died', `storage: ${error.message}`, { cause: error })));
    this.#writerEnded = new Promise((resolve) => {
      writer.once('exit', () => {
        resolve();
        this.#ended = true;
        for (const { reject } of this.#settling.splice(0)) reject(new OperationalError('storage-stopped', 'what was persisted'));
        if (!this.#closing) this.#fail(new OperationalError('worker-died', 'storage'));
      });
    });
  }

  /**
   * Answers the number of the batch that they are in. Everything persisted in one synchronous run, so in one turn of the event loop, is in one
   * batch, which commits as a whole; what nobody waits for may be in one with what the next turns persist.
   */
  persist(operations: readonly StoreOperation[]): number {
    invariant(!this.#closing, 'nothing is persisted after close');
    const batch = this.#nextBatch;
    for (const operation of operations) {
      if (this.#gathering === undefined) {
        this.#gathering = new BatchPacker();
        this.#gatherTimer = setTimeout(() => this.#post(), gatherMs);
      }
      this.#gathering.add(operation);
      if (isAwaited[operation.kind]) this.#hurry();
      if (operation.kind === 'apply-block' || operation.kind === 'revert-block') this.#overlay.add(batch, operation);
    }
    return this.#gathering === undefined ? batch - 1 : batch;
  }

  get durableThrough(): number {
    return this.#durableThrough;
  }

  /** Bytes handed over and not on the disk yet: bounds the memory that a slow disk costs. */
  get backlogBytes(): number {
    return this.#backlogBytes;
  }

  /** How long the oldest of them have waited; 0 where there are none. What a disk that is slow, or does not answer at all, is told by: it may be few bytes. */
  get oldestWriteMs(): number {
    const [oldest] = this.#underWay;
    return oldest === undefined ? 0 : this.#options.monotonicMs() - oldest.sinceMs;
  }

  /** Resolves when everything persisted before this call is on the disk: at once where nothing is under way. Rejects with an OperationalError if it never will be. */
  settled(): Promise<void> {
    const batch = this.#awaitedBatch();
    if (batch <= this.#durableThrough) return Promise.resolve();
    if (this.#failed || this.#ended) return Promise.reject(new OperationalError('storage-stopped', 'what was persisted'));
    return new Promise((resolve, reject) => this.#settling.push({ batch, resolve, reject }));
  }

  /** What the file holds; asked once, before anything is persisted. */
  loadState(): StoredState {
    invariant(this.#nextBatch === 1 && this.#gathering === undefined, 'the state is loaded before anything is persisted');
    return this.#reader.loadState();
  }

  /** Sees everything persisted before this call. Rejects with an OperationalError. */
  query<N extends QueryName>(name: N, args: QueryArgs<N>, onProgress?: (progress: ChainCheckProgress) => void): Promise<QueryAnswer<N>> {
    if (this.#failed || this.#closing) return Promise.reject(new OperationalError('storage-stopped', `query ${name}`));
    // At a start nobody else asks yet, and a second thread would only take longer.
    const client = isAudit(name) && name !== 'startCheck' ? this.#auditClient() : this.#queries;
    return client.ask(name, args, this.#awaitedBatch(), onProgress);
  }

  #auditClient(): QueryClient {
    if (this.#audits === undefined) {
      this.#audits = new QueryClient(this.#options.workers.reader, this.#options.file, (error) => this.#fail(error));
      this.#audits.durable(this.#durableThrough);
    }
    return this.#audits;
  }

  /** Resolves when everything persisted before is durable and no thread and no file is left open. After a failure, only the latter. */
  async close(): Promise<void> {
    if (this.#closing) return this.#writerEnded;
    this.#post();
    this.#closing = true;
    await Promise.all([this.#queries.close(), this.#audits?.close()]);
    this.#reader.close();
    // The last connection to close copies the log into the file and removes it, so the writer goes last.
    if (this.#failed) await this.#writer.terminate();
    else this.#writer.postMessage({ kind: 'close' } satisfies WriterRequest);
    await this.#writerEnded;
  }

  /** The last batch with what was persisted so far, which somebody waits for from now on. */
  #awaitedBatch(): number {
    if (this.#gathering === undefined) return this.#nextBatch - 1;
    this.#hurry();
    return this.#nextBatch;
  }

  #hurry(): void {
    if (this.#isHurried) return;
    this.#isHurried = true;
    queueMicrotask(() => this.#post());
  }

  #post(): void {
    clearTimeout(this.#gatherTimer);
    this.#isHurried = false;
    if (this.#gathering === undefined) return;
    const batch = this.#gathering.finish(this.#nextBatch++);
    this.#gathering = undefined;
    if (this.#failed) return;
    this.#underWay.push({ batch: batch.number, bytes: batch.bytes.length, sinceMs: this.#options.monotonicMs() });
    this.#backlogBytes += batch.bytes.length;
    this.#writer.postMessage({ kind: 'batch', batch } satisfies WriterRequest, [batch.bytes.buffer as ArrayBuffer]);
  }

  #onReport(report: WriterReport): void {
    if (this.#failed) return;
    switch (report.kind) {
      case 'ready':
        return;
      case 'failed':
        this.#fail(errorOfFault(report.fault));
        return;
      case 'durable': {
        this.#durableThrough = report.through;
        this.#forgetUnderWay(report.through);
        this.#reader.refresh();
        this.#overlay.drop(report.through);
        this.#queries.durable(report.through);
        this.#audits?.durable(report.through);
        this.#options.onDurable(report.through);
        for (const { batch, resolve } of this.#settling) if (batch <= report.through) resolve();
        this.#settling = this.#settling.filter(({ batch }) => batch > report.through);
      }
    }
  }

  #forgetUnderWay(through: number): void {
    let done = 0;
    for (const { batch, bytes } of this.#underWay) {
      if (batch > through) break;
      this.#backlogBytes -= bytes;
      done++;
    }
    this.#underWay = this.#underWay.slice(done);
  }

  #fail(error: Error): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#queries.fail(error);
    for (const { reject } of this.#settling.splice(0)) reject(error);
    this.#audits?.fail(error);
    this.#options.onFailure(error);
  }
}

/** Of a thread that dies before it can report: the same as a report. */
const firstReport = (writer: Worker): Promise<WriterReport> =>
  new Promise((resolve, reject) => {
    writer.once('message', resolve);
    writer.once('error', (error) => reject(new OperationalError('worker-died', `storage: ${error.message}`, { cause: error })));
    writer.once('exit', () => reject(new OperationalError('worker-died', 'storage')));
  });
