import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { WalletChange, WalletRecord, WalletStore } from '../keys/wallet-store.ts';
import { OperationalError } from '../operational-error.ts';
import { asOperational, errorOfFault, openForReading } from './sqlite.ts';
import { readWallet } from './wallet-rows.ts';
import type { WalletReport, WalletRequest } from './wallet-worker.ts';

/** wallet.sqlite (tables: wallet-layout.ts). Read once at the start on this thread; saved by a thread of its own, so that a slow disk holds nobody up. */
export class WalletDatabase implements WalletStore {
  readonly #file: string;
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  /** Saves under way, oldest first. */
  readonly #saving: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  #closing = false;

  /**
   * Rejects with an OperationalError that names the file.
   *
   * @param onFailure once: the thread has ended by itself, and nothing of the wallet is stored any more
   */
  static async open(file: string, workerFile: URL, onFailure: (error: Error) => void = () => {}): Promise<WalletDatabase> {
    const worker = new Worker(workerFile, { workerData: { file } });
    const first = await new Promise<WalletReport>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', (error) => reject(workerDied(error.message)));
      worker.once('exit', () => reject(workerDied('it ended')));
    });
    if (first.kind === 'failed') throw errorOfFault(first.fault);
    return new WalletDatabase(file, worker, onFailure);
  }

  private constructor(file: string, worker: Worker, onFailure: (error: Error) => void) {
    this.#file = file;
    this.#worker = worker;
    worker.on('message', (report: WalletReport) => {
      const save = this.#saving.shift();
      if (report.kind === 'failed') save?.reject(errorOfFault(report.fault));
      else save?.resolve();
    });
    let why = 'it ended';
    worker.on('error', (error) => {
      why = error.message;
    });
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        const isAsked = this.#closing;
        this.#closing = true;
        this.#rejectAll(workerDied(why));
        resolve();
        if (!isAsked) onFailure(workerDied(why));
      });
    });
  }

  load(): WalletRecord {
    return asOperational(this.#file, () => {
      const db = openForReading(this.#file);
      try {
        return readWallet(db);
      } finally {
        db.close();
      }
    });
  }

  /** Rejects with an OperationalError, and then nothing of the change is stored. */
  save(change: WalletChange): Promise<void> {
    return this.#ask({ kind: 'save', change });
  }

  /** Rejects with an OperationalError. Nobody else may have the file open. */
  startAnew(asideName: string): Promise<void> {
    return this.#ask({ kind: 'start-anew', aside: join(dirname(this.#file), asideName) });
  }

  /** Resolves when all saves are on the disk and no thread is left. */
  async close(): Promise<void> {
    if (!this.#closing) this.#worker.postMessage({ kind: 'close' } satisfies WalletRequest);
    this.#closing = true;
    await this.#ended;
  }

  #ask(request: WalletRequest): Promise<void> {
    if (this.#closing) return Promise.reject(new OperationalError('storage-stopped', this.#file));
    return new Promise((resolve, reject) => {
      this.#saving.push({ resolve, reject });
      this.#worker.postMessage(request);
    });
  }

  #rejectAll(error: Error): void {
    for (const { reject } of this.#saving.splice(0)) reject(error);
  }
}

const workerDied = (detail: string): OperationalError => new OperationalError('worker-died', `wallet storage: ${detail}`);
