import { expect, test } from 'vitest';
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
