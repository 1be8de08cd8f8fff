import * as z from 'zod';
import type { ClientFrame } from '../../src-shared/api/bridge.ts';
import { answerTimeoutMs } from '../../src-shared/api/contract.ts';
import type { TopicEvent } from '../../src-shared/api/topics.ts';
import { retryDelayMs } from './backoff.ts';
import { type ClientBridge, failed, type Outcome } from './client-error.ts';
import type { ConnectionStatus } from './connection-status.ts';

/** The part of a WebSocket that is used. */
export interface Socket {
  send(text: string): void;
  close(): void;
}

export interface SocketListener {
  onOpen(): void;
  onMessage(data: unknown): void;
  /** Once, also where it never opened. */
  onClose(): void;
}

export interface SocketBridgeWorld {
  /** Nothing is called before it has returned. */
  open(listener: SocketListener): Socket;
  /** Whether anything answers at the node's address: tells a node that refuses from one that does not run. */
  probe(): Promise<boolean>;
  nowMs(): number;
  /** 0..1 */
  random(): number;
  /** Answers what cancels it. */
  setTimer(run: () => void, delayMs: number): () => void;
  /** The node did not understand a frame. */
  onRefusedFrame(message: string): void;
}

/** The window never has more than a few calls on their way; a loop that makes more is a mistake, and fails here. */
const maxCalls = 200;

const envelope = z.union([
  z.object({
    kind: z.literal('reply'),
    id: z.number(),
    reply: z.union([
      z.object({ ok: z.literal(true), value: z.unknown() }),
      z.object({ ok: z.literal(false), error: z.looseObject({ code: z.string(), message: z.string() }) }),
    ]),
  }),
  z.object({ kind: z.literal('event'), event: z.object({ topic: z.string(), sequence: z.number(), value: z.unknown() }) }),
  z.object({ kind: z.literal('error'), message: z.string() }),
]);

interface Call {
  readonly settle: (outcome: Outcome<unknown>) => void;
  readonly cancelTimeout: () => void;
}

/** The bridge over a WebSocket: connects again by itself, subscribes again when it has, and says how it stands. */
export class SocketBridge implements ClientBridge {
  readonly #world: SocketBridgeWorld;
  readonly #onStatus: (status: ConnectionStatus) => void;
  readonly #calls = new Map<number, Call>();
  readonly #listeners = new Map<string, (event: TopicEvent) => void>();
  #socket: Socket | undefined;
  #isOpen = false;
  #nextId = 1;
  #failures = 0;
  #cancelRetry: () => void = () => undefined;

  constructor(world: SocketBridgeWorld, onStatus: (status: ConnectionStatus) => void) {
    this.#world = world;
    this.#onStatus = onStatus;
    this.#connect();
  }

  /** Now, rather than when the wait is over. */
  retry(): void {
    if (this.#socket === undefined) this.#connect();
  }

  invoke(method: string, params: unknown): Promise<Outcome<unknown>> {
    const { promise, resolve: settle } = Promise.withResolvers<Outcome<unknown>>();
    if (!this.#isOpen) settle(failed('disconnected', 'there is no connection'));
    else if (this.#calls.size >= maxCalls) settle(failed('no-answer', 'too many calls are waiting'));
    else {
      const id = this.#nextId++;
      const timeoutMs = answerTimeoutMs(method);
      const cancelTimeout = this.#world.setTimer(() => this.#settle(id, failed('no-answer', `no answer in ${timeoutMs} ms`)), timeoutMs);
      this.#calls.set(id, { settle, cancelTimeout });
      this.#send({ kind: 'call', id, method, params });
    }
    return promise;
  }

  subscribe(topic: string, listener: (event: TopicEvent) => void): () => void {
    this.#listeners.set(topic, listener);
    if (this.#isOpen) this.#send({ kind: 'subscribe', topic });
    return () => {
      if (this.#listeners.get(topic) !== listener) return;
      this.#listeners.delete(topic);
      if (this.#isOpen) this.#send({ kind: 'unsubscribe', topic });
    };
  }

  #connect(): void {
    this.#cancelRetry();
    if (this.#failures === 0) this.#onStatus({ kind: 'connecting' });
    this.#socket = this.#world.open({
      onOpen: () => {
        this.#isOpen = true;
        for (const topic of this.#listeners.keys()) this.#send({ kind: 'subscribe', topic });
        this.#onStatus({ kind: 'open' });
      },
      onMessage: (data) => this.#receive(data),
      onClose: () => this.#lost(),
    });
  }

  #lost(): void {
    this.#socket = undefined;
    this.#isOpen = false;
    this.#failures += 1;
    for (const id of [...this.#calls.keys()]) this.#settle(id, failed('disconnected', 'the connection ended'));
    const delayMs = retryDelayMs(this.#failures, this.#world.random());
    const retryAtMs = this.#world.nowMs() + delayMs;
    this.#cancelRetry = this.#world.setTimer(() => this.#connect(), delayMs);
    this.#onStatus({ kind: 'waiting', why: 'not-running', retryAtMs });
    void this.#sayIfRefused(retryAtMs);
  }

  async #sayIfRefused(retryAtMs: number): Promise<void> {
    const failures = this.#failures;
    const answers = await this.#world.probe();
    if (answers && this.#failures === failures && this.#socket === undefined) this.#onStatus({ kind: 'waiting', why: 'refused', retryAtMs });
  }

  #receive(data: unknown): void {
    let frame: z.output<typeof envelope>;
    try {
      frame = envelope.parse(JSON.parse(String(data)));
    } catch {
      // Not our protocol: a fresh connection is the only way to be sure of what comes next.
      this.#socket?.close();
      return;
    }
    // Only what makes sense counts as success: a node that opens and then talks nonsense is not asked four times a second.
    this.#failures = 0;
    if (frame.kind === 'reply') this.#settle(frame.id, frame.reply as Outcome<unknown>);
    else if (frame.kind === 'event') this.#listeners.get(frame.event.topic)?.(frame.event as TopicEvent);
    else this.#world.onRefusedFrame(frame.message);
  }

  #settle(id: number, outcome: Outcome<unknown>): void {
    const call = this.#calls.get(id);
    if (call === undefined) return;
    this.#calls.delete(id);
    call.cancelTimeout();
    call.settle(outcome);
  }

  #send(frame: ClientFrame): void {
    this.#socket?.send(JSON.stringify(frame));
  }
}
