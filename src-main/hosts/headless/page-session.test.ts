import { expect, it } from 'vitest';
import type { ServerFrame } from '../../../src-shared/api/bridge.ts';
import type { TopicEvent } from '../../../src-shared/api/topics.ts';
import type { Api } from '../api/registry.ts';
import { PageSession } from './page-session.ts';

const call = (id: number): string => JSON.stringify({ kind: 'call', id, method: 'uptime', params: {} });

function sessionWith(api: Api['call']) {
  const sent: ServerFrame[] = [];
  const closes: number[] = [];
  let buffered = 0;
  let subscribed = 0;
  let push: (event: TopicEvent) => void = () => undefined;
  const socket = {
    send: (text: string) => void sent.push(JSON.parse(text) as ServerFrame),
    bufferedBytes: () => buffered,
    close: (code: number) => void closes.push(code),
  };
  const topics = {
    subscribe: (_topic: string, listener: (event: TopicEvent) => void, hasRoom?: () => boolean) => {
      subscribed++;
      push = (event) => {
        if (hasRoom?.() === true) listener(event);
      };
      return () => void subscribed--;
    },
  };
  const setBuffered = (bytes: number): void => {
    buffered = bytes;
  };
  const session = new PageSession(socket, { call: api }, topics);
  return { session, sent, closes, setBuffered, subscribed: () => subscribed, push: (event: TopicEvent) => push(event) };
}

it('answers calls as they finish, and refuses more than it can hold', async () => {
  const releases: (() => void)[] = [];
  const { session, sent } = sessionWith(() => new Promise((resolve) => releases.push(() => resolve({ ok: true, value: 1 }))));
  const calls = Array.from({ length: 64 }, (_, id) => session.receive(call(id)));
  await session.receive(call(64));
  expect(sent).toEqual([{ kind: 'reply', id: 64, reply: { ok: false, error: { code: 'misc-error', message: 'At most 64 calls at once.' } } }]);
  for (const release of releases.toReversed()) release();
  await Promise.all(calls);
  expect(sent.length).toBe(65);
  expect(sent.at(1)).toMatchObject({ id: 63 });
});

it('drops a page that does not read, with what it was subscribed to', async () => {
  const { session, sent, closes, setBuffered, subscribed } = sessionWith(() => Promise.resolve({ ok: true, value: 1 }));
  await session.receive(JSON.stringify({ kind: 'subscribe', topic: 'peers' }));
  expect(subscribed()).toBe(1);
  setBuffered(9 * 1024 * 1024);
  await session.receive(call(1));
  expect(closes).toEqual([1013]);
  expect(subscribed()).toBe(0);
  setBuffered(0);
  await session.receive(call(2));
  expect(sent).toEqual([]);
});

it('sends no view to a page that has not read the last ones, and does not drop it for that', async () => {
  const { session, sent, closes, setBuffered, push } = sessionWith(() => Promise.resolve({ ok: true, value: 1 }));
  await session.receive(JSON.stringify({ kind: 'subscribe', topic: 'health' }));
  const event: TopicEvent = { topic: 'health', sequence: 1, value: { verdict: 'good', alerts: [], nowms: 1 } };
  setBuffered(2 * 1024 * 1024);
  push(event);
  expect([sent, closes]).toEqual([[], []]);
  setBuffered(0);
  push(event);
  expect(sent).toEqual([{ kind: 'event', event }]);
});

it('subscribes once to a topic, however often it is asked', async () => {
  const { session, subscribed } = sessionWith(() => Promise.resolve({ ok: true, value: 1 }));
  for (let time = 0; time < 3; time++) await session.receive(JSON.stringify({ kind: 'subscribe', topic: 'peers' }));
  expect(subscribed()).toBe(1);
  await session.receive(JSON.stringify({ kind: 'unsubscribe', topic: 'peers' }));
  await session.receive(JSON.stringify({ kind: 'unsubscribe', topic: 'peers' }));
  expect(subscribed()).toBe(0);
});

it('sends nothing more to a socket that is gone while a call is under way', async () => {
  const { promise, resolve } = Promise.withResolvers<{ ok: true; value: number }>();
  const { session, sent } = sessionWith(() => promise);
  const answered = session.receive(call(1));
  session.closed();
  resolve({ ok: true, value: 1 });
  await answered;
  expect(sent).toEqual([]);
});
