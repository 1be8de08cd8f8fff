import sodium from 'sodium-native';
import type { KdfCost } from './sealed-record.ts';

/**
 * From a passphrase to a key by Argon2id (RFC 9106), on libuv's threads. Plain buffers, overwritten after use: `sodium_malloc` fails in Electron.
 */

const kib = 1024;
export const kdfCosts = {
  /** Nothing to protect: an empty passphrase is the first one anybody tries, at whatever cost. */
  none: { passes: sodium.crypto_pwhash_OPSLIMIT_MIN, memoryKib: sodium.crypto_pwhash_MEMLIMIT_MIN / kib },
  /** libsodium's figures for interactive use: 64 MiB. Never less for a real passphrase, however slow the machine. */
  interactive: { passes: sodium.crypto_pwhash_OPSLIMIT_INTERACTIVE, memoryKib: sodium.crypto_pwhash_MEMLIMIT_INTERACTIVE / kib },
  /** libsodium's figures for keys that are worth more: 256 MiB. */
  moderate: { passes: sodium.crypto_pwhash_OPSLIMIT_MODERATE, memoryKib: sodium.crypto_pwhash_MEMLIMIT_MODERATE / kib },
} satisfies Record<string, KdfCost>;

/** A person waits this long for an unlock without wondering. */
const acceptableMs = 1_500;
const workOf = (cost: KdfCost): number => cost.passes * cost.memoryKib;

/** The stronger cost where it would be acceptable on a machine that took `interactiveMs` for the interactive one; work is passes x memory. */
export const costFor = (interactiveMs: number): KdfCost =>
  (interactiveMs * workOf(kdfCosts.moderate)) / workOf(kdfCosts.interactive) <= acceptableMs ? kdfCosts.moderate : kdfCosts.interactive;

/** Measures this machine once; `nowMs` is a monotonic clock. */
export async function calibratedCost(passphrase: string, nowMs: () => number): Promise<KdfCost> {
  if (passphrase === '') return kdfCosts.none;
  const startMs = nowMs();
  const key = await passphraseKey('calibration', Buffer.alloc(sodium.crypto_pwhash_SALTBYTES), kdfCosts.interactive);
  key.fill(0);
  return costFor(nowMs() - startMs);
}

/** 32 bytes, which the caller overwrites. NFKC first, so that one passphrase typed on two keyboards is one. */
export async function passphraseKey(passphrase: string, salt: Buffer, cost: KdfCost): Promise<Buffer> {
  const key = Buffer.alloc(sodium.crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
  const typed = Buffer.from(passphrase.normalize('NFKC'), 'utf8');
  try {
    await new Promise<void>((resolve, reject) => {
      const done = (error: Error | null): void => (error === null || error === undefined ? resolve() : reject(error));
      sodium.crypto_pwhash_async(key, typed, salt, cost.passes, cost.memoryKib * kib, sodium.crypto_pwhash_ALG_ARGON2ID13, done);
    });
    return key;
  } finally {
    typed.fill(0);
  }
}
