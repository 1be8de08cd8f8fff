import { describe, expect, test } from 'vitest';
import { type BlockVotePhase, blockVoteMessage } from '../src-main/core/codec/block-vote.ts';
import type { SignatureItem } from '../src-main/core/effects.ts';
import { type BlockHash, zeroHash } from '../src-shared/domain/ids.ts';
import { testRuns } from '../src-shared/domain/test-runs.fixture.ts';
import { Fuzzer, shareOf } from './fuzzer.ts';
import { genesis, recording, verify } from './recording.ts';
import { catchUpFromRelay, maxChanges, observeRelay, relayBlocksTarget, writeChanges } from './relay-targets.ts';
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

describe('what a relay changes is noticed where an observer', () => {
  test('takes a vote for none as one for a block of zeros', () => {
    // As it was signed once: the same bytes for both.
    const asNil = new Map<string, Uint8Array>();
    for (let height = 1; height <= 10; height++)
      for (let round = 0; round < 3; round++)
        for (const phase of ['prevote', 'precommit'] satisfies BlockVotePhase[]) {
          const messageOf = (blockHash: BlockHash | undefined) => blockVoteMessage(genesis.hash, { height, round, phase, blockHash });
          asNil.set(messageOf(zeroHash as BlockHash).join(), messageOf(undefined));
        }
    const verifyAsOnce = (item: SignatureItem, index: number) => verify({ ...item, message: asNil.get(item.message.join()) ?? item.message }, index);
    const votesForNone = recording().said.flatMap(({ message }, place) =>
      message.type === 'BlockVote' && message.body.blockHash === undefined ? [place] : [],
    );
    const input = writeChanges(Array.from({ length: maxChanges }, (_, seed) => ({ place: votesForNone[seed % votesForNone.length] as number, seed })));
    expect(observeRelay(input)).toContain('bad-signature');
    expect(() => observeRelay(input, verifyAsOnce)).toThrow('evidence after a changed BlockVote');
  });

  test('holds what honest peers serve for forged', () => {
    expect(() => catchUpFromRelay(relayBlocksTarget.seeds[0] as Uint8Array, () => false)).toThrow('an honest peer turned away');
  });
});
