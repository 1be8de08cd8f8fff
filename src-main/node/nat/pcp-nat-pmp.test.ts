import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import { FakeRouter } from './fake-router.fixture.ts';
import { encodeNatPmpRequest, externalAddressRequest, natPmpGateway, readExternalAddress, readNatPmpMapping } from './nat-pmp.ts';
import { encodePcpRequest, pcpGateway, readPcpReply } from './pcp.ts';
import { exchange } from './udp-exchange.ts';

// Requests and answers as exchanged with MiniUPnPd 2.3.1 (Debian 12) at 192.168.77.1, whose address on the other side is 9.9.9.1.
const recorded = {
  pcpMap: '0201000000000e1000000000000000000000ffffc0a84d02000102030405060708090a0b060000005dc05dc000000000000000000000ffff00000000',
  pcpMapped: '0281000000000e1000000c15000000000000000000000000000102030405060708090a0b060000005dc05dc000000000000000000000ffff09090901',
  pcpMismatch: '0281000c0000000000000c15000000000000000000000000000102030405060708090a0b060000005dc05dc000000000000000000000ffff00000000',
  pcpRemove: '020100000000000000000000000000000000ffffc0a84d02000102030405060708090a0b060000005dc0000000000000000000000000ffff00000000',
  pcpNotOurs: '028100020000000000000c15000000000000000000000000000102030405060708090a0b060000005dc0000000000000000000000000ffff09090901',
  pmpAddress: '0080000000000c1509090901',
  pmpMap: '000200005dc05dc000000e10',
  pmpMapped: '0082000000000c155dc05dc000000e10',
  pmpRemove: '000200005dc0000000000000',
  pmpRemoved: '0082000000000c155dc0000000000000',
} as const;
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (of: Uint8Array): string => Buffer.from(of).toString('hex');

const nonce = Uint8Array.from({ length: 12 }, (_, index) => index);
const request = { localHost: '192.168.77.2', nonce, lifetimeSeconds: 3_600, internalPort: 24_000, suggestedPort: 24_000 };
const mapped = { externalHost: '9.9.9.1', externalPort: 24_000, lifetimeMs: 3_600_000 };
const signal = new AbortController().signal;

const router = new FakeRouter();
afterEach(() => router.close());

describe('PCP', () => {
  it('requests and answers are those of a real router', () => {
    expect(hex(encodePcpRequest(request))).toBe(recorded.pcpMap);
    expect(hex(encodePcpRequest({ ...request, lifetimeSeconds: 0, suggestedPort: 0 }))).toBe(recorded.pcpRemove);
    expect(readPcpReply(bytes(recorded.pcpMapped), request)).toEqual(mapped);
  });

  it('a refusal is told in words', () => {
    expect(() => readPcpReply(bytes(recorded.pcpMismatch), request)).toThrow('this machine is not directly behind it');
    expect(() => readPcpReply(bytes(recorded.pcpNotOurs), request)).toThrow('not authorized');
    // RFC 6887 appendix A: what a router says that knows NAT-PMP only.
    expect(() => readPcpReply(bytes('0000000100000c15'), request)).toThrow('unsupported version');
  });

  it('an answer to another request is none', () => {
    for (const other of [
      { ...request, nonce: nonce.map((byte) => byte + 1) },
      { ...request, internalPort: 1 },
    ]) {
      expect(readPcpReply(bytes(recorded.pcpMapped), other)).toBeUndefined();
      expect(readPcpReply(bytes(recorded.pcpMismatch), other)).toBeUndefined();
    }
    expect(readPcpReply(bytes(recorded.pcpMap), request)).toBeUndefined();
    expect(readPcpReply(bytes(recorded.pcpMapped.slice(0, 80)), request)).toBeUndefined();
  });

  it('is asked again when a datagram gets lost, and told that the mapping is to go', async () => {
    const heard: string[] = [];
    const port = await router.udp((message) => {
      heard.push(hex(message));
      return heard.length === 1 ? [] : [bytes(message.readUInt32BE(4) === 0 ? recorded.pcpMapped.replace('0e10', '0000') : recorded.pcpMapped)];
    });
    const gateway = pcpGateway('127.0.0.1', nonce, port);
    expect(await gateway.map(request, signal)).toEqual(mapped);
    await gateway.unmap({ ...request, ...mapped }, signal);
    const here = (of: string) => of.replace('c0a84d02', '7f000001');
    expect(heard).toEqual([here(recorded.pcpMap), here(recorded.pcpMap), here(recorded.pcpRemove)]);
  });
});

