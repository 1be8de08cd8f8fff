import { existsSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { agreement, blockMs } from './chain.ts';
import { Devnet, stopMs } from './devnet.ts';
import { PaymentLoad, payFinally } from './payments.ts';
import { until, untilGone } from './processes.ts';

// biome-ignore lint/suspicious/noSkippedTests: Windows has none of the signals that are sent here
test.skip(process.platform === 'win32', 'there are no signals to send');

const finalityMs = 5_000;

/** Ends the network under a load, in one way after the other; each next start is at once, over the same files, and nothing that was final is missing. */
test('however it is told to stop, everything is gone within five seconds, and the next start is at once', async () => {
  test.setTimeout(150_000);
  let devnet = await Devnet.start();
  const { directory } = devnet;
  const ways: readonly (readonly [string, () => Promise<void>])[] = [
    ['SIGINT', async () => void devnet.launcher.kill('SIGINT')],
    ['SIGTERM', async () => void devnet.launcher.kill('SIGTERM')],
    ['SIGHUP, as when the terminal is closed', async () => void devnet.launcher.kill('SIGHUP')],
    ['kill -9 of the launcher', async () => void devnet.launcher.kill('SIGKILL')],
    ['kill -9 of everything', async () => [devnet.launcher.pid!, ...devnet.pids()].forEach((pid) => void process.kill(pid, 'SIGKILL'))],
  ];
  try {
    for (const [name, end] of ways) {
      await test.step(name, async () => {
        const { nodes } = devnet;
        const txid = await payFinally(nodes[0]!, nodes, finalityMs);
        const load = await PaymentLoad.start(nodes);
        await until('payments are under way', finalityMs, () => load.finals.size > 10);
        await end();
        await untilGone([devnet.launcher.pid!, ...devnet.pids()], stopMs);
        await load.stop();
        if (!name.includes('-9 of everything')) expect(nodes.map((node) => existsSync(node.addresses.cookieFile))).toEqual(nodes.map(() => false));

        devnet = await Devnet.start({ directory });
        await until('the payment is final', finalityMs, async () =>
          ['final', 'confirmed'].includes((await devnet.node(3).call('gettransaction', { txid })).state),
        );
      });
    }
    await test.step('the stop method, of every node', async () => {
      const { nodes } = devnet;
      const [first, ...others] = nodes;
      expect(await first!.call('stop')).toBe('TIME node stopping');
      await until('the others were told', stopMs, async () =>
        (await others[0]!.call('getconnectionhistory', {})).some(({ kind, reason }) => kind === 'gone' && reason === 'the peer said stopping'),
      );
      for (const node of others) expect(await node.call('stop')).toBe('TIME node stopping');
      await untilGone(devnet.pids(), stopMs);
      // With the last node there is nothing left for the launcher to do.
      const code = await until('the launcher ends', stopMs, () => devnet.launcher.exitCode ?? undefined);
      expect([code, devnet.errors]).toEqual([0, expect.stringContaining('No node is left')]);
      for (const node of nodes) await node.start();
      await agreement(nodes, 0, blockMs);
      await payFinally(nodes[0]!, nodes, 2 * finalityMs);
    });
    expect(await devnet.stop('SIGINT')).toBeLessThan(stopMs);
  } finally {
    await devnet.remove();
  }
});
