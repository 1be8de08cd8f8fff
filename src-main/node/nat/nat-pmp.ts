import { type Gateway, leaseSeconds, type Mapping } from './gateway.ts';
import { pcpPort } from './pcp.ts';
import { exchange } from './udp-exchange.ts';

const version = 0;
const externalAddressOpcode = 0;
const mapTcpOpcode = 2;
const responseBit = 0x80;
/** RFC 6886 section 3.5. */
const resultWords: Readonly<Record<number, string>> = {
  1: 'unsupported version',
  2: 'not authorized',
  3: 'network failure',
  4: 'no resources',
  5: 'unsupported operation',
};

export const externalAddressRequest: Uint8Array = Uint8Array.of(version, externalAddressOpcode);

/** RFC 6886 section 3.3. A lifetime of 0 removes. */
export function encodeNatPmpRequest(internalPort: number, suggestedPort: number, lifetimeSeconds: number): Uint8Array {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt8(version, 0);
  bytes.writeUInt8(mapTcpOpcode, 1);
  bytes.writeUInt16BE(internalPort, 4);
  bytes.writeUInt16BE(suggestedPort, 6);
  bytes.writeUInt32BE(lifetimeSeconds, 8);
  return bytes;
}

/** The router's answer to the request; undefined for anything else. Throws an Error where it refuses. */
export function readExternalAddress(reply: Uint8Array): string | undefined {
  const bytes = answerTo(externalAddressOpcode, reply, 12);
  return bytes?.subarray(8, 12).join('.');
}

/** Like `readExternalAddress`. */
export function readNatPmpMapping(reply: Uint8Array, internalPort: number): Omit<Mapping, 'externalHost'> | undefined {
  const bytes = answerTo(mapTcpOpcode, reply, 16);
  if (bytes?.readUInt16BE(8) !== internalPort) return undefined;
  return { externalPort: bytes.readUInt16BE(10), lifetimeMs: bytes.readUInt32BE(12) * 1_000 };
}

function answerTo(opcode: number, reply: Uint8Array, length: number): Buffer | undefined {
  const bytes = Buffer.from(reply.buffer, reply.byteOffset, reply.byteLength);
  if (bytes.length < 4 || bytes[0] !== version || bytes[1] !== (responseBit | opcode)) return undefined;
  const result = bytes.readUInt16BE(2);
  if (result !== 0) throw new Error(resultWords[result] ?? `result ${result}`);
  return bytes.length < length ? undefined : bytes;
}

/** NAT Port Mapping Protocol (RFC 6886), which PCP came from: what older routers know. */
export function natPmpGateway(host: string, port = pcpPort): Gateway {
  const ask = (internalPort: number, suggestedPort: number, lifetimeSeconds: number, signal: AbortSignal): Promise<Omit<Mapping, 'externalHost'>> =>
    exchange({
      host,
      port,
      request: () => encodeNatPmpRequest(internalPort, suggestedPort, lifetimeSeconds),
      read: (reply) => readNatPmpMapping(reply, internalPort),
      signal,
    });
  return {
    method: 'nat-pmp',
    host,
    map: async ({ internalPort, suggestedPort }, signal) => {
      const mapping = await ask(internalPort, suggestedPort, leaseSeconds, signal);
      // The port is open by now, whatever becomes of this.
      const externalHost = await exchange({ host, port, request: () => externalAddressRequest, read: readExternalAddress, signal }).catch(() => undefined);
      return { ...mapping, externalHost };
    },
    unmap: async ({ internalPort }, signal) => {
      await ask(internalPort, 0, 0, signal);
    },
  };
}
