import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { BlockHash, Hash, Txid } from '../../../src-shared/domain/ids.ts';
import { type HashTag, hashBytes, hashHex, hashTags } from './hash.ts';

const reference = (tag: string, message: Uint8Array): string =>
  createHash('sha256')
    .update(Buffer.concat([Buffer.from(`TIME/${tag}`, 'utf8'), Buffer.of(0), message]))
    .digest('hex');

describe('H(tag, parts…)', () => {
  it('is SHA-256 of the tagged, zero-terminated prefix and the parts, for every tag', () => {
    fc.assert(
      fc.property(fc.constantFrom(...hashTags), fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 4 }), (tag, parts) => {
        expect(Buffer.from(hashBytes(tag, ...parts)).toString('hex')).toBe(reference(tag, Buffer.concat(parts)));
      }),
    );
  });

  it('keeps its meaning: a changed vector here is a changed network', () => {
    expect(hashHex<Txid>('tx')).toBe('58b17443a5159cab78f14ee6e10d93f9a699c7512584442f1e2184e3562f13f4');
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
    expect(hashHex<Txid>('tx')).toBe(reference('tx', new Uint8Array(0)));
  });

  it('gives a hash the type of its tag, and no other', () => {
    expectTypeOf(hashHex<Txid>)
      .parameter(0)
      .toEqualTypeOf<'tx'>();
    expectTypeOf(hashHex<BlockHash>)
      .parameter(0)
      .toEqualTypeOf<'block'>();
    expectTypeOf(hashHex<Hash>)
      .parameter(0)
      .toEqualTypeOf<Exclude<HashTag, 'tx' | 'block'>>();
    expectTypeOf(hashHex('registry')).toEqualTypeOf<Hash>();
    // @ts-expect-error a block hash is no txid
    expect(hashHex<Txid>('block')).toBe(hashHex<BlockHash>('block'));
  });
});
