import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { NodeNotice } from '../notice.ts';
import { SocksServer } from '../transport/socks-server.fixture.ts';
import { Discovery, type DiscoveryOptions } from './discovery.ts';
import type { SeedResolver } from './dns-seed.ts';
import { fetchList } from './http-list.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/peers`;
}

const json =
  (body: string): RequestListener =>
  (_, response) =>
    response.setHeader('content-type', 'application/json; charset=utf-8').end(body);
const never = new AbortController().signal;
const read = (url: string, timeoutMs = 5_000) => fetchList(url, { signal: never, userAgent: 'test', timeoutMs });

describe('a list over HTTP', () => {
  it('is read, through a redirect to another place', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/peers') response.writeHead(302, { location: '/other' }).end();
      else json(`["1.2.3.4:1"] ${request.headers['user-agent']}`)(request, response);
    });
    expect(await read(url)).toBe('["1.2.3.4:1"] test');
  });

  it.each<[string, RequestListener, string]>([
    ['that redirects for ever', (_, response) => response.writeHead(302, { location: '/peers' }).end(), 'more than 3 redirects'],
    ['that redirects to a file', (_, response) => response.writeHead(302, { location: 'file:///etc/hosts' }).end(), 'redirected to file:///etc/hosts'],
    ['that is not there', (_, response) => response.writeHead(404).end('none'), 'the server answered 404'],
    ['that is a page', (_, response) => response.setHeader('content-type', 'text/html').end('<p>'), 'text/html'],
    ['that is huge', (_, response) => json('x'.repeat(300_000))(_, response), 'longer than 262144 bytes'],
    ['that never ends', (_, response) => endless(response.setHeader('content-type', 'text/plain')), 'longer than 262144 bytes'],
    ['that is packed', (_, response) => response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(20_000))), 'packed its answer as gzip'],
    ['that is no text', (_, response) => response.setHeader('content-type', 'text/plain').end(Buffer.from([0xff, 0xfe, 0xfd])), 'ENCODED_DATA'],
    ['whose server hangs up', (request) => request.socket.destroy(), 'ECONNRESET'],
  ])('%s is refused', async (_, answer, words) => {
    await expect(read(await serve(answer))).rejects.toThrow(words);
  });

  it.each<[string, RequestListener]>([
    ['says nothing', () => undefined],
    ['stops in the middle', (_, response) => response.setHeader('content-type', 'text/plain').write('1.2.3.4')],
  ])('of a server that %s is given up in time', async (_, answer) => {
    await expect(read(await serve(answer), 50)).rejects.toThrow('no answer within 50 ms');
  });
});

function endless(response: { write(chunk: string, done: (error: Error | null | undefined) => void): void }): void {
  response.write('1.2.3.4:1\n'.repeat(1_000), (error) => {
    if (error === null || error === undefined) endless(response);
  });
}

interface Heard {
  readonly inputs: { readonly source: string; readonly found: readonly { readonly address: string }[] }[];
  readonly notices: NodeNotice[];
}
function discoveryOf(options: Partial<DiscoveryOptions> & Pick<DiscoveryOptions, 'sources'>): { discovery: Discovery; heard: Heard } {
  const heard: Heard = { inputs: [], notices: [] };
  const discovery = new Discovery({
    port: 24_000,
    takesPrivate: false,
    userAgent: 'test',
    input: ({ source, found }) => heard.inputs.push({ source, found }),
    notice: (notice) => heard.notices.push(notice),
    resolver: names({}),
    ...options,
  });
  return { discovery, heard };
}

const failing = (code: string) => Promise.reject(Object.assign(new Error(`query${code}`), { code }));
function names(known: Record<string, { readonly v4?: string[]; readonly v6?: string[] }>): SeedResolver & { cancel(): void } {
  const answer = (name: string, family: 'v4' | 'v6') => {
    const seed = known[name];
    return seed === undefined ? failing('ENOTFOUND') : seed[family] === undefined ? failing('ENODATA') : Promise.resolve(seed[family]);
  };
  return { resolve4: (name) => answer(name, 'v4'), resolve6: (name) => answer(name, 'v6'), cancel: () => undefined };
}

describe('through a proxy', () => {
  it('a list is downloaded, and the name of a seed is left to it', async () => {
    const port = Number(new URL(await serve(json('["8.8.4.4:7", "router.example:80"]'))).port);
    // What answers where https is expected speaks no TLS.
    const places = ['list.example:80', 'plain.example:443', '0064ff9b000000000000000008080808:80'].map((place) => [place, port] as const);
    const socks = new SocksServer(new Map(places));
    const unasked = { resolve4: () => failing('EASKED'), resolve6: () => failing('EASKED'), cancel: () => undefined };
    try {
      const { discovery, heard } = discoveryOf({
        sources: {
          dnsSeeds: ['seed.example'],
          urls: ['http://list.example/peers', 'https://nobody.example/', 'https://plain.example/', 'http://[64:ff9b::8.8.8.8]/'],
        },
        proxy: await socks.listen(),
        resolver: unasked,
      });
      await discovery.discover();
      expect(heard.inputs.map(({ source, found }) => [source, found.map(({ address }) => address)]).sort()).toEqual([
        ['dns', ['seed.example:24000']],
        ['http', ['8.8.4.4:7']],
        ['http', ['8.8.4.4:7']],
      ]);
      expect(socks.asked.sort()).toEqual(['0064ff9b000000000000000008080808:80', 'list.example:80', 'nobody.example:443', 'plain.example:443']);
      const failures = heard.notices.flatMap((notice) => (notice.kind === 'discovery-failed' ? [[notice.name, notice.reason]] : [])).sort();
      expect(failures).toEqual([
        ['https://nobody.example/', 'proxy: host unreachable'],
        ['https://plain.example/', expect.stringMatching(/SSL|EPROTO/)],
      ]);
    } finally {
      await socks.close();
    }
  });

  it('a list on this machine is downloaded without it', async () => {
    const url = await serve(json('["8.8.4.4:7"]'));
    const { discovery, heard } = discoveryOf({ sources: { dnsSeeds: [], urls: [url] }, proxy: { host: '127.0.0.1', port: 1 } });
    await discovery.discover();
    expect(heard.inputs).toHaveLength(1);
  });

  it('stops while the way is being made', async () => {
    const asked = Promise.withResolvers<void>();
    const silent = createTcpServer(() => asked.resolve());
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const { port } = silent.address() as AddressInfo;
    const { discovery, heard } = discoveryOf({ sources: { dnsSeeds: [], urls: ['http://list.example/'] }, proxy: { host: '127.0.0.1', port } });
    const running = discovery.discover();
    await asked.promise;
    await discovery.stop();
    await running;
    expect(heard).toEqual({ inputs: [], notices: [] });
    await new Promise((resolve) => silent.close(resolve));
  });
});

