import { networkInterfaces } from 'node:os';
import { isPublic } from '../../core/net/network-address.ts';
import { defaultGateway } from './default-gateway.ts';
import type { Gateway } from './gateway.ts';
import { igdGateway } from './igd.ts';
import { natPmpGateway } from './nat-pmp.ts';
import { pcpGateway } from './pcp.ts';
import type { PortMappingWorld } from './port-mapping.ts';
import { searchGateways } from './ssdp.ts';

/**
 * The network that this machine is in, with its routers. `nonce`: `pcpGateway`'s. PCP comes first, since it says what a mapping's life is and whose it is; UPnP last,
 * since finding a device takes seconds, and its answers are the least well defined.
 */
export function homeNetwork(nonce: Uint8Array, nowMs: () => number, random: () => number): PortMappingWorld {
  return {
    nowMs,
    setTimer: (run, delayMs) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
    networkKey: () => localHosts().join(' '),
    gateways: async function* (signal): AsyncGenerator<Gateway> {
      const hosts = localHosts();
      const router = await defaultGateway(signal);
      // A machine with an address on the Internet is behind no router that maps ports, and what it asks there would be heard by its provider.
      if (router !== undefined && !isPublic(router)) {
        yield pcpGateway(router, nonce);
        yield natPmpGateway(router);
      }
      const homeHosts = hosts.filter((host) => !isPublic(host));
      if (homeHosts.length === 0) return;
      for (const location of await searchGateways({ localHosts: homeHosts, signal })) yield igdGateway(location, random);
    },
  };
}

/** IPv4 addresses of this machine in networks, in one order. */
function localHosts(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('169.254.'))
    .map(({ address }) => address)
    .sort();
}
