import { describe, expect, test } from 'vitest';
import { testRuns } from '../src-shared/domain/test-runs.fixture.ts';
import { Fuzzer, shareOf } from './fuzzer.ts';
import { targets } from './targets.ts';

/** Some seconds; `npm run fuzz` tries millions. */
const inputs = testRuns(12_000);

describe('no input causes what must never be', () => {
  test.each(shareOf(targets, inputs).map((one) => [one.target.name, one] as const))('%s', async (_, { target, inputs: count }) => {
    const fuzzer = new Fuzzer(target, 1);
    for (let tried = 0; tried < count; tried++) {
      const failure = await fuzzer.tryOne(fuzzer.next());
      expect(
        failure === undefined ? undefined : `${failure.error}\nnpm run fuzz -- --replay ${target.name}:${Buffer.from(failure.input).toString('hex')}`,
      ).toBeUndefined();
    }
    // Not all are refused for their first byte: valid ones, and refused for one reason and another (most targets have a dozen).
    expect(fuzzer.outcomes).toBeGreaterThanOrEqual(3);
  });
});

test('a mistake is found', async () => {
  const target = {
    name: 'broken',
    weight: 1,
    seeds: [Uint8Array.of(1, 2, 3)],
    run: (input: Uint8Array) => {
      if (input.length > 200) throw new TypeError('too long');
      return String(input.length);
    },
  };
  const fuzzer = new Fuzzer(target, 1);
  let found: Awaited<ReturnType<Fuzzer['tryOne']>>;
  for (let tried = 0; tried < 100_000 && found === undefined; tried++) found = await fuzzer.tryOne(fuzzer.next());
  expect(found?.error).toContain('too long');
});
