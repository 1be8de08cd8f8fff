import { createSocket, type Socket } from 'node:dgram';
import { isIPv4 } from 'node:net';

const group = '239.255.255.250';
const groupPort = 1_900;
/** What a second edition says to a search for the first. The first is searched for last, so that a device that names both is known by the newer. */
const searched = ['urn:schemas-upnp-org:device:InternetGatewayDevice:2', 'urn:schemas-upnp-org:device:InternetGatewayDevice:1'];
/** Devices wait up to MX seconds before they answer, and datagrams get lost. */
const waitsMs = [1_000, 2_500];
const maxWaitSeconds = 1;
/** More routers than a home has. */
const maxDevices = 8;
const maxInterfaces = 8;

export interface SsdpOptions {
  /** IPv4 addresses of this machine: a search leaves through the interface of each. */
  readonly localHosts: readonly string[];
  readonly signal: AbortSignal;
  /** Of a test. */
  readonly to?: { readonly host: string; readonly port: number };
}

/** Where routers describe themselves, each once. Resolves when the time for answers is over. */
export async function searchGateways({ localHosts, signal, to = { host: group, port: groupPort } }: SsdpOptions): Promise<readonly URL[]> {
  const found = new Map<string, URL>();
  const sockets = localHosts.slice(0, maxInterfaces).map((host) => searchSocket(host, found));
  try {
    for (const waitMs of waitsMs) {
      for (const socket of sockets) for (const target of searched) socket.search(to, target);
      await pause(waitMs, signal);
      if (found.size > 0) break;
    }
  } finally {
    for (const socket of sockets) socket.close();
  }
  return [...found.values()];
}

function searchSocket(
  localHost: string,
  found: Map<string, URL>,
): { search(to: { readonly host: string; readonly port: number }, target: string): void; close(): void } {
  const socket: Socket = createSocket('udp4');
  // An interface that has just gone, or that knows no groups, finds nothing: there are others.
  socket.on('error', () => undefined);
  socket.on('message', (reply, { address }) => {
    const location = locationOf(reply.toString('latin1'), address);
    if (location !== undefined && found.size < maxDevices) found.set(location.href, location);
  });
  socket.bind(0, localHost, () => {
    try {
      socket.setMulticastInterface(localHost);
      socket.setMulticastTTL(2);
    } catch {
      // As above.
    }
  });
  return {
    search: ({ host, port }, target) => {
      socket.send(
        `M-SEARCH * HTTP/1.1\r\nHOST: ${host}:${port}\r\nMAN: "ssdp:discover"\r\nMX: ${maxWaitSeconds}\r\nST: ${target}\r\n\r\n`,
        port,
        host,
        () => undefined,
      );
    },
    close: () => socket.close(),
  };
}

/**
 * The LOCATION of an answer. A device speaks for itself only: it must not make this node send requests to another one, or out into the Internet.
 */
export function locationOf(reply: string, sender: string): URL | undefined {
  if (!/^HTTP\/1\.[01] 200\b/.test(reply)) return undefined;
  const text = /^location:[ \t]*(\S+)[ \t]*$/im.exec(reply.replaceAll('\r', ''))?.[1];
  const url = text === undefined ? null : URL.parse(text);
  return url !== null && url.protocol === 'http:' && isIPv4(url.hostname) && url.hostname === sender ? url : undefined;
}

function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const timer = setTimeout(done, delayMs);
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    function done(): void {
      signal.removeEventListener('abort', abort);
      resolve();
    }
    signal.addEventListener('abort', abort, { once: true });
  });
}
