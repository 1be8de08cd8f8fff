import { expect, test } from 'vitest';
import { servePages } from './page-protocol.ts';

async function ask(url: string, init?: RequestInit): Promise<Response> {
  let handler: ((request: Request) => Response | Promise<Response>) | undefined;
  const protocol = {
    handle: (scheme: string, given: typeof handler) => {
      expect(scheme).toBe('app');
      handler = given;
    },
  };
  servePages(protocol as never, async (path) => ({ status: 200, headers: { 'content-security-policy': "default-src 'none'" }, body: `page ${path}` }));
  if (handler === undefined) throw new Error('nothing was registered');
  return handler(new Request(url, init));
}

test('pages come with their headers, and without query and fragment', async () => {
  const response = await ask('app://time/assets/a.js?x#y');
  expect(await response.text()).toBe('page /assets/a.js');
  expect(response.headers.get('content-security-policy')).toBe("default-src 'none'");
});

test.each([
  ['app://elsewhere/', undefined],
  ['app://time/', { method: 'POST', body: 'x' }],
] as const)('%s %j is not there', async (url, init) => {
  expect((await ask(url, init)).status).toBe(404);
});

test('HEAD has no body', async () => {
  expect(await (await ask('app://time/', { method: 'HEAD' })).text()).toBe('');
});
