import type { Hash } from '../../src-shared/domain/ids.ts';
import type { BranchAnswer } from '../core/branch-answer.ts';
import { encodeMessage, type Message, type MessageType } from '../core/codec/message.ts';
import { type Effect, type SignatureItem, type TimerName, waitsForDisk } from '../core/effects.ts';
import type { EngineEvent } from '../core/events.ts';
import type { Input } from '../core/inputs.ts';
import { unreachable } from '../core/invariant.ts';
import type { ConnectionId } from '../core/net/connection-id.ts';
import type { StoreOperation } from '../core/store-operation.ts';
import type { SubmitResult } from './pending-requests.ts';
import { encodeSetElements } from './set-elements.ts';
import type { Transport } from './transport/transport.ts';

/** What effects are carried out with. */
export interface EffectPorts {
  readonly storage: {
    /** Answers the number of the batch that they are in; batches become durable in order. */
    persist(operations: readonly StoreOperation[]): number;
    readonly durableThrough: number;
  };
  readonly verifier: {
    verify(items: readonly SignatureItem[], urgent: boolean): Promise<readonly boolean[]>;
    muHash(
      before: Uint8Array,
      added: readonly Uint8Array[],
      removed: readonly Uint8Array[],
    ): Promise<{ readonly after: Uint8Array; readonly utxoSetHash: Hash }>;
  };
  readonly transport: Pick<Transport, 'dial' | 'send' | 'close' | 'settled'>;
  readonly timers: { set(name: TimerName, atMs: number | undefined): void };
  /** Takes the answers of effects. */
  readonly input: (input: Extract<Input, { kind: 'verified' | 'set-hash' | 'continued' }>) => void;
  readonly answer: (request: number, result: SubmitResult) => void;
  readonly answerBranch: (request: number, result: BranchAnswer) => void;
  /** Asks seeds and lists; answers are inputs. */
  readonly discover: () => void;
  /** Dials as a stranger; the answer is an input. */
  readonly probe: (effect: Extract<Effect, { kind: 'probe' }>) => void;
  readonly publish: (event: EngineEvent) => void;
  /** Standard: what the codec says. */
  readonly encode?: ((message: Message) => Uint8Array) | undefined;
  /** A worker died, which nothing can go on without. */
  readonly onFatal: (error: Error) => void;
}

/**
 * What a peer that reads slowly goes without first (protocol section 10). Ids of transactions are most of what is sent unasked, and
 * who missed one hears of it from others, or with its block. What is pending is told in portions (core, `PendingExchange`), which a line of less than
 * 16 Mbit/s may not keep up with: better that a payment there is final with its block than that the connection ends, over and over. A block's
 * announcement is 37 bytes, and missing it costs a minute.
 */
const isDispensable: Record<MessageType, boolean> = {
  Hello: false,
  HelloAck: false,
  Ping: false,
  Pong: false,
  Disconnect: false,
  GetPeers: false,
  Peers: false,
  DialBackRequest: false,
  DialBackResult: false,
  GetBlockHeight: false,
  BlockHeight: false,
  BlockAnnouncement: false,
  GetBlocks: false,
  Blocks: false,
  BlockProposal: false,
  BlockVote: false,
  GetBlockVotes: false,
  BlockVotes: false,
  Listening: false,
  ListeningReport: false,
  /** Sent only to those that vote on them, and to those that asked. */
  TransactionBroadcast: false,
  TransactionAnnouncement: true,
  GetTransactions: false,
  GetPendingTransactions: false,
  PendingTransactions: true,
  TransactionVotes: false,
  /** The next one says the same. */
  Heartbeat: true,
  UtxoStateQuery: false,
  UtxoStates: false,
  Subscribe: false,
  Unsubscribe: false,
  /** A subscriber that misses one believes what is no longer true. */
  UtxoStateNotification: false,
};

/** What leaves only when a batch is durable. */
type Waiting = { readonly batch: number } & (
  | { readonly kind: 'send'; readonly to: readonly ConnectionId[]; readonly type: MessageType; readonly bytes: Uint8Array }
  | { readonly kind: 'close'; readonly connection: ConnectionId; readonly reason: string }
  | { readonly kind: 'answer'; readonly request: number; readonly result: SubmitResult }
  | { readonly kind: 'answer-branch'; readonly request: number; readonly result: BranchAnswer }
);

/**
 * Carries out core's effects in the order given. What relies on something stored leaves only when that is on the disk (protocol section 13), first in,
 * first out; the rest leaves at once. To one connection everything that waits keeps its order, and a close comes after it.
 */
