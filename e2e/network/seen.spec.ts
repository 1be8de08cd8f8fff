import { expect } from '@playwright/test';
import { nodeCount } from './devnet.ts';
import { test } from './fixture.ts';
import type { TestNode } from './node.ts';
import { until } from './processes.ts';

const meetMs = 15_000;
/** Back-off begins at half a second here, and the longest wait of a first few failures is a few seconds. */
const changeMs = 20_000;

const idOf = async (node: TestNode): Promise<string> => (await node.call('getnodeinfo')).nodeid;
const isPeer = async (node: TestNode, nodeid: string): Promise<boolean> => (await node.call('getpeerinfo')).some((peer) => peer.nodeid === nodeid);
const allMet = (nodes: readonly TestNode[]): Promise<unknown> =>
  until('everybody knows everybody', meetMs, async () => {
    const counts = await Promise.all(nodes.map((node) => node.call('getconnectioncount')));
    return counts.every((count) => count === nodeCount - 1);
  });

test('a ban, and its end, can be followed in the history, the states and the log of both', async ({ devnet }) => {
  const [banning, banned] = [devnet.node(0), devnet.node(1)];
  await allMet(devnet.nodes);
  const [banningId, bannedId] = await Promise.all([idOf(banning), idOf(banned)]);
  await banning.call('setban', { subnet: bannedId, command: 'add', bantime: 600 });
  await until('the connection ends', changeMs, async () => !(await isPeer(banning, bannedId)));

  expect(await banning.call('listbanned')).toMatchObject([{ address: bannedId, kind: 'node', by: 'operator', ban_duration: 600 }]);
  const history = await banning.call('getconnectionhistory', { nodeid: bannedId });
  expect(history.find(({ kind }) => kind === 'banned')).toMatchObject({ by: 'operator' });
  const gone = history.find(({ kind }) => kind === 'gone');
  expect(gone?.reason?.split(':')[0]).toBe('banned');
  expect(gone?.duration).toBeGreaterThan(0);

  // Whoever dials first, the banned one is told why, and waits.
  await until('the banned one knows why', changeMs, async () =>
    (await banned.call('getconnectionhistory', { nodeid: banningId })).some(({ reason }) => reason === 'the peer said banned'),
  );
  const stateOf = async (node: TestNode, nodeid: string) => (await node.call('getpeerstates')).addresses.find((one) => one.nodeid === nodeid);
  await until('its address is banned here', changeMs, async () => (await stateOf(banning, bannedId))?.state === 'banned');

  await banning.call('setban', { subnet: bannedId, command: 'remove' });
  await until('they are peers again', changeMs, () => isPeer(banning, bannedId));
  const after = await banning.call('getconnectionhistory', { nodeid: bannedId });
  expect(after.find(({ kind }) => kind === 'ban-ended')).toMatchObject({ by: 'operator' });
  expect(after.find(({ kind }) => kind === 'connected')?.atms).toBeGreaterThan(gone?.atms ?? 0);
  for (const line of [/ warn peers banned subject=/, / info peers peer-gone .*reason="banned: /, / info peers ban-ended .*by=operator/])
    await expect.poll(() => banning.log()).toMatch(line);
});

test('an address where nobody answers says since when, why, and when it is tried again', async ({ devnet }) => {
  const node = devnet.node(0);
  // Its own RPC port speaks another protocol, and will not become free for somebody who does.
  const address = node.addresses.rpc;
  await node.call('addnode', { node: address, command: 'add' });
  const waiting = await until('it waits for another try', changeMs, async () => {
    const { addresses } = await node.call('getpeerstates', { state: 'backoff' });
    return addresses.find((one) => one.address === address);
  });
  expect(waiting).toMatchObject({ role: 'configured', state: 'backoff' });
  expect(waiting.attempts).toBeGreaterThan(0);
  expect(waiting.nexttryms).toBeGreaterThan(waiting.lasttryms ?? 0);
  const [last] = await node.call('getconnectionhistory', { address });
  expect(last).toMatchObject({ kind: 'failed', direction: 'outbound', phase: 'CONFIGURED' });
  expect(last?.reason).not.toBe('');
  expect(await node.call('getaddednodeinfo', { node: address })).toEqual([{ addednode: address, connected: false, addresses: [] }]);
  await expect.poll(() => node.log()).toMatch(new RegExp(`dial-failed address=${address} .*nextTry=\\S+ phase=CONFIGURED`));
});

test('bytes and messages add up, by type, by peer and in all', async ({ devnet }) => {
  const node = devnet.node(0);
  await allMet(devnet.nodes);
  await until('pings were answered', meetMs, async () => (await node.call('getpeerinfo')).every(({ pongsreceived }) => pongsreceived > 1));
  const before = await node.call('getnettotals');
  const peers = await node.call('getpeerinfo');
  const after = await node.call('getnettotals');
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
  expect(sum(after.messages.map(({ bytessent }) => bytessent))).toBe(after.totalbytessent);
  expect(sum(after.messages.map(({ bytesrecv }) => bytesrecv))).toBe(after.totalbytesrecv);
  const pings = peers.map(({ messagessent_per_msg }) => messagessent_per_msg.Ping ?? 0);
  expect(pings).toEqual(peers.map(({ pingssent }) => pingssent));
  const sentToPeers = sum(peers.flatMap(({ bytessent_per_msg }) => Object.values(bytessent_per_msg)));
  expect(sentToPeers).toBeLessThanOrEqual(after.totalbytessent);
  expect(after.totalbytessent).toBeGreaterThanOrEqual(before.totalbytessent);
  expect(await node.metric('time_bytes_total', '{direction="sent"}')).toBeGreaterThanOrEqual(after.totalbytessent);
});
