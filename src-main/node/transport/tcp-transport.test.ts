import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { ConnectionId } from '../../core/net/connection-id.ts';
import { isLoopback } from '../../core/net/network-address.ts';
import { TcpTransport } from './tcp-transport.ts';
import { eventually, localLimits, makeSecretKey, Party } from './test-party.fixture.ts';
import type { ConnectFailure } from './transport.ts';
import { testTransport } from './transport-contract.ts';
import type { TransportLimits } from './transport-limits.ts';

testTransport('tcp transport', () => (options) => new TcpTransport(options));

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function listening(limits: Partial<TransportLimits>, isExempt: (host: string) => boolean = isLoopback) {
  const refused: { remoteAddress: string | undefined; reason: ConnectFailure }[] = [];
  const nothing = () => {};
  const counts = { opened: 0, closed: 0 };
  const opened: ConnectionId[] = [];
  const transport = new TcpTransport({
    secretKey: makeSecretKey(),
    limits: { ...localLimits, ...limits },
    isExempt,
    events: {
      onOpen: ({ id }) => {
        counts.opened++;
        opened.push(id);
      },
      onMessages: nothing,
      onClose: () => void counts.closed++,
      onDialFailed: nothing,
      onInboundFailed: (remoteAddress, reason) => refused.push({ remoteAddress, reason }),
    },
  });
  const { port } = await transport.listen('127.0.0.1', 0);
  cleanups.push(() => transport.stop());
  const open = async (): Promise<Socket> => {
    const socket = await new Promise<Socket>((resolve) => {
      const made: Socket = connect({ port, host: '127.0.0.1' }, () => resolve(made));
    });
    socket.on('error', () => {});
    cleanups.push(() => socket.destroy());
    return socket;
  };
  return { transport, port, refused, counts, opened, open };
}

test('silent sockets make room for new ones, the oldest first', async () => {
  const { refused, open, port } = await listening({ maxPendingInbound: 3 });
  const { localPort } = await open();
  for (let i = 0; i < 3; i++) await open();
  await eventually(() => refused.map((r) => r.reason)).toEqual([{ code: 'too-many-connections', detail: 'made room' }]);
  expect(refused[0]?.remoteAddress).toBe(`127.0.0.1:${localPort}`);
  const honest = new Party((options) => new TcpTransport(options));
  cleanups.push(() => honest.transport.stop());
  honest.transport.dial(`127.0.0.1:${port}`, 1);
  await eventually(() => honest.opened.length).toBe(1);
});

test('a handshake that is over no longer counts as pending', async () => {
  const { refused, counts, port } = await listening({ maxPendingInbound: 1 });
  const dialer = new Party((options) => new TcpTransport(options));
  cleanups.push(() => dialer.transport.stop());
  for (let token = 1; token <= 3; token++) {
    dialer.transport.dial(`127.0.0.1:${port}`, token);
    await eventually(() => counts.opened).toBe(token);
  }
  expect([refused, counts.closed, dialer.closed]).toEqual([[], 0, []]);
});

test('who shook hands counts among its host’s until it is a peer', async () => {
  const { transport, refused, counts, opened, port } = await listening({ maxPendingInboundPerHost: 1 }, () => false);
  const dialer = new Party((options) => new TcpTransport(options));
  cleanups.push(() => dialer.transport.stop());
  const dial = () => dialer.transport.dial(`127.0.0.1:${port}`, 1);
  dial();
  await eventually(() => counts.opened).toBe(1);
  dial();
  await eventually(() => refused.map((r) => r.reason.detail)).toEqual(['handshakes of this host']);
  for (const id of opened) transport.settled(id);
  dial();
  await eventually(() => counts.opened).toBe(2);
});

test('who shook hands and is no peer makes room where all places are taken, a peer does not', async () => {
  const { transport, refused, counts, opened, port } = await listening({ maxInbound: 1 }, () => false);
  const dialer = new Party((options) => new TcpTransport(options));
  cleanups.push(() => dialer.transport.stop());
  const dial = () => dialer.transport.dial(`127.0.0.1:${port}`, 1);
  dial();
  await eventually(() => counts.opened).toBe(1);
  dial();
  await eventually(() => counts).toEqual({ opened: 2, closed: 1 });
  for (const id of opened) transport.settled(id);
  dial();
  await eventually(() => refused.map((r) => r.reason.detail)).toEqual(['the limit is 1 inbound']);
});

