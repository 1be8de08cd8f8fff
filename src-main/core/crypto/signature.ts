import { getPublicKey, hashes, Point, sign as signWith } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import { toHex } from './hex.ts';

// The package takes its synchronous SHA-512 from this slot.
hashes.sha512 = sha512;

const order = Point.CURVE().n;
const signatureBytes = 64;

const littleEndian = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(bytes.slice().reverse())}`);

/** The point, if these are the 32 bytes of its canonical encoding (RFC 8032, section 5.1.3). */
function decodePoint(bytes: Uint8Array): Point | undefined {
  try {
    return Point.fromBytes(bytes);
  } catch {
    return undefined;
  }
}

/**
 * The one rule for signatures (protocol section 3), which is libsodium's in every release up to 1.0.22: cofactorless and strict. `sodium-native` decides
 * in a running node, 20 times faster; this is the same rule to read and to hold it to. All of these must hold:
 *
 * - S is below the group order, so nobody can make a second signature out of one by adding the order to it;
 * - the public key is the canonical encoding of a point, and not one of the eight points of small order;
 * - R is byte for byte the encoding of [S]B - [k]A, and that point is not of small order. R is never decoded: an encoding that is
 *   not canonical equals none. k = SHA-512(R ‖ A ‖ M) is reduced modulo the group order *before* it multiplies A, which
 *   makes a difference for keys with a part of small order ("mixed" keys; they are allowed).
 *
 * ZIP 215 and libsodium's development branch multiply by the cofactor and accept more. One signature that only some nodes
 * accept would split the network.
 */
export function verifySignature(signed: { publicKey: Uint8Array; message: Uint8Array; signature: Uint8Array }): boolean {
  const { publicKey, message, signature } = signed;
  if (signature.length !== signatureBytes) return false;
  const encodedR = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  if (s >= order) return false;
  const a = decodePoint(publicKey);
  if (a === undefined || a.isSmallOrder()) return false;
  const k = littleEndian(sha512.create().update(encodedR).update(publicKey).update(message).digest()) % order;
  const r = Point.BASE.multiply(s, false).subtract(a.multiply(k, false));
  return !r.isSmallOrder() && toHex(r.toBytes()) === toHex(encodedR);
}

/** 64 bytes, R ‖ S, by RFC 8032: the same for the same seed and message. `seed` is the 32 bytes of the private key. */
export const sign = (seed: Uint8Array, message: Uint8Array): Uint8Array => signWith(message, seed);

/** 32 bytes. `seed` is the 32 bytes of the private key. */
export const publicKeyOf = (seed: Uint8Array): Uint8Array => getPublicKey(seed);
