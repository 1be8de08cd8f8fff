import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import Database from 'better-sqlite3';
import type { GenesisFile } from '../../src-main/core/codec/genesis-file.ts';
import { dataFiles, networkDirectory } from '../../src-main/node/data-directory.ts';
import { AlertWatch, configure } from '../network/alerts.ts';
import { answeringPeers } from '../network/answering-peers.ts';
import { BulkyPayments } from '../network/bulky-payments.ts';
import { atHeight, blockMs, slotMs } from '../network/chain.ts';
import { damage } from '../network/damage.ts';
import { type DevnetOptions, firstPort, genesisFile, makeNetwork } from '../network/devnet.ts';
import { startNewcomer } from '../network/newcomer.ts';
import { TestNode } from '../network/node.ts';
import { genesisIn, withOwnCoins } from '../network/own-coins.ts';
import { kill, until } from '../network/processes.ts';
import { SlowLine } from '../network/slow-line.ts';
import { mounted } from './mounted.ts';

// `npm run soak -- alerts`: each alert that takes longer than a minute to come or to go, or needs a disk of its own, from its own cause. About a quarter of an hour.

/** Slot blocks of an epoch, of a devnet. */
const epochBlocks = 5;
const epochMs = (epochBlocks + 1) * slotMs + blockMs;
const soonMs = 8_000;
const settlingMs = 10_000;
/** Beyond what a node takes for a busy moment. */
const sleepMs = 40_000;
/** That a machine slept is said for so long. */
const shownMs = 10 * 60_000;
/** That there is a later version, once nobody there has it any more. */
const shownUpdateMs = 60 * 60_000;
/** There and back is one block: a dozen take longer than a node catches up without a word. */
const slowLineMs = 1_000;
const ports = firstPort + 300;

let directory = '';
let nodes: readonly TestNode[] = [];
let undo: (() => void)[] = [];
test.beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'time-alerts-'));
});
test.afterEach(async ({}, info) => {
  if (info.status !== info.expectedStatus) for (const node of nodes) writeFileSync(info.outputPath(`node-${node.index}.log`), node.log());
  for (const node of nodes) if (node.isRunning) kill(node.pid, 'SIGCONT');
  await Promise.all(nodes.map((node) => node.stop()));
  for (const step of undo.reverse()) step();
  undo = [];
  rmSync(directory, { recursive: true, force: true });
});

async function startNetwork(options: Omit<DevnetOptions, 'directory'> = {}): Promise<readonly [TestNode, TestNode, TestNode, TestNode]> {
  const made = await makeNetwork(directory, { from: ports, ...options });
  nodes = made.map(({ index, datadir }) => TestNode.at(index, datadir));
  await Promise.all(nodes.map((node) => node.start()));
  return nodes as [TestNode, TestNode, TestNode, TestNode];
}
const filesOf = (node: TestNode) => dataFiles(networkDirectory(node.addresses.datadir, 'devnet'));
const chainFile = (node: TestNode): string => filesOf(node).chain;
const connected = (node: TestNode, count: number): Promise<unknown> =>
  until(`node ${node.index} has ${count} peers`, 60_000, async () => (await node.call('getconnectioncount')) === count);
const codesOf = async (node: TestNode): Promise<string[]> => (await node.call('gethealth')).alerts.map(({ code }) => code);

