import { describe, expect, it } from 'vitest';
import type { BlockContext } from '../ledger/check-block.ts';
import { checkSlot } from '../ledger/check-block.ts';
import { blocksUntilNextEpoch, mayCloseEpoch } from './epoch-close.ts';
import type { Registry } from './registry.ts';

const genesisTime = 1_000;
const params = { blockIntervalMs: 10_000 };
const progressOf = (progress: Partial<Registry['progress']>): Pick<Registry, 'progress'> => ({
  progress: { epoch: 0, startHeight: 1, genesisMembers: 4, launched: true, counted: [], tipCounts: false, completedMs: undefined, ...progress },
});

describe('an epoch', () => {
  it('closes in a slot after the one that completed its length, from its first millisecond on, and never before', () => {
    const open = progressOf({});
    const complete = progressOf({ completedMs: genesisTime + 5 * 10_000 + 3 });
    const at = (registry: typeof open, ms: number): boolean => mayCloseEpoch(registry, genesisTime, params, genesisTime + ms);
    expect([at(open, 50_000), at(open, 5_000_000)]).toEqual([false, false]);
    expect([at(complete, 50_003), at(complete, 59_999), at(complete, 60_000), at(complete, 600_000)]).toEqual([false, false, true, true]);
    // Not by a clock that is behind either.
    expect(at(complete, 0)).toBe(false);
  });

  it('closes with a block that may be early and small, as no other may', () => {
    const context = { genesisTime, params, parent: { time: genesisTime + 60_000 } } as unknown as BlockContext;
    const small = (closesEpoch: boolean): string | undefined =>
      checkSlot({ header: { time: genesisTime + 60_001, closesEpoch }, transactions: [] } as unknown as Parameters<typeof checkSlot>[0], context)?.code;
    expect([small(true), small(false)]).toEqual([undefined, 'early-block-too-small']);
  });

  it('says how many blocks it takes at least', () => {
    const one = { height: 1, hash: '' as never };
    expect(blocksUntilNextEpoch(progressOf({}), 5)).toBe(6);
    expect(blocksUntilNextEpoch(progressOf({ counted: [one, one], tipCounts: true }), 5)).toBe(3);
    expect(blocksUntilNextEpoch(progressOf({ completedMs: 5 }), 5)).toBe(1);
  });
});