describe('discovery', () => {
  it('asks every source, and one that fails takes nothing from the others', async () => {
    const url = await serve(json('["8.8.4.4:7", "bad", "192.168.1.1:7"]'));
    const { discovery, heard } = discoveryOf({
      sources: { dnsSeeds: ['both.example', 'six.example', 'empty.example', 'none.example'], urls: [url] },
      resolver: names({ 'both.example': { v4: ['8.8.8.8', '10.0.0.1', '8.8.8.8'], v6: ['2600::1'] }, 'six.example': { v6: ['2600::2'] }, 'empty.example': {} }),
    });
    await discovery.discover();
    expect(heard.inputs.map(({ source, found }) => [source, found.map(({ address }) => address)]).sort()).toEqual([
      ['dns', []],
      ['dns', ['8.8.8.8:24000', '[2600::1]:24000']],
      ['dns', ['[2600::2]:24000']],
      ['http', ['8.8.4.4:7']],
    ]);
    expect(heard.notices).toContainEqual({ kind: 'discovery-failed', source: 'dns', name: 'none.example', reason: 'ENOTFOUND' });
    expect(heard.notices).toContainEqual({ kind: 'discovery-answered', source: 'http', name: url, found: 1, skipped: 2 });
  });

  it('a seed gives a bounded number', async () => {
    const v4 = Array.from({ length: 300 }, (_, index) => `8.8.${index >> 8}.${index & 255}`);
    const { discovery, heard } = discoveryOf({ sources: { dnsSeeds: ['large.example'], urls: [] }, resolver: names({ 'large.example': { v4 } }) });
    await discovery.discover();
    expect(heard.inputs[0]?.found).toHaveLength(256);
  });

  it('on a network of one’s own private addresses are taken', async () => {
    const { discovery, heard } = discoveryOf({
      sources: { dnsSeeds: ['lan.example'], urls: [] },
      takesPrivate: true,
      resolver: names({ 'lan.example': { v4: ['10.0.0.1'] } }),
    });
    await discovery.discover();
    expect(heard.inputs[0]?.found).toEqual([{ address: '10.0.0.1:24000', nodeId: undefined }]);
  });

  it('a list names no hosts but public IPs on a public network, and any on a network of one’s own', async () => {
    const url = await serve(json('["8.8.4.4:7", "router.example:80", "localhost:80", "127.0.0.1:80", "[fd00::1]:80"]'));
    for (const [takesPrivate, found] of [
      [false, ['8.8.4.4:7']],
      [true, ['8.8.4.4:7', 'router.example:80', 'localhost:80', '127.0.0.1:80', '[fd00::1]:80']],
    ] as const) {
      const { discovery, heard } = discoveryOf({ sources: { dnsSeeds: [], urls: [url] }, takesPrivate });
      await discovery.discover();
      expect(heard.inputs[0]?.found.map(({ address }) => address)).toEqual(found);
    }
  });

  it('says why a source fails once, and again after it has worked', async () => {
    const known: Record<string, { v4?: string[] }> = {};
    const { discovery, heard } = discoveryOf({ sources: { dnsSeeds: ['seed.example'], urls: [] }, resolver: names(known) });
    await discovery.discover();
    await discovery.discover();
    known['seed.example'] = { v4: ['8.8.8.8'] };
    await discovery.discover();
    delete known['seed.example'];
    await discovery.discover();
    expect(heard.notices.map(({ kind }) => kind)).toEqual(['discovery-failed', 'discovery-answered', 'discovery-failed']);
  });

  it('asks once at a time', async () => {
    let requests = 0;
    const url = await serve((request, response) => {
      requests++;
      json('[]')(request, response);
    });
    const { discovery } = discoveryOf({ sources: { dnsSeeds: [], urls: [url] } });
    await Promise.all([discovery.discover(), discovery.discover()]);
    expect(requests).toBe(1);
    await discovery.discover();
    expect(requests).toBe(2);
  });

  it('stops at once, and nothing is heard of it after that', async () => {
    const asked = Promise.withResolvers<void>();
    const url = await serve(() => asked.resolve());
    const { discovery, heard } = discoveryOf({ sources: { dnsSeeds: [], urls: [url] } });
    const running = discovery.discover();
    await asked.promise;
    await discovery.stop();
    await running;
    await discovery.discover();
    expect(heard).toEqual({ inputs: [], notices: [] });
  });
});