describe('NAT-PMP', () => {
  it('requests and answers are those of a real router', () => {
    expect(hex(encodeNatPmpRequest(24_000, 24_000, 3_600))).toBe(recorded.pmpMap);
    expect(hex(encodeNatPmpRequest(24_000, 0, 0))).toBe(recorded.pmpRemove);
    expect(readNatPmpMapping(bytes(recorded.pmpMapped), 24_000)).toEqual({ externalPort: 24_000, lifetimeMs: 3_600_000 });
    expect(readNatPmpMapping(bytes(recorded.pmpMapped), 24_001)).toBeUndefined();
    expect(readExternalAddress(bytes(recorded.pmpAddress))).toBe('9.9.9.1');
    expect(readExternalAddress(bytes(recorded.pmpMapped))).toBeUndefined();
    expect(() => readNatPmpMapping(bytes('0082000200000c15'), 24_000)).toThrow('not authorized');
  });

  it('maps, asks for the address, and removes', async () => {
    const replies: Readonly<Record<string, string>> = {
      [recorded.pmpMap]: recorded.pmpMapped,
      [hex(externalAddressRequest)]: recorded.pmpAddress,
      [recorded.pmpRemove]: recorded.pmpRemoved,
    };
    const heard: string[] = [];
    const port = await router.udp((message) => {
      heard.push(hex(message));
      return [bytes(replies[hex(message)] ?? '')];
    });
    const gateway = natPmpGateway('127.0.0.1', port);
    expect(await gateway.map(request, signal)).toEqual(mapped);
    await gateway.unmap({ ...request, ...mapped }, signal);
    expect(heard).toEqual(Object.keys(replies));
  });

  it('without the address the port is mapped all the same', async () => {
    const port = await router.udp((message) => [bytes(message.length === 2 ? '0080000300000c15' : recorded.pmpMapped)]);
    expect(await natPmpGateway('127.0.0.1', port).map(request, signal)).toEqual({ ...mapped, externalHost: undefined });
  });
});

describe('asking by datagram', () => {
  const ask = (port: number, waitsMs: readonly number[], of = signal) =>
    exchange({ host: '127.0.0.1', port, request: () => Uint8Array.of(1), read: (reply) => readPcpReply(reply, request), signal: of, waitsMs });

  it('nonsense is passed over, however short', async () => {
    const port = await router.udp(() => ['', '00', '0281', 'ff'.repeat(1_100), recorded.pmpMapped, recorded.pcpMapped].map(bytes));
    expect(await ask(port, [5_000])).toEqual(mapped);
  });

  it('who says nothing is given up', async () => {
    let requests = 0;
    const port = await router.udp(() => {
      requests++;
      return [];
    });
    await expect(ask(port, [5, 5, 5])).rejects.toThrow('no answer');
    expect(requests).toBe(3);
  });

  it('that nobody is there is known at once', async () => {
    const port = await router.udp(() => []);
    await router.close();
    await expect(ask(port, [10_000])).rejects.toThrow('ECONNREFUSED');
  });

  it('it ends at once when it is told to', async () => {
    const stop = new AbortController();
    const port = await router.udp(() => {
      stop.abort(new Error('stopped'));
      return [];
    });
    await expect(ask(port, [10_000], stop.signal)).rejects.toThrow('stopped');
    await expect(ask(port, [10_000], stop.signal)).rejects.toThrow('stopped');
  });

  it('a name is not looked up', async () => {
    await expect(exchange({ host: 'router.example', port: 1, request: () => nonce, read: () => undefined, signal })).rejects.toThrow('no IPv4 address');
  });
});

it('whatever bytes come, they are an answer, none, or a refusal in words', () => {
  const templates = Object.values(recorded).map(bytes);
  const mutated = fc
    .tuple(fc.constantFrom(...templates), fc.array(fc.tuple(fc.nat(59), fc.nat(255)), { maxLength: 4 }), fc.nat(60))
    .map(([template, changes, length]) => {
      const changed = template.slice();
      for (const [at, value] of changes) if (at < changed.length) changed[at] = value;
      return changed.subarray(0, length);
    });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), mutated), (reply) => {
      for (const read of [() => readPcpReply(reply, request), () => readNatPmpMapping(reply, 24_000), () => readExternalAddress(reply)]) {
        try {
          read();
        } catch (error) {
          expect(error).not.toBeInstanceOf(RangeError);
        }
      }
    }),
    { numRuns: testRuns(1_000) },
  );
});
