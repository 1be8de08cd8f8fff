import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { BulkyPayments } from '../network/bulky-payments.ts';
import { firstPort, makeNetwork } from '../network/devnet.ts';
import { TestNode } from '../network/node.ts';
import { genesisIn, withOwnCoins } from '../network/own-coins.ts';
import { until } from '../network/processes.ts';

// `npm run soak -- overload`: large payments, each of what the one before paid, faster than blocks take them. Two to three minutes.

const payers = 30;
const loadMs = 75_000;
/** Of the mempool: some of these in a row are a backlog of blocks, not one. */
const blockBytes = 2_000_000;
const drainedWithinMs = 120_000;
const sampleMs = 5_000;

let directory = '';
let nodes: readonly TestNode[] = [];
test.beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'time-overload-'));
});
test.afterEach(async ({}, info) => {
  if (info.status !== info.expectedStatus) for (const node of nodes) writeFileSync(info.outputPath(`node-${node.index}.log`), node.log());
  await Promise.all(nodes.map((node) => node.stop()));
  rmSync(directory, { recursive: true, force: true });
});

test('what comes faster than blocks can take it waits, nobody is lost over it, and blocks take it all in the end', async () => {
  test.setTimeout(loadMs + drainedWithinMs + 120_000);
  const made = await makeNetwork(directory, { from: firstPort + 700, genesis: (genesis) => withOwnCoins(payers, genesis) });
  nodes = made.map(({ index, datadir }) => TestNode.at(index, datadir));
  await Promise.all(nodes.map((node) => node.start()));
  for (const node of nodes) await until(`node ${node.index} votes`, 30_000, async () => (await node.call('getconsensusinfo')).voting);
  const heights = (): Promise<number[]> => Promise.all(nodes.map(async (node) => (await node.call('getblockchaininfo')).blocks));
  const pendingBytes = async (): Promise<number> => Math.max(...(await Promise.all(nodes.map(async (node) => (await node.call('getmempoolinfo')).bytes))));

  const load = new BulkyPayments(nodes[0]!, genesisIn(directory));
  let most = 0;
  for (const endMs = performance.now() + loadMs; performance.now() < endMs; await delay(sampleMs)) {
    most = Math.max(most, await pendingBytes());
    console.log(`${load.finals.size} of ${load.sent} payments final, heights ${await heights()}, at most ${(most / 1e6).toFixed(1)} MB pending`);
  }
  await load.stop();
  expect(most, 'more than one block takes').toBeGreaterThan(blockBytes);
  const under = await heights();
  await until('nothing is pending', drainedWithinMs, async () => (await pendingBytes()) === 0);
  const after = await heights();
  console.log(`after it: heights ${under}, then ${after}`);
  expect(Math.min(...after)).toBeGreaterThan(Math.max(...under));
  for (const node of nodes) expect(node.log()).not.toContain('send-queue-full');
});
