import sodium from 'sodium-native';
import type { SignatureItem } from '../../core/effects.ts';

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** On the caller's thread, 60 µs. Lengths are those that codecs let through: 32, any, 64. */
export const isValid = ({ publicKey, message, signature }: SignatureItem): boolean =>
  sodium.crypto_sign_verify_detached(bufferOf(signature), bufferOf(message), bufferOf(publicKey));

/** For threads that have nothing else to do. */
export const areAllValid = (items: readonly SignatureItem[]): boolean => items.every(isValid);
