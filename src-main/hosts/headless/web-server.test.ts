import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import type { ClientFrame, ServerFrame } from '../../../src-shared/api/bridge.ts';
import { parameterNames } from '../../../src-shared/api/call-line.ts';
import { type MethodName, methods } from '../../../src-shared/api/contract.ts';
import { silentLogger } from '../../node/logging/logger.ts';
import { goodCalls } from '../api/calls.fixture.ts';
import { createApi } from '../api/registry.ts';
import { type FakeServices, fakeServices } from '../api/services.fixture.ts';
import { TopicPublisher } from '../api/topics.ts';
import { newPageToken, startWebServer, type WebServer } from './web-server.ts';

let directory: string;
let services: FakeServices;
let topics: TopicPublisher;
let server: WebServer;
let token: string;
const open: WebSocket[] = [];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'web-'));
  mkdirSync(join(directory, 'assets'));
  writeFileSync(join(directory, 'index.html'), '<html><meta property="csp-nonce" nonce="__CSP_NONCE__"></html>');
  writeFileSync(join(directory, 'assets', 'main.js'), 'start()');
  services = fakeServices();
  topics = new TopicPublisher(services, silentLogger);
  const pages = pathToFileURL(`${directory}/`);
  server = await startWebServer({
    endpoint: { host: '127.0.0.1', port: 0 },
    pages,
    token: newPageToken(),
    api: createApi(services, silentLogger),
    topics,
    log: silentLogger,
  });
  token = new URLSearchParams(new URL(server.url).hash.slice(1)).get('token') ?? '';
});
afterEach(async () => {
  for (const socket of open.splice(0)) socket.terminate();
  topics.stop();
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A page's end of the connection. */
class Page {
  readonly socket: WebSocket;
  readonly #frames: ServerFrame[] = [];
  readonly #waiting: { readonly wanted: (frame: ServerFrame) => boolean; readonly resolve: (frame: ServerFrame) => void }[] = [];

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as ServerFrame;
      const at = this.#waiting.findIndex(({ wanted }) => wanted(frame));
      if (at === -1) this.#frames.push(frame);
      else this.#waiting.splice(at, 1)[0]?.resolve(frame);
    });
  }
  static connect(address = server.address): Promise<Page> {
    const socket = new WebSocket(`ws://${address}/ws`, ['time.v1', `token.${token}`], { origin: `http://${address}` });
    open.push(socket);
    const page = new Page(socket);
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve(page));
      socket.on('error', reject);
    });
  }
  send(frame: ClientFrame | string): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }
  next(wanted: (frame: ServerFrame) => boolean = () => true): Promise<ServerFrame> {
    const at = this.#frames.findIndex(wanted);
    const found = at === -1 ? undefined : this.#frames.splice(at, 1)[0];
    return found === undefined ? new Promise((resolve) => this.#waiting.push({ wanted, resolve })) : Promise.resolve(found);
  }
  closed(): Promise<number> {
    return new Promise((resolve) => this.socket.on('close', resolve));
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}
function get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const [host, port] = server.address.split(':');
  return new Promise((resolve, reject) => {
    request({ host, port, path, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    })
      .on('upgrade', (_, socket) => {
        socket.destroy();
        resolve({ status: 101, headers: {}, text: '' });
      })
      .on('error', reject)
      .end();
  });
}

describe('pages', () => {
  it('carry a strict policy with a nonce of their own', async () => {
    const [first, second] = [await get('/'), await get('/')];
    const nonce = /'nonce-([^']+)'/.exec(String(first.headers['content-security-policy']))?.[1];
    expect(first).toMatchObject({ status: 200, text: `<html><meta property="csp-nonce" nonce="${nonce}"></html>` });
    expect(first.headers['content-security-policy']).toMatch(/default-src 'none'.*require-trusted-types-for 'script'/);
    expect(first.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    expect(second.text).not.toBe(first.text);
    expect(await get('/assets/main.js')).toMatchObject({ status: 200, text: 'start()', headers: { 'content-type': 'text/javascript; charset=utf-8' } });
  });
  it.each(['/../package.json', '/assets/../../package.json', '/%2e%2e/package.json', '/assets', '/nothing.js', '/assets//main.js', '//etc/passwd'])(
    '%s leads nowhere',
    async (path) => {
      const answer = await get(path);
      expect(answer.status).toBe(404);
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    },
  );
  it.each(['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example:80'])('the Host "%s" gets nothing', async (host) => {
    const answer = await get('/', { host });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.text).not.toContain('html');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(await get('/%', { host })).toMatchObject({ status: 400, text: '', headers: { 'x-content-type-options': 'nosniff' } });
  });
});

