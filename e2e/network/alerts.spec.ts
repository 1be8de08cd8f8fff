import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@playwright/test';
import type { GenesisFile } from '../../src-main/core/codec/genesis-file.ts';
import { writeAppChoice } from '../../src-main/hosts/app-choice.ts';
import { dataFiles, networkDirectory } from '../../src-main/node/data-directory.ts';
import { AlertWatch, configure, forwardPort } from './alerts.ts';
import { atHeight, blockMs } from './chain.ts';
import { damage } from './damage.ts';
import { firstPort, makeNetwork } from './devnet.ts';
import { programs, TestNode } from './node.ts';
import { withOwnCoins } from './own-coins.ts';
import { kill, until, untilGone } from './processes.ts';

// Each alert from its own cause, in the node's answers and in its window, until what caused it is over. What takes minutes is in e2e/soak/alerts.spec.ts.

/** How long a node is only starting, and how long nobody may be there before it is said. */
const settlingMs = 10_000;
/** A few looks of the node at itself, and all that a busy machine adds. */
const soonMs = 30_000;
/** The node stops, looks its file over, starts, and finds its peers. */
const repairMs = 60_000;
const ports = firstPort + 300;

let directory = '';
let nodes: readonly TestNode[] = [];
test.beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'time-alerts-'));
});
test.afterEach(async ({}, info) => {
  if (info.status !== info.expectedStatus) for (const node of nodes) writeFileSync(info.outputPath(`node-${node.index}.log`), node.log());
  await Promise.all(nodes.map((node) => node.stop()));
  rmSync(directory, { recursive: true, force: true });
});

test('a network that comes up node by node: nobody there, too few to decide, nothing decided yet, all good', async ({ page }) => {
  test.setTimeout(240_000);
  // The blocks of a minute are due, as after a night in which nobody ran.
  const made = await makeNetwork(directory, { from: ports, genesis: (file) => ({ ...file, time: file.time - 60_000 }) });
  nodes = made.map(({ index, datadir }) => TestNode.at(index, datadir));
  const [first, second, third, fourth] = nodes as [TestNode, TestNode, TestNode, TestNode];
  // It is there, and does not vote: what nobody decides stays so for as long as it is looked at.
  configure(third.addresses.datadir, { masternode: false });
  await first.start();
  const watch = await AlertWatch.open(first, page);
  await watch.raised('no-peers', settlingMs + soonMs);

  // The overview lists what there is; any other page points out what is new, once.
  await watch.go('settings');
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  await expect(page.getByTestId('toast')).toHaveCount(0);
  await second.start();
  await watch.over('no-peers', soonMs);
  await expect(page.getByTestId('toast')).toHaveCount(1, { timeout: settlingMs + soonMs });
  await page.getByTestId('toast').getByTestId('alert-below-quorum').getByRole('link').click();
  await expect(page.getByRole('heading', { name: 'Peers', level: 1 })).toBeVisible();
  await expect(page.getByTestId('toast')).toHaveCount(0);
  await watch.go('overview');
  await watch.raised('below-quorum', soonMs);

  await third.start();
  await watch.over('below-quorum', soonMs);
  expect((await watch.raised('no-block', soonMs)).seconds).toBeGreaterThan(60);
  await fourth.start();
  await watch.over('no-block', 2 * blockMs);
  await watch.well(soonMs);
  const { raised, over } = watch.told();
  expect(raised.filter((code) => code !== 'listening')).toEqual(['starting', 'no-peers', 'below-quorum', 'no-block']);
  expect(over.filter((code) => code !== 'listening')).toEqual(['starting', 'no-peers', 'below-quorum', 'no-block']);
});

