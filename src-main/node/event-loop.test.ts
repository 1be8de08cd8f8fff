import { expect, test } from 'vitest';
import type { Effect, TimerName } from '../core/effects.ts';
import type { Input } from '../core/inputs.ts';
import { InvariantError } from '../core/invariant.ts';
import type { ConnectionId } from '../core/net/connection-id.ts';
import { EventLoop, type EventLoopOptions } from './event-loop.ts';

/** The wire byte of a message that others go before. */
const transactions = 40;

const id = (number: number): ConnectionId => number as ConnectionId;

function setUp(options: Partial<EventLoopOptions> & { stepMs?: number } = {}) {
  const seen: Input[] = [];
  const times: number[] = [];
  const ran: (readonly Effect[])[] = [];
  const gate: string[] = [];
  const fatal: Error[] = [];
  const due: TimerName[] = [];
  const turns: (() => void)[] = [];
  const state = { monotonic: 0, congested: false };
  const loop = new EventLoop({
    engine: {
      step: (input, nowMs) => {
        seen.push(input);
        times.push(nowMs);
        state.monotonic += options.stepMs ?? 0;
        return [{ kind: 'dial', address: input.kind }];
      },
    },
    clock: { nowMs: () => 1_000 + state.monotonic, monotonicMs: () => state.monotonic },
    run: (effects) => ran.push(effects),
    timers: { takeDue: () => due.shift() },
    transport: { pause: (one) => gate.push(`pause ${one}`), resume: (one) => gate.push(`resume ${one}`) },
    isCongested: () => state.congested,
    onFatal: (error) => fatal.push(error),
    defer: (turn) => turns.push(turn),
    ...options,
  });
  const turn = (): void => turns.shift()?.();
  const messages = (connection: number, ...sizes: number[]): void =>
    loop.transportEvents.onMessages(
      id(connection),
      sizes.map((size) => new Uint8Array(size).fill(transactions)),
    );
  const kinds = (): string[] => seen.map((input) => (input.kind === 'message' ? `message ${input.connection}` : input.kind));
  return { loop, seen, times, ran, gate, fatal, due, turns, state, turn, messages, kinds };
}

test('inputs go through the engine one at a time, and the effects of each are carried out before the next', () => {
  const order: string[] = [];
  const { loop, turn } = setUp({
    engine: {
      step: (input) => {
        order.push(`step ${input.kind}`);
        return [];
      },
    },
    run: () => order.push('run'),
  });
  loop.push({ kind: 'start' });
  loop.push({ kind: 'add-node', address: 'a:1' });
  expect(order).toEqual([]);
  turn();
  expect(order).toEqual(['step start', 'run', 'step add-node', 'run']);
});

test('timers go first, then answers, then peers and the person in turn', () => {
  const { loop, due, turn, messages, kinds } = setUp();
  messages(1, 5, 5);
  messages(2, 5);
  loop.push({ kind: 'add-node', address: 'a:1' });
  loop.push({ kind: 'verified', job: 1, valid: [true] });
  due.push('consensus');
  turn();
  expect(kinds()).toEqual(['timer', 'verified', 'message 1', 'message 2', 'add-node', 'message 1']);
});

test('what the transport reports becomes inputs in its order', () => {
  const { loop, turn, seen } = setUp();
  const remoteKey = 'ab'.repeat(32) as never;
  loop.transportEvents.onOpen({ id: id(3), direction: 'outbound', remoteKey, remoteAddress: '1.2.3.4:5', tookMs: 80, dialed: 'host:5', token: 1 });
  loop.transportEvents.onMessages(id(3), [Uint8Array.of(7)]);
  loop.transportEvents.onClose(id(3), { code: 'idle', detail: '' });
  loop.transportEvents.onDialFailed('other:5', 2, { code: 'refused', detail: 'ECONNREFUSED' });
  turn();
  expect(seen).toEqual([
    { kind: 'dial-failed', address: 'other:5', reason: 'refused: ECONNREFUSED' },
    { kind: 'connected', connection: 3, direction: 'outbound', remoteKey, remoteAddress: '1.2.3.4:5', tookMs: 80, dialed: 'host:5' },
    { kind: 'message', connection: 3, bytes: Uint8Array.of(7) },
    { kind: 'closed', connection: 3, reason: 'idle', offence: false },
  ]);
});

