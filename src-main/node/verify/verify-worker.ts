import { parentPort, receiveMessageOnPort } from 'node:worker_threads';
import sodium from 'sodium-native';
import { combineMuHash, decodeMuHash, deltaOf, emptyMuHash, encodeMuHash, finalizeMuHash, type MuHashDelta } from '../../core/crypto/muhash.ts';
import { invariant } from '../../core/invariant.ts';
import { expandBySodium } from './expand-element.ts';
import { bitmapOf, setBit, type UnpackedItem, unpackItems, unpackLists, type WorkerAnswer, type WorkerJob } from './verify-jobs.ts';

/** Works on a job a slice at a time; between slices urgent ones may come in. Answers when it is done. */
interface Task {
  step(): WorkerAnswer | undefined;
}

/** A slice is about 1 ms, which is what an urgent job waits at most: a signature takes 50 µs, a coin 8 µs. */
const itemsPerSlice = 16;
const coinsPerSlice = 96;

class VerifyTask implements Task {
  readonly #id: number;
  readonly #items: readonly UnpackedItem[];
  readonly #valid: Uint8Array<ArrayBuffer>;
  #at = 0;

  constructor(job: WorkerJob) {
    this.#id = job.id;
    this.#items = unpackItems(job.packed);
    this.#valid = bitmapOf(this.#items.length);
  }

  step(): WorkerAnswer | undefined {
    const until = Math.min(this.#at + itemsPerSlice, this.#items.length);
    for (; this.#at < until; this.#at++) {
      const item = this.#items[this.#at];
      if (item !== undefined && sodium.crypto_sign_verify_detached(item.signature, item.message, item.publicKey)) setBit(this.#valid, this.#at);
    }
    return this.#at === this.#items.length ? { id: this.#id, bytes: this.#valid, hash: undefined } : undefined;
  }
}

class MuHashTask implements Task {
  readonly #id: number;
  readonly #added: readonly Uint8Array[];
  readonly #removed: readonly Uint8Array[];
  readonly #finalize: boolean;
  #set: MuHashDelta;
  #at = 0;

  constructor(job: WorkerJob & { kind: 'muhash' }) {
    const [sets = [], added = [], removed = []] = unpackLists(job.packed);
    this.#id = job.id;
    this.#added = added;
    this.#removed = removed;
    this.#finalize = job.finalize;
    this.#set = sets.map(decoded).reduce(combineMuHash, emptyMuHash);
  }

  step(): WorkerAnswer | undefined {
    const from = this.#at;
    this.#at += coinsPerSlice;
    this.#set = combineMuHash(this.#set, deltaOf(this.#added.slice(from, this.#at), this.#removed.slice(from, this.#at), expandBySodium));
    if (this.#at < this.#added.length || this.#at < this.#removed.length) return undefined;
    const bytes = encodeMuHash(this.#set) as Uint8Array<ArrayBuffer>;
    return { id: this.#id, bytes, hash: this.#finalize ? finalizeMuHash(this.#set) : undefined };
  }
}

function decoded(bytes: Uint8Array): MuHashDelta {
  const set = decodeMuHash(bytes);
  invariant(set !== undefined, 'a MuHash state that this node encoded');
  return set;
}

const urgent: Task[] = [];
/** Set hashes: a block waits for one and for nothing else. They are few, but of thousands of coins, so votes do not wait for them. */
const sets: Task[] = [];
const ordinary: Task[] = [];

function take(job: WorkerJob): void {
  if (job.kind === 'muhash') sets.push(new MuHashTask(job));
  else (job.urgent ? urgent : ordinary).push(new VerifyTask(job));
}

const port = parentPort;
invariant(port !== null, 'runs as a worker');
port.on('message', (first: WorkerJob) => {
  take(first);
  for (;;) {
    for (let more = receiveMessageOnPort(port); more !== undefined; more = receiveMessageOnPort(port)) take(more.message as WorkerJob);
    const queue = urgent.length > 0 ? urgent : sets.length > 0 ? sets : ordinary;
    const answer = queue[0]?.step();
    if (answer !== undefined) {
      queue.shift();
      port.postMessage(answer, [answer.bytes.buffer]);
    } else if (queue.length === 0) return;
  }
});