test('the limit of inbound connections holds also for those that shook hands at once', async () => {
  const { refused, counts, port } = await listening({ maxInbound: 1 });
  const dialer = new Party((options) => new TcpTransport(options));
  cleanups.push(() => dialer.transport.stop());
  for (let token = 0; token < 5; token++) dialer.transport.dial(`127.0.0.1:${port}`, token);
  await eventually(() => refused.map((r) => r.reason.code)).toEqual(new Array(4).fill('too-many-connections'));
  expect(counts).toEqual({ opened: 1, closed: 0 });
  await eventually(() => dialer.closed.length + dialer.failed.length).toBe(4);
});

test('garbage is refused with a reason', async () => {
  const { refused, open } = await listening({});
  const socket = await open();
  socket.write('GET / HTTP/1.1\r\n\r\n');
  await eventually(() => refused.map((r) => r.reason.code)).toEqual(['handshake-failed']);
});

test('a server that says nothing fails the dial in time', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const dialer = new Party((options) => new TcpTransport(options), { handshakeMs: 100 });
  cleanups.push(() => dialer.transport.stop());
  dialer.transport.dial(`127.0.0.1:${(server.address() as AddressInfo).port}`, 9);
  await eventually(() => dialer.failed.map((f) => [f.token, f.reason])).toEqual([[9, { code: 'timeout', detail: 'handshake' }]]);
});

test('a probe gives up on who says nothing, and stopping does not wait for it', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const impatient = new Party((options) => new TcpTransport(options), { probeMs: 50, maxProbes: 2 });
  cleanups.push(() => impatient.transport.stop());
  const probes = [1, 2, 3].map(() => impatient.transport.probe(address, impatient.key));
  expect(await Promise.all(probes)).toEqual([false, false, false]);
  expect(sockets.length).toBe(2); // the third was over the limit
  const patient = new Party((options) => new TcpTransport(options));
  const probe = patient.transport.probe(address, patient.key);
  await patient.transport.stop();
  expect(await probe).toBe(false);
  expect(await patient.transport.probe(address, patient.key)).toBe(false);
});

test('IPv6 and names work, and addresses are shown the same way everywhere', async () => {
  const [a, b, c] = [0, 1, 2].map(() => new Party((options) => new TcpTransport(options))) as [Party, Party, Party];
  cleanups.push(() => Promise.all([a, b, c].map((p) => p.transport.stop())));
  const { port } = await b.transport.listen('::', 0);
  a.transport.dial(`[0:0:0:0:0:0:0:1]:${port}`, 1);
  await eventually(() => [a.opened[0]?.remoteAddress, b.opened.length]).toEqual([`[::1]:${port}`, 1]);
  expect(b.opened[0]?.remoteAddress).toMatch(/^\[::1\]:\d+$/);
  c.transport.dial(`127.0.0.1:${port}`, 1);
  await eventually(() => b.opened[1]?.remoteAddress).toMatch(/^127\.0\.0\.1:\d+$/);
  c.transport.dial('no-such-host.invalid:1', 2);
  await eventually(() => c.failed.map((f) => f.reason.code)).toEqual(['name-not-found']);
});

test('stopping leaves no handle behind', async () => {
  const handles = () => process.getActiveResourcesInfo().filter((kind) => /TCP|Timeout|Pipe/.test(kind)).length;
  const before = handles();
  const [a, b] = [0, 1].map(() => new Party((options) => new TcpTransport(options))) as [Party, Party];
  const address = await b.listen();
  for (let token = 0; token < 10; token++) a.transport.dial(address, token);
  await eventually(() => b.opened.length).toBe(10);
  for (let token = 10; token < 20; token++) a.transport.dial(address, token); // still under way
  await Promise.all([a.transport.stop(), b.transport.stop()]);
  await eventually(handles).toBeLessThanOrEqual(before);
});
