import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from './hex.ts';

describe('hex', () => {
  it('agrees with @noble/hashes and round-trips at every length, odd ones included', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(toHex(bytes)).toBe(bytesToHex(bytes));
        expect(fromHex(toHex(bytes))).toEqual(bytes);
      }),
    );
  });

  it('writes a whole block', () => {
    const block = new Uint8Array(2_000_000).fill(0xa7);
    expect(toHex(block)).toBe('a7'.repeat(block.length));
  });

  it('reads a view that starts inside its buffer', () => {
    expect(toHex(Uint8Array.of(1, 2, 3, 4).subarray(1, 4))).toBe('020304');
  });

  it.each(['a', 'abc', 'AB', '0g', 'g0', ' 0', '0x', '-1', 'é0', '0\u{1F600}0', '\u01300', '0\u0131', '\u2030\u2031'])('refuses %j', (text) => {
    expect(() => fromHex(text)).toThrow(RangeError);
  });
});
