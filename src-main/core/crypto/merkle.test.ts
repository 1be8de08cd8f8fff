import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zeroHash } from '../../../src-shared/domain/ids.ts';
import { hashBytes, hashHex } from './hash.ts';
import { merkleRoot } from './merkle.ts';

const leaf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const leafHash = (byte: number): Uint8Array => hashBytes('leaf', leaf(byte));

describe('merkleRoot', () => {
  it('of nothing is the zero hash, of one leaf its leaf hash', () => {
    expect(merkleRoot([])).toBe(zeroHash);
    expect(merkleRoot([leaf(1)])).toBe(hashHex('leaf', leaf(1)));
  });

  it('carries an odd node up, by hand for 2, 3 and 5 leaves', () => {
    const two = hashBytes('node', leafHash(1), leafHash(2));
    const four = hashBytes('node', two, hashBytes('node', leafHash(3), leafHash(4)));
    expect(merkleRoot([leaf(1), leaf(2)])).toBe(hashHex('node', leafHash(1), leafHash(2)));
    expect(merkleRoot([leaf(1), leaf(2), leaf(3)])).toBe(hashHex('node', two, leafHash(3)));
    expect(merkleRoot([1, 2, 3, 4, 5].map(leaf))).toBe(hashHex('node', four, leafHash(5)));
  });

  it('changes when the end of the list is repeated (CVE-2012-2459)', () => {
    for (let count = 1; count <= 17; count++) {
      const leaves = Array.from({ length: count }, (_, i) => leaf(i));
      for (let repeated = 1; repeated <= count; repeated++) expect(merkleRoot([...leaves, ...leaves.slice(-repeated)])).not.toBe(merkleRoot(leaves));
    }
  });

  it('does not take the nodes of a level for leaves (second preimage)', () => {
    const leaves = [1, 2, 3, 4].map(leaf);
    const nodes = [hashBytes('node', leafHash(1), leafHash(2)), hashBytes('node', leafHash(3), leafHash(4))];
    expect(merkleRoot(nodes)).not.toBe(merkleRoot(leaves));
    const pairs = [Buffer.concat([leafHash(1), leafHash(2)]), Buffer.concat([leafHash(3), leafHash(4)])];
    expect(merkleRoot(pairs)).not.toBe(merkleRoot(leaves));
  });

  it('differs for lists that differ, in any way', () => {
    const list = fc.array(fc.uint8Array({ maxLength: 2 }), { maxLength: 9 });
    fc.assert(
      fc.property(list, list, (a, b) => {
        expect(merkleRoot(a) === merkleRoot(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });
});