test.each([
  ['frame-forged', true],
  ['frame-size', true],
  ['frame-timeout', false],
  ['connection-reset', false],
] as const)('a connection that ended with %s ended by an offence of the peer: %j', (code, offence) => {
  const { loop, turn, seen } = setUp();
  loop.transportEvents.onClose(id(3), { code, detail: 'x' });
  turn();
  expect(seen).toEqual([{ kind: 'closed', connection: 3, reason: `${code}: x`, offence }]);
});

test('a turn ends after its time, and the rest follows after sockets and timers had theirs', () => {
  const { turn, turns, messages, seen, times } = setUp({ stepMs: 2 });
  messages(1, ...Array<number>(10).fill(1));
  turn();
  expect(seen).toHaveLength(3);
  expect(times).toEqual([1_000, 1_002, 1_004]);
  expect(turns).toHaveLength(1);
  turn();
  turn();
  turn();
  expect(seen).toHaveLength(10);
  expect(turns).toHaveLength(0);
});

test('while the disk cannot keep up, peers and people wait, timers and answers do not', () => {
  const { loop, state, due, turn, messages, kinds, gate } = setUp();
  state.congested = true;
  messages(1, ...Array<number>(300).fill(1));
  loop.push({ kind: 'submit-transaction', request: 1, encoded: Uint8Array.of(1) });
  loop.push({ kind: 'set-hash', job: 1, state: Uint8Array.of(), utxoSetHash: '' });
  due.push('slot');
  turn();
  expect(kinds()).toEqual(['timer', 'set-hash']);
  expect(gate).toEqual(['pause 1']);
  state.congested = false;
  loop.wake();
  turn();
  expect(kinds()).toHaveLength(2 + 300 + 1);
  expect(gate).toEqual(['pause 1', 'resume 1']);
});

test.each([
  [
    'the engine',
    {
      engine: {
        step: () => {
          throw new InvariantError('broken');
        },
      },
    },
  ],
  [
    'an effect',
    {
      run: () => {
        throw new InvariantError('broken');
      },
    },
  ],
])('a bug in %s stops the loop for good and is reported once', (_, broken) => {
  const { loop, turn, turns, messages, fatal, seen } = setUp(broken);
  messages(1, 1, 1, 1);
  turn();
  messages(1, 1);
  loop.push({ kind: 'start' });
  loop.wake();
  expect(turns).toHaveLength(0);
  expect(fatal.map(({ message }) => message)).toEqual(['broken']);
  expect(seen.length).toBeLessThanOrEqual(1);
});

test('nothing is taken after stop', () => {
  const { loop, turn, messages, seen } = setUp();
  messages(1, 1);
  loop.stop();
  turn();
  expect(seen).toEqual([]);
});

test('with real turns, a flood of one peer holds up neither a timer of the system nor another peer', async () => {
  let flooding = true;
  const handled: number[] = [];
  const loop: EventLoop = new EventLoop({
    engine: {
      step: (input) => {
        if (input.kind !== 'message') return [];
        handled.push(input.connection);
        for (const end = performance.now() + 1; performance.now() < end; );
        if (flooding && input.connection === 1) loop.transportEvents.onMessages(id(1), [Uint8Array.of(1)]);
        return [];
      },
    },
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
    run: () => {},
    timers: { takeDue: () => undefined },
    transport: { pause: () => {}, resume: () => {} },
    isCongested: () => false,
    onFatal: (error) => {
      throw error;
    },
  });
  loop.transportEvents.onMessages(id(1), [Uint8Array.of(1), Uint8Array.of(1)]);
  await expect.poll(() => handled.length, { interval: 1 }).toBeGreaterThan(2);
  const before = handled.length;
  loop.transportEvents.onMessages(id(2), [Uint8Array.of(1)]);
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  flooding = false;
  expect(handled.indexOf(2)).toBeGreaterThanOrEqual(before);
  expect(handled.indexOf(2)).toBeLessThanOrEqual(before + 2);
});
