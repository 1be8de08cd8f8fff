import type { Effect, TimerName } from '../core/effects.ts';
import type { Input, StepEngine } from '../core/inputs.ts';
import { InvariantError } from '../core/invariant.ts';
import type { ConnectionId } from '../core/net/connection-id.ts';
import type { Clock } from './clock.ts';
import { InputLanes, type LaneLimits } from './input-lanes.ts';
import type { CloseReason, OpenedConnection, Transport, TransportEvents } from './transport/transport.ts';

export interface EventLoopOptions {
  readonly engine: StepEngine;
  readonly clock: Clock;
  readonly run: (effects: readonly Effect[]) => void;
  readonly timers: { takeDue(): TimerName | undefined };
  readonly transport: Pick<Transport, 'pause' | 'resume'>;
  /** The disk cannot keep up: nothing of peers or people is taken until `wake`. */
  readonly isCongested: () => boolean;
  /** Once: a bug in core, or a file that cannot be read. The loop has stopped and so must the node. */
  readonly onFatal: (error: Error) => void;
  /** Runs a turn after sockets and timers had theirs. */
  readonly defer?: (turn: () => void) => void;
  readonly limits?: LaneLimits;
}

/** An input that is not of one connection's messages. */
export type OwnInput = Exclude<Input, { kind: 'connected' | 'closed' | 'message' | 'timer' }>;

/**
 * Answers that other work waits for go before everything that peers and people send; a person's inputs have turns like a peer's. What core puts off
 * begins the next turn, so that sockets have theirs in between.
 */
const placeOf: Record<OwnInput['kind'], 'first' | 'next-turn' | 'in-turn'> = {
  start: 'first',
  verified: 'first',
  'set-hash': 'first',
  continued: 'next-turn',
  'dial-failed': 'first',
  'submit-transaction': 'in-turn',
  'invalidate-block': 'in-turn',
  'reconsider-block': 'in-turn',
  'add-node': 'in-turn',
  'remove-node': 'in-turn',
  'try-node': 'in-turn',
  'disconnect-node': 'in-turn',
  discovered: 'first',
  probed: 'first',
  'port-mapped': 'first',
  'set-ban': 'in-turn',
  'clear-ban': 'in-turn',
  'clear-bans': 'in-turn',
  'check-reachability': 'in-turn',
};

/** Bytes that no honest peer sends, whatever its line is like. */
const isOffence: Record<CloseReason['code'], boolean> = {
  'closed-locally': false,
  'closed-by-peer': false,
  'connection-reset': false,
  'connection-lost': false,
  'frame-size': true,
  'frame-timeout': false,
  'frame-forged': true,
  idle: false,
  'send-queue-full': false,
  stopped: false,
  'network-error': false,
};

/** A turn ends with the first input after this. Half of the 10 ms that a turn may take (architecture.md); the other half is for that input. */
const maxTurnMs = 5;

/**
 * The only writer of core's state. One input at a time: timers first, then answers to effects, then connections and the person, each in turn. What the
 * inputs of one turn persist is one batch, and what they send to one peer one write, since storage and transport collect until the turn ends.
 */
export class EventLoop {
  readonly #options: EventLoopOptions;
  readonly #defer: (turn: () => void) => void;
  /** Bounded by core, which asks for them one by one. */
  #answers: OwnInput[] = [];
  /** Bounded like the answers. */
  #nextTurn: OwnInput[] = [];
  readonly #lanes: InputLanes;
  #scheduled = false;
  #stopped = false;

  constructor(options: EventLoopOptions) {
    this.#options = options;
    this.#defer = options.defer ?? setImmediate;
    this.#lanes = new InputLanes(options.transport, options.limits);
  }

  /** To be given to the transport. */
  readonly transportEvents: TransportEvents = {
    onOpen: (connection) => this.#pushOf(connection.id, connectedInput(connection)),
    onMessages: (connection, messages) => {
      for (const bytes of messages) this.#pushOf(connection, { kind: 'message', connection, bytes });
    },
    onClose: (connection, reason) => this.#pushOf(connection, { kind: 'closed', connection, reason: textOf(reason), offence: isOffence[reason.code] }),
    onDialFailed: (address, _token, reason) => this.push({ kind: 'dial-failed', address, reason: textOf(reason) }),
  };

  push(input: OwnInput): void {
    if (this.#stopped) return;
    const place = placeOf[input.kind];
    if (place === 'first') this.#answers.push(input);
    else if (place === 'next-turn') this.#nextTurn.push(input);
    else this.#lanes.push('person', input);
    this.wake();
  }

  /** There may be something to do: a timer is due, or the disk has caught up. */
  wake(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    this.#defer(() => {
      this.#scheduled = false;
      this.#turn();
    });
  }

  /** Takes nothing any more. What waits is dropped: a start goes on from what is on the disk. */
  stop(): void {
    this.#stopped = true;
    this.#answers = [];
    this.#nextTurn = [];
  }

  #pushOf(connection: ConnectionId, input: Input): void {
    if (this.#stopped) return;
    this.#lanes.push(connection, input);
    this.wake();
  }

  #turn(): void {
    const { engine, clock, run } = this.#options;
    this.#answers = [...this.#nextTurn, ...this.#answers];
    this.#nextTurn = [];
    const endMs = clock.monotonicMs() + maxTurnMs;
    try {
      for (let input = this.#next(); input !== undefined; input = this.#next()) {
        run(engine.step(input, clock.nowMs()));
        if (clock.monotonicMs() < endMs) continue;
        this.wake();
        return;
      }
    } catch (error) {
      this.stop();
      this.#options.onFatal(error instanceof Error ? error : new InvariantError(String(error)));
    }
  }

  #next(): Input | undefined {
    if (this.#stopped) return undefined;
    const timer = this.#options.timers.takeDue();
    if (timer !== undefined) return { kind: 'timer', timer };
    const answer = this.#answers.shift();
    if (answer !== undefined) return answer;
    return this.#options.isCongested() ? undefined : this.#lanes.take();
  }
}

function connectedInput({ id, direction, remoteKey, remoteAddress, tookMs, dialed }: OpenedConnection): Input {
  return { kind: 'connected', connection: id, direction, remoteKey, remoteAddress, tookMs, dialed };
}

const textOf = ({ code, detail }: { readonly code: CloseReason['code'] | string; readonly detail: string }): string =>
  detail === '' ? code : `${code}: ${detail}`;
