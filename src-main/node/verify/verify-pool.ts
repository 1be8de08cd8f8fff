import { Worker } from 'node:worker_threads';
import type { Hash } from '../../../src-shared/domain/ids.ts';
import { InvariantError, invariant } from '../../core/invariant.ts';
import { Fifo } from './fifo.ts';
import { isValid } from './signatures.ts';
import {
  bitmapOf,
  getBit,
  type PackedItem,
  packedItemBytes,
  packItems,
  packLists,
  publicKeyBytes,
  setBit,
  signatureBytes,
  type WorkerAnswer,
  type WorkerJob,
} from './verify-jobs.ts';

/** One signature to check. Lengths other than 32, any, 64, and a key that is not 64 hex digits, are answered false. */
export interface VerifyItem {
  readonly publicKey: Uint8Array | string;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** The pool was stopped before it could answer. */
export class VerifyPoolStopped extends Error {
  override readonly name = 'VerifyPoolStopped';
}

/** A batch that costs its main-thread overhead (20 µs) a hundredth of what it saves, and no worker more than 13 ms. */
const maxBatchItems = 256;
/** Large work is split among workers, but not into batches so small that their overhead shows. */
const minBatchItems = 64;
/** Messages that are signed are hashes; this bounds a batch of others. */
const maxBatchBytes = 1_000_000;
/**
 * So few signatures are checked where they are: to hand them to a worker, and to hear of them, costs the two threads together more than the 60 µs of each.
 * They wait for nothing then, least of all for the hash of a block's coins.
 */
const maxItemsHere = 4;
/** One in work and one waiting, so that a worker does not idle while the main thread is busy. More waits here, where it can still be merged. */
const batchesPerWorker = 2;
/** Coins for which one more worker saves more (4 ms) than combining its share costs. */
const coinsPerShare = 512;

/**
 * Workers for a machine. One core stays for the main thread, so that the window never waits for arithmetic. Four verify about 70,000
 * signatures a second: several times what blocks and votes can bring, and a home computer has other things to do.
 */
export const workersFor = (cores: number): number => Math.min(4, Math.max(1, cores - 1));

interface Request {
  readonly items: readonly PackedItem[];
  /** Where each item stands in the answer; the malformed ones, already false, have been left out. */
  readonly positions: readonly number[];
  readonly valid: boolean[];
  /** Of `items`: handed to workers, and still without an answer. */
  taken: number;
  missing: number;
  resolve(valid: boolean[]): void;
  reject(error: Error): void;
}

/** Consecutive items of one request in a batch. */
interface Span {
  readonly request: Request;
  readonly from: number;
  readonly count: number;
}

interface Seat {
  readonly worker: Worker;
  readonly batches: { urgent: number; ordinary: number };
}

type Lane = 'urgent' | 'ordinary';

interface Pending {
  readonly seat: Seat;
  answer(answer: WorkerAnswer): void;
  reject(error: Error): void;
}

/** Signatures, all but a few at a time, and other heavy arithmetic on other threads (architecture.md). Small urgent work, such as votes, does not wait behind large. */
export class VerifyPool {
  readonly #seats: readonly Seat[];
  readonly #onFailure: (error: InvariantError) => void;
  readonly #queues: Readonly<Record<Lane, Fifo<Request>>> = { urgent: new Fifo(), ordinary: new Fifo() };
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  /** Items that no worker has been given yet. */
  readonly #queuedItems: Record<Lane, number> = { urgent: 0, ordinary: 0 };
  #pumpScheduled = false;
  #ended: Error | undefined;

