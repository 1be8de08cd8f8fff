import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import { stringify } from 'smol-toml';
import { freePortSets } from '../../src-main/hosts/devnet/free-ports.ts';
import { dataFiles, networkDirectory } from '../../src-main/node/data-directory.ts';
import type { MethodName, Response } from '../../src-shared/api/contract.ts';
import { agreement, blockMs, expectExactSupply } from './chain.ts';
import { firstPort } from './devnet.ts';
import { test } from './fixture.ts';
import { programs, TestNode } from './node.ts';
import { until } from './processes.ts';

const run = promisify(execFile);
/** Five slots and the one that closes the epoch, each of which may take a round or two. */
const epochMs = 60_000 + 2 * blockMs;
const collateral = '1000.00000000';

/** As a person does it. Rejects with what the command line says. */
async function cli<M extends MethodName>(node: TestNode, ...args: string[]): Promise<Response<M>> {
  const { stdout } = await run(process.execPath, [join(programs, 'time-cli.js'), '--datadir', node.addresses.datadir, '--network', 'devnet', ...args]);
  return (stdout.startsWith('{') || stdout.startsWith('[') ? JSON.parse(stdout) : stdout.trim()) as Response<M>;
}

/** One more node of the network, with a wallet that holds nothing. */
async function fifthNode(directory: string, peers: readonly TestNode[]): Promise<TestNode> {
  const datadir = join(directory, 'node-fifth');
  const files = dataFiles(networkDirectory(datadir, 'devnet'));
  mkdirSync(files.directory, { recursive: true, mode: 0o700 });
  const [ports = []] = await freePortSets('127.0.0.1', 1, { first: firstPort, stride: 10, width: 3 });
  const [listen, rpc, web] = ports.map((port) => `127.0.0.1:${port}`);
  const config = { listen, rpc, web, masternode: true, genesis_file: join(directory, 'genesis.json'), connect: peers.map(({ addresses }) => addresses.p2p) };
  writeFileSync(files.config, stringify(config));
  const node = new TestNode(4, { pid: 0, datadir, cookieFile: files.cookie, p2p: listen ?? '', rpc: rpc ?? '', web: '' });
  await node.start();
  return node;
}

test('a registration from the command line is active with the next epoch, votes and is paid; its exit gives the collateral back', async ({ devnet }) => {
  test.setTimeout(180_000);
  const { nodes } = devnet;
  const fifth = await fifthNode(devnet.directory, nodes);
  try {
    const { nodeid } = await fifth.call('getnodeinfo');
    expect((await cli<'masternodestatus'>(fifth, 'masternode', 'status')).registration).toBeUndefined();
    await expect(cli(fifth, 'masternode', 'register', 'bronze', fifth.addresses.p2p)).rejects.toThrow(`sendtoaddress ADDRESS ${collateral}`);

    const address = await cli<'getnewaddress'>(fifth, 'getnewaddress');
    await cli(nodes[0]!, 'sendtoaddress', address, collateral);
    await cli(nodes[1]!, 'sendtoaddress', address, '1');
    const coin = await until('the collateral is in a block', 2 * blockMs, async () =>
      (await fifth.call('listunspent')).find(({ amount, confirmations }) => amount === collateral && confirmations > 0),
    );
    const outpoint = `${coin.txid}:${coin.vout}`;
    await expect(cli(fifth, 'masternode', 'register', 'bronze', fifth.addresses.p2p)).rejects.toThrow(outpoint);
    const registered = await cli<'masternoderegister'>(fifth, 'masternode', 'register', 'bronze', fifth.addresses.p2p, outpoint);
    expect(registered).toMatchObject({ nodeid, owneraddress: address, activeepoch: 1 });
    await until('it is registered everywhere', 2 * blockMs, async () => {
      const lists = await Promise.all(nodes.map((node) => node.call('masternodelist', { status: 'waiting' })));
      return lists.every((list) => list.some((one) => one.nodeid === nodeid && one.collateral === outpoint));
    });
    await expect(cli(fifth, 'sendtoaddress', address, '900')).rejects.toThrow('900');

    await until('it counts', epochMs, async () => (await cli<'masternodestatus'>(fifth, 'masternode', 'status')).registration?.weight === 10);
    await until('it votes', 3 * blockMs, async () => {
      const { members } = await nodes[0]!.call('getparticipation', { nodeid });
      return members.some(({ signed }) => signed > 0);
    });
    const winners = await cli<'masternodewinners'>(nodes[0]!, 'masternode', 'winners', '1');
    // A fifth of the reward, or a fourth where a busy machine cost one of the others its share of the epoch before.
    expect(winners[0]!.paid).toContainEqual({ address: registered.rewardaddress, amount: expect.stringMatching(/^2[05]\./), nodeid });

    await until('it is heard of', 20_000, async () => {
      const [heard] = await nodes[0]!.call('masternodelist', { text: nodeid });
      return heard?.heartbeat.state === 'online';
    });
    await cli(fifth, 'masternode', 'exit');
    const back = await until('the collateral is back', 2 * blockMs, async () =>
      (await fifth.call('listunspent')).find(({ address: at, spendable, amount }) => at === address && spendable && Number(amount) > 999),
    );
    expect(back.txid).not.toBe(coin.txid);
    expect((await cli<'masternodelist'>(nodes[0]!, 'masternode', 'list', 'exited')).map((one) => one.nodeid)).toEqual([nodeid]);
    await agreement([...nodes, fifth], 0, blockMs);
    await expectExactSupply([...nodes, fifth], blockMs);
    for (const line of ['masternode-registered', 'masternode-active', 'masternode-left']) expect(nodes[0]!.log()).toContain(line);
  } finally {
    await fifth.stop();
  }
});
