import { expect, test, vi } from 'vitest';
import { bronze, Cluster } from './cluster.ts';
import { SplitAttack } from './split-attack.ts';

vi.setConfig({ testTimeout: 60_000 });

const slotMs = 10_000;

/** Seven of equal weight, three of which work together: a little over a third is the least that can do it. */
function attacked(seed: string): { readonly cluster: Cluster; readonly attack: SplitAttack } {
  const cluster = new Cluster({ seed, members: bronze(7), byzantine: 0, overThird: true, faults: new Set(), sampleEvery: 2_000 });
  cluster.startAll();
  cluster.runUntil(
    () => cluster.everyHonest((host) => host.height >= 1 && host.views.peers().length === 6),
    3 * slotMs,
    () => 'a first block',
  );
  expect(cluster.coalition?.faulty.size).toBe(3);
  return { cluster, attack: new SplitAttack(cluster) };
}

test('over a third: two blocks are decided at one height; every honest node that hears of both halts, and names none but those that signed both', () => {
  const { cluster, attack } = attacked('two chains');
  attack.begin();
  cluster.runUntil(
    () => cluster.contradictions.length > 0,
    4 * slotMs,
    () => 'two blocks at one height',
  );
  expect(cluster.contradictions[0]).toMatch(/decides .* at height \d+, n\d had decided/);
  attack.end();
  cluster.runUntil(
    () => cluster.everyHonest(({ views }) => views.consensus().halted),
    6 * slotMs,
    () => 'that all honest nodes have halted',
  );
  for (const { reason } of cluster.halts) expect(reason).toMatch(/two certificates/);
  const coalition = [...(cluster.coalition?.faulty ?? [])].map((index) => cluster.host(index).nodeId);
  for (const { tables } of cluster.honest) for (const named of tables.evidence.values()) expect(coalition).toContain(named);
});

test('over a third: one coin is finally paid to two, without a block', () => {
  const { cluster, attack } = attacked('two payments');
  attack.begin();
  cluster.run(3_000);
  const height = cluster.agreement.highest;
  const pair = attack.payTwice();
  cluster.runUntil(
    () => cluster.contradictions.length > 0,
    3_000,
    () => 'two final payments of one coin',
  );
  expect(cluster.agreement.highest).toBe(height);
  expect(cluster.contradictions[0]).toMatch(/calls .* final, and .* was, which spends the same/);
  expect(pair.filter((txid) => cluster.honest.some((host) => cluster.isFinalAt(host, txid)))).toHaveLength(2);
});
