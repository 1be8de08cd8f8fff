import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { dataFiles, networkDirectory } from '../../src-main/node/data-directory.ts';
import { fullyConnected } from './connections.ts';
import { test } from './fixture.ts';
import type { TestNode } from './node.ts';
import { payFinally } from './payments.ts';
import { until } from './processes.ts';

// biome-ignore lint/suspicious/noSkippedTests: Windows has none of the signals that are sent here
test.skip(process.platform === 'win32', 'there are no signals to send');

/** Of a devnet: the next ping, and three that are waited for; and what a busy machine adds. */
const pingMs = 2_200;
const pongMs = 5_000;
const slackMs = 3_000;

const idOf = async (node: TestNode): Promise<string> => (await node.call('getnodeinfo')).nodeid;

test('a peer that stands still is gone after three missed pings, and back when it goes on', async ({ devnet }) => {
  test.setTimeout(90_000);
  const { nodes } = devnet;
  await fullyConnected(nodes);
  const still = nodes[3]!;
  const others = nodes.slice(0, 3);
  const nodeid = await idOf(still);
  const pingsBefore = await Promise.all(others.map(async (node) => (await node.call('getpeerinfo')).find((peer) => peer.nodeid === nodeid)!.pongsreceived));

  process.kill(still.pid, 'SIGSTOP');
  const stoppedMs = Date.now();
  await until('the others have dropped it', pingMs + 3 * pongMs + slackMs, async () => {
    const peers = await Promise.all(others.map((node) => node.call('getpeerinfo')));
    return peers.every((list) => list.length === 2);
  });
  // Not before three pings had their time.
  expect(Date.now() - stoppedMs).toBeGreaterThan(3 * pongMs - slackMs);
  for (const [index, node] of others.entries()) {
    const [gone] = await node.call('getconnectionhistory', { nodeid, count: 1 });
    expect(gone).toMatchObject({ kind: 'gone', reason: 'unresponsive' });
    expect(pingsBefore[index]).toBeGreaterThan(0);
  }
  // Three of four are a quorum.
  await payFinally(nodes[0]!, others, 5_000);

  process.kill(still.pid, 'SIGCONT');
  // Who dials waits in its back-off, which has not grown beyond the time that the other stood still.
  await fullyConnected(nodes, Date.now() - stoppedMs + slackMs);
  await payFinally(still, nodes, 5_000);
  expect(await Promise.all(nodes.map((node) => node.call('getviolations', {})))).toEqual(nodes.map(() => []));
  expect(await Promise.all(nodes.map((node) => node.call('listbanned')))).toEqual(nodes.map(() => []));
});

test('a node that was killed is reconnected within its back-off by those that dial it', async ({ devnet }) => {
  test.setTimeout(90_000);
  const { nodes } = devnet;
  await fullyConnected(nodes);
  const killed = nodes[0]!;
  // It dials nobody itself, so that the others have to.
  appendFileSync(dataFiles(networkDirectory(killed.addresses.datadir, 'devnet')).config, 'max_outbound = 0\n');
  const others = nodes.slice(1);
  const { p2p } = killed.addresses;
  await killed.kill();
  await until('the others know', slackMs, async () => {
    const peers = await Promise.all(others.map((node) => node.call('getpeerinfo')));
    return peers.every((list) => list.length === 2);
  });
  await delay(4_000);
  await killed.start();
  const startedMs = Date.now();
  const tries = await Promise.all(others.map(async (node) => (await node.call('getconnectionhistory', { address: p2p, count: 1 }))[0]!));
  expect(tries.map(({ kind }) => kind)).toEqual(others.map(() => 'failed'));
  const waits = tries.map(({ nexttryms }) => nexttryms! - startedMs);
  // Half a second, doubled each time, and a quarter more or less: not much longer than it was away.
  expect(Math.max(...waits)).toBeLessThan(10_000);
  await fullyConnected(nodes, Math.max(...waits, 0) + slackMs);
  await payFinally(killed, nodes, 5_000);
  expect(await Promise.all(others.map((node) => node.call('getviolations', {})))).toEqual(others.map(() => []));
});
