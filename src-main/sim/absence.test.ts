import { expect, test, vi } from 'vitest';
import type { HashedTransaction } from '../core/codec/transaction.ts';
import { bronze, Cluster } from './cluster.ts';
import type { SimHost } from './host.ts';

/** Each takes some seconds on an idle machine. */
vi.setConfig({ testTimeout: 120_000 });

const slotMs = 10_000;
const hourMs = 3_600_000;
/** From the moment on at which two thirds are up and hear one another. */
const progressWithinMs = 3 * slotMs;

function running(seed: string, members: number, candidates = 0): Cluster {
  const cluster = new Cluster({ seed, members: bronze(members), candidates, byzantine: 0, faults: new Set(), sampleEvery: 2_000 });
  for (const host of cluster.hosts.slice(0, members)) host.start();
  cluster.runUntil(
    () => cluster.hosts.slice(0, members).every((host) => host.height >= 1),
    3 * slotMs,
    () => 'a first block',
  );
  return cluster;
}
function pay(cluster: Cluster, at: SimHost): HashedTransaction {
  const coin = cluster.clients.takeCoin();
  if (coin === undefined) throw new Error('the wallets have coins');
  const payment = cluster.clients.pay(coin);
  at.submit(payment.encoded);
  return payment;
}
const heightsOf = (hosts: readonly SimHost[]): string => hosts.map(({ name, height }) => `${name} ${height}`).join(', ');

test('an hour without two thirds: a block within three slots of their return, and what was paid meanwhile is final', () => {
  const cluster = running('an hour', 4);
  const [first, second, ...rest] = cluster.hosts as [SimHost, SimHost, ...SimHost[]];
  first.crash();
  second.crash();
  const height = cluster.agreement.highest;
  cluster.run(hourMs);
  const payment = pay(cluster, rest[0] as SimHost);
  cluster.run(1_000);
  expect(cluster.agreement.highest).toBe(height);
  first.start();
  const up = [first, ...rest];
  cluster.runUntil(
    () => up.every((host) => host.height > height && cluster.isFinalAt(host, payment.txid)),
    progressWithinMs,
    () => `a block and the payment on three of four (${heightsOf(up)})`,
  );
  second.start();
  cluster.runUntil(
    () => second.height >= cluster.agreement.highest,
    progressWithinMs,
    () => 'that the last one catches up',
  );
  cluster.audit();
});

test('two of seven stranded together for two epochs: they decide nothing, and are back with what they were paid', () => {
  const cluster = running('stranded', 7);
  const stranded = cluster.hosts.slice(5);
  cluster.network.partition([
    [0, 1, 2, 3, 4],
    [5, 6],
  ]);
  cluster.run(2_000);
  const height = cluster.agreement.highest;
  const epoch = cluster.host(0).views.snapshot().epoch;
  const payment = pay(cluster, stranded[0] as SimHost);
  cluster.runUntil(
    () => cluster.host(0).views.snapshot().epoch >= epoch + 2,
    15 * slotMs,
    () => 'two epochs without them',
  );
  expect(stranded.every((host) => host.height <= height)).toBe(true);
  expect(cluster.agreement.final.has(payment.txid)).toBe(false);
  cluster.network.rejoin();
  cluster.runUntil(
    () => stranded.every((host) => host.height >= cluster.agreement.highest) && cluster.everyHonest((host) => cluster.isFinalAt(host, payment.txid)),
    // Addresses that did not answer for so long are dialled again after a minute or so.
    9 * slotMs,
    () => `that they are back (${heightsOf(cluster.hosts)})`,
  );
  cluster.runUntil(
    () => cluster.everyHonest((host) => cluster.missingFinals(host).length === 0),
    progressWithinMs,
    () => 'the payment in every chain',
  );
  cluster.audit();
});

test('one comes for the first time after three epochs, and one comes back after three: both catch up, and the one that is a member votes', () => {
  const cluster = running('late', 4, 1);
  const [away, newcomer] = [cluster.host(1), cluster.host(4)];
  away.crash();
  const others = [0, 2, 3].map((index) => cluster.host(index));
  cluster.runUntil(
    () => others.every((host) => host.views.snapshot().epoch >= 3),
    25 * slotMs,
    () => 'three epochs without them',
  );
  away.start();
  newcomer.start();
  cluster.runUntil(
    () => [away, newcomer].every((host) => host.height >= cluster.agreement.highest),
    slotMs,
    () => `catching up (${heightsOf(cluster.hosts)})`,
  );
  // Another member goes: without the vote of the one that is back nothing would be decided.
  cluster.host(3).crash();
  const height = cluster.agreement.highest;
  const up = cluster.hosts.filter(({ isUp }) => isUp);
  cluster.runUntil(
    () => up.every((host) => host.height >= height + 2),
    progressWithinMs + slotMs,
    () => `two blocks with it (${heightsOf(up)})`,
  );
  cluster.audit();
});
