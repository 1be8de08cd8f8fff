import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import type { MethodName, Response } from '../../src-shared/api/contract.ts';
import { expectAccessible } from '../fixtures/accessible.ts';
import { go } from '../fixtures/preview-test.ts';
import { catchUp } from './catching-up-story.ts';
import { agreement, blockMs, expectExactSupply, roomInEpoch } from './chain.ts';
import { test } from './fixture.ts';
import { startNewcomer } from './newcomer.ts';
import { programs, type TestNode } from './node.ts';
import { until } from './processes.ts';

// Its person has no mouse.
test.use({ hands: 'keyboard' });

const run = promisify(execFile);
/** Five slots and the one that closes the epoch, each of which may take a round or two. */
const epochMs = 60_000 + 2 * blockMs;
const collateral = '1000.00000000';

/** As a person does it. Rejects with what the command line says. */
async function cli<M extends MethodName>(node: TestNode, ...args: string[]): Promise<Response<M>> {
  const { stdout } = await run(process.execPath, [join(programs, 'time-cli.js'), '--datadir', node.addresses.datadir, '--network', 'devnet', ...args]);
  return (stdout.startsWith('{') || stdout.startsWith('[') ? JSON.parse(stdout) : stdout.trim()) as Response<M>;
}

test('a registration from the command line is active with the next epoch, votes and is paid; its exit gives the collateral back; its window shows all of it, and so does that of a newcomer which has to catch up', async ({
  person,
  page,
  devnet,
}) => {
  test.setTimeout(360_000);
  const { nodes } = devnet;
  const fifth = await startNewcomer({
    directory: devnet.directory,
    index: 4,
    connect: nodes.map(({ addresses }) => addresses.p2p),
    settings: { masternode: true },
  });
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
    await roomInEpoch(fifth);
    const registered = await cli<'masternoderegister'>(fifth, 'masternode', 'register', 'bronze', fifth.addresses.p2p, outpoint);
    const { epoch } = await fifth.call('getconsensusinfo');
    expect(registered).toMatchObject({ nodeid, owneraddress: address, activeepoch: epoch + 1 });
    await page.goto(fifth.addresses.web);
    await go(person, 'masternodes');
    await until('it is registered everywhere', 2 * blockMs, async () => {
      const lists = await Promise.all(nodes.map((node) => node.call('masternodelist', { status: 'waiting' })));
      return lists.every((list) => list.some((one) => one.nodeid === nodeid && one.collateral === outpoint));
    });
    await expect(cli(fifth, 'sendtoaddress', address, '900')).rejects.toThrow('900');
    const state = page.getByTestId('own-state');
    await expect(state).toHaveAttribute('data-state', 'waiting');
    await expectAccessible(page);

    await until('it counts', epochMs, async () => (await cli<'masternodestatus'>(fifth, 'masternode', 'status')).registration?.weight === 10);
    await expect(state).toHaveAttribute('data-state', 'active');
    await until('it votes', 3 * blockMs, async () => {
      const { members } = await nodes[0]!.call('getparticipation', { nodeid });
      return members.some(({ signed }) => signed > 0);
    });
    // From the first block on that comes after one of its votes; what does not divide, and fees, it may have before, as proposer.
    const share = await until('it is paid', epochMs, async () => {
      const [last] = await cli<'masternodewinners'>(nodes[0]!, 'masternode', 'winners', '1');
      return last?.paid.find((one) => one.nodeid === nodeid && Number(one.amount) >= 1);
    });
    // A fifth of the reward, or more where a busy machine cost others their share of the epoch before.
    expect(share).toEqual({ address: registered.rewardaddress, amount: expect.stringMatching(/^(20|25|33)\./), nodeid });

    await expect(page.getByTestId('rewards-today')).toHaveText(/[1-9]/);
    await expectAccessible(page);

    await until('it is heard of', 60_000, async () => {
      const [heard] = await nodes[0]!.call('masternodelist', { text: nodeid });
      return heard?.heartbeat.state === 'online';
    });
    await cli(fifth, 'masternode', 'exit');
    const back = await until('the collateral is back', 2 * blockMs, async () =>
      (await fifth.call('listunspent')).find(({ address: at, spendable, amount }) => at === address && spendable && Number(amount) > 999),
    );
    expect(back.txid).not.toBe(coin.txid);
    expect((await cli<'masternodelist'>(nodes[0]!, 'masternode', 'list', 'exited')).map((one) => one.nodeid)).toEqual([nodeid]);
    await expect(page.getByText('This node has left the masternodes.')).toBeVisible();
    await agreement([...nodes, fifth], 0, 2 * blockMs);
    await expectExactSupply([...nodes, fifth], 2 * blockMs);
    await catchUp(person, devnet.directory, nodes[1]!);
    for (const line of ['masternode-registered', 'masternode-active', 'masternode-left']) expect(nodes[0]!.log()).toContain(line);
  } finally {
    await fifth.stop();
  }
});
