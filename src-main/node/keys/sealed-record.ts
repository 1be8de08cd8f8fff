import { createHash } from 'node:crypto';
import sodium from 'sodium-native';

/**
 * The bytes of a file that a passphrase opens: `wallet.vault`, and backups (docs/wallet-backup.md). Fixed widths, little-endian:
 *
 * | offset | bytes | what |
 * |---|---|---|
 * | 0 | 8 | magic: "TIMEVLT" or "TIMEBAK", and a zero byte |
 * | 8 | 2 | version: 1 |
 * | 10 | 4 | Argon2id passes |
 * | 14 | 4 | Argon2id memory in KiB |
 * | 18 | 16 | salt |
 * | 34 | 24 | nonce |
 * | 58 | n + 16 | XChaCha20-Poly1305 of the content (n bytes); everything before it is authenticated with it |
 * | 74 + n | 8 | start of the SHA-256 of everything before |
 *
 * A vault's content is the entropy: 16 or 32 bytes. The checksum covers nothing secret. It is there to tell a damaged file from a wrong
 * passphrase, which the cipher alone cannot.
 */

export interface KdfCost {
  /** Argon2id's time cost. */
  readonly passes: number;
  readonly memoryKib: number;
}

export interface SealedRecord {
  readonly cost: KdfCost;
  readonly salt: Buffer;
  readonly nonce: Buffer;
  readonly ciphertext: Buffer;
}

export interface SealedKind {
  readonly magic: Buffer;
  /** For messages. */
  readonly name: string;
  readonly isContentLength: (contentBytes: number) => boolean;
}

export type RecordProblem = { readonly code: 'damaged'; readonly detail: string } | { readonly code: 'unsupported-version'; readonly version: number };
export type DecodedRecord = { readonly ok: true; readonly record: SealedRecord } | { readonly ok: false; readonly problem: RecordProblem };

/** What the window's connection carries at once, with room for base64; the lists in a backup are bounded so that it fits. */
export const maxBackupContentBytes = 2_500_000;

export const vaultKind: SealedKind = {
  magic: Buffer.from('TIMEVLT\0', 'latin1'),
  name: 'wallet vault',
  isContentLength: (bytes) => bytes === 16 || bytes === 32,
};
export const backupKind: SealedKind = {
  magic: Buffer.from('TIMEBAK\0', 'latin1'),
  name: 'wallet backup',
  isContentLength: (bytes) => bytes > 0 && bytes <= maxBackupContentBytes,
};

const magicBytes = 8;
const version = 1;
const headerBytes = 58;
const checksumBytes = 8;
export const saltBytes = sodium.crypto_pwhash_SALTBYTES;
export const nonceBytes = sodium.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
export const tagBytes = sodium.crypto_aead_xchacha20poly1305_ietf_ABYTES;

/** What a record may ask of this machine: a forged one must not take all its memory or run for minutes. */
const maxPasses = 16;
const maxMemoryKib = 1024 * 1024;
const minMemoryKib = sodium.crypto_pwhash_MEMLIMIT_MIN / 1024;

/** The authenticated part before the ciphertext. */
export function encodeHeader({ magic }: SealedKind, { cost, salt, nonce }: Omit<SealedRecord, 'ciphertext'>): Buffer {
  const header = Buffer.alloc(headerBytes);
  magic.copy(header, 0);
  header.writeUInt16LE(version, 8);
  header.writeUInt32LE(cost.passes, 10);
  header.writeUInt32LE(cost.memoryKib, 14);
  salt.copy(header, 18);
  nonce.copy(header, 34);
  return header;
}

export function encodeRecord(kind: SealedKind, record: SealedRecord): Buffer {
  const body = Buffer.concat([encodeHeader(kind, record), record.ciphertext]);
  return Buffer.concat([body, checksumOf(body)]);
}

export function decodeRecord({ magic, name, isContentLength }: SealedKind, bytes: Buffer): DecodedRecord {
  const damaged = (detail: string) => ({ ok: false, problem: { code: 'damaged', detail } }) as const;
  // A later version may have another length and another checksum, so the version is read before either is asked for.
  if (bytes.length < magicBytes + 2 || !bytes.subarray(0, magicBytes).equals(magic)) return damaged(`not a ${name}`);
  const found = bytes.readUInt16LE(8);
  if (found !== version) return { ok: false, problem: { code: 'unsupported-version', version: found } };
  if (!isContentLength(bytes.length - headerBytes - tagBytes - checksumBytes)) return damaged(`${bytes.length} bytes`);
  const body = bytes.subarray(0, -checksumBytes);
  if (!checksumOf(body).equals(bytes.subarray(-checksumBytes))) return damaged('checksum');
  const cost = { passes: bytes.readUInt32LE(10), memoryKib: bytes.readUInt32LE(14) };
  if (cost.passes < 1 || cost.passes > maxPasses || cost.memoryKib < minMemoryKib || cost.memoryKib > maxMemoryKib) return damaged('key derivation cost');
  return { ok: true, record: { cost, salt: body.subarray(18, 34), nonce: body.subarray(34, headerBytes), ciphertext: body.subarray(headerBytes) } };
}

const checksumOf = (body: Buffer): Buffer => createHash('sha256').update(body).digest().subarray(0, checksumBytes);
