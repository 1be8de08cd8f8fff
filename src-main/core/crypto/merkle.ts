import { type Hash, zeroHash } from '../../../src-shared/domain/ids.ts';
import { hashBytes } from './hash.ts';
import { toHex } from './hex.ts';

/**
 * Merkle root of the leaves in their order (protocol section 7). Leaves and nodes are hashed with tags of their own, and an odd
 * node is carried up as it is, not paired with itself; so a root belongs to one list only, which Bitcoin's does not
 * (CVE-2012-2459: a list and the same list with its end repeated). The empty list has the zero hash, of which no preimage is known.
 */
export const merkleRoot = (leaves: readonly Uint8Array[]): Hash => merkleRootOf(leaves.map(merkleLeaf));

/** What a leaf is in the tree. */
export const merkleLeaf = (leaf: Uint8Array): Uint8Array => hashBytes('leaf', leaf);

/** The same from leaves that have been hashed by `merkleLeaf`. */
export function merkleRootOf(leafHashes: readonly Uint8Array[]): Hash {
  let level = leafHashes;
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const left = level[i] as Uint8Array;
      const right = level[i + 1];
      above.push(right === undefined ? left : hashBytes('node', left, right));
    }
    level = above;
  }
  const root = level[0];
  return (root === undefined ? zeroHash : toHex(root)) as Hash;
}
