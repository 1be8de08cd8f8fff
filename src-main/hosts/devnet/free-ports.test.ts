import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { freePortSets } from './free-ports.ts';

const host = '127.0.0.1';
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A port below those that systems give away, taken. */
async function takenPort(): Promise<number> {
  for (let port = 20_000; ; port++) {
    const server = createServer();
    const listening = once(server.listen({ host, port, exclusive: true }), 'listening').then(
      () => true,
      () => false,
    );
    if (!(await listening)) continue;
    servers.push(server);
    return (server.address() as AddressInfo).port;
  }
}

test('a set with a port that is taken is left out as a whole', async () => {
  const taken = await takenPort();
  const sets = await freePortSets(host, 2, { first: taken - 1, stride: 10, width: 3 });
  expect(sets).toHaveLength(2);
  for (const ports of sets) {
    expect(ports).toEqual([ports[0], (ports[0] ?? 0) + 1, (ports[0] ?? 0) + 2]);
    expect(ports).not.toContain(taken);
    expect(((ports[0] ?? 0) - (taken - 1)) % 10).toBe(0);
  }
});

test('where there are not enough, it says so', async () => {
  await expect(freePortSets(host, 2, { first: 32_764, stride: 10, width: 3 })).rejects.toThrow('not enough free ports');
});
