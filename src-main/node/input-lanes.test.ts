import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Input } from '../core/inputs.ts';
import type { ConnectionId } from '../core/net/connection-id.ts';
import { InputLanes } from './input-lanes.ts';

const id = (number: number): ConnectionId => number as ConnectionId;
const typed = (connection: number, type: number, size: number): Input => ({
  kind: 'message',
  connection: id(connection),
  bytes: new Uint8Array(size).fill(type),
});
const transactions = 40;
const blockVote = 31;
const message = (connection: number, size: number): Input => typed(connection, transactions, size);
const limits = { maxLaneInputs: 4, maxLaneBytes: 1_000, maxQueuedBytes: 1_500 };

function setUp() {
  const gate: string[] = [];
  const lanes = new InputLanes({ pause: (one) => gate.push(`pause ${one}`), resume: (one) => gate.push(`resume ${one}`) }, limits);
  const drain = (): Input[] => {
    const taken: Input[] = [];
    for (let input = lanes.take(); input !== undefined; input = lanes.take()) taken.push(input);
    return taken;
  };
  return { gate, lanes, drain };
}
const from = (input: Input): number | string => ('connection' in input ? input.connection : input.kind);

test('connections and the person take turns, so that a flood waits for itself', () => {
  const { lanes, drain } = setUp();
  for (let i = 0; i < 100; i++) lanes.push(id(1), message(1, 1));
  lanes.push(id(2), message(2, 1));
  lanes.push('person', { kind: 'add-node', address: 'a:1' });
  lanes.push(id(2), message(2, 1));
  expect(drain().map(from).slice(0, 6)).toEqual([1, 2, 'add-node', 1, 2, 1]);
  expect(lanes.isEmpty).toBe(true);
});

test('what blocks are decided by goes before transactions, of every connection in turn, and does not keep them out', () => {
  const { lanes, drain } = setUp();
  for (let i = 0; i < 4; i++) lanes.push(id(1), message(1, 1));
  for (let i = 0; i < 20; i++) lanes.push(id(2), typed(2, blockVote, 1));
  lanes.push(id(1), typed(1, blockVote, 1));
  const order = drain().map((input) => `${from(input)} ${input.kind === 'message' && input.bytes[0] === blockVote ? 'vote' : 'transactions'}`);
  expect(order.slice(0, 3)).toEqual(['2 vote', '1 vote', '2 vote']);
  expect(order.indexOf('1 transactions')).toBe(16);
  expect(order.length).toBe(25);
});

test('a handshake and its end keep their places', () => {
  const { lanes, drain } = setUp();
  const [hello, helloAck, disconnect] = [0, 1, 4];
  for (const type of [hello, helloAck, transactions, blockVote, disconnect, transactions]) lanes.push(id(1), typed(1, type, 1));
  const types = drain().map((input) => (input.kind === 'message' ? input.bytes[0] : undefined));
  expect(types).toEqual([hello, helloAck, blockVote, transactions, disconnect, transactions]);
});

test('nothing goes before the handshake of its connection, however many others have to be prompt', () => {
  const [hello, helloAck, getPendingTransactions] = [0, 1, 43];
  for (let others = 0; others < 40; others++) {
    const { lanes, drain } = setUp();
    for (let other = 0; other < others; other++) lanes.push(id(10 + other), typed(10 + other, blockVote, 1));
    for (const type of [hello, helloAck, getPendingTransactions]) lanes.push(id(1), typed(1, type, 1));
    for (let other = 0; other < 40 - others; other++) lanes.push(id(60 + other), typed(60 + other, blockVote, 1));
    const types = drain().flatMap((input) => (input.kind === 'message' && input.connection === id(1) ? [input.bytes[0]] : []));
    expect(types).toEqual([hello, helloAck, getPendingTransactions]);
  }
});

test('a connection that piles up inputs is paused once, and resumed when half is worked off', () => {
  const { gate, lanes } = setUp();
  for (let i = 0; i < 8; i++) lanes.push(id(1), message(1, 1));
  expect(gate).toEqual(['pause 1']);
  for (let left = 7; left > 2; left--) lanes.take();
  expect(gate).toEqual(['pause 1']);
  lanes.take();
  expect(gate).toEqual(['pause 1', 'resume 1']);
});

test('bytes count as well as messages, and the bytes of all together', () => {
  const { gate, lanes, drain } = setUp();
  lanes.push(id(1), message(1, 1_001));
  expect(gate).toEqual(['pause 1']);
  lanes.push(id(2), message(2, 500));
  lanes.push(id(3), message(3, 1));
  expect(gate).toEqual(['pause 1', 'pause 2', 'pause 3']);
  drain();
  expect(gate.slice(3).sort()).toEqual(['resume 1', 'resume 2', 'resume 3']);
  expect(lanes.queuedBytes).toBe(0);
});

test('a closed connection is neither paused nor resumed any more, and its end comes after its messages', () => {
  const { gate, lanes, drain } = setUp();
  for (let i = 0; i < 5; i++) lanes.push(id(1), message(1, 1));
  lanes.push(id(1), { kind: 'closed', connection: id(1), reason: 'x', offence: false });
  expect(drain().map(({ kind }) => kind)).toEqual(['message', 'message', 'message', 'message', 'message', 'closed']);
  expect(gate).toEqual(['pause 1']);
});

test('of each lane the order stays, nothing is lost, and whoever was paused is resumed in the end', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 600 })), fc.constant('take' as const)), { maxLength: 200 }),
      (steps) => {
        const { gate, lanes, drain } = setUp();
        const pushed: Input[] = [];
        const taken: Input[] = [];
        for (const step of steps) {
          if (step === 'take') {
            const input = lanes.take();
            if (input !== undefined) taken.push(input);
          } else {
            const input = message(...step);
            pushed.push(input);
            lanes.push(id(step[0]), input);
          }
        }
        taken.push(...drain());
        for (const connection of [1, 2, 3, 4]) {
          expect(taken.filter((one) => from(one) === connection)).toEqual(pushed.filter((one) => from(one) === connection));
          const words = gate.filter((one) => one.endsWith(` ${connection}`)).map((one) => one.split(' ')[0]);
          expect(words).toEqual(words.map((_, i) => (i % 2 === 0 ? 'pause' : 'resume')));
          expect(words.length % 2).toBe(0);
        }
        expect(lanes.queuedBytes).toBe(0);
      },
    ),
  );
});
