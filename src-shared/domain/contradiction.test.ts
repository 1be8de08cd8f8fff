import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Contradiction, contradictionLine, readContradiction } from './contradiction.ts';
import type { BlockHash, Txid } from './ids.ts';
import { testRuns } from './test-runs.fixture.ts';

const hash = fc.stringMatching(/^[0-9a-f]{64}$/);
const value = fc.option(
  hash.map((hex) => hex as BlockHash),
  { nil: undefined },
);
const contradictions: fc.Arbitrary<Contradiction> = fc.oneof(
  fc.record({
    kind: fc.constant('block-votes' as const),
    phase: fc.constantFrom('prevote' as const, 'precommit' as const),
    height: fc.nat(),
    round: fc.nat(),
    values: fc.tuple(value, value),
  }),
  fc.record({
    kind: fc.constant('transaction-votes' as const),
    choice: fc.constantFrom('accept' as const, 'commit' as const),
    txids: fc.tuple(
      hash.map((hex) => hex as Txid),
      hash.map((hex) => hex as Txid),
    ),
  }),
);

it('is read back from its line, and from nothing else', () => {
  fc.assert(
    fc.property(contradictions, (one) => {
      const line = contradictionLine(one);
      expect(readContradiction(line)).toEqual(one);
      for (const other of [`${line} `, line.slice(1), line.toUpperCase()]) expect(readContradiction(other)).toBeUndefined();
    }),
    { numRuns: testRuns(100) },
  );
});

it('has the words in which stores have it', () => {
  const [a, b] = ['ab'.repeat(32), 'cd'.repeat(32)] as [string, string];
  expect(readContradiction(`two prevotes of height 12, round 3: ${a} and nil`)).toEqual({
    kind: 'block-votes',
    phase: 'prevote',
    height: 12,
    round: 3,
    values: [a, undefined],
  });
  expect(readContradiction(`commit of ${a} and of ${b}, which spend the same coin`)).toEqual({ kind: 'transaction-votes', choice: 'commit', txids: [a, b] });
});