  /** `onFailure`: a worker died, which is a bug; everything unanswered is rejected with the same error. */
  constructor(workerUrl: URL, workers: number, onFailure: (error: InvariantError) => void) {
    invariant(workers >= 1, 'a pool has a worker');
    this.#onFailure = onFailure;
    this.#seats = Array.from({ length: workers }, () => {
      const worker = new Worker(workerUrl);
      worker.on('message', (answer: WorkerAnswer) => this.#onAnswer(answer));
      worker.on('error', (error) => this.#fail(new InvariantError(`a verification worker died: ${error.message}`, { cause: error })));
      worker.on('exit', (code) => this.#fail(new InvariantError(`a verification worker ended with code ${code}`)));
      return { worker, batches: { urgent: 0, ordinary: 0 } };
    });
  }

  /** Signatures that no worker has been given yet. */
  get queuedItems(): number {
    return this.#queuedItems.urgent + this.#queuedItems.ordinary;
  }

  /** One answer for each item, in order. The items must not change until then. */
  verify(items: readonly VerifyItem[], urgent: boolean): Promise<boolean[]> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const valid = new Array<boolean>(items.length).fill(false);
    const checked: PackedItem[] = [];
    const positions: number[] = [];
    for (const [position, item] of items.entries()) {
      const publicKey = keyBytes(item.publicKey);
      if (publicKey.length !== publicKeyBytes || item.signature.length !== signatureBytes) continue;
      checked.push({ publicKey, message: item.message, signature: item.signature });
      positions.push(position);
    }
    if (checked.length === 0) return Promise.resolve(valid);
    const lane = urgent ? 'urgent' : 'ordinary';
    this.#queuedItems[lane] += checked.length;
    return new Promise((resolve, reject) => {
      this.#queues[lane].push({ items: checked, positions, valid, taken: 0, missing: checked.length, resolve, reject });
      this.#schedulePump();
    });
  }

  /**
   * The set of coins after a change. `before` and `after` are encoded MuHash states (`encodeMuHash`: numerator and denominator),
   * the rest encodings of coins. Shared among workers when large.
   */
  async muHash(before: Uint8Array, added: readonly Uint8Array[], removed: readonly Uint8Array[]): Promise<{ after: Uint8Array; utxoSetHash: Hash }> {
    const largest = Math.max(added.length, removed.length);
    const shares = Math.min(this.#seats.length, Math.floor(largest / coinsPerShare));
    const last =
      shares < 2 ? await this.#muHash([before], added, removed, true) : await this.#sharedMuHash(before, added, removed, Math.ceil(largest / shares));
    invariant(last.hash !== undefined, 'a finalized MuHash has a hash');
    return { after: last.bytes, utxoSetHash: last.hash as Hash };
  }

  /** Rejects what is unanswered with `VerifyPoolStopped`. */
  async stop(): Promise<void> {
    this.#end(new VerifyPoolStopped('the node is stopping'));
    await Promise.all(this.#seats.map(({ worker }) => worker.terminate()));
  }

  async #sharedMuHash(before: Uint8Array, added: readonly Uint8Array[], removed: readonly Uint8Array[], share: number): Promise<WorkerAnswer> {
    const parts: Promise<WorkerAnswer>[] = [];
    for (let at = 0; at < added.length || at < removed.length; at += share) {
      parts.push(this.#muHash([], added.slice(at, at + share), removed.slice(at, at + share), false));
    }
    const states = (await Promise.all(parts)).map((part) => part.bytes);
    return this.#muHash([before, ...states], [], [], true);
  }

  #muHash(sets: readonly Uint8Array[], added: readonly Uint8Array[], removed: readonly Uint8Array[], finalize: boolean): Promise<WorkerAnswer> {
    const ended = this.#ended;
    if (ended !== undefined) return Promise.reject(ended);
    return new Promise((resolve, reject) => {
      const packed = packLists([sets, added, removed]);
      this.#post(this.#leastBusy('ordinary'), 'ordinary', { kind: 'muhash', packed, finalize }, { answer: resolve, reject });
    });
  }

  /** After everything that this turn of the loop brings, so that it travels together. */
  #schedulePump(): void {
    if (this.#pumpScheduled) return;
    this.#pumpScheduled = true;
    setImmediate(() => {
      this.#pumpScheduled = false;
      for (const lane of ['urgent', 'ordinary'] as const) {
        if (this.#queuedItems[lane] <= maxItemsHere) this.#checkHere(lane);
        this.#pump(lane);
      }
    });
  }

  #checkHere(lane: Lane): void {
    const { items, spans } = this.#takeBatch(this.#queues[lane], maxItemsHere);
    this.#queuedItems[lane] -= items.length;
    const valid = bitmapOf(items.length);
    for (const [index, item] of items.entries()) if (isValid(item)) setBit(valid, index);
    settle(spans, valid);
  }

  #pump(lane: Lane): void {
    const queue = this.#queues[lane];
    const share = Math.ceil(this.#queuedItems[lane] / this.#seats.length);
    const batchItems = Math.min(maxBatchItems, Math.max(minBatchItems, share));
    while (queue.first !== undefined) {
      const seat = this.#leastBusy(lane);
      if (seat.batches[lane] >= batchesPerWorker) return;
      this.#send(seat, lane, batchItems);
    }
  }

  #send(seat: Seat, lane: Lane, maxItems: number): void {
    const { items, spans } = this.#takeBatch(this.#queues[lane], maxItems);
    this.#queuedItems[lane] -= items.length;
    this.#post(
      seat,
      lane,
      { kind: 'verify', packed: packItems(items) },
      {
        answer: (answer) => settle(spans, answer.bytes),
        reject: (error) => {
          for (const { request } of spans) request.reject(error);
        },
      },
    );
  }

