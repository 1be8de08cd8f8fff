import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { expect } from '@playwright/test';
import { WebSocket } from 'ws';
import { test } from './fixture.ts';
import type { TestNode } from './node.ts';
import { payFinally } from './payments.ts';
import { until } from './processes.ts';

const closeMs = 5_000;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** As it is given, Host included, which `fetch` does not allow. */
function ask(
  address: string,
  { method = 'POST', path = '/', headers = {}, body = '' }: { method?: string; path?: string; headers?: Record<string, string>; body?: string | Buffer },
): Promise<Answer> {
  const [host, port] = address.split(':') as [string, string];
  return new Promise((resolve, reject) => {
    const sent = request({ host, port, method, path, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const stop = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'stop', params: [] });

test('JSON-RPC answers only who may read the cookie, on this machine, and no page', async ({ devnet }) => {
  const node = devnet.node(0);
  const { rpc } = node.addresses;
  const authorization = node.authorization;
  const intruders: readonly (readonly [string, number, Record<string, string>])[] = [
    ['no cookie', 401, {}],
    ['another cookie', 401, { authorization: `Basic ${Buffer.from(`__cookie__:${randomBytes(32).toString('hex')}`).toString('base64')}` }],
    ['another scheme', 401, { authorization: authorization.replace('Basic', 'Bearer') }],
    ['another node’s cookie', 401, { authorization: devnet.node(1).authorization }],
    ['a foreign Host', 403, { authorization, host: 'time.example' }],
    ['a foreign Host that begins like ours', 403, { authorization, host: '127.0.0.1.time.example' }],
    ['a foreign Origin', 403, { authorization, origin: 'http://time.example' }],
    ['our own page', 403, { authorization, origin: `http://${rpc}` }],
    ['no Origin to speak of', 403, { authorization, origin: 'null' }],
  ];
  for (const [name, status, headers] of intruders) {
    for (const path of ['/', '/metrics']) {
      const answer = await ask(rpc, { headers, path, method: path === '/' ? 'POST' : 'GET', body: path === '/' ? stop : '' });
      expect([name, answer.status, answer.body]).toEqual([name, status, '']);
    }
  }

  const body = (value: unknown): string => JSON.stringify(value);
  const call = (method: unknown, params?: unknown): string => body({ jsonrpc: '2.0', id: 1, method, params });
  const malformed: readonly (readonly [string, number, string])[] = [
    ['no JSON', -32_700, '{"jsonrpc"'],
    ['nothing', -32_700, ''],
    ['bytes', -32_700, randomBytes(100).toString('latin1')],
    ['a number', -32_600, '7'],
    ['an empty batch', -32_600, '[]'],
    ['too large a batch', -32_600, body(Array(1_001).fill({ jsonrpc: '2.0', id: 1, method: 'uptime' }))],
    ['no method', -32_600, body({ jsonrpc: '2.0', id: 1 })],
    ['a method that is no text', -32_600, call(7)],
    ['params that are none', -32_600, call('uptime', 'x')],
    ['an unknown method', -32_601, call('getmoney')],
    ['what every object has', -32_601, call('constructor')],
    ['a prototype', -32_601, call('__proto__')],
    ['an unknown parameter', -32_602, call('getblockhash', { height: 0, depth: 1 })],
    ['a prototype as parameter', -32_602, '{"jsonrpc":"2.0","id":1,"method":"getblockhash","params":{"height":0,"__proto__":{"height":1}}}'],
    ['too many parameters', -32_602, call('getblockhash', [0, 1])],
    ['a parameter of another type', -32_602, call('getblockhash', ['0'])],
    ['a height that is no number of blocks', -32_602, call('getblockhash', [-1])],
    ['a transaction that is none', -22, call('sendrawtransaction', ['00'])],
    ['an amount below nothing', -32_602, call('sendtoaddress', { address: 'x', amount: '-1' })],
    ['an address that is none', -5, call('sendtoaddress', { address: 'x', amount: '1' })],
  ];
  for (const [name, code, text] of malformed) {
    const answer = await ask(rpc, { headers: { authorization }, body: text });
    const { error } = JSON.parse(answer.body) as { readonly error: { readonly code: number; readonly message: string } };
    expect([name, error.code]).toEqual([name, code]);
    expect(error.message).not.toBe('');
  }
  const nested = await ask(rpc, { headers: { authorization }, body: '['.repeat(1_000_000) });
  expect(nested.status).toBe(400);
  const oversized = await ask(rpc, { headers: { authorization }, body: Buffer.alloc(17 * 1024 * 1024, 32) }).catch(() => ({ status: 413 }));
  expect(oversized.status).toBe(413);
  expect((await ask(rpc, { headers: { authorization }, method: 'GET' })).status).toBe(405);
  await untilClosed(rpc, randomBytes(10_000));
  await untilClosed(rpc, Buffer.from('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n'));

  await unchanged(devnet.nodes);
});

/** The other side ends the connection when it sees these bytes. */
async function untilClosed(address: string, bytes: Buffer): Promise<void> {
  const [host, port] = address.split(':') as [string, string];
  const socket = connect({ host, port: Number(port) });
  socket.on('error', () => {}); // a reset is as good
  await once(socket, 'connect');
  socket.resume().write(bytes);
  await until('the connection is closed', closeMs, () => socket.readableEnded || socket.destroyed);
  socket.destroy();
}

async function unchanged(nodes: readonly TestNode[]): Promise<void> {
  for (const node of nodes) {
    expect(node.isRunning).toBe(true);
    expect((await node.call('getmempoolinfo')).size).toBe(0);
    expect(await node.call('listtransactions', { count: 1_000 }).then((all) => all.filter(({ category }) => category === 'send'))).toEqual([]);
  }
  await payFinally(nodes[0]!, nodes, 5_000);
}

test('the WebSocket answers only the page with the key, and survives what a page may send', async ({ devnet }) => {
  const node = devnet.node(0);
  const { origin, host, hash } = new URL(node.addresses.web);
  const token = hash.slice('#token='.length);
  const protocols = (key: string): string[] => ['time.v1', `token.${key}`];
  const open = (key: string | undefined, headers: Record<string, string>): WebSocket =>
    new WebSocket(`ws://${host}/ws`, key === undefined ? [] : protocols(key), { headers });

  const intruders: readonly (readonly [string, number, string | undefined, Record<string, string>])[] = [
    ['no key', 401, undefined, { origin }],
    ['another key', 401, randomBytes(32).toString('base64url'), { origin }],
    ['no Origin', 403, token, {}],
    ['a foreign Origin', 403, token, { origin: 'http://time.example' }],
    ['the Origin of another port', 403, token, { origin: 'http://127.0.0.1:1' }],
    ['a foreign Host', 421, token, { origin: 'http://time.example', host: 'time.example' }],
  ];
  for (const [name, status, key, headers] of intruders) {
    const socket = open(key, headers);
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { readonly statusCode: number; destroy(): void }];
    expect([name, response.statusCode]).toEqual([name, status]);
    response.destroy();
  }
  const foreign = await ask(host, { method: 'GET', headers: { host: 'time.example' } });
  expect([foreign.status, foreign.body]).toEqual([421, '']);
  for (const path of ['/../../package.json', '/%2e%2e/%2e%2e/package.json', '/..%5cpackage.json', '/main.js%00', '/.cookie']) {
    expect((await ask(host, { method: 'GET', path, headers: { host } })).status, path).toBeGreaterThanOrEqual(400);
  }

  const said: { kind: string; reply?: { ok: boolean; error?: { code: string } } }[] = [];
  const socket = open(token, { origin });
  socket.on('message', (data: Buffer) => said.push(JSON.parse(data.toString('utf8'))));
  await once(socket, 'open');
  const answered = async (frame: string | Buffer): Promise<(typeof said)[number]> => {
    const before = said.length;
    socket.send(frame);
    await until('an answer', closeMs, () => said.length > before);
    return said[before]!;
  };
  const callOf = (method: string, params: unknown = {}): string => JSON.stringify({ kind: 'call', id: 1, method, params });
  const badFrames = [
    '',
    '{',
    '7',
    '{"kind":"shout"}',
    '{"kind":"call","id":-1,"method":"uptime","params":{}}',
    randomBytes(50),
    '{"kind":"subscribe","topic":"secrets"}',
  ];
  for (const frame of badFrames) expect(await answered(frame)).toMatchObject({ kind: 'error' });
  for (const [method, params, code] of [
    ['constructor', {}, 'method-not-found'],
    ['getblockhash', { height: 'x' }, 'invalid-params'],
    ['sendtoaddress', { address: 'x', amount: '1' }, 'invalid-address'],
  ] as const)
    expect(await answered(callOf(method, params))).toMatchObject({ kind: 'reply', reply: { ok: false, error: { code } } });
  expect(await answered(callOf('uptime'))).toMatchObject({ kind: 'reply', reply: { ok: true } });

  const closed = once(socket, 'close') as Promise<[number]>;
  for (let i = 0; i < 20; i++) socket.send('no frame');
  expect((await closed)[0]).toBe(1008);
  const large = open(token, { origin });
  large.on('error', () => {}); // what is still being sent may meet a closed socket
  await once(large, 'open');
  const largeClosed = once(large, 'close');
  large.send('x'.repeat(5 * 1024 * 1024));
  await largeClosed;

  await unchanged(devnet.nodes);
});
