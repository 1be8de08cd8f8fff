import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from './hex.ts';
import { combineMuHash, decodeMuHash, deltaOf, emptyMuHash, encodeMuHash, finalizeMuHash, muHashModulus, muHashStateBytes } from './muhash.ts';

/** The elements of Bitcoin Core's tests: 32 bytes, the first of them the number. */
const int = (number: number): Uint8Array => Uint8Array.of(number, ...new Uint8Array(31));

describe("Bitcoin Core's vectors (src/test/crypto_tests.cpp, muhash_tests)", () => {
  const published = toHex(fromHex('10d312b100cbd32ada024a6646e40d3482fcff103668d2625f10002a607d5863').reverse());

  it('0 and 1 in, 2 out', () => {
    expect(finalizeMuHash(deltaOf([int(0), int(1)], [int(2)]))).toBe(published);
    expect(finalizeMuHash(combineMuHash(deltaOf([int(0)], []), combineMuHash(deltaOf([], [int(2)]), deltaOf([int(1)], []))))).toBe(published);
  });

  it('stores the set of 1 and 2 as the same bytes', () => {
    const numerator = [
      '1fa093295ea30a6a3acdc7b3f770fa538eff537528e990e2910e40bbcfd7f6696b1256901929094694b56316de342f593303',
      'dd12ac43e06dce1be1ff8301c845beb15468fff0ef002dbf80c29f26e6452bccc91b5cb9437ad410d2a67ea847887fa3c6',
      'a6553309946880fe20db2c73fe0641adbd4e86edfee0d9f8cd0ee1230898873dc13ed8ddcaf045c80faa082774279007a2',
      '253f8922ee3ef361d378a6af3ddaf180b190ac97e556888c36b3d1fb1c85aab9ccd46e3deaeb7b7cf5db067a7e9ff86b65',
      '8cf3acd6662bbcce37232daa753c48b794356c020090c831a8304416e2aa7ad633c0ddb2f11be1be316a81be7f7e472071',
      'c042cb68faef549c221ebff209273638b741aba5a81675c45a5fa92fea4ca821d7a324cb1e1a2ccd3b76c4228ec8066dad',
      '2a5df6e1bd0de45c7dd5de8070bdb46db6c554cf9aefc9b7b2bbf9f75b1864d9f95005314593905c0109b71f703d49944a',
      'e94477b51dac10a816bb6d1c700bafabc8bd86fac8df24be519a2f2836b16392e18036cb13e48c5c',
    ].join('');
    expect(toHex(encodeMuHash(deltaOf([int(1), int(2)], [])))).toBe(`${numerator}01${'00'.repeat(383)}`);
  });

  it('reduces a number above the modulus', () => {
    const overflow = { numerator: (1n << 3072n) - 1n, denominator: 1n };
    expect(finalizeMuHash(overflow)).toBe('3a31e6903aff0de9f62f9a9f7f8b861de76ce2cda09822b90014319ae5dc2271');
  });
});

describe('a MuHash', () => {
  const elements = fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 8 });

  it('does not depend on order or grouping', () => {
    fc.assert(
      fc.property(elements, elements, elements, (a, b, removed) => {
        const whole = deltaOf([...a, ...b], removed);
        expect(deltaOf([...b, ...a].reverse(), removed.toReversed())).toEqual(whole);
        expect(combineMuHash(deltaOf(a, removed), deltaOf(b, []))).toEqual(whole);
        expect(combineMuHash(deltaOf(b, []), deltaOf(a, removed))).toEqual(whole);
      }),
    );
  });

  it('forgets what came and went, and is undone by the opposite change', () => {
    fc.assert(
      fc.property(elements, elements, (kept, gone) => {
        const set = finalizeMuHash(deltaOf(kept, []));
        expect(finalizeMuHash(deltaOf([...kept, ...gone], gone))).toBe(set);
        expect(finalizeMuHash(combineMuHash(combineMuHash(deltaOf(kept, []), deltaOf(gone, kept)), deltaOf(kept, gone)))).toBe(set);
      }),
    );
    expect(combineMuHash(emptyMuHash, emptyMuHash)).toEqual(emptyMuHash);
  });

  it('tells sets apart, and how often an element is in', () => {
    const hashes = [[], [int(1)], [int(2)], [int(1), int(2)], [int(1), int(1)], [int(1).subarray(1)]].map((set) => finalizeMuHash(deltaOf(set, [])));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('is what plain arithmetic says', () => {
    const element = (number: number): bigint => deltaOf([int(number)], []).numerator;
    const product = Array.from({ length: 50 }, (_, i) => element(i)).reduce((all, one) => (all * one) % muHashModulus, 1n);
    expect(
      deltaOf(
        Array.from({ length: 50 }, (_, i) => int(i)),
        [],
      ).numerator,
    ).toBe(product);
  });
});

describe('the arithmetic next to the modulus', () => {
  const near = fc.oneof(
    fc.bigInt({ min: 1n, max: 1n << 42n }),
    fc.bigInt({ min: 1n, max: 1n << 42n }).map((below) => muHashModulus - below),
  );

  it('always ends below it', () => {
    const last = { numerator: muHashModulus - 1n, denominator: muHashModulus - 1n };
    expect(combineMuHash(last, last)).toEqual(emptyMuHash);
    fc.assert(
      fc.property(near, near, (a, b) => {
        const product = (a * b) % muHashModulus;
        expect(combineMuHash({ numerator: a, denominator: b }, { numerator: b, denominator: a })).toEqual({ numerator: product, denominator: product });
      }),
    );
  });
});

describe('a stored MuHash', () => {
  const number = fc.oneof(
    fc.bigInt({ min: 1n, max: muHashModulus - 1n }),
    fc.constantFrom(1n, 2n, muHashModulus - 1n, 1n << 64n, (1n << 64n) - 1n, 1n << 3008n, 1n << 3071n),
  );

  it('comes back as it was', () => {
    fc.assert(
      fc.property(number, number, (numerator, denominator) => {
        const bytes = encodeMuHash({ numerator, denominator });
        expect(bytes).toHaveLength(muHashStateBytes);
        expect(decodeMuHash(bytes)).toEqual({ numerator, denominator });
      }),
    );
  });

  it('is refused in another length, and with a number of zero or above the modulus', () => {
    const good = encodeMuHash(emptyMuHash);
    expect(decodeMuHash(good)).toEqual(emptyMuHash);
    expect(decodeMuHash(good.subarray(1))).toBeUndefined();
    expect(decodeMuHash(new Uint8Array([...good, 0]))).toBeUndefined();
    for (const bad of [0n, muHashModulus, (1n << 3072n) - 1n]) {
      expect(decodeMuHash(encodeMuHash({ numerator: bad, denominator: 1n }))).toBeUndefined();
      expect(decodeMuHash(encodeMuHash({ numerator: 1n, denominator: bad }))).toBeUndefined();
    }
  });
});
