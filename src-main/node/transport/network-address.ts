import { isIP, SocketAddress } from 'node:net';

export interface NetworkAddress {
  /** Normalised: see `normalizeHost`. Without brackets. */
  readonly host: string;
  /** 1..65535 */
  readonly port: number;
}

const bracketed = /^\[([^\]]+)\]:([0-9]{1,5})$/;
/** A name as DNS has them: others make the resolver throw, and addresses come from peers too. */
const plain = /^([A-Za-z0-9_.-]{1,253}):([0-9]{1,5})$/;

/** Reads `1.2.3.4:24000`, `[::1]:24000` or `name.example:24000`. Undefined for anything else. */
export function parseNetworkAddress(text: string): NetworkAddress | undefined {
  const v6 = bracketed.exec(text);
  const match = v6 ?? plain.exec(text);
  const host = match?.[1];
  const port = Number(match?.[2]);
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  if (v6 !== null && isIP(host) !== 6) return undefined;
  return { host: normalizeHost(host), port };
}

/** `host:port`, an IPv6 host in brackets. */
export function formatNetworkAddress(host: string, port: number): string {
  const normal = normalizeHost(host);
  return normal.includes(':') ? `[${normal}]:${port}` : `${normal}:${port}`;
}

/** One spelling for one host: IPv4 inside IPv6 becomes IPv4, IPv6 its shortest form (RFC 5952), a name lower case. */
export function normalizeHost(host: string): string {
  if (isIP(host) !== 6) return host.toLowerCase();
  const zone = host.indexOf('%');
  const bare = zone < 0 ? host : host.slice(0, zone);
  const shortest = new SocketAddress({ address: bare, family: 'ipv6' }).address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(shortest)?.[1];
  return mapped ?? (zone < 0 ? shortest : shortest + host.slice(zone));
}

/** What one party cheaply has many of counts as one host: an IPv6 /64. Takes a normalised host. */
export function hostGroup(host: string): string {
  if (isIP(host) !== 6) return host;
  const [head = '', tail] = host.split('%')[0]?.split('::') ?? [];
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  // An IPv4 tail stands for two groups, which lie beyond the first four either way.
  const width = first.length + last.length + (last.at(-1)?.includes('.') ? 1 : 0);
  const groups = tail === undefined ? first : [...first, ...Array<string>(8 - width).fill('0'), ...last];
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/** This machine. Takes a normalised host. */
export const isLoopback = (host: string): boolean => host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
