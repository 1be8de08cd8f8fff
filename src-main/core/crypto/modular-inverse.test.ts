import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import { inverseModulo } from './modular-inverse.ts';
import { muHashModulus } from './muhash.ts';

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

function expectInverse(value: bigint, modulus: bigint): void {
  const inverse = inverseModulo(value, modulus);
  expect(inverse >= 0n && inverse < modulus).toBe(true);
  expect((((value * inverse) % modulus) + modulus) % modulus).toBe(1n % modulus);
}

describe('inverseModulo', () => {
  it('inverts everything but zero modulo the MuHash prime', () => {
    const near = [1n, 2n, 3n, muHashModulus - 1n, muHashModulus - 2n, muHashModulus + 1n, muHashModulus / 2n, -1n, -7n];
    const powers = Array.from({ length: 3072 }, (_, i) => 1n << BigInt(i));
    for (const value of [...near, ...powers.filter((_, i) => i % 37 === 0), ...powers.filter((_, i) => i % 41 === 0).map((power) => power - 1n || 1n)]) {
      expectInverse(value, muHashModulus);
    }
    fc.assert(fc.property(fc.bigInt({ min: 1n, max: muHashModulus - 1n }), (value) => expectInverse(value, muHashModulus)));
  });

  it('inverts, or says that it cannot, for numbers of every size', () => {
    const sized = fc.integer({ min: 2, max: 400 }).chain((bits) => fc.bigInt({ min: 2n, max: 1n << BigInt(bits) }));
    fc.assert(
      fc.property(sized, sized, (value, modulus) => {
        if (gcd(value, modulus) === 1n) expectInverse(value, modulus);
        else expect(() => inverseModulo(value, modulus)).toThrow(RangeError);
      }),
      { numRuns: testRuns(300) },
    );
  });

  it('steps through quotients too long for a double', () => {
    const value = (1n << 2000n) + 1n;
    expectInverse(value, value * (1n << 700n) + 1n);
    expectInverse(3n, (1n << 3000n) + 3n * 5n + 1n);
  });

  it('refuses zero', () => {
    expect(() => inverseModulo(0n, muHashModulus)).toThrow(RangeError);
    expect(() => inverseModulo(muHashModulus, muHashModulus)).toThrow(RangeError);
  });
});
