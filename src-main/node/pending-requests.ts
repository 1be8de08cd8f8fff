import type { Txid } from '../../src-shared/domain/ids.ts';
import type { Rejection } from '../core/rejection.ts';
import { OperationalError } from './operational-error.ts';

export type SubmitResult = { readonly txid: Txid } | Rejection;

interface Waiting {
  readonly resolve: (result: SubmitResult) => void;
  readonly reject: (error: Error) => void;
}

/** More than scripts of one person have under way; what they send faster is told to wait. */
const maxRequests = 10_000;

/** Requests that core has not answered yet, by the number that their input carries. */
export class PendingRequests {
  readonly #waiting = new Map<number, Waiting>();
  #nextNumber = 1;
  #stopped = false;

  /** `send` hands the request to core. Rejects with an OperationalError if there are too many, or when the node stops first. */
  ask(send: (request: number) => void): Promise<SubmitResult> {
    if (this.#stopped) return Promise.reject(stopped());
    if (this.#waiting.size >= maxRequests) return Promise.reject(new OperationalError('too-many-queries', 'transactions'));
    return new Promise((resolve, reject) => {
      const request = this.#nextNumber++;
      this.#waiting.set(request, { resolve, reject });
      send(request);
    });
  }

  answer(request: number, result: SubmitResult): void {
    this.#waiting.get(request)?.resolve(result);
    this.#waiting.delete(request);
  }

  stop(): void {
    this.#stopped = true;
    for (const { reject } of this.#waiting.values()) reject(stopped());
    this.#waiting.clear();
  }
}

const stopped = (): OperationalError => new OperationalError('storage-stopped', 'transaction');
