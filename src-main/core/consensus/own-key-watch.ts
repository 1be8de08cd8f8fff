import type { ListeningAnswer } from '../codec/listening.ts';

/** Whether this process may sign with the node's key (protocol section 7, Listen before signing). */
export type SigningState =
  /** Not started as a masternode. */
  | { readonly kind: 'off' }
  /** `untilMs` undefined: there is nobody to listen to yet. */
  | { readonly kind: 'listening'; readonly untilMs: number | undefined }
  | { readonly kind: 'signing' }
  /** Its key has signed what its records do not have: until an epoch begins that comes after all of it. */
  | { readonly kind: 'restored-old-copy'; readonly through: SignedThrough }
  /** Another process with its key has answered: until it is started anew. */
  | { readonly kind: 'own-key-elsewhere' };

/** The latest that the key is known to have signed and the guard does not know. */
export interface SignedThrough {
  readonly epoch: number;
  readonly height: number;
  /** Where epoch and height are not known either: nothing was signed at this time or later. */
  readonly beforeMs?: number;
}

/** Of an epoch: its number, its first height, and the time of the block that closed the one before. */
export interface EpochBeginning {
  readonly epoch: number;
  readonly startHeight: number;
  readonly closedMs: number;
}
/** Whether it began after all of that was signed. Blocks of one height are decided one after the other, so a later time is a later height. */
export const isBeyond = ({ epoch, startHeight, closedMs }: EpochBeginning, through: SignedThrough): boolean =>
  epoch > through.epoch && startHeight > through.height && closedMs > (through.beforeMs ?? 0);

/** Each is signed with this node's key: by its own processes of before, played back, and by others that run. Few in a lifetime. */
const maxAnswered = 64;
const nonceBits = 64;

/**
 * Decides whether this process may sign: not before it has listened, not while its records are an old copy, never beside another one with its key.
 * Knows no signatures and no clock: what it is told was verified.
 */
export class OwnKeyWatch {
  readonly #listenMs: number;
  readonly #firstNonce: bigint;
  /** Questions asked. Every one has a nonce of its own, one after another, so that peers relay it anew. */
  #questions = 0n;
  #state: SigningState;
  /** Nonces, each answered once; the oldest is forgotten first. */
  readonly #answered = new Set<bigint>();

  /** `nonce`: random per process. */
  constructor(options: { readonly masternode: boolean; readonly listenMs: number; readonly nonce: bigint }) {
    this.#listenMs = options.listenMs;
    this.#firstNonce = options.nonce;
    this.#state = options.masternode ? { kind: 'listening', untilMs: undefined } : { kind: 'off' };
  }

  get state(): SigningState {
    return this.#state;
  }
  get maySign(): boolean {
    return this.#state.kind === 'signing';
  }
  get isListening(): boolean {
    return this.#state.kind === 'listening';
  }
  /** Of the latest question. */
  get nonce(): bigint {
    return BigInt.asUintN(nonceBits, this.#firstNonce + this.#questions - 1n);
  }

  /** A time of listening begins. */
  listen(): void {
    this.#questions++;
    this.#state = { kind: 'listening', untilMs: undefined };
  }
  /** Asks again, whatever it is doing. */
  ask(): void {
    this.#questions++;
  }
  /** There is somebody to listen to. The time counts from here on. */
  hasCompany(nowMs: number): void {
    if (this.#state.kind === 'listening' && this.#state.untilMs === undefined) this.#state = { kind: 'listening', untilMs: nowMs + this.#listenMs };
  }
  /** The time may be over: it is if nothing was heard, and somebody would have said it. */
  due(nowMs: number, hasCompany: boolean): void {
    if (this.#state.kind !== 'listening' || this.#state.untilMs === undefined) return;
    if (!hasCompany) this.#state = { kind: 'listening', untilMs: undefined };
    else if (nowMs >= this.#state.untilMs) this.#state = { kind: 'signing' };
    // The clock was set back.
    else this.#state = { kind: 'listening', untilMs: Math.min(this.#state.untilMs, nowMs + this.#listenMs) };
  }

  /**
   * `Listening` signed with this node's key. Answers what is to be said to it, if anything. A process that is stopped by an answer does not answer: it would
   * stop those that may run in its place.
   */
  heard({ nonce, answer }: { readonly nonce: bigint; readonly answer: ListeningAnswer | undefined }): ListeningAnswer | undefined {
    if (this.#state.kind === 'off' || this.#isMine(nonce)) return undefined;
    if (answer !== undefined && this.#isMine(answer.heard) && (answer.signs || (this.isListening && nonce < this.nonce)))
      this.#state = { kind: 'own-key-elsewhere' };
    const speaks = this.#state.kind === 'listening' || this.#state.kind === 'signing';
    if (!speaks || this.#answered.has(nonce)) return undefined;
    this.#answered.add(nonce);
    const [oldest] = this.#answered;
    if (this.#answered.size > maxAnswered && oldest !== undefined) this.#answered.delete(oldest);
    return { heard: nonce, signs: this.maySign };
  }

  /** Whether that says anything new: the caller need not look at every proof. */
  concerns({ epoch, height }: SignedThrough): boolean {
    if (this.#state.kind === 'restored-old-copy') return epoch > this.#state.through.epoch || height > this.#state.through.height;
    return this.#state.kind === 'listening' || this.#state.kind === 'signing';
  }
  /** The key has signed what the guard does not know. */
  signedBeyond(beyond: SignedThrough): void {
    if (!this.concerns(beyond)) return;
    const before = this.#state.kind === 'restored-old-copy' ? this.#state.through : beyond;
    const beforeMs = Math.max(before.beforeMs ?? 0, beyond.beforeMs ?? 0);
    this.#state = {
      kind: 'restored-old-copy',
      through: { epoch: Math.max(before.epoch, beyond.epoch), height: Math.max(before.height, beyond.height), beforeMs },
    };
  }

  /**
   * Whether what was signed beyond the records binds nothing any more, in an epoch that began so: transactions are voted on afresh, and the blocks that were
   * voted on are decided. Who finds so listens again, since another process that uses the key may be what it heard.
   */
  isOver(epoch: EpochBeginning): boolean {
    return this.#state.kind === 'restored-old-copy' && isBeyond(epoch, this.#state.through);
  }

  #isMine(nonce: bigint): boolean {
    return BigInt.asUintN(nonceBits, nonce - this.#firstNonce) < this.#questions;
  }
}
