import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Txid } from '../../../src-shared/domain/ids.ts';
import { type Evictable, EvictionQueue } from './eviction-queue.ts';

it('gives the live entries by fee rate, the younger of equal ones first, however they come and go', () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('push' as const), rate: fc.bigInt({ min: 0n, max: 20n }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('pop' as const) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('leave' as const), which: fc.nat() }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      let live: Evictable[] = [];
      const queue = new EvictionQueue((entry) => live.includes(entry));
      const first = (): Evictable | undefined =>
        live.toSorted((a, b) => (a.feeRate === b.feeRate ? b.sequence - a.sequence : a.feeRate < b.feeRate ? -1 : 1))[0];
      for (const [sequence, one] of steps.entries()) {
        if (one.kind === 'push') {
          const entry = { txid: `${sequence}` as Txid, feeRate: one.rate, sequence };
          live.push(entry);
          queue.push(entry);
        } else if (one.kind === 'pop') {
          const expected = first();
          expect(queue.pop()).toBe(expected);
          live = live.filter((entry) => entry !== expected);
        } else {
          live = live.filter((_, index) => index !== one.which % live.length);
          queue.compact(live.length);
        }
      }
      while (live.length > 0) {
        const expected = first();
        expect(queue.pop()).toBe(expected);
        live = live.filter((entry) => entry !== expected);
      }
      expect(queue.pop()).toBeUndefined();
    }),
  );
});
