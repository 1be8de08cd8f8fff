import type { Txid } from '../../src-shared/domain/ids.ts';
import type { BranchAnswer } from '../core/branch-answer.ts';
import type { Rejection } from '../core/rejection.ts';
import { OperationalError } from './operational-error.ts';

export type SubmitResult = { readonly txid: Txid } | Rejection;

interface Waiting<T> {
  readonly bytes: number;
  readonly resolve: (result: T) => void;
  readonly reject: (error: Error) => void;
}

/** More than scripts of one person have under way; what they send faster is told to wait. */
const maxRequests = 10_000;
/** What they may hold together: the largest transactions, sixty of them. */
const maxRequestBytes = 64 * 1024 * 1024;

/** Requests that core has not answered yet, by the number that their input carries. */
export class PendingRequests<T> {
  readonly #waiting = new Map<number, Waiting<T>>();
  #waitingBytes = 0;
  #nextNumber = 1;
  #stopped = false;

  /** `send` hands the request of that size to core. Rejects with an OperationalError if there are too many, or when the node stops first. */
  ask(bytes: number, send: (request: number) => void): Promise<T> {
    if (this.#stopped) return Promise.reject(stopped());
    if (this.#waiting.size >= maxRequests || this.#waitingBytes + bytes > maxRequestBytes)
      return Promise.reject(new OperationalError('too-many-queries', 'transactions'));
    return new Promise<T>((resolve, reject) => {
      const request = this.#nextNumber++;
      this.#waiting.set(request, { bytes, resolve, reject });
      this.#waitingBytes += bytes;
      send(request);
    });
  }

  answer(request: number, result: T): void {
    const waiting = this.#waiting.get(request);
    if (waiting === undefined) return;
    this.#waiting.delete(request);
    this.#waitingBytes -= waiting.bytes;
    waiting.resolve(result);
  }

  stop(): void {
    this.#stopped = true;
    for (const { reject } of this.#waiting.values()) reject(stopped());
    this.#waiting.clear();
    this.#waitingBytes = 0;
  }
}

/** Of a node. */
export class Requests {
  readonly transactions = new PendingRequests<SubmitResult>();
  readonly branches = new PendingRequests<BranchAnswer>();

  stop(): void {
    this.transactions.stop();
    this.branches.stop();
  }
}

const stopped = (): OperationalError => new OperationalError('storage-stopped', 'transaction');
