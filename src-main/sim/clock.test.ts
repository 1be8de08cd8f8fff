import { expect, test, vi } from 'vitest';
import { bronze, Cluster } from './cluster.ts';

vi.setConfig({ testTimeout: 60_000 });

const slotMs = 10_000;
const startedAfterMs = 15_000;

/** Four masternodes of which the last one's clock is then set off; answers what happened until the others are five blocks on. */
function withClockOff(aheadMs: number) {
  const cluster = new Cluster({ seed: `clock ${aheadMs}`, members: bronze(4), byzantine: 0, faults: new Set(), sampleEvery: 2_000 });
  const off = cluster.host(3);
  cluster.startAll();
  cluster.run(startedAfterMs);
  const lines: string[] = [];
  vi.spyOn(cluster.world, 'log').mockImplementation((who, what) => {
    if (who === off.name) lines.push(typeof what === 'string' ? what : what());
  });
  const lowest = (): number => Math.min(...cluster.hosts.map(({ height }) => height));
  off.setClock(aheadMs);
  // A clock that was set back reaches the next ping later.
  cluster.runUntil(
    () => off.views.clock().state !== 'good',
    3_000 + Math.max(0, -aheadMs),
    () => 'that it sees its clock is off',
  );
  const told = off.views.clock();
  const from = lines.length;
  const before = lowest();
  cluster.runUntil(
    () => lowest() >= before + 6,
    15 * slotMs,
    () => `six more blocks with a clock ${aheadMs} ms ahead`,
  );
  const own = new RegExp(`^sends BlockProposal .* fresh of ${off.nodeId.slice(0, 8)}`);
  return { cluster, off, told, proposals: (): number => lines.slice(from).filter((line) => own.test(line)).length };
}

test.each([20_000, -20_000])('a masternode whose clock is %i ms ahead never proposes, and the network goes on; set right, it proposes again', (aheadMs) => {
  const { cluster, off, told, proposals } = withClockOff(aheadMs);
  expect(told).toMatchObject({ state: 'stopped', members: 3 });
  expect(Math.abs((told.offsetMs ?? 0) - aheadMs)).toBeLessThan(1_000);
  expect(proposals()).toBe(0);
  off.setClock(0);
  cluster.runUntil(
    () => proposals() > 0,
    20 * slotMs,
    () => 'a proposal of the node whose clock is right again',
  );
  expect(off.views.clock().state).toBe('good');
});

test('a clock that is 7 s ahead warns, and proposes', () => {
  const { told, proposals } = withClockOff(7_000);
  expect(told.state).toBe('warning');
  expect(proposals()).toBeGreaterThan(0);
});
