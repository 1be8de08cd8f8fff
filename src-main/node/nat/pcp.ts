import { isIPv4 } from 'node:net';
import { ipv4Octets, normalizeHost } from '../../core/net/network-address.ts';
import { type Gateway, leaseSeconds, type Mapping, type MappingRequest } from './gateway.ts';
import { exchange } from './udp-exchange.ts';

/** Of PCP and NAT-PMP alike. */
export const pcpPort = 5_351;
export const pcpNonceBytes = 12;

const version = 2;
const mapOpcode = 1;
const responseBit = 0x80;
const tcp = 6;
const headerBytes = 24;
const messageBytes = headerBytes + 36;
/** RFC 6887 section 7.4. */
const resultWords: Readonly<Record<number, string>> = {
  1: 'unsupported version',
  2: 'not authorized',
  3: 'malformed request',
  4: 'unsupported operation',
  5: 'unsupported option',
  6: 'malformed option',
  7: 'network failure',
  8: 'no resources',
  9: 'unsupported protocol',
  10: 'quota exceeded',
  11: 'cannot provide the external port',
  12: 'this machine is not directly behind it',
  13: 'too many remote peers',
};

export interface PcpRequest {
  /** IPv4 of this machine, as the router sees it. */
  readonly localHost: string;
  readonly nonce: Uint8Array;
  /** 0 removes. */
  readonly lifetimeSeconds: number;
  readonly internalPort: number;
  readonly suggestedPort: number;
}

/** MAP for TCP (RFC 6887 section 11.1). */
export function encodePcpRequest({ localHost, nonce, lifetimeSeconds, internalPort, suggestedPort }: PcpRequest): Uint8Array {
  const bytes = Buffer.alloc(messageBytes);
  bytes.writeUInt8(version, 0);
  bytes.writeUInt8(mapOpcode, 1);
  bytes.writeUInt32BE(lifetimeSeconds, 4);
  writeIpv4(bytes, localHost, 8);
  bytes.set(nonce.subarray(0, pcpNonceBytes), headerBytes);
  bytes.writeUInt8(tcp, headerBytes + 12);
  bytes.writeUInt16BE(internalPort, headerBytes + 16);
  bytes.writeUInt16BE(suggestedPort, headerBytes + 18);
  writeIpv4(bytes, '0.0.0.0', headerBytes + 20);
  return bytes;
}

/** The router's answer to this request; undefined for anything else. Throws an Error where it refuses. */
export function readPcpReply(reply: Uint8Array, request: PcpRequest): Mapping | undefined {
  const bytes = Buffer.from(reply.buffer, reply.byteOffset, reply.byteLength);
  // A router that knows NAT-PMP only answers in its words (RFC 6887 appendix A).
  if (bytes.length >= 4 && bytes[0] === 0 && bytes.readUInt16BE(2) === 1) throw new Error(resultWords[1]);
  if (bytes.length < headerBytes || bytes[1] !== (responseBit | mapOpcode)) return undefined;
  const result = bytes.readUInt8(3);
  const isOurs =
    bytes.length >= messageBytes &&
    bytes.subarray(headerBytes, headerBytes + pcpNonceBytes).equals(request.nonce) &&
    bytes[headerBytes + 12] === tcp &&
    bytes.readUInt16BE(headerBytes + 16) === request.internalPort;
  // Who does not know this version cannot say what of.
  if (!isOurs && !(result === 1 && bytes[0] !== version)) return undefined;
  if (result !== 0) throw new Error(resultWords[result] ?? `result ${result}`);
  return {
    externalHost: hostOf(bytes.subarray(headerBytes + 20, messageBytes)),
    externalPort: bytes.readUInt16BE(headerBytes + 18),
    lifetimeMs: bytes.readUInt32BE(4) * 1_000,
  };
}

/**
 * Port Control Protocol (RFC 6887). `nonce`: says that a mapping is ours, also after a restart: the router refuses one that is there to anybody else.
 */
export function pcpGateway(host: string, nonce: Uint8Array, port = pcpPort): Gateway {
  const ask = ({ internalPort, suggestedPort }: MappingRequest, lifetimeSeconds: number, signal: AbortSignal): Promise<Mapping> => {
    const request = { localHost: '0.0.0.0', nonce, lifetimeSeconds, internalPort, suggestedPort };
    return exchange({
      host,
      port,
      request: (localHost) => encodePcpRequest({ ...request, localHost }),
      read: (reply) => readPcpReply(reply, request),
      signal,
    });
  };
  return {
    method: 'pcp',
    host,
    map: (request, signal) => ask(request, leaseSeconds, signal),
    unmap: async ({ internalPort }, signal) => {
      await ask({ internalPort, suggestedPort: 0 }, 0, signal);
    },
  };
}

/** As `::ffff:a.b.c.d`. */
function writeIpv4(bytes: Buffer, host: string, at: number): void {
  bytes.fill(0xff, at + 10, at + 12);
  bytes.set(ipv4Octets(host) ?? [0, 0, 0, 0], at + 12);
}

function hostOf(bytes: Buffer): string | undefined {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  const host = normalizeHost(groups.join(':'));
  return isIPv4(host) && host !== '0.0.0.0' ? host : undefined;
}
