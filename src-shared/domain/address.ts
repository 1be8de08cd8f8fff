import { sha256 } from '@noble/hashes/sha2.js';
import { base58, hex } from '@scure/base';
import type { Branded, Lock, PublicKey } from './ids.ts';
import { type NetworkName, networks } from './networks.ts';

/** `"TIME"`, the network's digit, base58 of lock and checksum (protocol section 3). Case-sensitive, 37 or 38 characters as a rule. */
export type Address = Branded<string, 'Address'>;

/** What is wrong with an address, in the order it is looked at: an error further on means that everything before is right. */
export type AddressError = 'prefix' | 'network' | 'alphabet' | 'length' | 'checksum';
export type ParsedAddress = { readonly ok: true; readonly lock: Lock } | { readonly ok: false; readonly error: AddressError };

const prefix = 'TIME';
const lockBytes = 20;
const checksumBytes = 4;
/** What 24 bytes of 255 take in base58. Decoding takes time by the square of the length, so nothing longer is decoded. */
const maxPayloadLength = 33;
const onlyBase58 = /^[1-9A-HJ-NP-Za-km-z]*$/;

const checksumOf = (lock: Uint8Array): Uint8Array => sha256(sha256(lock)).subarray(0, checksumBytes);

/** p = SHA-256(publicKey)[0..20]. */
export const lockBytesOf = (publicKey: Uint8Array): Uint8Array => sha256(publicKey).subarray(0, lockBytes);
export const lockOf = (publicKey: PublicKey): Lock => hex.encode(lockBytesOf(hex.decode(publicKey))) as Lock;

export function encodeAddress(lock: Lock, network: NetworkName): Address {
  const payload = new Uint8Array(lockBytes + checksumBytes);
  const bytes = hex.decode(lock);
  payload.set(bytes);
  payload.set(checksumOf(bytes), lockBytes);
  return `${prefix}${networks[network].addressDigit}${base58.encode(payload)}` as Address;
}

/** `network` when the digit after the prefix is not this network's, whatever else it is. Takes the text as it is: no trimming. */
export function parseAddress(text: string, network: NetworkName): ParsedAddress {
  const refuse = (error: AddressError): ParsedAddress => ({ ok: false, error });
  if (!text.startsWith(prefix)) return refuse('prefix');
  if (text.charAt(prefix.length) !== networks[network].addressDigit) return refuse('network');
  const encoded = text.slice(prefix.length + 1);
  if (!onlyBase58.test(encoded)) return refuse('alphabet');
  if (encoded.length > maxPayloadLength) return refuse('length');
  const payload = base58.decode(encoded);
  if (payload.length !== lockBytes + checksumBytes) return refuse('length');
  const lock = payload.subarray(0, lockBytes);
  const checksum = checksumOf(lock);
  if (!payload.subarray(lockBytes).every((byte, i) => byte === checksum[i])) return refuse('checksum');
  return { ok: true, lock: hex.encode(lock) as Lock };
}
