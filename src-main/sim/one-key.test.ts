import { describe, expect, test, vi } from 'vitest';
import { bronze, Cluster } from './cluster.ts';
import type { SimHost } from './host.ts';

/** Each takes a second or so on an idle machine. */
vi.setConfig({ testTimeout: 60_000 });

/** Every checker looks on: no honest key may sign twice, whatever is restored or started with it. */
function running(seed: string): Cluster {
  const cluster = new Cluster({ seed, members: bronze(4), byzantine: 0, faults: new Set(), sampleEvery: 2_000 });
  cluster.startAll();
  cluster.clients.start(300);
  cluster.runUntil(
    () => cluster.everyHonest((host) => host.height >= 1 && host.views.peers().length === 3),
    30_000,
    () => 'a first block',
  );
  return cluster;
}
const stateOf = (host: SimHost): string => host.views.consensus().signing.kind;
const signs = (host: SimHost) => (): boolean => stateOf(host) === 'signing';
/** Without this one's votes there is no quorum, so it votes. */
function needs(cluster: Cluster, host: SimHost): void {
  const other = cluster.hosts.find((one) => one !== host && one.index !== host.index);
  other?.crash();
  const height = cluster.agreement.highest;
  cluster.runUntil(
    () => cluster.agreement.highest >= height + 2,
    60_000,
    () => 'two blocks that need its votes',
  );
  other?.start();
}

describe('a machine that is restored from an old copy of all it had', () => {
  test.each([500, 8_000, 45_000])('%d ms old: it signs nothing twice, and again from the next epoch on', (ageMs) => {
    const cluster = running(`old copy ${ageMs}`);
    const host = cluster.host(1);
    const copy = host.backup();
    cluster.run(ageMs);
    host.restore(copy);
    cluster.run(1_000);
    host.start();
    cluster.run(1_500);
    expect(stateOf(host)).toBe('restored-old-copy');
    const { epoch } = host.views.snapshot();
    cluster.runUntil(signs(host), 100_000, () => 'signing again');
    expect(host.views.snapshot().epoch).toBeGreaterThan(epoch);
    needs(cluster, host);
    cluster.clients.stop();
    cluster.audit();
  });

  test.each([8_000, 75_000])('%d ms old but for the records of its guard: it signs nothing twice, and catches up', (ageMs) => {
    const cluster = running(`old chain ${ageMs}`);
    const host = cluster.host(1);
    const copy = host.backup();
    cluster.run(ageMs);
    host.restore(copy, 'kept');
    cluster.run(1_000);
    host.start();
    cluster.runUntil(
      () => host.height >= cluster.agreement.highest,
      20_000,
      () => 'catching up',
    );
    cluster.runUntil(signs(host), 100_000, () => 'signing again');
    needs(cluster, host);
    cluster.clients.stop();
    cluster.audit();
  });

  test('of a moment ago, with nothing signed since, or with nothing but crashes: it goes on after two seconds', () => {
    const cluster = running('crash');
    const host = cluster.host(1);
    for (let times = 0; times < 5; times++) {
      host.crash();
      cluster.run(700);
      host.start();
      cluster.runUntil(signs(host), 5_000, () => 'signing again');
    }
    needs(cluster, host);
  });
});

describe('two machines with one key', () => {
  test('the one that is started beside the other signs nothing, whatever disk it has, and takes nothing from it', () => {
    const cluster = running('twins');
    const first = cluster.host(1);
    const [empty, copied] = [cluster.twinOf(1), cluster.twinOf(1)];
    copied.restore(first.backup());
    for (const twin of [empty, copied]) {
      twin.start();
      for (let seconds = 0; seconds < 120; seconds++) {
        cluster.run(1_000);
        expect([stateOf(twin), twin.views.peers().length]).toEqual(['listening', 0]);
        expect([stateOf(first), first.views.peers().length]).toEqual(['signing', 3]);
      }
      twin.crash();
    }
  });

  test('both started at once: one of them signs, never both', () => {
    const cluster = running('both at once');
    const first = cluster.host(1);
    first.crash();
    const twin = cluster.twinOf(1);
    twin.restore(first.backup());
    cluster.run(1_000);
    first.start();
    twin.start();
    const signing = (): number => [first, twin].filter((host) => signs(host)()).length;
    // Each is with the peers that it came to first.
    let most = 0;
    for (let seconds = 0; seconds < 60; seconds++) {
      cluster.run(1_000);
      most = Math.max(most, signing());
    }
    expect(most).toBe(1);
  });
});
