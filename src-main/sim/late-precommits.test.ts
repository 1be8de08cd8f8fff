import { expect, test, vi } from 'vitest';
import { decodeBlock } from '../core/codec/block.ts';
import { bronze, Cluster } from './cluster.ts';

vi.setConfig({ testTimeout: 60_000 });

test('a node that catches up takes precommits that came late for blocks of the same range', () => {
  const cluster = new Cluster({ seed: 'late precommits', members: bronze(7), byzantine: 0, faults: new Set(['delay']), sampleEvery: 2_000 });
  cluster.startAll();
  const [sleeper, ...others] = cluster.hosts;
  if (sleeper === undefined) throw new Error('there are nodes');
  cluster.run(2_000);
  sleeper.crash();
  const lowest = (): number => Math.min(...others.map(({ height }) => height));
  const from = sleeper.height;
  cluster.runUntil(
    () => lowest() >= from + 9,
    200_000,
    () => 'nine blocks without it',
  );
  const late = others[0]?.tables.blocks.slice(from + 1).flatMap(({ encoded }) => decodeBlock(encoded).latePrecommits) ?? [];
  // Of blocks that it will fetch together with those that credit them.
  expect(late.filter(({ height }) => height > from).length).toBeGreaterThan(0);
  sleeper.start();
  cluster.runUntil(
    () => sleeper.height >= lowest(),
    20_000,
    () => 'that it catches up',
  );
  cluster.audit();
});
