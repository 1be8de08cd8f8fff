import { expect, test } from 'vitest';
import type { ConnectionId } from '../../core/net/connection-id.ts';
import { InboundGate } from './inbound-gate.ts';
import { localLimits } from './test-party.fixture.ts';
import { exemptHosts } from './transport-limits.ts';

const limits = {
  ...localLimits,
  maxPendingInbound: 4,
  maxPendingInboundPerHost: 2,
  acceptsPerHostPerSecond: 1,
  acceptBurstPerHost: 3,
  maxTrackedHosts: 2,
};
const id = (n: number) => n as ConnectionId;
const admitted = { admitted: true, evicted: undefined };

test('handshakes of one host are limited, and an IPv6 /64 is one host', () => {
  const gate = new InboundGate(limits, exemptHosts({ maxPeersPerIp: 0 }, []));
  expect(gate.begin(id(1), '2001:db8::1', 0)).toEqual(admitted);
  expect(gate.begin(id(2), '2001:db8::2', 0)).toEqual(admitted);
  expect(gate.begin(id(3), '2001:db8::3', 0)).toEqual({ admitted: false, limit: 'handshakes of this host' });
  expect(gate.begin(id(4), '2001:db8:0:1::1', 0)).toEqual(admitted);
  gate.end(id(1));
  gate.end(id(1));
  expect(gate.begin(id(5), '2001:db8::1', 10_000)).toEqual(admitted);
  expect(gate.begin(id(6), '2001:db8::1', 10_000)).toEqual({ admitted: false, limit: 'handshakes of this host' });
});

test('a host may come as often as its rate allows', () => {
  const gate = new InboundGate(limits, exemptHosts({ maxPeersPerIp: 0 }, []));
  const attempt = (n: number, nowMs: number) => {
    const { admitted } = gate.begin(id(n), '1.2.3.4', nowMs);
    gate.end(id(n));
    return admitted;
  };
  expect([1, 2, 3, 4].map((n) => attempt(n, 0))).toEqual([true, true, true, false]);
  expect(attempt(5, 999)).toBe(false);
  expect(attempt(6, 1_001)).toBe(true);
  expect(attempt(7, 1_002)).toBe(false);
  expect([8, 9, 10, 11].map((n) => attempt(n, 60_000))).toEqual([true, true, true, false]);
});

test('in total the oldest makes room; this machine is not limited otherwise', () => {
  const gate = new InboundGate(limits, exemptHosts({ maxPeersPerIp: 0 }, []));
  for (let n = 1; n <= 4; n++) expect(gate.begin(id(n), '127.0.0.1', 0)).toEqual(admitted);
  expect(gate.begin(id(5), '1.2.3.4', 0)).toEqual({ admitted: true, evicted: 1 });
  gate.end(id(3));
  expect(gate.begin(id(6), '::1', 0)).toEqual(admitted);
  expect(gate.begin(id(7), '::1', 0)).toEqual({ admitted: true, evicted: 2 });
  expect(gate.pending).toBe(4);
});

test('where IPs mean something, this machine is one host like any other; whom the operator names is not limited', () => {
  const gate = new InboundGate(limits, exemptHosts({ maxPeersPerIp: 4 }, ['10.0.0.0/8', '2001:db8::/32']));
  expect(gate.begin(id(1), '127.0.0.1', 0)).toEqual(admitted);
  expect(gate.begin(id(2), '127.0.0.1', 0)).toEqual(admitted);
  expect(gate.begin(id(3), '127.0.0.1', 0)).toEqual({ admitted: false, limit: 'handshakes of this host' });
  gate.end(id(1));
  expect(gate.begin(id(4), '127.0.0.1', 0)).toEqual({ admitted: false, limit: 'rate of this host' });
  for (const host of ['10.1.2.3', '2001:db8:5::1'])
    for (let n = 10; n < 30; n++) {
      expect(gate.begin(id(n), host, 0)).toEqual(admitted);
      gate.end(id(n));
    }
});

test('a connection counts among its host’s until it is a peer or gone, unless its host is exempt', () => {
  const gate = new InboundGate(limits, exemptHosts({ maxPeersPerIp: 4 }, ['10.0.0.0/8']));
  const open = (n: number, host: string, isFull = false) => {
    const admission = gate.begin(id(n), host, n * 10_000, isFull);
    gate.opened(id(n));
    return admission;
  };
  for (const n of [1, 2, 3]) expect(open(n, '10.0.0.1')).toEqual(admitted);
  expect(gate.pending).toBe(0);
  expect([4, 5].map((n) => open(n, '1.2.3.4'))).toEqual([admitted, admitted]);
  expect(open(6, '1.2.3.4')).toEqual({ admitted: false, limit: 'handshakes of this host' });
  gate.end(id(4));
  expect(open(7, '1.2.3.4')).toEqual(admitted);
});

test('of connections that are no peers the oldest of the host that has most makes room', () => {
  const gate = new InboundGate(limits, () => false);
  const hosts = ['1.1.1.1', '2.2.2.2', '3.3.3.3', '2.2.2.2'];
  for (const [n, host] of hosts.entries()) gate.begin(id(n), host, 0);
  expect(gate.begin(id(4), '4.4.4.4', 0)).toEqual({ admitted: true, evicted: 1 });
  // Of a handshake nobody has a place that could be had.
  expect(gate.begin(id(5), '5.5.5.5', 0, true)).toEqual({ admitted: false, limit: `the limit is ${limits.maxInbound} inbound` });
  gate.opened(id(3));
  expect(gate.begin(id(5), '5.5.5.5', 0, true)).toEqual({ admitted: true, evicted: 3 });
});

test('what is remembered of hosts is bounded', () => {
  const gate = new InboundGate(limits, exemptHosts({ maxPeersPerIp: 0 }, []));
  const spend = (host: string) => {
    const { admitted } = gate.begin(id(1), host, 0);
    gate.end(id(1));
    return admitted;
  };
  for (let i = 0; i < 3; i++) spend('1.1.1.1');
  expect(spend('1.1.1.1')).toBe(false);
  spend('2.2.2.2');
  spend('3.3.3.3');
  expect(spend('1.1.1.1')).toBe(true); // the longest unseen was forgotten
});
