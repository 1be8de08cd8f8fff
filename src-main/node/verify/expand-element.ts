import sodium from 'sodium-native';
import type { ExpandElement } from '../../core/crypto/muhash.ts';

const key = Buffer.alloc(32);
/** Of the original ChaCha20: with a nonce of zeros, and so short, its stream is that of RFC 8439. */
const nonce = Buffer.alloc(8);
const zeros = Buffer.alloc(384);
const stream = Buffer.alloc(384);

/** `expandElement` of core by libsodium, in a quarter of the time. Answers the same memory each time. */
export const expandBySodium: ExpandElement = (data) => {
  sodium.crypto_hash_sha256(key, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  sodium.crypto_stream_chacha20_xor(stream, zeros, nonce, key);
  return stream;
};
