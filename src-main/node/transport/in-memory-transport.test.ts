import { expect, test } from 'vitest';
import { InMemoryNetwork } from './in-memory-transport.ts';
import { Party } from './test-party.fixture.ts';
import { testTransport } from './transport-contract.ts';

testTransport('in-memory transport', () => {
  const network = new InMemoryNetwork();
  return (options) => network.createTransport(options);
});

test('with the same schedule everything happens in the same order', async () => {
  const run = async (): Promise<string[]> => {
    const tasks: (() => void)[] = [];
    const network = new InMemoryNetwork((task) => void tasks.push(task));
    const log: string[] = [];
    const parties = ['a', 'b', 'c'].map((name, index) => {
      const party = new Party((options) => network.createTransport(options), {}, new Uint8Array(64).fill(index + 1));
      party.onOpen = ({ id, direction }) => {
        log.push(`${name} opens ${id} ${direction}`);
        party.transport.send([id], new Uint8Array([index]));
      };
      party.onMessages = (id) => void log.push(`${name} hears ${party.received(id).join()} on ${id}`);
      return party;
    });
    const addresses = await Promise.all(parties.map((party) => party.listen()));
    for (const [i, party] of parties.entries()) for (const [j, address] of addresses.entries()) if (i !== j) party.transport.dial(address, j);
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) task();
    return log;
  };
  const first = await run();
  expect(first.length).toBe(24);
  expect(await run()).toEqual(first);
});
