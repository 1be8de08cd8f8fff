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
  if (v6 !== null && groupsOf(host) === undefined) return undefined;
  return { host: normalizeHost(host), port };
}

/** `host:port`, an IPv6 host in brackets. */
export function formatNetworkAddress(host: string, port: number): string {
  const normal = normalizeHost(host);
  return normal.includes(':') ? `[${normal}]:${port}` : `${normal}:${port}`;
}

/** One spelling for one host: IPv4 inside IPv6 becomes IPv4, IPv6 its shortest form (RFC 5952), a name lower case. */
export function normalizeHost(host: string): string {
  const groups = groupsOf(host);
  if (groups === undefined) return host.toLowerCase();
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xff_ff) return octetsOf(groups).join('.');
  const zone = host.indexOf('%');
  return shortest(groups) + (zone < 0 ? '' : host.slice(zone));
}

/** The four numbers of an IPv4 address; undefined for anything else, such as numbers with leading zeros, which some read as octal. */
export function ipv4Octets(host: string): readonly number[] | undefined {
  const octets: number[] = [];
  let octet = -1;
  // By its characters: every address of the book is looked at again and again.
  for (let at = 0; at <= host.length; at++) {
    const digit = host.charCodeAt(at) - zeroCode;
    if (digit >= 0 && digit <= 9) {
      if (octet === 0) return undefined;
      octet = octet < 0 ? digit : 10 * octet + digit;
      if (octet > 255) return undefined;
      continue;
    }
    if (octet < 0 || octets.length === 4 || (at < host.length && host[at] !== '.')) return undefined;
    octets.push(octet);
    octet = -1;
  }
  return octets.length === 4 ? octets : undefined;
}
const zeroCode = '0'.charCodeAt(0);

export const isIp = (host: string): boolean => ipv4Octets(host) !== undefined || groupsOf(host) !== undefined;

/** Where an address is, by what shares its first bits: `203.0.113.0/24`, `2001:db8:1::/48`. A name is its own network. Takes a normalised host. */
export function networkOf(host: string, bits: { readonly v4: number; readonly v6: number }): string {
  const octets = ipv4Octets(host);
  if (octets !== undefined) return `${masked(octets, bits.v4, 8).join('.')}/${bits.v4}`;
  const groups = groupsOf(host);
  return groups === undefined ? host : `${shortest(masked(groups, bits.v6, 16))}/${bits.v6}`;
}

/** Reads `203.0.113.0/24`, `2001:db8::/32` or a single address, and answers it with the bits outside cleared and its length always said. */
export function parseSubnet(text: string): string | undefined {
  const [host = '', length, ...rest] = text.split('/');
  const bits = ipv4Octets(host) === undefined ? 128 : 32;
  const prefix = length === undefined ? bits : /^[0-9]{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (rest.length > 0 || !isIp(host) || host.includes('%') || !(prefix <= bits)) return undefined;
  const normal = normalizeHost(host);
  // IPv4 inside IPv6 (`::ffff:203.0.113.0/120`) is the network of IPv4 that it is; a shorter prefix is none of either.
  const isMapped = bits === 128 && ipv4Octets(normal) !== undefined;
  if (isMapped && prefix < 96) return undefined;
  return networkOf(normal, { v4: isMapped ? prefix - 96 : prefix, v6: prefix });
}

/** Takes a normalised host and what `parseSubnet` answers. */
export function isInSubnet(host: string, subnet: string): boolean {
  const prefix = Number(subnet.slice(subnet.indexOf('/') + 1));
  return isIp(host) && (ipv4Octets(host) === undefined) === subnet.includes(':') && networkOf(host, { v4: prefix, v6: prefix }) === subnet;
}

/** What one party cheaply has many of counts as one host: an IPv6 /64. Takes a normalised host. */
export const hostGroup = (host: string): string => (ipv4Octets(host) === undefined ? networkOf(host, { v4: 32, v6: 64 }) : host);

/** This machine. Takes a normalised host. */
export const isLoopback = (host: string): boolean => host === '::1' || ipv4Octets(host)?.[0] === 127;

/**
 * This machine and the networks that it can be in without the Internet: loopback, private (RFC 1918, RFC 4193) and link-local. Not the opposite of `isPublic`:
 * an address that nobody can reach, or one that carries another (NAT64, 6to4), is neither. Takes a normalised host.
 */
export const isLocal = (host: string): boolean => host === 'localhost' || localSubnets.some((subnet) => isInSubnet(host, subnet));
const localSubnets = ['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '::1/128', 'fe80::/10', 'fc00::/7'];

/** An address that others on the Internet can reach, or a name, of which nobody knows. RFC 6890's special networks cannot be. Takes a normalised host. */
export function isPublic(host: string): boolean {
  const octets = ipv4Octets(host);
  if (octets !== undefined) return !specialV4.some(({ bits, first }) => masked(octets, bits, 8).every((octet, index) => octet === first[index]));
  const groups = groupsOf(host);
  // Of IPv6 only 2000::/3 is given out, and 2001:db8::/32 of it is for examples.
  return groups === undefined ? host !== 'localhost' : isInSubnet(host, '2000::/3') && !isInSubnet(host, '2001:db8::/32');
}
const specialV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
].map((subnet) => {
  const [first = '', bits] = subnet.split('/');
  return { first: ipv4Octets(first) ?? [], bits: Number(bits) };
});

/** The eight numbers of an IPv6 address, with or without a zone; undefined for anything else. */
function groupsOf(host: string): readonly number[] | undefined {
  if (!host.includes(':')) return undefined;
  const bare = /^([^%]+)(?:%[A-Za-z0-9_.-]+)?$/.exec(host)?.[1];
  if (bare === undefined) return undefined;
  const halves = bare.split('::');
  if (halves.length > 2) return undefined;
  const read = (half: string, isLast: boolean): number[] | undefined => {
    if (half === '') return [];
    const groups: number[] = [];
    const parts = half.split(':');
    for (const [index, part] of parts.entries()) {
      const [a = 0, b = 0, c = 0, d] = isLast && index === parts.length - 1 ? (ipv4Octets(part) ?? []) : [];
      if (d !== undefined) groups.push(a * 256 + b, c * 256 + d);
      else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
      else return undefined;
    }
    return groups;
  };
  const [first, second] = [read(halves[0] ?? '', halves.length === 1), halves.length === 2 ? read(halves[1] ?? '', true) : []];
  if (first === undefined || second === undefined) return undefined;
  const missing = 8 - first.length - second.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  return [...first, ...Array<number>(missing).fill(0), ...second];
}

/** RFC 5952: the first of the longest runs of zeros, if it is of two or more, as `::`. */
function shortest(groups: readonly number[]): string {
  let best = { from: 0, length: 1 };
  for (let from = 0; from < groups.length; from++) {
    let length = 0;
    while (groups[from + length] === 0) length++;
    if (length > best.length) best = { from, length };
  }
  const text = groups.map((group) => group.toString(16));
  if (best.length < 2) return text.join(':');
  return `${text.slice(0, best.from).join(':')}::${text.slice(best.from + best.length).join(':')}`;
}

const octetsOf = (groups: readonly number[]): number[] => groups.slice(6).flatMap((group) => [group >> 8, group & 255]);

/** The first `bits` bits of numbers of `width` bits each; the rest is zero. */
const masked = (numbers: readonly number[], bits: number, width: number): number[] =>
  numbers.map((number, index) => {
    const cleared = Math.min(width, Math.max(0, (index + 1) * width - bits));
    return (number >> cleared) << cleared;
  });