describe('the WebSocket refuses', () => {
  const upgrade = () => ({
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    origin: `http://${server.address}`,
    host: server.address,
    'sec-websocket-protocol': `time.v1, token.${token}`,
  });
  it('nobody with the token from the page itself', async () => {
    expect((await get('/ws', upgrade())).status).toBe(101);
  });
  it.each<[string, Record<string, string>, number]>([
    ['a foreign Origin', { origin: 'http://evil.example' }, 403],
    ['an Origin of null', { origin: 'null' }, 403],
    ['no Origin', { origin: '' }, 403],
    ['a wrong token', { 'sec-websocket-protocol': 'time.v1, token.AAAA' }, 401],
    ['no token', { 'sec-websocket-protocol': 'time.v1' }, 401],
    ['a foreign Host', { host: 'evil.example', origin: 'http://evil.example' }, 421],
  ])('%s', async (_, headers, status) => {
    expect(await get('/ws', { ...upgrade(), ...headers })).toMatchObject({ status, text: '' });
  });
});

describe('calls', () => {
  it.each(Object.entries(goodCalls))('%s', async (name, list) => {
    const method = name as MethodName;
    const page = await Page.connect();
    page.send({
      kind: 'call',
      id: 5,
      method,
      params: Object.fromEntries(list.flatMap((value, index) => (value === null ? [] : [[parameterNames(method)[index], value]]))),
    });
    const frame = await page.next();
    expect(frame).toMatchObject({ kind: 'reply', id: 5, reply: { ok: true } });
    expect(frame.kind === 'reply' && frame.reply.ok && methods[method].response.safeParse(frame.reply.value).success).toBe(true);
  });
  it('with an error are answered with its code', async () => {
    const page = await Page.connect();
    page.send({ kind: 'call', id: 1, method: 'constructor', params: {} });
    expect(await page.next()).toMatchObject({ kind: 'reply', id: 1, reply: { ok: false, error: { code: 'method-not-found' } } });
  });
});

describe('malformed frames', () => {
  it.each([
    '{',
    '[]',
    'null',
    '{"kind":"call"}',
    '{"kind":"call","id":-1,"method":"stop","params":{}}',
    '{"kind":"call","id":1,"method":5}',
    '{"kind":"run"}',
    '{"kind":"subscribe","topic":"constructor"}',
    '{"kind":"subscribe","topic":"overview","x":1}',
  ])('%s is refused with a reason and changes nothing', async (text) => {
    const page = await Page.connect();
    page.send(text);
    expect(await page.next()).toMatchObject({ kind: 'error', message: expect.stringMatching(/./) });
    page.send({ kind: 'call', id: 2, method: 'uptime', params: {} });
    expect(await page.next()).toMatchObject({ kind: 'reply', id: 2, reply: { ok: true } });
    expect(services.stopRequests).toBe(0);
  });
  it('binary ones too', async () => {
    const page = await Page.connect();
    page.socket.send(Buffer.from(JSON.stringify({ kind: 'call', id: 1, method: 'stop', params: {} })));
    expect(await page.next()).toMatchObject({ kind: 'error' });
    expect(services.stopRequests).toBe(0);
  });
  it('end the connection when they do not end, as does one that is too large', async () => {
    const page = await Page.connect();
    const ended = page.closed();
    for (let sent = 0; sent < 20; sent++) page.send('{');
    expect(await ended).toBe(1008);
    const large = await Page.connect();
    const tooLarge = large.closed();
    large.send('x'.repeat(5 * 1024 * 1024));
    expect(await tooLarge).toBe(1009);
    expect((await Page.connect()).socket.readyState).toBe(WebSocket.OPEN);
  });
});

describe('topics', () => {
  it('begin with a whole view numbered 1, each time', async () => {
    const page = await Page.connect();
    page.send({ kind: 'subscribe', topic: 'overview' });
    expect(await page.next()).toMatchObject({ kind: 'event', event: { topic: 'overview', sequence: 1, value: { chain: 'devnet' } } });
    page.send({ kind: 'subscribe', topic: 'overview' });
    expect(await page.next((frame) => frame.kind === 'event' && frame.event.sequence === 1)).toMatchObject({ kind: 'event' });
  });
  it('end with the connection', async () => {
    const page = await Page.connect();
    page.send({ kind: 'subscribe', topic: 'peers' });
    await page.next();
    const ended = page.closed();
    await server.close();
    expect(await ended).toBeGreaterThan(1_000);
  });
});

it('closes with refused and silent sockets open', async () => {
  await Page.connect();
  await Page.connect();
  await server.close();
  await expect(get('/')).rejects.toThrow();
});

it('closes although a page has gone to sleep over what it was sent', async () => {
  const event = { topic: 'overview', sequence: 1, value: 'x'.repeat(4_000_000) } as never;
  const sleepy = await startWebServer({
    endpoint: { host: '127.0.0.1', port: 0 },
    pages: pathToFileURL(`${directory}/`),
    token,
    api: createApi(services, silentLogger),
    topics: {
      subscribe: (_topic, listener, hasRoom) => {
        while (hasRoom?.() === true) listener(event);
        sent();
        return () => undefined;
      },
    },
    log: silentLogger,
  });
  const { promise: isSent, resolve: sent } = Promise.withResolvers<void>();
  const page = await Page.connect(sleepy.address);
  page.socket.pause();
  page.send({ kind: 'subscribe', topic: 'overview' });
  await isSent;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const closed = sleepy.close();
  await vi.advanceTimersByTimeAsync(1_000);
  vi.useRealTimers();
  await closed;
});
