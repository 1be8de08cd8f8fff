import { beforeEach, describe, expect, test } from 'vitest';
import type { TopicEvent } from '../../src-shared/api/topics.ts';
import { retryDelayMs } from './backoff.ts';
import type { ConnectionStatus } from './connection-status.ts';
import { SocketBridge, type SocketBridgeWorld, type SocketListener } from './socket-bridge.ts';

interface Timer {
  readonly run: () => void;
  readonly atMs: number;
}

/** Sockets, timers and a clock in the test's hand. */
class FakeWorld implements SocketBridgeWorld {
  readonly sockets: { readonly listener: SocketListener; readonly sent: unknown[]; closed: boolean }[] = [];
  readonly refused: string[] = [];
  answersProbe = false;
  #now = 0;
  #timers: Timer[] = [];

  open(listener: SocketListener) {
    const socket = { listener, sent: [] as unknown[], closed: false };
    this.sockets.push(socket);
    return {
      send: (text: string) => void socket.sent.push(JSON.parse(text)),
      close: () => {
        socket.closed = true;
        listener.onClose();
      },
    };
  }
  probe = async (): Promise<boolean> => this.answersProbe;
  nowMs = (): number => this.#now;
  random = (): number => 0.5;
  setTimer(run: () => void, delayMs: number): () => void {
    const timer = { run, atMs: this.#now + delayMs };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }
  onRefusedFrame(message: string): void {
    this.refused.push(message);
  }
  get last() {
    return this.sockets.at(-1)!;
  }
  advance(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter(({ atMs }) => atMs <= this.#now);
    this.#timers = this.#timers.filter(({ atMs }) => atMs > this.#now);
    for (const { run } of due) run();
  }
}

let world: FakeWorld;
let statuses: ConnectionStatus[];
let bridge: SocketBridge;
beforeEach(() => {
  world = new FakeWorld();
  statuses = [];
  bridge = new SocketBridge(world, (status) => statuses.push(status));
});

const receive = (frame: unknown): void => world.last.listener.onMessage(JSON.stringify(frame));
const eventOf = (sequence: number) => ({ kind: 'event', event: { topic: 'wallet', sequence, value: {} } });

describe('calls', () => {
  test('are answered by their number, in any order', async () => {
    world.last.listener.onOpen();
    const first = bridge.invoke('uptime', {});
    const second = bridge.invoke('help', { command: 'uptime' });
    expect(world.last.sent).toEqual([
      { kind: 'call', id: 1, method: 'uptime', params: {} },
      { kind: 'call', id: 2, method: 'help', params: { command: 'uptime' } },
    ]);
    receive({ kind: 'reply', id: 2, reply: { ok: true, value: 'seconds' } });
    receive({ kind: 'reply', id: 1, reply: { ok: false, error: { code: 'internal', message: 'oh' } } });
    expect(await first).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(await second).toEqual({ ok: true, value: 'seconds' });
  });

  test('fail at once without a connection, and when it ends', async () => {
    expect(await bridge.invoke('uptime', {})).toMatchObject({ ok: false, error: { code: 'disconnected' } });
    world.last.listener.onOpen();
    const open = bridge.invoke('uptime', {});
    world.last.listener.onClose();
    expect(await open).toMatchObject({ ok: false, error: { code: 'disconnected' } });
  });

  test.each([
    ['uptime', 30_000],
    ['verifychain', 900_000],
  ])('%s ends without an answer in time, and a late answer changes nothing', async (method, timeoutMs) => {
    world.last.listener.onOpen();
    let outcome: unknown;
    const call = bridge.invoke(method, {}).then((is) => (outcome = is));
    world.advance(timeoutMs - 1);
    await new Promise(setImmediate);
    expect(outcome).toBeUndefined();
    world.advance(1);
    expect(await call).toMatchObject({ ok: false, error: { code: 'no-answer' } });
    receive({ kind: 'reply', id: 1, reply: { ok: true, value: 1 } });
  });

  test('are bounded', async () => {
    world.last.listener.onOpen();
    for (let i = 0; i < 200; i++) void bridge.invoke('uptime', {});
    expect(await bridge.invoke('uptime', {})).toMatchObject({ ok: false, error: { code: 'no-answer' } });
    expect(world.last.sent).toHaveLength(200);
  });
});

describe('subscriptions', () => {
  test('are made again after each connection, and end when asked', () => {
    const heard: TopicEvent[] = [];
    const end = bridge.subscribe('wallet', (event) => heard.push(event));
    expect(world.last.sent).toEqual([]);
    world.last.listener.onOpen();
    expect(world.last.sent).toEqual([{ kind: 'subscribe', topic: 'wallet' }]);
    receive(eventOf(1));
    world.last.listener.onClose();
    world.advance(10_000);
    world.last.listener.onOpen();
    expect(world.last.sent).toEqual([{ kind: 'subscribe', topic: 'wallet' }]);
    receive(eventOf(1));
    end();
    receive(eventOf(2));
    expect(heard.map(({ sequence }) => sequence)).toEqual([1, 1]);
    expect(world.last.sent.at(-1)).toEqual({ kind: 'unsubscribe', topic: 'wallet' });
  });

  test('the end of a replaced one leaves the new one alone', () => {
    world.last.listener.onOpen();
    const heard: string[] = [];
    const endOld = bridge.subscribe('wallet', () => heard.push('old'));
    bridge.subscribe('wallet', () => heard.push('new'));
    endOld();
    receive(eventOf(1));
    expect(heard).toEqual(['new']);
  });
});

describe('the connection', () => {
  test('says how it stands, and comes back by itself', () => {
    world.last.listener.onOpen();
    receive(eventOf(1));
    world.last.listener.onClose();
    expect(statuses).toEqual([{ kind: 'connecting' }, { kind: 'open' }, { kind: 'waiting', why: 'not-running', retryAtMs: 250 }]);
    world.advance(250);
    expect(world.sockets).toHaveLength(2);
  });

  test('waits longer with each failure, also where it opens and then talks nonsense', () => {
    const waits: number[] = [];
    for (let i = 0; i < 7; i++) {
      const before = world.nowMs();
      world.last.listener.onOpen();
      world.last.listener.onMessage('not JSON');
      expect(world.last.closed).toBe(true);
      const status = statuses.at(-1)!;
      const wait = status.kind === 'waiting' ? status.retryAtMs - before : 0;
      waits.push(wait);
      world.advance(wait);
    }
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  });

  test('tells a node that refuses from one that does not run', async () => {
    world.answersProbe = true;
    world.last.listener.onClose();
    await Promise.resolve();
    await Promise.resolve();
    expect(statuses.at(-1)).toEqual({ kind: 'waiting', why: 'refused', retryAtMs: 250 });
  });

  test('is tried at once when asked, and once only', () => {
    world.last.listener.onClose();
    bridge.retry();
    bridge.retry();
    world.advance(10_000);
    expect(world.sockets).toHaveLength(2);
  });

  test('stays when the node refuses a frame, and says which', () => {
    world.last.listener.onOpen();
    receive({ kind: 'error', message: 'unknown topic' });
    expect(world.refused).toEqual(['unknown topic']);
    expect(world.last.closed).toBe(false);
  });
});

test('waits are jittered by a quarter, and bounded', () => {
  expect(retryDelayMs(1, 0)).toBe(188);
  expect(retryDelayMs(1, 1)).toBe(313);
  expect(retryDelayMs(1_000_000, 1)).toBe(6_250);
});
