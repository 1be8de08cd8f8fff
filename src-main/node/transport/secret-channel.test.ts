import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import SecretStream from '@hyperswarm/secret-stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { emptyFrameBytes } from './frame-guard.ts';
import { SecretChannel } from './secret-channel.ts';
import { eventually, localLimits } from './test-party.fixture.ts';
import type { ConnectFailure } from './transport.ts';

const limits = {
  ...localLimits,
  handshakeMs: 300,
  frameMs: 300,
  idleMs: 2_000,
  closeFlushMs: 300,
  maxMessageBytes: 1_000_000,
  maxSendQueueBytes: 2_000_000,
  messageBurst: Number.POSITIVE_INFINITY,
};
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const c of cleanups.splice(0)) c();
});

interface Overrides {
  admit?: (key: Uint8Array) => ConnectFailure | undefined;
  onMessage?: (message: Uint8Array, channel: SecretChannel) => void;
  onOpen?: (channel: SecretChannel) => void;
}

/** A channel on one side of a socket; the test holds the other side. `ended` is how it ended, before or after opening. */
async function victim(over: Overrides = {}, own: typeof limits = limits) {
  const events: string[] = [];
  let ended: string | undefined;
  const sockets: Socket[] = [];
  let channel: SecretChannel | undefined;
  const server = createServer((socket) => {
    sockets.push(socket);
    const made: SecretChannel = new SecretChannel(socket, {
      initiator: false,
      keyPair: SecretStream.keyPair(),
      limits: own,
      admit: over.admit ?? (() => undefined),
      onOpen: () => {
        events.push('open');
        over.onOpen?.(made);
      },
      onMessages: (messages) => {
        for (const message of messages) {
          events.push(`message ${message.length}`);
          over.onMessage?.(message, made);
        }
      },
      onFailed: ({ code, detail }) => {
        ended = ended === undefined ? `failed: ${code} ${detail}` : 'ended twice';
      },
      onClosed: ({ code, detail }) => {
        ended = ended === undefined ? `closed: ${code} ${detail}` : 'ended twice';
      },
    });
    channel = made;
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const socket = await new Promise<Socket>((resolve) => {
    const s: Socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => resolve(s));
  });
  socket.on('error', () => {});
  cleanups.push(() => {
    socket.destroy();
    for (const s of sockets) s.destroy();
    server.close();
  });
  const endsWith = (expected: string) => eventually(() => ended).toBe(expected);
  return { socket, events, endsWith, channel: () => channel, ownSocket: () => sockets[0] };
}

async function honest(socket: Socket) {
  const stream = new SecretStream(true, socket, {});
  stream.on('error', () => {});
  await stream.opened;
  return stream;
}

test.each([
  ['garbage', Buffer.from('GET / HTTP/1.1\r\n'), 'failed: handshake-failed a frame of 5522759 bytes'],
  ['16 MiB announced', Buffer.from([255, 255, 255, 0]), 'failed: handshake-failed a frame of 16777215 bytes'],
  ['33 bytes announced', Buffer.from([33, 0, 0, 0]), 'failed: handshake-failed a frame of 33 bytes'],
  ['empty frame', Buffer.from([0, 0, 0]), 'failed: handshake-failed a frame of 0 bytes'],
  ['point of low order', Buffer.concat([Buffer.from([32, 0, 0, 1]), Buffer.alloc(31)]), 'failed: handshake-failed Noise handshake failed'],
  ['silence', Buffer.alloc(0), 'failed: timeout handshake'],
])('before the handshake: %s', async (_name, bytes, reason) => {
  const { socket, endsWith } = await victim();
  socket.write(bytes);
  await endsWith(reason);
});
test('one byte at a time does not renew the deadline', async () => {
  const { socket, endsWith } = await victim();
  socket.write(Buffer.from([32, 0, 0]));
  const timer = setInterval(() => socket.write(Buffer.from([1])), 20);
  await endsWith('failed: timeout handshake');
  clearInterval(timer);
});
test('FIN in silence closes', async () => {
  const { socket, endsWith } = await victim();
  socket.end();
  await endsWith('failed: closed-by-peer ');
});
test('after the handshake a frame over the limit closes, one at the limit passes', async () => {
  const { socket, endsWith, events } = await victim();
  const stream = await honest(socket);
  stream.write(Buffer.alloc(limits.maxMessageBytes));
  await eventually(() => events.length).toBe(2);
  stream.write(Buffer.alloc(limits.maxMessageBytes + 1));
  await endsWith(`closed: frame-size a frame of ${limits.maxMessageBytes + 1 + emptyFrameBytes} bytes`);
  expect(events).toEqual(['open', `message ${limits.maxMessageBytes}`]);
});
test('an empty message closes', async () => {
  const { socket, endsWith } = await victim();
  const stream = await honest(socket);
  stream.write(Buffer.alloc(0));
  await endsWith(`closed: frame-size a frame of ${emptyFrameBytes} bytes`);
});
test('a frame that never ends closes', async () => {
  const { socket, endsWith } = await victim();
  await honest(socket);
  socket.write(Buffer.from([0, 1, 0, 9]));
  await endsWith('closed: frame-timeout 300 ms');
});
test('forged bytes close', async () => {
  const { socket, endsWith } = await victim();
  await honest(socket);
  socket.write(Buffer.concat([Buffer.from([30, 0, 0]), Buffer.alloc(30, 1)]));
  await endsWith('closed: frame-forged pull failed');
});
test('a refused key never opens', async () => {
  const { socket, endsWith, events } = await victim({ admit: () => ({ code: 'self', detail: 'refused' }) });
  const stream = new SecretStream(true, socket, {});
  stream.on('error', () => {});
  await endsWith('failed: self refused');
  expect(events).toEqual([]);
});
test('a peer that does not read is cut off, whatever is queued', async () => {
  const { socket, endsWith } = await victim({
    onOpen: (channel) => {
      for (let i = 0; i < 40; i++) channel.send(new Uint8Array(100_000));
    },
  });
  const stream = await honest(socket);
  stream.pause();
  await endsWith(`closed: send-queue-full ${19 * 100_020} bytes`);
});

test('a peer that does not read its last words is not waited for', async () => {
  const { socket, endsWith } = await victim(
    {
      onOpen: (channel) => {
        for (let i = 0; i < 19; i++) channel.send(new Uint8Array(100_000));
        channel.close('closed-by-peer', 'closed-locally', 'bye');
      },
    },
    { ...limits, idleMs: 600_000 },
  );
  const stream = await honest(socket);
  stream.pause();
  await endsWith('closed: closed-locally bye');
});

test('closing while paused reads on to the end of the peer, who said more than was read', async () => {
  const { socket, endsWith, channel, ownSocket } = await victim({ onOpen: (made) => made.pause() }, { ...limits, closeFlushMs: 600_000, idleMs: 600_000 });
  const stream = await honest(socket);
  for (let i = 0; i < 10; i++) stream.write(Buffer.alloc(50_000));
  stream.on('end', () => stream.end());
  stream.resume();
  await eventually(() => ownSocket()?.bytesRead).toBeGreaterThan(50_000);
  channel()?.close('closed-by-peer', 'closed-locally', 'bye');
  await endsWith('closed: closed-locally bye');
});

test('what arrived while paused, and the end after it, wait for resume', async () => {
  const { socket, events, endsWith, channel, ownSocket } = await victim({ onOpen: (made) => made.pause() });
  const stream = await honest(socket);
  await eventually(() => events).toEqual(['open']);
  let ended = false;
  ownSocket()?.on('end', () => {
    ended = true;
  });
  for (let i = 1; i <= 10; i++) stream.write(Buffer.alloc(i));
  stream.end();
  await eventually(() => ended).toBe(true);
  expect(events).toEqual(['open']);
  channel()?.resume();
  await endsWith('closed: closed-by-peer ');
  expect(events).toEqual(['open', ...Array.from({ length: 10 }, (_, i) => `message ${i + 1}`)]);
});

test('messages of one tick travel as one write', async () => {
  const { socket, events, channel, ownSocket } = await victim();
  const stream = await honest(socket);
  await eventually(() => events).toEqual(['open']);
  const own = ownSocket();
  if (own === undefined) throw new Error('the victim has a socket');
  const single = vi.spyOn(own, '_write');
  const gathered = vi.spyOn(own as Required<Pick<Socket, '_writev'>>, '_writev');
  let received = 0;
  stream.on('data', () => void received++);
  for (let i = 0; i < 100; i++) channel()?.send(new Uint8Array(250));
  await eventually(() => received).toBe(100);
  expect([single.mock.calls.length, gathered.mock.calls.length]).toEqual([0, 1]);
});

test('a peer that floods while we close changes nothing', async () => {
  const { socket, events, endsWith } = await victim({ onOpen: (channel) => channel.close('closed-by-peer', 'closed-locally', 'bye') });
  const stream = await honest(socket);
  const flood = setInterval(() => stream.write(Buffer.alloc(50_000)), 5);
  cleanups.push(() => clearInterval(flood));
  await endsWith('closed: closed-locally bye');
  expect(events).toEqual(['open']);
});

test('more messages than a peer may send are read at the pace that it may, and none is lost', async () => {
  const { socket, events } = await victim({}, { ...limits, messagesPerSecond: 2_000, messageBurst: 100 });
  const stream = await honest(socket);
  await eventually(() => events).toEqual(['open']);
  const startMs = performance.now();
  for (let i = 0; i < 1_100; i++) stream.write(Buffer.alloc(1));
  await eventually(() => events.length).toBe(1_101);
  // 1,000 beyond the burst, less what one second's tenth may bring at once.
  expect(performance.now() - startMs).toBeGreaterThan(400);
});

test('a peer that is read slowly is closed as quickly as any', async () => {
  const { socket, events, endsWith, channel } = await victim({}, { ...limits, messagesPerSecond: 1, messageBurst: 10, closeFlushMs: 600_000 });
  const stream = await honest(socket);
  for (let i = 0; i < 5_000; i++) stream.write(Buffer.alloc(10));
  stream.on('end', () => stream.end());
  stream.resume();
  await eventually(() => events.length).toBeGreaterThan(10);
  channel()?.close('closed-by-peer', 'closed-locally', 'bye');
  await endsWith('closed: closed-locally bye');
  expect(events.length).toBeLessThan(100);
});

test('a flood that was held back is not decrypted once its connection closes', async () => {
  const { socket, events, endsWith, channel } = await victim({ onOpen: (made) => made.pause() }, { ...limits, closeFlushMs: 600_000 });
  const stream = await honest(socket);
  stream.on('end', () => stream.end());
  stream.resume();
  await eventually(() => events).toEqual(['open']);
  const decrypted = vi.spyOn(SecretStream.prototype as unknown as { _incoming(): void }, '_incoming');
  for (let i = 0; i < 50_000; i++) stream.write(Buffer.alloc(10));
  channel()?.close('closed-by-peer', 'closed-locally', 'bye');
  await endsWith('closed: closed-locally bye');
  expect(decrypted.mock.calls.length).toBeLessThan(10_000);
});

test('silence after the handshake ends it', async () => {
  const { socket, endsWith } = await victim({}, { ...limits, idleMs: 100 });
  await honest(socket);
  await endsWith('closed: idle 100 ms');
});

test('a reset ends it with its own code', async () => {
  const { socket, events, endsWith } = await victim();
  await honest(socket);
  await eventually(() => events).toEqual(['open']);
  socket.resetAndDestroy();
  await endsWith('closed: connection-reset read ECONNRESET');
});

test('a replayed frame is not authentic', async () => {
  const { socket, events, endsWith } = await victim();
  const stream = await honest(socket);
  const write = socket.write.bind(socket);
  let last: Uint8Array | undefined;
  socket.write = (bytes: Uint8Array | string) => {
    if (typeof bytes !== 'string') last = Uint8Array.from(bytes);
    return write(bytes);
  };
  stream.write(Buffer.from('pay'));
  await eventually(() => events).toEqual(['open', 'message 3']);
  write(last ?? '');
  await endsWith('closed: frame-forged pull failed');
  expect(events).toEqual(['open', 'message 3']);
});

test('the end of the stream delivers what came before it', async () => {
  const { socket, events, endsWith } = await victim({ onMessage: (_message, channel) => channel.pause() });
  const stream = await honest(socket);
  for (let i = 1; i <= 100; i++) stream.write(Buffer.alloc(i));
  stream.end();
  await endsWith('closed: closed-by-peer ');
  expect(events).toEqual(['open', ...Array.from({ length: 100 }, (_, i) => `message ${i + 1}`)]);
});

describe('with a clock of our own', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  test('pausing holds a flood back for longer than every deadline, and resuming loses nothing', async () => {
    const { socket, events, channel } = await victim({
      onMessage: (_message, from) => {
        if (events.length === 2) from.pause();
      },
    });
    const stream = await honest(socket);
    const total = 20_000;
    let sent = 0;
    void (async () => {
      for (; sent < total; sent++) if (!stream.write(Buffer.alloc(1_000))) await new Promise<void>((resolve) => void stream.once('drain', resolve));
    })();
    await eventually(() => events.length).toBeGreaterThan(1);
    const heldAt = events.length;
    vi.advanceTimersByTime(60_000);
    expect(channel()?.stats.bytesReceived).toBeLessThan(total * 1_000);
    expect(events.length).toBe(heldAt);
    channel()?.resume();
    await eventually(() => events.length).toBe(total + 1);
  });

  test('the deadline is for each frame anew, also when every read ends in the middle of one', async () => {
    const { socket, events, endsWith } = await victim();
    const stream = await honest(socket);
    await eventually(() => events).toEqual(['open']);
    const frames: Buffer[] = [];
    const write = socket.write.bind(socket);
    socket.write = (bytes: Uint8Array | string) => frames.push(Buffer.from(bytes)) > 0;
    for (let i = 0; i < 10; i++) stream.write(Buffer.alloc(1_000));
    await eventually(() => frames.length).toBe(10);
    const bytes = Buffer.concat(frames);
    const frameBytes = bytes.length / 10;
    let at = 0;
    for (let i = 1; i < 10; i++) {
      const until = i * frameBytes + 100;
      write(bytes.subarray(at, until));
      at = until;
      await eventually(() => events.length).toBe(i + 1);
      vi.advanceTimersByTime(200); // the deadline is 300 ms
    }
    expect(events.length).toBe(10);
    vi.advanceTimersByTime(100);
    await endsWith('closed: frame-timeout 300 ms');
  });
});