  /** The first requests of the queue, the last of them perhaps in part. At least one item. */
  #takeBatch(queue: Fifo<Request>, maxItems: number): { items: PackedItem[]; spans: Span[] } {
    const items: PackedItem[] = [];
    const spans: Span[] = [];
    let bytes = 0;
    while (items.length < maxItems && bytes < maxBatchBytes) {
      const request = queue.first;
      if (request === undefined) break;
      const from = request.taken;
      while (request.taken < request.items.length && items.length < maxItems && bytes < maxBatchBytes) {
        const item = request.items[request.taken++] as PackedItem;
        items.push(item);
        bytes += packedItemBytes(item);
      }
      spans.push({ request, from, count: request.taken - from });
      if (request.taken === request.items.length) queue.dropFirst();
    }
    return { items, spans };
  }

  #leastBusy(lane: Lane): Seat {
    return this.#seats.reduce((best, seat) => (seat.batches[lane] < best.batches[lane] ? seat : best));
  }

  #post(
    seat: Seat,
    lane: Lane,
    work: { kind: 'verify'; packed: Uint8Array<ArrayBuffer> } | { kind: 'muhash'; packed: Uint8Array<ArrayBuffer>; finalize: boolean },
    then: Pick<Pending, 'answer' | 'reject'>,
  ): void {
    const id = this.#nextId++;
    seat.batches[lane]++;
    this.#pending.set(id, {
      seat,
      reject: then.reject,
      answer: (answer) => {
        seat.batches[lane]--;
        then.answer(answer);
      },
    });
    const job: WorkerJob = { id, urgent: lane === 'urgent', ...work };
    seat.worker.postMessage(job, [job.packed.buffer]);
  }

  #onAnswer(answer: WorkerAnswer): void {
    if (this.#ended !== undefined) return;
    const pending = this.#pending.get(answer.id);
    invariant(pending !== undefined, 'a worker answers a job once');
    this.#pending.delete(answer.id);
    pending.answer(answer);
    this.#pump('urgent');
    this.#pump('ordinary');
  }

  #fail(error: InvariantError): void {
    if (this.#ended !== undefined) return;
    this.#end(error);
    this.#onFailure(error);
  }

  #end(error: Error): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
    for (const lane of ['urgent', 'ordinary'] as const) {
      for (const request of this.#queues[lane].takeAll()) request.reject(error);
      this.#queuedItems[lane] = 0;
    }
  }
}

function settle(spans: readonly Span[], bitmap: Uint8Array): void {
  let bit = 0;
  for (const { request, from, count } of spans) {
    for (let i = from; i < from + count; i++) request.valid[request.positions[i] as number] = getBit(bitmap, bit++);
    request.missing -= count;
    if (request.missing === 0) request.resolve(request.valid);
  }
}

const hexKey = /^[0-9a-f]{64}$/;
const keyBytes = (key: Uint8Array | string): Uint8Array => (typeof key !== 'string' ? key : hexKey.test(key) ? Buffer.from(key, 'hex') : new Uint8Array());
