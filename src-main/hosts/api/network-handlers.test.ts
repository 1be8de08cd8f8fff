import { describe, expect, it, vi } from 'vitest';
import { limitNames } from '../../../src-shared/domain/net-limits.ts';
import { silentLogger } from '../../node/logging/logger.ts';
import { createApi } from './registry.ts';
import { bannedId, type FakeServices, fakeServices } from './services.fixture.ts';

const nowMs = 1_700_000_100_000;
const reply = (method: string, params: unknown, services: FakeServices) => createApi(services, silentLogger).call(method, params, 'rpc');
async function value(method: string, params: unknown = [], services = fakeServices()): Promise<unknown> {
  const answer = await reply(method, params, services);
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return answer.value;
}
async function errorOf(method: string, params: unknown, services = fakeServices()): Promise<string> {
  const answer = await reply(method, params, services);
  return answer.ok ? 'ok' : answer.error.code;
}

describe('getpeerinfo', () => {
  it('shows a peer in full, the clock with the sign that Bitcoin Core gives it', async () => {
    expect(await value('getpeerinfo')).toMatchObject([
      {
        id: 7,
        addr: '127.0.0.1:5000',
        network: 'not_publicly_routable',
        networkgroup: '127.0.0.0/16',
        connection_type: 'inbound',
        services: '0000000000000001',
        servicesnames: ['MASTERNODE'],
        pingtime: 0.012,
        jitter: 0.002,
        pingssent: 3,
        pongsreceived: 2,
        timeoffset: -0.004,
        lastsend: nowMs - 100,
        bytessent_per_msg: { Ping: 200, Hello: 800 },
        messagesrecv_per_msg: { Pong: 2 },
        ratelimited: { rate_get_peers: 12 },
        leftout_per_msg: { TransactionAnnouncement: 1 },
      },
    ]);
  });
  it('takes the id of one', async () => {
    expect(await value('getpeerinfo', [7])).toHaveLength(1);
    expect(await value('getpeerinfo', [8])).toEqual([]);
  });
});

describe('setban', () => {
  const ban = async (...params: unknown[]) => {
    const setBan = vi.fn();
    await value('setban', params, fakeServices({ setBan }));
    return setBan.mock.calls[0];
  };
  it('takes an IP, a network or a node key, a day long unless it is told how long or until when', async () => {
    const day = nowMs + 86_400_000;
    expect(await ban('203.0.113.7', 'add')).toEqual([{ kind: 'network', subnet: '203.0.113.7/32' }, day]);
    expect(await ban('2001:db8:1:2::/48', 'add', 60)).toEqual([{ kind: 'network', subnet: '2001:db8:1::/48' }, nowMs + 60_000]);
    expect(await ban('AB'.repeat(32), 'add', nowMs + 5, true)).toEqual([{ kind: 'node', nodeId: 'ab'.repeat(32) }, nowMs + 5]);
    expect(await ban('203.0.113.7', 'add', 0, true)).toEqual([{ kind: 'network', subnet: '203.0.113.7/32' }, day]);
  });
  it.each([
    [['nowhere', 'add'], 'invalid-subnet'],
    [['203.0.113.0/33', 'add'], 'invalid-subnet'],
    [['192.0.2.0/24', 'add'], 'node-already-added'],
    [['203.0.113.7', 'remove'], 'invalid-subnet'],
    [['203.0.113.7', 'add', -1], 'invalid-params'],
    // Seconds since 1970, as Bitcoin Core takes them.
    [['203.0.113.7', 'add', 1_700_000_200, true], 'invalid-parameter'],
    [['203.0.113.7'], 'invalid-params'],
  ])('%j is %s', async (params, code) => expect(await errorOf('setban', params)).toBe(code));
  it('lifts what is banned', async () => {
    const clearBan = vi.fn();
    await value('setban', ['192.0.2.99/24', 'remove'], fakeServices({ clearBan }));
    await value('setban', [bannedId, 'remove'], fakeServices({ clearBan }));
    expect(clearBan.mock.calls).toEqual([[{ kind: 'network', subnet: '192.0.2.0/24' }], [{ kind: 'node', nodeId: bannedId }]]);
  });
});

