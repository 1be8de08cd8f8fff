import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testRuns } from '../../src-shared/domain/test-runs.fixture.ts';
import { tiers } from '../core/tiers.ts';
import { drawMix, mixKinds } from './mix.ts';
import { Prng } from './prng.ts';
import { homes, oceans, practice } from './setting.ts';
import { pickFaulty } from './sim-genesis.ts';

test('a seed draws the same mix each time, of four members or more, with less than a third of the weight faulty', () => {
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom(...mixKinds), (seed, kind) => {
      const mix = drawMix(seed, kind);
      expect(drawMix(seed, kind)).toEqual(mix);
      expect(mix.members.length).toBeGreaterThanOrEqual(4);
      const weightOf = (indices: Iterable<number>): number => [...indices].reduce((sum, index) => sum + tiers[mix.members[index] ?? 'free'].weight, 0);
      const faulty = pickFaulty(new Prng(`${seed}`), mix.members, mix.byzantine);
      expect(3 * weightOf(faulty)).toBeLessThan(weightOf(mix.members.keys()));
    }),
    { numRuns: testRuns(100) },
  );
});

test('mixes differ in everything that they draw', () => {
  const mixes = Array.from({ length: 60 }, (_, seed) => drawMix(seed));
  const kinds = (of: (mix: (typeof mixes)[number]) => unknown): number => new Set(mixes.map((mix) => JSON.stringify(of(mix)))).size;
  expect(kinds(({ members }) => members.length)).toBeGreaterThan(5);
  expect(kinds(({ members }) => [...new Set(members)].sort())).toBeGreaterThan(3);
  expect(kinds(({ faults }) => [...faults])).toBeGreaterThan(20);
  expect(kinds(({ byzantine }) => byzantine)).toBe(2);
  expect(kinds(({ heights }) => heights)).toBeGreaterThan(3);
});

test('each kind is what it is called, and the usual one draws as if there were no other', () => {
  expect(drawMix(7)).toEqual(drawMix(7, 'usual'));
  for (let seed = 0; seed < 20; seed++) {
    expect(drawMix(seed, 'usual')).toMatchObject({ setting: practice, bursts: false });
    const bulky = drawMix(seed, 'bulky');
    expect(bulky).toMatchObject({ setting: homes, bursts: true });
    expect(bulky.members.length).toBeLessThanOrEqual(5);
    const wide = drawMix(seed, 'wide');
    expect(wide).toMatchObject({ setting: oceans, bursts: false });
    expect(wide.members.length).toBeGreaterThanOrEqual(20);
    expect(wide.members.length).toBeLessThanOrEqual(60);
  }
});
