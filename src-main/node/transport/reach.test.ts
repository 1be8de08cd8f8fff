import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { Endpoint } from '../config/config-keys.ts';
import { SocksServer } from './socks-server.fixture.ts';
import { TcpTransport } from './tcp-transport.ts';
import { eventually, numbered, Party } from './test-party.fixture.ts';
import type { TransportLimits } from './transport-limits.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const partyWith = (proxy: Endpoint | undefined, limits: Partial<TransportLimits> = {}): Party => {
  const party = new Party((options) => new TcpTransport({ ...options, proxy }), limits);
  cleanups.push(() => party.transport.stop());
  return party;
};

/** A peer that is known by a name and by an address that only the proxy knows to reach. */
async function behindProxy() {
  const peer = partyWith(undefined);
  const { port } = await peer.transport.listen('127.0.0.1', 0);
  const socks = new SocksServer(
    new Map([
      ['node.example:24000', port],
      ['8.8.4.4:24000', port],
    ]),
  );
  cleanups.push(() => socks.close());
  const proxy = await socks.listen();
  return { peer, port, socks, proxy };
}

/** Takes connections and says what it is told to. */
async function saying(answer: (socket: Socket) => void): Promise<Endpoint> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    answer(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

test('a proxy leads to a name that nobody here has resolved, with other credentials each time', async () => {
  const { peer, socks, proxy } = await behindProxy();
  const dialer = partyWith(proxy);
  dialer.transport.dial('node.example:24000', 1);
  await eventually(() => dialer.opened.length).toBe(1);
  dialer.transport.dial('8.8.4.4:24000', 2);
  await eventually(() => dialer.opened.length).toBe(2);
  // Who it is reached through is nobody that it could be told apart by, or banned for.
  expect(dialer.opened.map(({ remoteAddress }) => remoteAddress)).toEqual(['node.example:24000', '8.8.4.4:24000']);
  expect(socks.asked).toEqual(['node.example:24000', '8.8.4.4:24000']);
  expect(new Set(socks.usernames).size).toBe(2);
  const [first] = dialer.opened;
  if (first === undefined) throw new Error('not open');
  dialer.transport.send([first.id], numbered(7, 100_000));
  await eventually(() => [...peer.messages.values()].flat().length).toBe(1);
});

test('this machine is reached without it', async () => {
  const { port, socks, proxy } = await behindProxy();
  const dialer = partyWith(proxy);
  dialer.transport.dial(`127.0.0.1:${port}`, 1);
  await eventually(() => dialer.opened.length).toBe(1);
  expect(socks.asked).toEqual([]);
});

test.each([
  ['[64:ff9b::808:808]:24000', '0064ff9b000000000000000008080808:24000'],
  ['[2002:808:808::1]:24000', '20020808080800000000000000000001:24000'],
  ['[2001:db8::1]:24000', '20010db8000000000000000000000001:24000'],
  ['203.0.113.7:24000', '203.0.113.7:24000'],
  ['100.64.0.7:24000', '100.64.0.7:24000'],
])('%s is not this network, whether or not others can reach it, and is asked of the proxy alone', async (address, asked) => {
  const { socks, proxy } = await behindProxy();
  const dialer = partyWith(proxy);
  dialer.transport.dial(address, 1);
  await eventually(() => dialer.failed.map(({ reason }) => reason.code)).toEqual(['unreachable']);
  expect(socks.asked).toEqual([asked]);
});

test('a probe takes it too', async () => {
  const { peer, proxy } = await behindProxy();
  const prober = partyWith(proxy);
  const key = Buffer.from(peer.secretKey.subarray(32)).toString('hex') as NodeId;
  expect(await prober.transport.probe('node.example:24000', key)).toBe(true);
  expect(await prober.transport.probe('nobody.example:24000', key)).toBe(false);
});

test('what it finds out about an address is told of it, and what is the matter with itself is not', async () => {
  const { proxy } = await behindProxy();
  const hangsUp = await saying((socket) => socket.end());
  const silent = await saying(() => undefined);
  const nobody = await saying(() => undefined);
  await cleanups.pop()?.();
  for (const [by, limits, code] of [
    [proxy, {}, 'unreachable'],
    [hangsUp, {}, 'proxy-failed'],
    [nobody, {}, 'proxy-failed'],
    [silent, { tunnelMs: 20 }, 'timeout'],
  ] as const) {
    const dialer = partyWith(by, limits);
    dialer.transport.dial('elsewhere.example:24000', 1);
    await eventually(() => dialer.failed.map(({ reason }) => reason.code)).toEqual([code]);
    expect(dialer.reentrant).toBe(0);
  }
});

test('a stop ends what is on its way, and leaves no connection to the proxy', async () => {
  const open = new Set<Socket>();
  const silent = await saying((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).resume();
  });
  const dialer = partyWith(silent);
  dialer.transport.dial('elsewhere.example:24000', 1);
  const probed = dialer.transport.probe('elsewhere.example:24000', 'ab'.repeat(32) as NodeId);
  await eventually(() => open.size).toBe(2);
  await dialer.transport.stop();
  expect(dialer.failed.map(({ reason }) => reason.code)).toEqual(['stopped']);
  expect(await probed).toBe(false);
  await eventually(() => open.size).toBe(0);
});