test('a clock that is wrong, a port that nobody reaches, a key that is used twice', async ({ page }) => {
  test.setTimeout(240_000);
  // biome-ignore lint/suspicious/noSkippedTests: Windows cannot send the signal that sets the clock right, and macOS has one address on the loopback
  test.skip(process.platform !== 'linux', 'needs a second loopback address and a signal');
  // Nothing is signed before the test is over: who hears its own key's votes knows of them before it knows of whom.
  const made = await makeNetwork(directory, { from: ports, genesis: (file) => ({ ...file, time: file.time + 600_000 }) });
  const { datadir } = made[3]!;
  const advertised = TestNode.at(3, datadir).addresses.p2p;
  const inner = advertised.replace('127.0.0.1', '127.0.0.2');
  configure(datadir, { listen: inner });
  const twin = join(directory, 'twin');
  cpSync(datadir, twin, { recursive: true });
  configure(twin, { listen: 'none', rpc: `127.0.0.1:${ports + 101}`, web: `127.0.0.1:${ports + 102}` });

  const clock = new URL('./wrong-clock.ts?ms=-30000', import.meta.url).href;
  const [first, second, third] = made.slice(0, 3).map((one) => TestNode.at(one.index, one.datadir)) as [TestNode, TestNode, TestNode];
  const node = TestNode.at(3, datadir, ['--import', clock]);
  nodes = [first, second, third, node];
  await Promise.all([first, second, node].map((one) => one.start()));
  const watch = await AlertWatch.open(node, page);

  // What a busy machine takes to answer looks like a clock's.
  const { timeoffset = 0 } = await watch.raised('clock-stopped', settlingMs + soonMs);
  expect(Math.abs(timeoffset - 30)).toBeLessThan(5);
  await watch.follow('clock-stopped', (there) => expect(there.getByText(/\b(2[5-9]|3[0-4])/)).not.toHaveCount(0));
  kill(node.pid, 'SIGUSR2');
  await watch.over('clock-stopped', soonMs);

  await node.call('checkreachability');
  expect((await watch.raised('unreachable', soonMs)).address).toBe(advertised);
  // Those that have tried would not try again for a minute.
  await third.start();
  await until('the third is its peer', soonMs, async () => (await node.call('getconnectioncount')) === 3);
  const router = await forwardPort(advertised, inner);
  await watch.follow('unreachable', (there) => there.getByRole('button', { name: 'Check now' }).click());
  await watch.over('unreachable', soonMs);
  router.close();
  await watch.well(soonMs);

  // It was never asleep: its clock was set.
  expect(watch.told().raised).not.toContain('woken');

  // Two peers know the first process with the key, and keep to it; the third hears both.
  await node.call('setban', { subnet: (await third.call('getnodeinfo')).nodeid, command: 'add', bantime: 600 });
  await until('the third is its peer no more', soonMs, async () => (await node.call('getconnectioncount')) === 2);
  const double = TestNode.at(4, twin);
  nodes = [...nodes, double];
  await double.start();
  const twinWatch = await AlertWatch.open(double, page);
  await twinWatch.raised('own-key-elsewhere', settlingMs + soonMs);
  // The one that was there first signs on.
  expect((await node.call('gethealth')).alerts.map(({ code }) => code)).not.toContain('own-key-elsewhere');
  await node.stop();
  await double.stop();
  await double.start();
  // Alone with its key it has asked, nobody has said that it is used elsewhere, and it signs: nothing says so any more.
  const again = await AlertWatch.open(double, page);
  await until('it may vote', soonMs, async () => (await double.call('getconsensusinfo')).voting);
  await again.over('own-key-elsewhere', soonMs);
  expect(again.told().raised.filter((code) => code === 'own-key-elsewhere')).toHaveLength(1);
});

test('in the app: damage that a check finds, and the repair beside it, which ends in the same chain', async ({ page }) => {
  test.setTimeout(300_000);
  // With so many coins that the block which makes them is of several pages.
  const genesis = (file: GenesisFile): GenesisFile => withOwnCoins(100, { ...file, time: file.time - 60_000 });
  const made = await makeNetwork(join(directory, 'local-network'), { from: ports, genesis });
  await writeAppChoice(directory, { network: 'practice', done: true });
  nodes = made.map(({ index, datadir }) => TestNode.at(index, datadir));
  const [node, companion] = nodes as [TestNode, TestNode];
  const { chain } = dataFiles(networkDirectory(node.addresses.datadir, 'devnet'));
  const app = spawn(process.execPath, [join(programs, 'app.js'), '--no-open', '--datadir', directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: app.stdout }).on('line', (line) => {
        const [found] = /http:\S+/.exec(line) ?? [];
        if (found !== undefined) resolve(found);
      });
      app.once('exit', (code) => reject(new Error(`the app ended with ${code}`)));
    });
    const watch = await AlertWatch.open(node, page, url);
    await atHeight([node], 1, 2 * blockMs);
    damage(chain, 'block', 'overflow');
    expect((await node.call('verifychain', { checklevel: 4, nblocks: 0 })).valid).toBe(false);
    expect(await watch.raised('database-damaged', soonMs)).toMatchObject({ file: 'chain', canrepair: true });
    await watch.listed('database-damaged').getByTestId('repair').click();
    await page.screenshot({ path: 'test-results/network/alert-repair.png' });
    await page.getByRole('main').getByTestId('repair-now').click();
    await watch.over('database-damaged', repairMs);
    // It may have signed what its new records do not show. That is over with the epoch, which may end at any time.
    await until('its records are an old copy', repairMs, () => watch.told().raised.includes('restored-old-copy'));
    await until('it has the chain again', 2 * blockMs, async () => {
      const [here, there] = await Promise.all([node, companion].map((one) => one.call('getblockchaininfo')));
      return here!.blocks >= 1 && here!.bestblockhash === there!.bestblockhash;
    });
    expect((await node.call('verifychain', { checklevel: 4, nblocks: 0 })).valid).toBe(true);
    expect(readdirSync(dirname(chain)).filter((name) => /^chain\.sqlite\.damaged-[^.]*Z$/.test(name))).toHaveLength(1);
  } finally {
    const ended = once(app, 'exit');
    app.kill('SIGINT');
    await ended;
    await untilGone([app.pid ?? 0], soonMs);
  }
});
