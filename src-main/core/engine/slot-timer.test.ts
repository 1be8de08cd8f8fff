import { expect, test } from 'vitest';
import { decodeBlock } from '../codec/block.ts';
import { paramsOf } from '../params.ts';
import { genesisOf, genesisTime, TestNode } from './test-node.fixture.ts';

test('a slot timer that fires too early, because the clock was set back, is set again', () => {
  const node = new TestNode(genesisOf(4), 0);
  const slotAtMs = node.timers.get('slot');
  expect(slotAtMs).toBe(genesisTime + 10_000);
  node.timers.delete('slot');
  node.input({ kind: 'timer', timer: 'slot' });
  expect(node.timers.get('slot')).toBe(slotAtMs);
  node.pass(10_000);
  expect(node.engine.views.consensus().beganMs).toBe(slotAtMs);
  expect(node.timers.has('slot')).toBe(false);
});

test('the block that closes an epoch is made a moment after its slot has begun: commits that are under way are to be in it', () => {
  const node = new TestNode(genesisOf(1), 0);
  while (node.engine.views.snapshot().epoch === 0) node.pass(10_000);
  const intoSlotMs = node.chain.blocks.slice(1).map(({ encoded }) => {
    const { time, closesEpoch } = decodeBlock(encoded).header;
    return { closesEpoch, ms: (time - genesisTime) % paramsOf.devnet.blockIntervalMs };
  });
  const [closing] = intoSlotMs.filter(({ closesEpoch }) => closesEpoch);
  expect(closing?.ms).toBeGreaterThanOrEqual(paramsOf.devnet.epochCloseWaitMs);
  expect(closing?.ms).toBeLessThan(2 * paramsOf.devnet.epochCloseWaitMs);
  expect(intoSlotMs.filter(({ closesEpoch }) => !closesEpoch).every(({ ms }) => ms < paramsOf.devnet.epochCloseWaitMs)).toBe(true);
});
