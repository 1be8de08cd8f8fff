import { afterEach, expect, test } from 'vitest';
import { ConnectionStack } from './connection-stack.fixture.ts';
import { eventually } from './transport/test-party.fixture.ts';

const stacks: ConnectionStack[] = [];
afterEach(async () => {
  await Promise.all(stacks.splice(0).map((stack) => stack.stop()));
});

/** All listen, and then each dials every other one at the same moment, at as many addresses as `spellings` makes of one. */
async function startTogether(count: number, spellings: (address: string) => readonly string[] = (address) => [address]): Promise<ConnectionStack[]> {
  const made = Array.from({ length: count }, () => new ConnectionStack());
  stacks.push(...made);
  const addresses = await Promise.all(made.map((stack) => stack.listen()));
  for (const [index, stack] of made.entries()) stack.start(addresses.flatMap((address, other) => (other === index ? [] : spellings(address))));
  return made;
}

/** Every dial has been answered, and each other one is ready once, over the one connection that the sockets have too. */
const isWhole = (stack: ConnectionStack, others: number): boolean =>
  stack.dialing === 0 && stack.ready().length === others && stack.open.size === others && stack.ready().every(({ connection }) => stack.open.has(connection));

const fellOut = (stack: ConnectionStack): unknown[] => stack.events.filter(({ kind }) => kind === 'peer-violation' || kind === 'halted');

test('200 times two nodes dial each other at the same moment, and keep one connection each', async () => {
  const atOnce = 20;
  let crossed = 0;
  for (let round = 0; round < 200 / atOnce; round++) {
    const pairs = await Promise.all(Array.from({ length: atOnce }, () => startTogether(2)));
    await eventually(() => pairs.every((pair) => pair.every((stack) => isWhole(stack, 1)))).toBe(true);
    for (const pair of pairs) {
      const [one, other] = pair as [ConnectionStack, ConnectionStack];
      expect([one.ready()[0]?.nodeId, other.ready()[0]?.nodeId]).toEqual([other.nodeId, one.nodeId]);
      expect(new Set(pair.map((stack) => stack.ready()[0]?.direction))).toEqual(new Set(['inbound', 'outbound']));
      if (pair.some(({ events }) => events.some((event) => event.kind === 'peer-refused' && event.code === 'duplicate'))) crossed++;
      expect(pair.flatMap(fellOut)).toEqual([]);
      expect(pair.map(({ failure }) => failure)).toEqual([undefined, undefined]);
    }
    await Promise.all(stacks.splice(0).map((stack) => stack.stop()));
  }
  // Else the dials came one after another, and nothing was shown.
  expect(crossed).toBeGreaterThan(150);
});

test('eight nodes that all dial one another at the same moment keep one connection for each pair', async () => {
  const count = 8;
  const all = await startTogether(count);
  await eventually(() => all.every((stack) => isWhole(stack, count - 1))).toBe(true);
  expect(all.map((stack) => new Set(stack.ready().map(({ nodeId }) => nodeId)).size)).toEqual(all.map(() => count - 1));
  expect(all.flatMap(fellOut)).toEqual([]);
});

test('two addresses of one node are one peer, also when both sides dial both', async () => {
  const pairs = await Promise.all(Array.from({ length: 10 }, () => startTogether(2, (address) => [address, address.replace('127.0.0.1', 'localhost')])));
  await eventually(() => pairs.every((pair) => pair.every((stack) => isWhole(stack, 1)))).toBe(true);
  expect(pairs.flat().flatMap(fellOut)).toEqual([]);
});
