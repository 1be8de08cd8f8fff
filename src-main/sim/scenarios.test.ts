import { describe, expect, test, vi } from 'vitest';
import type { HashedTransaction } from '../core/codec/transaction.ts';
import { bronze, Cluster } from './cluster.ts';
import type { SimHost } from './host.ts';

/** Each takes a second or so on an idle machine. */
vi.setConfig({ testTimeout: 60_000 });

const slotMs = 10_000;

/** Four masternodes, all up and connected, a few blocks in. */
function running(seed: string): Cluster {
  const cluster = new Cluster({ seed, members: bronze(4), byzantine: 0, faults: new Set(), sampleEvery: 2_000 });
  cluster.startAll();
  cluster.runUntil(
    () => cluster.everyHonest((host) => host.height >= 1 && host.views.peers().length === 3),
    3 * slotMs,
    () => 'a first block',
  );
  return cluster;
}
const lowest = (cluster: Cluster): number => Math.min(...cluster.hosts.map(({ height }) => height));

function pay(cluster: Cluster, at: SimHost): HashedTransaction {
  const coin = cluster.clients.takeCoin();
  if (coin === undefined) throw new Error('the wallets have coins');
  const payment = cluster.clients.pay(coin);
  at.submit(payment.encoded);
  return payment;
}
const isFinalEverywhere =
  (cluster: Cluster, { txid }: HashedTransaction) =>
  (): boolean =>
    cluster.everyHonest((host) => cluster.isFinalAt(host, txid));

/** Everything that was ever final is in every chain, and every chain is right. */
function settle(cluster: Cluster): void {
  cluster.clients.stop();
  cluster.runUntil(
    () => cluster.everyHonest((host) => cluster.missingFinals(host).length === 0),
    120_000,
    () => 'everything final in every chain',
  );
  cluster.audit();
}

test('a payment is final on all in under a second, and in the next block', () => {
  const cluster = running('calm');
  const payment = pay(cluster, cluster.host(2));
  cluster.runUntil(isFinalEverywhere(cluster, payment), 1_000, () => 'finality');
  cluster.runUntil(
    () => cluster.everyHonest(({ tables }) => tables.transactionHeight(payment.txid) !== undefined),
    slotMs + 1_000,
    () => 'a block with it',
  );
  settle(cluster);
});

test('all four are killed in the middle of a load and started again: nothing final is missing, and it goes on', () => {
  const cluster = running('all killed');
  cluster.clients.start(200);
  for (let kill = 0; kill < 5; kill++) {
    cluster.run(6_300);
    for (const host of cluster.hosts) host.crash();
    cluster.run(500);
    cluster.startAll();
  }
  const before = cluster.agreement.final.size;
  expect(before).toBeGreaterThan(50);
  const height = lowest(cluster);
  cluster.runUntil(
    () => lowest(cluster) >= height + 2,
    60_000,
    () => 'two more blocks',
  );
  expect(cluster.agreement.final.size).toBeGreaterThan(before);
  settle(cluster);
});

test('one of four is killed: the rest go on; it catches up and votes again', () => {
  const cluster = running('one killed');
  cluster.clients.start(300);
  cluster.host(1).crash();
  const others = [0, 2, 3].map((index) => cluster.host(index));
  const height = cluster.host(0).height;
  cluster.runUntil(
    () => others.every((host) => host.height >= height + 4),
    80_000,
    () => 'four blocks by three',
  );
  cluster.host(1).start();
  cluster.runUntil(
    () => cluster.host(1).height >= cluster.agreement.highest,
    10_000,
    () => 'catching up',
  );
  // Another one goes: without the vote of the one that is back there is no quorum.
  cluster.host(3).crash();
  const payment = pay(cluster, cluster.host(0));
  const up = [0, 1, 2].map((index) => cluster.host(index));
  cluster.runUntil(
    () => up.every((host) => cluster.isFinalAt(host, payment.txid)),
    10_000,
    () => 'finality by three',
  );
  cluster.startAll();
  settle(cluster);
});