test('blocks stop while everybody seems to be there, and go on; a machine that slept says so when it is back', async ({ page }) => {
  test.setTimeout(240_000);
  // Who stands still is not noticed for a minute: nobody is gone, and no block comes.
  const [first, , third, fourth] = await startNetwork({ settings: { pong_seconds: 60 } });
  const watch = await AlertWatch.open(first, page);
  await watch.well(2 * blockMs);
  expect(watch.told().over).toContain('listening');
  for (const node of [third, fourth]) kill(node.pid, 'SIGSTOP');
  await watch.raised('no-block', 5 * slotMs);
  for (const node of [third, fourth]) kill(node.pid, 'SIGCONT');
  await watch.over('no-block', blockMs);
  await watch.well(blockMs);

  kill(first.pid, 'SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, sleepMs));
  kill(first.pid, 'SIGCONT');
  const { seconds } = await watch.raised('woken', settlingMs + soonMs);
  expect(seconds).toBeGreaterThanOrEqual(sleepMs / 1_000 - 1);
  await watch.well(soonMs);
  // Quietly: nothing louder was said of it.
  expect(watch.told().raised.filter((code) => !['starting', 'listening', 'woken', 'no-block'].includes(code))).toEqual([]);
  expect(watch.told().raised.filter((code) => code === 'no-block')).toHaveLength(1);
});

test('that a machine slept is said for ten minutes', async ({ page }) => {
  test.setTimeout(120_000 + shownMs);
  const [node] = await startNetwork({ count: 1 });
  const watch = await AlertWatch.open(node, page);
  await watch.well(2 * blockMs);
  kill(node.pid, 'SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, sleepMs));
  kill(node.pid, 'SIGCONT');
  await watch.raised('woken', settlingMs + soonMs);
  await watch.over('woken', shownMs + soonMs);
  expect(watch.told().raised.filter((code) => code === 'woken')).toHaveLength(1);
});

test('a masternode that is away for an epoch is inactive until it is back', async ({ page }) => {
  test.setTimeout(600_000);
  const [first, , , away] = await startNetwork({
    // A tenth of the weight may become inactive at once: this one is less.
    genesis: (file) => ({ ...file, masternodes: file.masternodes.map((one, index) => (index === 3 ? { ...one, tier: 'free' } : one)) }),
  });
  await atHeight([first], 1, 2 * blockMs);
  await away.stop();
  const status = async (): Promise<string | undefined> => (await first.call('masternodelist')).find(({ tier }) => tier === 'free')?.status;
  await until('it is inactive', 2 * epochMs, async () => (await status()) === 'inactive');
  await away.start();
  const watch = await AlertWatch.open(away, page);
  await watch.raised('masternode-inactive', settlingMs + soonMs);
  await watch.follow('masternode-inactive', (there) => expect(there.getByRole('heading', { name: 'Consensus', level: 1 })).toBeVisible());
  await watch.over('masternode-inactive', 2 * epochMs);
});

test('a masternode that misses some blocks is told before it costs anything, until they hardly count any more', async ({ page }) => {
  test.setTimeout(900_000);
  const [first, , , away] = await startNetwork();
  // Of fewer nothing is said.
  await atHeight([first], 20, 22 * slotMs);
  await away.stop();
  await atHeight([first], (await first.call('getblockchaininfo')).blocks + 2, 4 * slotMs);
  await away.start();
  const watch = await AlertWatch.open(away, page);
  const { percent, needed } = await watch.raised('participation-low', 4 * slotMs);
  expect(percent).toBeLessThan(needed + 2.5);
  await watch.over('participation-low', 35 * slotMs);
  await watch.well(blockMs);
});

test('a node that was cut off while the others went on under load is behind until it has caught up', async ({ page }) => {
  test.setTimeout(420_000);
  const missedBlocks = 12;
  const members = await startNetwork({ genesis: (file) => withOwnCoins(3, file) });
  const lines = await Promise.all(members.map((node) => SlowLine.to(node, 0)));
  undo.push(() => {
    for (const line of lines) line.close();
  });
  // It hears whom it was told of, and nobody else; one block at a time.
  const settings = { max_peers: 4, max_outbound: 0, masternode_slots_percent: 0, masternode_slots_min: 0, sync_range_blocks: 1, sync_parallel: 1 };
  const follower = await startNewcomer({ directory, index: 9, connect: [], settings: { masternode: false, ...settings } });
  nodes = [...members, follower];
  const watch = await AlertWatch.open(follower, page);
  for (const { address } of lines) await follower.call('addnode', { node: address, command: 'add' });
  await connected(follower, 4);
  await watch.well(2 * blockMs);

  for (const line of lines) line.cut();
  await watch.raised('no-peers', settlingMs + soonMs);
  const { blocks } = await follower.call('getblockchaininfo');
  const load = new BulkyPayments(members[0], genesisIn(directory));
  await atHeight(members.slice(0, 1), blocks + missedBlocks, missedBlocks * blockMs).finally(() => load.stop());
  expect((await follower.call('getblockchaininfo')).blocks).toBe(blocks);
  for (const line of lines) line.mend(slowLineMs);
  expect((await watch.raised('behind', 120_000)).blocks).toBeGreaterThan(1);
  for (const line of lines) line.hurry();
  await watch.over('behind', 120_000);
  await watch.well(60_000);
  const { raised, over } = watch.told();
  expect(raised.filter((code) => code === 'behind')).toHaveLength(1);
  // They did come.
  expect(raised).not.toContain('no-block');
  expect(over.filter((code) => code === 'no-peers')).toHaveLength(1);
});

test('a clock that is somewhat wrong is told of before it keeps the node from proposing', async ({ page }) => {
  test.setTimeout(120_000);
  const made = await makeNetwork(directory, { from: ports });
  const clock = new URL('../network/wrong-clock.ts?ms=-9000', import.meta.url).href;
  nodes = made.map(({ index, datadir }) => TestNode.at(index, datadir, index === 3 ? ['--import', clock] : []));
  await Promise.all(nodes.map((node) => node.start()));
  const node = nodes[3]!;
  const watch = await AlertWatch.open(node, page);
  const { timeoffset = 0 } = await watch.raised('clock-off', settlingMs + soonMs);
  // What a busy machine takes to answer looks like a clock's.
  expect(Math.abs(timeoffset - 9)).toBeLessThan(3);
  await watch.follow('clock-off', (there) => expect(there.getByRole('heading', { name: 'Peers', level: 1 })).toBeVisible());
  kill(node.pid, 'SIGUSR2');
  await watch.over('clock-off', 60_000);
  await watch.well(2 * blockMs);
  expect(watch.told().raised).not.toContain('clock-stopped');
});

test('a masternode whose records are an old copy signs nothing until the next epoch, and then again', async ({ page }) => {
  test.setTimeout(420_000);
  const [first, second, third, restored] = await startNetwork();
  await atHeight([restored], 1, 2 * blockMs);
  await restored.stop();
  const copy = join(directory, 'copy.sqlite');
  cpSync(chainFile(restored), copy);
  // Two of four decide nothing: what it signs now binds it, and its copy does not have it.
  await Promise.all([second.stop(), third.stop()]);
  await restored.start();
  const { nodeid } = await restored.call('getnodeinfo');
  await until('it has voted', 3 * slotMs, async () => (await first.call('getconsensusinfo')).prevotes.some(({ voters }) => voters.includes(nodeid)));
  await restored.stop();
  for (const suffix of ['-wal', '-shm']) rmSync(`${chainFile(restored)}${suffix}`, { force: true });
  cpSync(copy, chainFile(restored));
  await restored.start();
  const watch = await AlertWatch.open(restored, page);
  await watch.raised('restored-old-copy', settlingMs + soonMs);
  await Promise.all([second.start(), third.start()]);
  await watch.over('restored-old-copy', 2 * epochMs);
  await until('it votes', blockMs, async () => (await restored.call('getconsensusinfo')).voting);
  await watch.well(2 * blockMs);
  expect(watch.told().raised.filter((code) => code === 'restored-old-copy')).toHaveLength(1);
});

test('whose key another process uses finds nobody who would have it, until that one is stopped', async ({ page }) => {
  test.setTimeout(420_000);
  const made = await makeNetwork(directory, { from: ports });
  const twin = join(directory, 'twin');
  cpSync(made[3]!.datadir, twin, { recursive: true });
  configure(twin, { listen: 'none', rpc: `127.0.0.1:${ports + 101}`, web: `127.0.0.1:${ports + 102}` });
  const all = made.map(({ index, datadir }) => TestNode.at(index, datadir));
  const double = TestNode.at(4, twin);
  nodes = [...all, double];
  await Promise.all(all.map((node) => node.start()));
  const node = all[3]!;
  await connected(node, 3);
  await double.start();
  const watch = await AlertWatch.open(double, page);
  await watch.raised('no-peers', settlingMs + soonMs);
  // Its own former connections would be refused as well, for a while.
  await until('it says why', 120_000, async () => (await double.call('gethealth')).alerts.some((alert) => alert.code === 'no-peers' && alert.keyelsewhere));
  await expect(watch.listed('no-peers')).toContainText('Stop the other one');
  expect((await node.call('getconsensusinfo')).voting).toBe(true);
  await node.stop();
  // "Connected within minutes."
  await watch.over('no-peers', 240_000);
});

test('a damaged file of the wallet is told of, keeps the node from starting, and is made anew when it is moved away', async ({ page }) => {
  test.setTimeout(150_000);
  const [node] = await startNetwork({ count: 1 });
  const { wallet } = filesOf(node);
  const watch = await AlertWatch.open(node, page);
  await watch.well(2 * blockMs);
  const balances = await node.call('getbalances');
  damage(wallet, 'watched_key');
  expect(await node.call('checkdatabase')).toMatchObject({ valid: false, chain: [] });
  expect(await watch.raised('database-damaged', soonMs)).toMatchObject({ file: 'wallet', canrepair: false });
  await expect(watch.listed('database-damaged')).toContainText('move wallet.sqlite away');
  await node.stop();
  await expect(node.start()).rejects.toThrow('wallet-file-damaged');
  renameSync(wallet, join(directory, 'moved-away'));
  await node.start();
  const again = await AlertWatch.open(node, page);
  await again.well(2 * blockMs);
  expect(await node.call('checkdatabase')).toMatchObject({ valid: true });
  const { mine } = await node.call('getbalances');
  expect(Number(mine.trusted)).toBeGreaterThanOrEqual(Number(balances.mine.trusted));
});

test('two certified blocks of one height stop a node, until its operator says which is not the chain', async ({ page }) => {
  test.setTimeout(240_000);
  const all = await startNetwork({ genesis: (file) => ({ ...file, time: file.time - 60_000 }) });
  await atHeight(all, 1, 2 * blockMs);
  const oldBlock = await all[3].call('getblockhash', { height: 1 });
  await Promise.all(all.map((node) => node.stop()));
  // Three operators lose their chains and their records of what they signed, and begin anew in a later slot while the fourth is away.
  const others = all.slice(0, 3);
  for (const node of others) for (const suffix of ['', '-wal', '-shm']) rmSync(`${chainFile(node)}${suffix}`, { force: true });
  await new Promise((resolve) => setTimeout(resolve, slotMs));
  await Promise.all(others.map((node) => node.start()));
  await atHeight(others, 1, 2 * blockMs);
  const newBlock = await all[0].call('getblockhash', { height: 1 });
  expect(newBlock).not.toBe(oldBlock);

  await all[3].start();
  const watch = await AlertWatch.open(all[3], page);
  const halted = await watch.raised('halted', settlingMs + soonMs);
  expect([...halted.blocks].sort()).toEqual([oldBlock, newBlock].sort());
  await watch.follow('halted', (there) => expect(there.getByRole('heading', { name: 'Console', level: 1 })).toBeVisible());
  await all[3].call('invalidateblock', { blockhash: oldBlock });
  await watch.over('halted', soonMs);
  await watch.raised('after-revert', soonMs);
  for (const node of others) await node.call('invalidateblock', { blockhash: oldBlock });
  await until('it follows the others', blockMs, async () => (await all[3].call('getblockhash', { height: 1 })) === newBlock);
  await watch.over('after-revert', 2 * epochMs);
  await watch.well(blockMs);
});

test('peers of a later version make an update known, once there are enough of them, until an hour after they left', async ({ page }) => {
  test.setTimeout(240_000);
  const stepMs = 10 * 60_000;
  const clock = new URL(`../network/later-clock.ts?ms=${stepMs}`, import.meta.url).href;
  const [made] = await makeNetwork(directory, { count: 1, from: ports });
  const node = TestNode.at(0, made!.datadir, ['--import', clock]);
  nodes = [node];
  await node.start();
  const watch = await AlertWatch.open(node, page);
  const leave = await answeringPeers(node, 4, { userAgent: '/TIME:9.9.9/' });
  expect(await watch.raised('update-available', 90_000).finally(leave)).toMatchObject({ version: '9.9.9', peers: 4, of: 4 });
  await connected(node, 0);
  // It is news, and nothing is wrong.
  expect((await node.call('gethealth')).verdict).toBe('good');
  let steps = 0;
  const tick = setInterval(() => {
    steps++;
    kill(node.pid, 'SIGUSR2');
  }, 4_000);
  await watch.over('update-available', 60_000).finally(() => clearInterval(tick));
  // The first step may come before it has looked who is still there.
  expect(steps * stepMs).toBeGreaterThanOrEqual(shownUpdateMs);
  expect(steps * stepMs).toBeLessThanOrEqual(shownUpdateMs + 2 * stepMs);
  await watch.well(2 * blockMs);
  const { raised, over } = watch.told();
  for (const told of [raised, over]) expect(told.filter((code) => code === 'update-available')).toHaveLength(1);
});

test('a network without masternodes has not launched, until it launches with a genesis that has some', async ({ page }) => {
  test.setTimeout(120_000);
  const all = await makeNetwork(directory, { from: ports });
  const launch = readFileSync(genesisFile(directory), 'utf8');
  writeFileSync(genesisFile(directory), JSON.stringify({ ...(JSON.parse(launch) as GenesisFile), masternodes: [] }));
  nodes = all.map(({ index, datadir }) => TestNode.at(index, datadir));
  const [early] = nodes as [TestNode];
  await early.start();
  const watch = await AlertWatch.open(early, page);
  await watch.raised('not-launched', soonMs);
  expect(await codesOf(early)).toEqual(['not-launched']);

  // As a later version brings it.
  await early.stop();
  writeFileSync(genesisFile(directory), launch);
  await Promise.all(nodes.map((node) => node.start()));
  const again = await AlertWatch.open(early, page);
  await again.over('not-launched', soonMs);
  await atHeight(nodes, 1, 2 * blockMs);
  await again.well(2 * blockMs);
  expect(again.told().raised.filter((code) => code === 'not-launched')).toHaveLength(1);
  expect(readdirSync(dirname(chainFile(early))).filter((name) => /^chain\.sqlite\.unlaunched-.*Z$/.test(name))).toHaveLength(1);
});

test('a disk that fills up is said to be low, then full, and neither when there is room again', async ({ page }) => {
  test.setTimeout(120_000);
  const megabyte = 2 ** 20;
  undo.push(mounted(directory, ['-t', 'tmpfs', '-o', 'size=160m', 'tmpfs']));
  const [node] = await startNetwork({ count: 1 });
  const watch = await AlertWatch.open(node, page);
  await watch.raised('disk-low', soonMs);
  const filler = join(directory, 'filler');
  appendFileSync(filler, Buffer.alloc(80 * megabyte, 1));
  expect((await watch.raised('disk-full', soonMs)).freebytes).toBeLessThan(100 * megabyte);
  rmSync(filler);
  await watch.over('disk-full', soonMs);
  await watch.raised('disk-low', soonMs);
  execFileSync('mount', ['-o', 'remount,size=2g', directory]);
  await watch.over('disk-low', soonMs);
  await watch.well(blockMs);
});

test('a disk that another program holds is slow; one that stands still does not answer; both are over when it goes on', async ({ page }) => {
  test.setTimeout(180_000);
  const image = join(directory, 'image');
  const disk = join(directory, 'disk');
  execFileSync('truncate', ['-s', '2G', image]);
  execFileSync('mkfs.ext4', ['-q', '-F', image]);
  undo.push(mounted(disk, ['-o', 'loop', image]));
  const [made] = await makeNetwork(join(disk, 'network'), { count: 1, from: ports });
  const node = TestNode.at(0, made!.datadir);
  nodes = [node];
  await node.start();
  const watch = await AlertWatch.open(node, page);
  await watch.well(2 * blockMs);

  const other = new Database(chainFile(node));
  other.exec('begin immediate');
  // It is given five seconds, and then it is somebody else's file.
  await until('it is slow', slotMs + soonMs, async () => (await codesOf(node)).includes('disk-slow'));
  other.exec('rollback');
  other.close();
  await watch.raised('disk-slow', soonMs);
  await watch.over('disk-slow', 30_000);

  execFileSync('fsfreeze', ['-f', disk]);
  try {
    await watch.raised('disk-hangs', 60_000);
  } finally {
    execFileSync('fsfreeze', ['-u', disk]);
  }
  await watch.over('disk-hangs', soonMs);
  await watch.well(30_000);
});
