import sodium from 'sodium-native';
import { viewOf } from './ed25519.ts';
import { passphraseKey } from './passphrase-key.ts';
import { encodeHeader, type KdfCost, nonceBytes, type SealedKind, type SealedRecord, saltBytes, tagBytes } from './sealed-record.ts';
import { secretMemory, wipeSecret } from './secret-memory.ts';

/** `content` belongs to the caller, who overwrites it. */
export async function seal(kind: SealedKind, content: Uint8Array, passphrase: string, cost: KdfCost): Promise<SealedRecord> {
  const salt = randomBuffer(saltBytes);
  const nonce = randomBuffer(nonceBytes);
  const key = await passphraseKey(passphrase, salt, cost);
  const ciphertext = Buffer.alloc(content.length + tagBytes);
  sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(ciphertext, viewOf(content), encodeHeader(kind, { cost, salt, nonce }), null, nonce, key);
  key.fill(0);
  return { cost, salt, nonce, ciphertext };
}

/** Undefined: another passphrase. The content is from `secretMemory`, and the caller's to wipe. */
export async function unseal(kind: SealedKind, record: SealedRecord, passphrase: string): Promise<Buffer | undefined> {
  const key = await passphraseKey(passphrase, record.salt, record.cost);
  const content = secretMemory(record.ciphertext.length - tagBytes);
  try {
    sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(content, null, record.ciphertext, encodeHeader(kind, record), record.nonce, key);
    return content;
  } catch {
    // The checksum held, so it is not damage.
    wipeSecret(content);
    return undefined;
  } finally {
    key.fill(0);
  }
}

function randomBuffer(lengthBytes: number): Buffer {
  const buffer = Buffer.alloc(lengthBytes);
  sodium.randombytes_buf(buffer);
  return buffer;
}
