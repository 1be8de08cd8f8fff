import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { BlockHash, Hash, Txid } from '../../../src-shared/domain/ids.ts';
import { hashBytes, hashHex, hashTags } from './hash.ts';

const reference = (tag: string, message: Uint8Array): string =>
  createHash('sha256')
    .update(Buffer.concat([Buffer.from(`TIME/${tag}`, 'utf8'), Buffer.of(0), message]))
    .digest('hex');

describe('H(tag, parts…)', () => {
  it('is SHA-256 of the tagged, zero-terminated prefix and the parts, for every tag', () => {
    fc.assert(
      fc.property(fc.constantFrom(...hashTags), fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 4 }), (tag, parts) => {
        const expected = reference(tag, Buffer.concat(parts));
        expect(hashHex(tag, ...parts)).toBe(expected);
        expect(Buffer.from(hashBytes(tag, ...parts)).toString('hex')).toBe(expected);
      }),
    );
  });

  it('keeps its meaning: a changed vector here is a changed network', () => {
    expect(hashHex('tx')).toBe('58b17443a5159cab78f14ee6e10d93f9a699c7512584442f1e2184e3562f13f4');
    expect(hashHex('sign', Uint8Array.of(1, 2, 3))).toBe('8eed4bc04803b2e7572bb7c9d6007b84b28dd6e7ce7544e8b18c780925f7e0bd');
  });

  it('answers bytes of its own, which later hashes leave alone', () => {
    const first = hashBytes('leaf', Uint8Array.of(1));
    const copy = first.slice();
    hashBytes('leaf', Uint8Array.of(2));
    expect(first).toEqual(copy);
  });

  it('survives a part that throws', () => {
    expect(() => hashBytes('tx', null as unknown as Uint8Array)).toThrow();
    expect(hashHex('tx')).toBe(reference('tx', new Uint8Array(0)));
  });

  it('types each hash as the id it is', () => {
    expectTypeOf(hashHex('tx')).toEqualTypeOf<Txid>();
    expectTypeOf(hashHex('block')).toEqualTypeOf<BlockHash>();
    expectTypeOf(hashHex('registry')).toEqualTypeOf<Hash>();
  });
});
