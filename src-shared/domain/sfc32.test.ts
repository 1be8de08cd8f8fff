import { expect, test } from 'vitest';
import { Sfc32 } from './sfc32.ts';

/** Worked out by PractRand's own lines: `tmp = a + b + counter++; a = b ^ (b >> 9); b = c + (c << 3); c = rotl(c, 21) + tmp`. */
function reference(seed: readonly [number, number, number], count: number): number[] {
  const mask = 0xffffffffn;
  let [a, b, c, counter] = [...seed.map((word) => BigInt.asUintN(32, BigInt(word))), 1n] as [bigint, bigint, bigint, bigint];
  return Array.from({ length: count }, () => {
    const word = (a + b + counter) & mask;
    counter = (counter + 1n) & mask;
    a = b ^ (b >> 9n);
    b = (c + (c << 3n)) & mask;
    c = ((((c << 21n) & mask) | (c >> 11n)) + word) & mask;
    return Number(word);
  });
}

test.each([
  [0, 0, 0],
  [1, 2, 3],
  [-1, 0x7fffffff, -0x80000000],
] as const)('from %i, %i, %i it goes as sfc32 does, and what is skipped is the beginning', (a, b, c) => {
  const expected = reference([a, b, c], 1_000);
  const words = new Sfc32([a, b, c], 12);
  expect(Array.from({ length: 988 }, () => words.word())).toEqual(expected.slice(12));
});