it('listbanned says until when, or nothing where a ban lasts', async () => {
  expect(await value('listbanned')).toEqual([
    {
      address: '192.0.2.0/24',
      kind: 'network',
      ban_created: nowMs - 1_000,
      banned_until: nowMs + 59_000,
      ban_duration: 60,
      time_remaining: 59,
      reason: 'set by the operator',
      by: 'operator',
    },
    { address: bannedId, kind: 'node', ban_created: nowMs - 1_000, reason: 'bad-signature', by: 'violations' },
  ]);
});

it('getpeerstates puts what happens next first, and can be asked for one state, in pages', async () => {
  const all = (await value('getpeerstates')) as { addresses: { address: string }[] };
  expect(all).toMatchObject({ total: 3, states: { backoff: 1, connected: 1, givenUp: 1 } });
  expect(all.addresses.map(({ address }) => address)).toEqual(['127.0.0.1:1', '127.0.0.1:7', '192.0.2.1:24200']);
  expect(await value('getpeerstates', ['givenUp'])).toMatchObject({ total: 1, states: { backoff: 1 }, addresses: [{ country: 'DE', lastreason: 'timeout' }] });
  expect(await value('getpeerstates', { count: 1, skip: 1 })).toMatchObject({ total: 3, addresses: [{ address: '127.0.0.1:7' }] });
  expect(await errorOf('getpeerstates', ['dialling'])).toBe('invalid-params');
});

it('getaddednodeinfo finds the connection with whoever answers there, even if they dialled us', async () => {
  expect(await value('getaddednodeinfo')).toEqual([
    { addednode: '127.0.0.1:1', connected: true, addresses: [{ address: '127.0.0.1:1', connected: 'inbound' }] },
  ]);
  expect(await errorOf('getaddednodeinfo', ['127.0.0.1:2'])).toBe('node-not-added');
  expect(await errorOf('getaddednodeinfo', ['nowhere'])).toBe('invalid-parameter');
});

it('getnetworkinfo has every limit, with its value, default and meaning, and warns of a clock in words', async () => {
  const services = fakeServices();
  const info = (await value('getnetworkinfo', [], services)) as { limits: { name: string; value: number }[] };
  expect(info).toMatchObject({ connections: 1, connections_in: 1, connections_masternodes: 1, warnings: [], bans: 2, timeoffset: -0.004 });
  expect(info.limits).toHaveLength(limitNames.length);
  expect(info.limits).toContainEqual(expect.objectContaining({ name: 'backoff_first_seconds', value: 0.5, default: 0.5, unit: 'seconds' }));
  const views = { ...services.views, clock: () => ({ state: 'stopped' as const, offsetMs: 16_000, members: 3 }) };
  expect(await value('getnetworkinfo', [], fakeServices({ views }))).toMatchObject({
    warnings: ["This machine's clock is 16.0 s ahead of the masternodes', so this node proposes no blocks: set it."],
  });
});

it('getnettotals counts by type, the busiest first', async () => {
  expect(await value('getnettotals')).toEqual({
    totalbytesrecv: 2_000,
    totalbytessent: 1_000,
    timemillis: nowMs,
    messages: [
      { type: 'Pong', messagessent: 0, bytessent: 0, messagesrecv: 2, bytesrecv: 2_000, messagesleftout: 0 },
      { type: 'Hello', messagessent: 1, bytessent: 800, messagesrecv: 0, bytesrecv: 0, messagesleftout: 0 },
      { type: 'Ping', messagessent: 3, bytessent: 200, messagesrecv: 0, bytesrecv: 0, messagesleftout: 0 },
      { type: 'TransactionAnnouncement', messagessent: 0, bytessent: 0, messagesrecv: 0, bytesrecv: 0, messagesleftout: 1 },
    ],
  });
});

it('getconnectionhistory and getviolations can be asked for one node', async () => {
  const services = fakeServices();
  services.publish({ kind: 'dial-failed', address: '192.0.2.1:24200', reason: 'timeout', nextTryMs: nowMs + 5_000.5 });
  expect(await value('getconnectionhistory', [], services)).toEqual([
    { atms: nowMs, kind: 'failed', address: '192.0.2.1:24200', direction: 'outbound', reason: 'timeout', nexttryms: nowMs + 5_001 },
  ]);
  expect(await value('getconnectionhistory', [10, bannedId], services)).toEqual([]);
  expect(await value('getviolations', [10, bannedId])).toHaveLength(1);
  expect(await value('getviolations', [10, 'ff'.repeat(32)])).toEqual([]);
});
