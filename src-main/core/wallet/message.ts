import { lockOf } from '../../../src-shared/domain/address.ts';
import type { Hash, Lock, PublicKey } from '../../../src-shared/domain/ids.ts';
import { hashBytes } from '../crypto/hash.ts';
import { fromHex, toHex } from '../crypto/hex.ts';
import { verifySignature } from '../crypto/signature.ts';
import type { SigningKey } from './builder.ts';

/**
 * Messages that the owner of an address signs, to show that it is his (protocol section 3): Ed25519 over H("message", genesisHash, message as UTF-8). It has a tag
 * of its own, so it is never the signature of a transaction. The public key goes with it, since an address is only its hash: 32 + 64 bytes.
 */
const publicKeyBytes = 32;
const signatureBytes = 64;

const signed = (message: Uint8Array, genesisHash: Hash): Uint8Array => hashBytes('message', fromHex(genesisHash), message);

export function signMessage(message: Uint8Array, genesisHash: Hash, key: SigningKey): Uint8Array {
  const proof = new Uint8Array(publicKeyBytes + signatureBytes);
  proof.set(fromHex(key.publicKey));
  proof.set(key.sign(signed(message, genesisHash)), publicKeyBytes);
  return proof;
}

/** Whether the owner of `lock` made `proof` for this message on this network. Takes any bytes. */
export function verifyMessage(proof: Uint8Array, message: Uint8Array, genesisHash: Hash, lock: Lock): boolean {
  if (proof.length !== publicKeyBytes + signatureBytes) return false;
  const publicKey = proof.subarray(0, publicKeyBytes);
  if (lockOf(toHex(publicKey) as PublicKey) !== lock) return false;
  return verifySignature({ publicKey, message: signed(message, genesisHash), signature: proof.subarray(publicKeyBytes) });
}
