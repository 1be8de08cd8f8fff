import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { channels } from '../../../src-shared/api/bridge.ts';
import type { Reply } from '../../../src-shared/api/method.ts';
import type { TopicEvent } from '../../../src-shared/api/topics.ts';
import { serveIpc, type WindowDoor } from './ipc.ts';

const origin = 'app://time';
type Listener = (event: unknown, ...args: unknown[]) => unknown;

/** Electron's ipcMain, one window and a node, as far as this host sees them. */
class Fakes {
  readonly listeners = new Map<string, Listener>();
  readonly sent: unknown[][] = [];
  readonly subscriptions = new Map<string, Set<(event: TopicEvent) => void>>();
  readonly contents = Object.assign(new EventEmitter(), { id: 7, send: (...args: unknown[]) => void this.sent.push(args), isDestroyed: () => this.destroyed });
  readonly open: () => void;
  destroyed = false;

  constructor() {
    const register = (channel: string, listener: Listener): void => void this.listeners.set(channel, listener);
    const { promise, resolve } = Promise.withResolvers<WindowDoor>();
    serveIpc({ handle: register, on: register } as never, { door: () => promise, pageOrigin: origin });
    this.open = () =>
      resolve({
        call: async (method, params): Promise<Reply<unknown>> => ({ ok: true, value: [method, params] }),
        subscribe: (topic, listener) => {
          const listening = this.subscriptions.get(topic) ?? new Set();
          this.subscriptions.set(topic, listening.add(listener));
          return () => listening.delete(listener);
        },
      });
  }
  emit(channel: string, message: unknown, frame: unknown = { origin, parent: null }): unknown {
    return this.listeners.get(channel)?.({ sender: this.contents, senderFrame: frame }, message);
  }
  count(topic: string): number {
    return this.subscriptions.get(topic)?.size ?? 0;
  }
}

/** Until everything that waits for the open door has run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function opened(): Promise<Fakes> {
  const fakes = new Fakes();
  fakes.open();
  await settled();
  return fakes;
}

test('a call waits for the node, and gets its answer', async () => {
  const fakes = new Fakes();
  const answer = fakes.emit(channels.invoke, { method: 'uptime', params: { a: 1 } });
  fakes.open();
  expect(await answer).toEqual({ ok: true, value: ['uptime', { a: 1 }] });
});

test.each([
  ['no frame', null],
  ['another origin', { origin: 'https://evil.invalid', parent: null }],
  ['an origin that begins like ours', { origin: 'app://time.evil.invalid', parent: null }],
  ['a frame within the page', { origin, parent: {} }],
])('%s is not answered and subscribes to nothing', async (_name, frame) => {
  const fakes = await opened();
  await expect(fakes.emit(channels.invoke, { method: 'uptime', params: {} }, frame)).rejects.toThrow('not our page');
  fakes.emit(channels.subscribe, 'overview', frame);
  await settled();
  expect(fakes.count('overview')).toBe(0);
});

test.each([[undefined], ['uptime'], [{ method: 7, params: {} }], [{ method: 'x'.repeat(101), params: {} }], [{ method: 'uptime', params: {}, more: 1 }]])(
  'the malformed message %j is refused with a reason',
  async (message) => {
    const fakes = await opened();
    expect(await fakes.emit(channels.invoke, message)).toMatchObject({ ok: false, error: { code: 'invalid-request' } });
  },
);

test('a view reaches the window once, however often the page subscribes', async () => {
  const fakes = await opened();
  for (let time = 0; time < 3; time++) {
    fakes.emit(channels.subscribe, 'overview');
    await settled();
  }
  expect(fakes.count('overview')).toBe(1);
  const event = { topic: 'overview', sequence: 1, value: {} } as TopicEvent;
  for (const listener of fakes.subscriptions.get('overview') ?? []) listener(event);
  expect(fakes.sent).toEqual([[channels.event, event]]);
  fakes.emit(channels.unsubscribe, 'overview');
  expect(fakes.count('overview')).toBe(0);
});

test.each([['constructor'], ['nothing'], [7], [{ topic: 'overview' }]])('there is no topic %j', async (topic) => {
  const fakes = await opened();
  fakes.emit(channels.subscribe, topic);
  await settled();
  expect(fakes.subscriptions.size).toBe(0);
});

test('a subscription that ended before the node ran never begins', async () => {
  const fakes = new Fakes();
  fakes.emit(channels.subscribe, 'overview');
  fakes.emit(channels.subscribe, 'peers');
  fakes.emit(channels.unsubscribe, 'overview');
  fakes.open();
  await settled();
  expect([fakes.count('overview'), fakes.count('peers')]).toEqual([0, 1]);
});

test.each([
  ['loads another page', (contents: EventEmitter) => contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false })],
  ['crashes', (contents: EventEmitter) => contents.emit('render-process-gone')],
  ['is gone', (contents: EventEmitter) => contents.emit('destroyed')],
])('a window that %s has no subscriptions left', async (_name, happen) => {
  const fakes = await opened();
  fakes.emit(channels.subscribe, 'overview');
  fakes.emit(channels.subscribe, 'wallet');
  await settled();
  happen(fakes.contents);
  expect([fakes.count('overview'), fakes.count('wallet')]).toEqual([0, 0]);
});

test('moving within the page keeps them', async () => {
  const fakes = await opened();
  fakes.emit(channels.subscribe, 'overview');
  await settled();
  fakes.contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: true });
  fakes.contents.emit('did-start-navigation', { isMainFrame: false, isSameDocument: false });
  expect(fakes.count('overview')).toBe(1);
});

test('nothing is sent to a window that is gone', async () => {
  const fakes = await opened();
  fakes.emit(channels.subscribe, 'overview');
  await settled();
  fakes.destroyed = true;
  for (const listener of fakes.subscriptions.get('overview') ?? []) listener({ topic: 'overview', sequence: 1, value: {} } as TopicEvent);
  expect(fakes.sent).toEqual([]);
});
