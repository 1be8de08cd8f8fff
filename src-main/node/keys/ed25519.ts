import sodium from 'sodium-native';

/** A signing key in libsodium's form. */
export interface KeyPair {
  /** 32 bytes. */
  readonly publicKey: Buffer;
  /** 32 bytes of seed, then the public key. */
  readonly secretKey64: Buffer;
}

/** The key pair of a 32-byte seed (RFC 8032). */
export function keyPairOf(seed: Uint8Array): KeyPair {
  const publicKey = Buffer.alloc(sodium.crypto_sign_PUBLICKEYBYTES);
  const secretKey64 = Buffer.alloc(sodium.crypto_sign_SECRETKEYBYTES);
  sodium.crypto_sign_seed_keypair(publicKey, secretKey64, viewOf(seed));
  return { publicKey, secretKey64 };
}

/** 64 bytes, the same for the same key and message. */
export function signWith(secretKey64: Buffer, message: Uint8Array): Buffer {
  const signature = Buffer.alloc(sodium.crypto_sign_BYTES);
  sodium.crypto_sign_detached(signature, viewOf(message), secretKey64);
  return signature;
}

/** The same memory, as libsodium's types want it; a copy would have to be overwritten too. */
export const viewOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