export class EffectRunner {
  readonly #ports: EffectPorts;
  readonly #encode: (message: Message) => Uint8Array;
  /** Oldest first, so with rising batch numbers. Bounded: while it is long, the event loop takes no input of a peer (`waitingBytes`). */
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #lastBatch = 0;
  #nextDial = 1;
  #stopped = false;

  constructor(ports: EffectPorts) {
    this.#ports = ports;
    this.#encode = ports.encode ?? encodeMessage;
  }

  /** Encoded messages that wait for the disk. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  run(effects: readonly Effect[]): void {
    for (const effect of effects) if (!this.#stopped) this.#carryOut(effect);
  }

  /** Everything up to this batch is on the disk. */
  durable(through: number): void {
    let count = 0;
    for (; (this.#waiting[count]?.batch ?? Number.POSITIVE_INFINITY) <= through; count++) this.#release(this.#waiting[count] as Waiting);
    this.#waiting = this.#waiting.slice(count);
  }

  /** Nothing leaves any more: neither what waits nor what comes. */
  stop(): void {
    this.#stopped = true;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #carryOut(effect: Effect): void {
    const { storage, transport, timers, publish } = this.#ports;
    switch (effect.kind) {
      case 'persist':
        this.#lastBatch = storage.persist(effect.operations);
        return;
      case 'send': {
        if (effect.to.length === 0) return;
        const { type } = effect.message;
        const bytes = this.#encode(effect.message);
        if (waitsForDisk[type]) this.#whenDurable({ kind: 'send', batch: this.#lastBatch, to: effect.to, type, bytes });
        else transport.send(effect.to, bytes, isDispensable[type]);
        return;
      }
      case 'disconnect':
        this.#whenDurable({ kind: 'close', batch: this.#lastBatch, connection: effect.connection, reason: reasonOf(effect) });
        return;
      case 'answer':
        this.#whenDurable({ kind: 'answer', batch: this.#lastBatch, request: effect.request, result: effect.result });
        return;
      case 'answer-branch':
        this.#whenDurable({ kind: 'answer-branch', batch: this.#lastBatch, request: effect.request, result: effect.result });
        return;
      case 'verify':
        this.#verify(effect);
        return;
      case 'compute-set-hash':
        this.#computeSetHash(effect);
        return;
      case 'continue':
        this.#ports.input({ kind: 'continued', job: effect.job });
        return;
      case 'set-timer':
        timers.set(effect.timer, effect.atMs);
        return;
      case 'dial':
        transport.dial(effect.address, this.#nextDial++);
        return;
      case 'discover':
        this.#ports.discover();
        return;
      case 'probe':
        this.#ports.probe(effect);
        return;
      case 'publish':
        if (effect.event.kind === 'peer-ready') transport.settled(effect.event.connection);
        publish(effect.event);
        return;
      default:
        unreachable(effect);
    }
  }

  #whenDurable(waiting: Waiting): void {
    if (waiting.batch > this.#ports.storage.durableThrough) {
      this.#waiting.push(waiting);
      if (waiting.kind === 'send') this.#waitingBytes += waiting.bytes.length;
    } else this.#leave(waiting);
  }

  #release(waiting: Waiting): void {
    if (waiting.kind === 'send') this.#waitingBytes -= waiting.bytes.length;
    this.#leave(waiting);
  }

  #leave(waiting: Waiting): void {
    const { transport, answer, answerBranch } = this.#ports;
    if (waiting.kind === 'send') transport.send(waiting.to, waiting.bytes, isDispensable[waiting.type]);
    else if (waiting.kind === 'close') transport.close(waiting.connection, waiting.reason);
    else if (waiting.kind === 'answer-branch') answerBranch(waiting.request, waiting.result);
    else answer(waiting.request, waiting.result);
  }

  #verify({ job, items, urgent }: Extract<Effect, { kind: 'verify' }>): void {
    this.#ports.verifier.verify(items, urgent).then((valid) => this.#ports.input({ kind: 'verified', job, valid }), this.#onWorkerError);
  }

  #computeSetHash({ job, state, added, removed }: Extract<Effect, { kind: 'compute-set-hash' }>): void {
    this.#ports.verifier
      .muHash(state, encodeSetElements(added), encodeSetElements(removed))
      .then(({ after, utxoSetHash }) => this.#ports.input({ kind: 'set-hash', job, state: after, utxoSetHash }), this.#onWorkerError);
  }

  readonly #onWorkerError = (error: Error): void => {
    if (!this.#stopped) this.#ports.onFatal(error);
  };
}

const reasonOf = ({ code, detail }: Extract<Effect, { kind: 'disconnect' }>): string => (detail === '' ? code : `${code}: ${detail}`);