test('the disk of one is full: it ends itself rather than sign what it cannot keep, and is there again when there is room', () => {
  const cluster = running('full disk');
  cluster.clients.start(300);
  const full = cluster.host(1);
  const others = [0, 2, 3].map((index) => cluster.host(index));
  full.setDiskFull(true);
  cluster.runUntil(
    () => !full.isUp,
    5_000,
    () => 'its end',
  );
  const height = cluster.agreement.highest;
  const { height: stoodAt } = full;
  cluster.runUntil(
    () => others.every((host) => host.height >= height + 2),
    60_000,
    () => 'two blocks by three',
  );
  // Started again and again meanwhile, it has kept nothing more and so has come no further.
  expect(full.durable.blocks.length - 1).toBe(stoodAt);
  full.setDiskFull(false);
  cluster.runUntil(
    () => full.height >= cluster.agreement.highest,
    30_000,
    () => 'catching up',
  );
  cluster.host(3).crash();
  const payment = pay(cluster, cluster.host(0));
  const up = [0, 1, 2].map((index) => cluster.host(index));
  cluster.runUntil(
    () => up.every((host) => cluster.isFinalAt(host, payment.txid)),
    15_000,
    () => 'finality by three, it being one of them',
  );
  cluster.startAll();
  settle(cluster);
});

describe('two of four', () => {
  test('down: nothing is final and no block; one back: it goes on', () => {
    const cluster = running('two killed');
    cluster.clients.start(500);
    cluster.run(15_000);
    cluster.host(0).crash();
    cluster.host(1).crash();
    cluster.run(1_000);
    const payment = pay(cluster, cluster.host(2));
    const height = cluster.agreement.highest;
    cluster.run(90_000);
    expect(cluster.agreement.final.has(payment.txid)).toBe(false);
    expect(cluster.agreement.highest).toBe(height);
    cluster.host(0).start();
    const up = [0, 2, 3].map((index) => cluster.host(index));
    cluster.runUntil(
      () => up.every((host) => host.height > height && cluster.isFinalAt(host, payment.txid)),
      60_000,
      () => 'going on with three',
    );
    cluster.startAll();
    settle(cluster);
  });

  test('on either side of a partition: both sides halt, then go on together', () => {
    const cluster = running('halves');
    cluster.clients.start(500);
    cluster.run(12_000);
    cluster.network.partition([
      [0, 1],
      [2, 3],
    ]);
    cluster.run(2_000);
    const height = cluster.agreement.highest;
    const final = cluster.agreement.final.size;
    cluster.run(40_000);
    expect(cluster.agreement.highest).toBe(height);
    expect(cluster.agreement.final.size).toBe(final);
    cluster.network.rejoin();
    cluster.runUntil(
      () => lowest(cluster) >= height + 2,
      90_000,
      () => 'two blocks after the partition',
    );
    expect(cluster.agreement.final.size).toBeGreaterThan(final);
    settle(cluster);
  });
});

test('one coin paid to two at the same instant at two nodes: one of them at most, by the second block', () => {
  const cluster = running('contested');
  for (let round = 0; round < 8; round++) {
    const coin = cluster.clients.takeCoin();
    if (coin === undefined) throw new Error('the wallets have coins');
    const rivals = [cluster.clients.pay(coin), cluster.clients.pay(coin)] as const;
    cluster.host(round % 4).submit(rivals[0].encoded);
    cluster.host((round + 1 + (round % 3)) % 4).submit(rivals[1].encoded);
    cluster.run(1_700);
    const height = cluster.agreement.highest;
    cluster.runUntil(
      () => cluster.agreement.highest >= height + 2 && lowest(cluster) === cluster.agreement.highest,
      3 * slotMs,
      () => 'two blocks',
    );
    for (const { tables, name } of cluster.hosts) {
      const settled = rivals.filter(({ txid }) => tables.transactionHeight(txid) !== undefined);
      expect(settled, `${name} in round ${round}`).toHaveLength(1);
    }
  }
  settle(cluster);
});
