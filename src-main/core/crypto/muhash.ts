import { chacha20 } from '@noble/ciphers/chacha.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Hash } from '../../../src-shared/domain/ids.ts';
import { fromHex, toHex } from './hex.ts';
import { inverseModulo } from './modular-inverse.ts';

/**
 * MuHash3072, the hash of a set that does not depend on order and from which elements can be taken out again, as Bitcoin Core
 * constructs it (src/crypto/muhash.h; Bellare and Micciancio 1997; protocol section 7). A set is the product of its elements modulo
 * a prime, kept as a fraction so that only `finalizeMuHash` pays for a division.
 */
export interface MuHashDelta {
  /** Product of the elements that came, 1..p-1. */
  readonly numerator: bigint;
  /** Product of the elements that went, 1..p-1. */
  readonly denominator: bigint;
}

const bits = 3072;
const bitsBig = BigInt(bits);
/** 2^3072 - modulus, so that 2^3072 ≡ gap: the high half of a product folds onto the low half by one short multiplication. */
const gap = 1_103_717n;
export const muHashModulus = (1n << bitsBig) - gap;
const elementBytes = bits / 8;
export const muHashStateBytes = 2 * elementBytes;

export const emptyMuHash: MuHashDelta = { numerator: 1n, denominator: 1n };

const zeroNonce = new Uint8Array(12);
const zeroBlock = new Uint8Array(elementBytes);

/** Bytes of 384 as a little-endian number: 64-bit words joined pairwise, in place, faster than by way of hex. */
function littleEndian(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words: bigint[] = [];
  for (let i = 0; i < bytes.length; i += 8) words.push(view.getBigUint64(i, true));
  let width = 64n;
  for (let count = words.length; count > 1; count = Math.ceil(count / 2)) {
    for (let i = 0; 2 * i < count; i++) {
      const high = 2 * i + 1 < count ? (words[2 * i + 1] as bigint) : 0n;
      words[i] = (words[2 * i] as bigint) | (high << width);
    }
    width *= 2n;
  }
  return words[0] as bigint;
}

const toLittleEndian = (value: bigint): Uint8Array => fromHex(value.toString(16).padStart(2 * elementBytes, '0')).reverse();

/** An element's 384 bytes: the ChaCha20 stream (RFC 8439, nonce and counter zero) of the key that SHA-256 makes of the data. */
export type ExpandElement = (data: Uint8Array) => Uint8Array;
export const expandElement: ExpandElement = (data) => chacha20(sha256(data), zeroNonce, zeroBlock);

const fold = (value: bigint): bigint => BigInt.asUintN(bits, value) + (value >> bitsBig) * gap;

/** Below 2^3072 + 2^63, congruent to a * b, for factors in that range: folding twice is enough, and nothing is compared or subtracted. */
const multiplyLoosely = (a: bigint, b: bigint): bigint => fold(fold(a * b));

function reduce(loose: bigint): bigint {
  let value = loose;
  while (value >= muHashModulus) value -= muHashModulus;
  return value;
}

const productOf = (elements: readonly Uint8Array[], expand: ExpandElement): bigint =>
  reduce(elements.reduce((product, data) => multiplyLoosely(product, littleEndian(expand(data))), 1n));

/** The change of a set that `added` come into and `removed` leave; from the empty set, the set itself. 10 µs an element, so large ones belong in a worker, where
 * `expand` may be a quicker way to the same bytes, and may answer the same memory each time. */
export const deltaOf = (added: readonly Uint8Array[], removed: readonly Uint8Array[], expand: ExpandElement = expandElement): MuHashDelta => ({
  numerator: productOf(added, expand),
  denominator: productOf(removed, expand),
});

/** One change after the other, or the other after the one: it makes no difference. */
export const combineMuHash = (a: MuHashDelta, b: MuHashDelta): MuHashDelta => ({
  numerator: reduce(multiplyLoosely(a.numerator, b.numerator)),
  denominator: reduce(multiplyLoosely(a.denominator, b.denominator)),
});

/** The set's hash, in the byte order of SHA-256 (Bitcoin Core prints it reversed). */
export function finalizeMuHash(set: MuHashDelta): Hash {
  const quotient = reduce(multiplyLoosely(set.numerator, inverseModulo(set.denominator, muHashModulus)));
  return toHex(sha256(toLittleEndian(quotient))) as Hash;
}

/** 768 bytes: numerator, then denominator, both little-endian, as Bitcoin Core stores it. */
export function encodeMuHash(set: MuHashDelta): Uint8Array {
  const bytes = new Uint8Array(muHashStateBytes);
  bytes.set(toLittleEndian(set.numerator), 0);
  bytes.set(toLittleEndian(set.denominator), elementBytes);
  return bytes;
}

/** Undefined unless it is what `encodeMuHash` writes: 768 bytes, both numbers in 1..p-1. */
export function decodeMuHash(bytes: Uint8Array): MuHashDelta | undefined {
  if (bytes.length !== muHashStateBytes) return undefined;
  const numerator = littleEndian(bytes.subarray(0, elementBytes));
  const denominator = littleEndian(bytes.subarray(elementBytes));
  const inRange = (value: bigint): boolean => value > 0n && value < muHashModulus;
  return inRange(numerator) && inRange(denominator) ? { numerator, denominator } : undefined;
}
