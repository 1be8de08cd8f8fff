import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@playwright/test';
import { until } from '../network/processes.ts';
import { makeFarNetwork, p2pPort } from './far-network.ts';
import { Home, homeHost, publicHost, routerHost, strangerHost } from './home.ts';
import { NamespacedNode } from './namespaced-node.ts';
import { whyNoNamespaces } from './namespaces.ts';

const reason = whyNoNamespaces('nft', 'miniupnpd');
if (reason !== undefined) console.log(`Skipped, behind a router: ${reason}`);
// biome-ignore lint/suspicious/noSkippedTests: not every machine has namespaces and a router's daemon, and why is printed
test.beforeEach(() => test.skip(reason !== undefined, reason));

/** PCP, NAT-PMP and finding a device by UPnP, with all their waits. A first search may go unheard where the router has just started; the next comes within a minute. */
const mapMs = 90_000;
const meetMs = 30_000;
/** Hosts promise to be gone within this time. */
const stopMs = 5_000;
const here = `${homeHost}:${p2pPort}`;

for (const method of ['pcp', 'nat-pmp', 'upnp'])
  test(`miniupnpd opens a port and closes it again by ${method}`, async () => {
    const home = await Home.start({ pcp: true, blockedPort: 1 });
    try {
      const asking = home.namespaces.spawn('home', process.execPath, [
        join(import.meta.dirname, 'ask-router.ts'),
        method,
        routerHost,
        homeHost,
        String(p2pPort),
      ]);
      let errors = '';
      asking.stderr!.setEncoding('utf8').on('data', (text: string) => {
        errors += text;
      });
      const lines = createInterface({ input: asking.stdout! });
      const line = async (): Promise<string> => {
        const [text] = (await Promise.race([once(lines, 'line'), once(asking, 'exit')])) as [unknown];
        return typeof text === 'string' ? text : errors;
      };
      expect(JSON.parse(await line())).toEqual({ externalHost: publicHost, externalPort: p2pPort, lifetimeMs: 3_600_000 });
      expect(await home.forwarded()).toEqual([here]);
      const removed = line();
      asking.stdin.end('\n');
      expect(await removed).toBe('removed');
      expect(await home.forwarded()).toEqual([]);
    } finally {
      await home.remove();
    }
  });

for (const [method, pcp] of [
  ['pcp', true],
  ['upnp', false],
] as const)
  test(`a node at home is reached from the Internet through a router that knows ${method}, and leaves it as it was`, async () => {
    // The home never dials the stranger, so that there is a connection only if the stranger reaches the home.
    const home = await Home.start({ pcp, blockedPort: p2pPort });
    try {
      const [homeData = '', strangerData = ''] = await makeFarNetwork(join(home.directory, 'network'), [
        { host: '0.0.0.0', service: publicHost, config: { port_mapping: true } },
        { host: strangerHost },
      ]);
      const node = new NamespacedNode(home.namespaces, 'home', homeData);
      const stranger = new NamespacedNode(home.namespaces, 'internet', strangerData);
      await node.start();
      const mapped = await until('the port is mapped', mapMs, async () => {
        const { portmapping } = await node.call('getnetworkinfo');
        return portmapping.state === 'mapped' && portmapping;
      });
      expect(mapped).toMatchObject({ method, gateway: routerHost, port: p2pPort, address: `${publicHost}:${p2pPort}` });
      expect(await home.forwarded()).toEqual([here]);

      await stranger.start();
      const [peer] = await until('they are connected', meetMs, async () => {
        const peers = await node.call('getpeerinfo');
        // The country is known once its file is read, which is when the first address of the Internet is seen.
        return peers.length === 1 && peers[0]!.country !== undefined && peers;
      });
      expect(peer).toMatchObject({ inbound: true, addr: expect.stringMatching(new RegExp(`^${strangerHost}:`)), country: expect.stringMatching(/^[A-Z]{2}$/) });

      // Killed, it leaves the mapping behind, which is its own again when it is back.
      await node.kill();
      expect(await home.forwarded()).toEqual([here]);
      await node.start();
      await until('the port is mapped again', mapMs, async () => (await node.call('getnetworkinfo')).portmapping.state === 'mapped');
      expect(await home.forwarded()).toEqual([here]);
      await until('they are connected again', meetMs, async () => (await node.call('getconnectioncount')) === 1);

      expect(await node.stop()).toBeLessThan(stopMs);
      expect(await home.forwarded()).toEqual([]);
    } finally {
      await home.remove();
    }
  });
