import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import { agreement, blockMs, expectExactSupply, headersThrough, isFinal, slotMs, units } from './chain.ts';
import { nodeCount } from './devnet.ts';
import { test } from './fixture.ts';
import { programs, type TestNode } from './node.ts';
import { until } from './processes.ts';

const run = promisify(execFile);
const cli = async (node: TestNode, ...args: string[]): Promise<string> =>
  (await run(process.execPath, [join(programs, 'time-cli.js'), '--datadir', node.addresses.datadir, '--network', 'devnet', ...args])).stdout.trim();

/** From the start of the launcher until every node knows every other. */
const meetMs = 15_000;
const finalityMs = 1_000;

test('four nodes meet, agree, and make a payment final in under a second', async ({ devnet }) => {
  const { nodes } = devnet;
  const peers = await until('three peers each, with round trips', meetMs - devnet.startMs, async () => {
    const read = await Promise.all(nodes.map((node) => node.call('getpeerinfo')));
    return read.every((list) => list.length === nodeCount - 1 && list.every(({ pingtime }) => pingtime !== undefined)) && read;
  });
  const ids = await Promise.all(nodes.map(async (node) => (await node.call('getnodeinfo')).nodeid));
  for (const [index, list] of peers.entries()) {
    expect(list.map(({ nodeid }) => nodeid).sort()).toEqual(ids.filter((id) => id !== ids[index]).sort());
    for (const { pingtime, minping, masternode } of list) {
      expect(masternode).toBe(true);
      expect(pingtime).toBeGreaterThan(0);
      expect(minping).toBeLessThanOrEqual(pingtime!);
    }
  }
  await agreement(nodes, 0, blockMs);
  await expectExactSupply(nodes, blockMs);

  const [sender, receiver] = [nodes[0]!, nodes[3]!];
  const before = await Promise.all([sender, receiver].map(ownWithoutRewards));
  const address = await cli(receiver, 'getnewaddress');
  const txid = await cli(sender, 'sendtoaddress', address, '12.5');
  const states = await until('final everywhere', 5_000, async () => {
    const read = await Promise.all(nodes.map((node) => node.call('gettransaction', { txid })));
    return read.every(isFinal) && read;
  });
  for (const { finalafterms, acceptweight, totalweight } of states) {
    expect(finalafterms).toBeLessThan(finalityMs);
    expect(3 * acceptweight).toBeGreaterThanOrEqual(2 * totalweight);
  }

  const sentAt = Math.min(...states.map(({ timereceived }) => timereceived!));
  const confirmed = await until('in a block everywhere', blockMs, async () => {
    const read = await Promise.all(nodes.map((node) => node.call('gettransaction', { txid })));
    return read.every(({ state }) => state === 'confirmed') && read;
  });
  const height = confirmed[0]!.blockheight!;
  expect(confirmed.map(({ blockheight, blockhash }) => [blockheight, blockhash])).toEqual(nodes.map(() => [height, confirmed[0]!.blockhash]));
  const headers = await headersThrough(sender, height);
  const slotAfter = (time: number): number => Math.floor((time - headers[0]!.time) / slotMs) + 1;
  expect(slotAfter(headers[height]!.time) - 1, 'the block of the next slot').toBeLessThanOrEqual(slotAfter(sentAt));
  expect(JSON.parse(await cli(receiver, 'getblock', confirmed[0]!.blockhash!)).tx).toContain(txid);

  await agreement(nodes, height, blockMs);
  await expectExactSupply(nodes, blockMs);
  const after = await Promise.all([sender, receiver].map(ownWithoutRewards));
  const fee = units(states[0]!.fee!);
  expect(after.map((own, index) => own - before[index]!)).toEqual([-units('12.5') - fee, units('12.5')]);
});

/** All that a wallet has, but for what blocks have paid it for voting. */
async function ownWithoutRewards(node: TestNode): Promise<bigint> {
  return until('the balance and the history of one height', 5_000, async () => {
    const { mine, lastprocessedblock } = await node.call('getbalances');
    const history = await node.call('listtransactions', { count: 1_000 });
    if ((await node.call('getblockchaininfo')).blocks !== lastprocessedblock.height) return undefined;
    const rewards = history.filter(({ category }) => category === 'reward').reduce((sum, { amount }) => sum + units(amount), 0n);
    return units(mine.trusted) + units(mine.untrusted_pending) + units(mine.immature) + units(mine.locked) - rewards;
  });
}
