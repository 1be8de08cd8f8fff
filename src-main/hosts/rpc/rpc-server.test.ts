import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MethodName, methods } from '../../../src-shared/api/contract.ts';
import { silentLogger } from '../../node/logging/logger.ts';
import { goodCalls } from '../api/calls.fixture.ts';
import { createApi } from '../api/registry.ts';
import { type FakeServices, fakeServices } from '../api/services.fixture.ts';
import { readAuthorization } from './cookie.ts';
import { maxBatch } from './json-rpc.ts';
import { type RpcServer, startRpcServer } from './rpc-server.ts';

let directory: string;
let services: FakeServices;
let server: RpcServer;
let authorization: string;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rpc-'));
  services = fakeServices();
  const cookieFile = join(directory, '.cookie');
  server = await startRpcServer({ endpoint: { host: '127.0.0.1', port: 0 }, cookieFile, api: createApi(services, silentLogger), services });
  authorization = await readAuthorization(cookieFile);
});
afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly json: unknown;
}
function send(body: string, headers: Record<string, string | undefined> = {}, method = 'POST', path = '/'): Promise<Answer> {
  const port = Number(server.address.split(':')[1]);
  const given = Object.fromEntries(Object.entries({ authorization, ...headers }).filter((entry): entry is [string, string] => entry[1] !== undefined));
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers: given, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        let json: unknown;
        try {
          json = JSON.parse(text);
        } catch {
          json = undefined;
        }
        resolve({ status: response.statusCode ?? 0, text, json });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
const rpc = (value: unknown, headers = {}): Promise<Answer> => send(JSON.stringify(value), headers);

describe('every method', () => {
  it.each(Object.entries(goodCalls))('%s', async (method, params) => {
    const { status, json } = await rpc({ jsonrpc: '2.0', id: 'a', method, params });
    expect(status).toBe(200);
    expect(json).toMatchObject({ jsonrpc: '2.0', id: 'a' });
    expect(methods[method as MethodName].response.safeParse((json as { result: unknown }).result).success).toBe(true);
  });
});

describe('who gets nothing', () => {
  it('whoever asks for an address that is none', async () => {
    expect(await send('', { authorization: undefined, host: 'time.example' }, 'GET', '/%')).toMatchObject({ status: 400, text: '' });
  });
  const call = { id: 1, method: 'stop' };
  it.each<[string, Record<string, string | undefined>, number]>([
    ['no cookie', { authorization: undefined }, 401],
    ['a wrong cookie', { authorization: `Basic ${Buffer.from('__cookie__:00').toString('base64')}` }, 401],
    ['another scheme', { authorization: 'Bearer x' }, 401],
    ['a foreign Host', { host: 'evil.example' }, 403],
    ['a Host that begins like ours', { host: '127.0.0.1.evil.example:80' }, 403],
    ['a foreign Origin', { origin: 'http://evil.example' }, 403],
    ['our own Origin', { origin: 'http://127.0.0.1' }, 403],
    ['an Origin of null', { origin: 'null' }, 403],
  ])('%s', async (_, headers, status) => {
    const answer = await rpc(call, headers);
    expect(answer).toMatchObject({ status, text: '' });
    expect((await send('', headers, 'GET', '/metrics')).text).toBe('');
    expect(services.stopRequests).toBe(0);
  });

  it('the cookie is for this user alone, and gone at the end', async () => {
    expect(readFileSync(server.cookieFile, 'utf8')).toMatch(/^__cookie__:[0-9a-f]{64}$/);
    if (process.platform !== 'win32') expect(statSync(server.cookieFile).mode & 0o777).toBe(0o600);
    await server.close();
    expect(existsSync(server.cookieFile)).toBe(false);
  });

  it('leaves the cookie of another process', async () => {
    writeFileSync(server.cookieFile, '__cookie__:other');
    await server.close();
    expect(readFileSync(server.cookieFile, 'utf8')).toBe('__cookie__:other');
  });
});

describe('what is malformed', () => {
  it.each<[string, string, number, number]>([
    ['no JSON', '{', 400, -32_700],
    ['nothing', '', 400, -32_700],
    ['a number', '1', 400, -32_600],
    ['an empty batch', '[]', 400, -32_600],
    ['no method', '{"id":1}', 400, -32_600],
    ['a method that is a number', '{"id":1,"method":5}', 400, -32_600],
    ['params that are a text', '{"id":1,"method":"uptime","params":"x"}', 400, -32_600],
    ['an id that is an object', '{"id":{},"method":"uptime"}', 400, -32_600],
    ['a version of its own', '{"jsonrpc":"3.0","id":1,"method":"uptime"}', 400, -32_600],
    ['an unknown method', '{"id":1,"method":"nothing"}', 404, -32_601],
    ['a method of objects', '{"id":1,"method":"constructor"}', 404, -32_601],
    ['too many params', '{"id":1,"method":"uptime","params":[1]}', 500, -32_602],
    ['a height that is not there', '{"id":1,"method":"getblockhash","params":[77]}', 500, -8],
  ])('%s', async (_, body, status, code) => {
    expect(await send(body)).toMatchObject({ status, json: { error: { code } } });
  });

  it('a body that is too large, and one that is cut off', async () => {
    expect((await send(`"${'a'.repeat(17 * 1024 * 1024)}"`).catch(() => ({ status: 413 }))).status).toBe(413);
    const socket = connect(Number(server.address.split(':')[1]), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    socket.end('POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 50\r\n\r\n{"id"');
    await new Promise((resolve) => socket.on('close', resolve));
    expect((await rpc({ id: 1, method: 'uptime' })).status).toBe(200);
  });

  it('other methods and paths of HTTP', async () => {
    expect((await send('', {}, 'GET')).status).toBe(405);
    expect((await send('{}', {}, 'POST', '/wallet')).status).toBe(404);
  });
});

describe('forms of JSON-RPC', () => {
  it('without a version a result comes with a null error, as Bitcoin Core answers', async () => {
    expect((await rpc({ id: 7, method: 'uptime', params: [] })).json).toEqual({ result: 61, error: null, id: 7 });
    expect((await rpc({ method: 'uptime' })).json).toEqual({ result: 61, error: null, id: null });
  });
  it('2.0 has its errors in the answer, with status 200', async () => {
    expect(await rpc({ jsonrpc: '2.0', id: 7, method: 'nothing' })).toMatchObject({ status: 200, json: { jsonrpc: '2.0', error: { code: -32_601 }, id: 7 } });
  });
  it('a notification is carried out and not answered', async () => {
    expect(await rpc({ jsonrpc: '2.0', method: 'stop' })).toMatchObject({ status: 204, text: '' });
    expect(services.stopRequests).toBe(1);
  });
  it('a batch is answered in order, without its notifications', async () => {
    const { status, json } = await rpc([{ jsonrpc: '2.0', id: 1, method: 'uptime' }, { jsonrpc: '2.0', method: 'uptime' }, 5, { id: 2, method: 'nothing' }]);
    expect(status).toBe(200);
    expect(json).toMatchObject([
      { id: 1, result: 61 },
      { id: null, error: { code: -32_600 } },
      { id: 2, error: { code: -32_601 } },
    ]);
    expect(await rpc([{ jsonrpc: '2.0', method: 'uptime' }])).toMatchObject({ status: 204, text: '' });
  });
  it('a batch that is too long is refused before anything of it is done', async () => {
    const batch = Array.from({ length: maxBatch + 1 }, (_, id) => ({ id, method: 'stop' }));
    expect(await rpc(batch)).toMatchObject({ status: 400, json: { error: { code: -32_600 } } });
    expect(services.stopRequests).toBe(0);
  });
  it('parameters go by name too', async () => {
    expect((await rpc({ id: 1, method: 'getblockhash', params: { height: 0 } })).status).toBe(200);
  });
});

it('metrics have the node and the process', async () => {
  services.publish({ kind: 'transaction-final', txid: '00'.repeat(32) as never, finalAfterMs: 60 });
  const { text } = await send('', {}, 'GET', '/metrics');
  for (const line of [
    'time_height 0',
    'time_peers{direction="inbound"} 1',
    'time_addresses{state="backoff"} 1',
    'time_bans 2',
    'time_clock_offset_seconds 0.004',
    'time_bytes_total{direction="received"} 2000',
    'time_votes_total 3',
    'time_finality_seconds_bucket{le="0.1"} 1',
    'time_mempool_transactions{state="all"} 1',
  ])
    expect(text).toContain(line);
  expect(text).toContain('nodejs_eventloop_lag_seconds');
  expect(text).toContain('process_resident_memory_bytes');
});

it('a port that is taken is told, and leaves the other node’s cookie', async () => {
  const port = Number(server.address.split(':')[1]);
  const again = startRpcServer({ endpoint: { host: '127.0.0.1', port }, cookieFile: server.cookieFile, api: createApi(services, silentLogger), services });
  await expect(again).rejects.toMatchObject({
    code: 'address-in-use',
    detail: expect.stringContaining(`rpc: listen EADDRINUSE: address already in use 127.0.0.1:${port}`),
  });
  expect((await rpc({ id: 1, method: 'uptime' })).status).toBe(200);
});
