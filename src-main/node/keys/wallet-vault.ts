import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { mnemonicToSeedWebcrypto } from '@scure/bip39';
import sodium from 'sodium-native';
import { wordsOf } from '../../core/wallet/derivation.ts';
import { codeOf, createFileDurably, writeFileDurably } from '../durable-file.ts';
import { viewOf } from './ed25519.ts';
import { calibratedCost, kdfCosts, passphraseKey } from './passphrase-key.ts';
import { decodeRecord, encodeHeader, encodeRecord, type KdfCost, nonceBytes, saltBytes, type VaultRecord } from './vault-record.ts';

/** The file that holds the wallet's words, encrypted with the passphrase. It is the only secret of a wallet; every key follows from it. */

export type VaultErrorCode =
  | 'wrong-passphrase'
  /** Not a vault, or changed since it was written: restore it from a copy or from the words. */
  | 'damaged'
  /** Written by a later release. */
  | 'unsupported-version'
  | 'not-found'
  /** A vault is never overwritten: it may be the only copy of somebody's words. */
  | 'already-exists'
  /** `lock` was called while this unlock was under way. */
  | 'locked-meanwhile';

export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly code: VaultErrorCode;
  constructor(code: VaultErrorCode, detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
  }
}

/** Overwritten with zeros by `lock`; whoever holds on to it then holds nothing. */
export interface WalletSecrets {
  /** 16 or 32 bytes: BIP39's entropy, what the words say. */
  readonly entropy: Uint8Array;
  /** 64 bytes: BIP39's seed, what the keys are derived from. */
  readonly seed: Uint8Array;
}

/** What opening a vault with this passphrase shall cost whoever guesses. */
export type ChooseCost = (passphrase: string) => Promise<KdfCost>;
const bearableHere: ChooseCost = (passphrase) => calibratedCost(passphrase, () => performance.now());

/** The entropy and the vault belong to the caller, who overwrites the former. An empty passphrase is allowed (local networks). */
export async function createVault(
  path: string,
  { entropy, passphrase }: { readonly entropy: Uint8Array; readonly passphrase: string },
  chooseCost: ChooseCost = bearableHere,
): Promise<WalletVault> {
  wordsOf(entropy); // Refuses a length that has no words, before anything is written.
  const record = await encrypt(entropy, passphrase, await chooseCost(passphrase));
  try {
    await createFileDurably(path, encodeRecord(record), vaultMode);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw new VaultError('already-exists', path);
    throw error;
  }
  return new WalletVault(path, record, chooseCost);
}

/** Reads and checks the file; it stays locked. */
export async function openVault(path: string, chooseCost: ChooseCost = bearableHere): Promise<WalletVault> {
  const bytes = await readFile(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') throw new VaultError('not-found', path);
    throw error;
  });
  const decoded = decodeRecord(bytes);
  if (!decoded.ok) {
    const { problem } = decoded;
    throw new VaultError(problem.code, problem.code === 'damaged' ? `${path}: ${problem.detail}` : `${path} has version ${problem.version}`);
  }
  return new WalletVault(path, decoded.record, chooseCost);
}

export class WalletVault {
  readonly #path: string;
  readonly #chooseCost: ChooseCost;
  #record: VaultRecord;
  #secrets: WalletSecrets | undefined;
  /** Counts calls of `lock`, so that an unlock that finishes after one is thrown away. */
  #locks = 0;

  constructor(path: string, record: VaultRecord, chooseCost: ChooseCost) {
    this.#path = path;
    this.#chooseCost = chooseCost;
    this.#record = record;
  }

  /** False where it was made with the empty one, which is told by its cost: nothing else is as cheap. */
  get asksPassphrase(): boolean {
    const { passes, memoryKib } = this.#record.cost;
    return passes !== kdfCosts.none.passes || memoryKib !== kdfCosts.none.memoryKib;
  }

  /** Undefined while locked. */
  get secrets(): WalletSecrets | undefined {
    return this.#secrets;
  }

  /** Takes Argon2's time on another thread also when unlocked already, so that it always tells whether the passphrase is right. */
  async unlock(passphrase: string): Promise<WalletSecrets> {
    const locks = this.#locks;
    const entropy = await decrypt(this.#record, passphrase);
    const secrets = { entropy, seed: await mnemonicToSeedWebcrypto(wordsOf(entropy)) };
    if (locks !== this.#locks) {
      wipe(secrets);
      throw new VaultError('locked-meanwhile', this.#path);
    }
    if (this.#secrets !== undefined) {
      wipe(secrets);
      return this.#secrets;
    }
    this.#secrets = secrets;
    return secrets;
  }

  lock(): void {
    this.#locks++;
    if (this.#secrets !== undefined) wipe(this.#secrets);
    this.#secrets = undefined;
  }

  /** The file is replaced as a whole, with a fresh salt and nonce; killed at any instant, the old or the new passphrase opens it. */
  async changePassphrase(from: string, to: string): Promise<void> {
    const entropy = await decrypt(this.#record, from);
    try {
      const record = await encrypt(entropy, to, await this.#chooseCost(to));
      await writeFileDurably(this.#path, encodeRecord(record), vaultMode);
      this.#record = record;
    } finally {
      entropy.fill(0);
    }
  }
}

const vaultMode = 0o600;

const wipe = ({ entropy, seed }: WalletSecrets): void => {
  entropy.fill(0);
  seed.fill(0);
};

async function encrypt(entropy: Uint8Array, passphrase: string, cost: KdfCost): Promise<VaultRecord> {
  const salt = randomBuffer(saltBytes);
  const nonce = randomBuffer(nonceBytes);
  const key = await passphraseKey(passphrase, salt, cost);
  const ciphertext = Buffer.alloc(entropy.length + sodium.crypto_aead_xchacha20poly1305_ietf_ABYTES);
  const header = encodeHeader({ cost, salt, nonce });
  sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(ciphertext, viewOf(entropy), header, null, nonce, key);
  key.fill(0);
  return { cost, salt, nonce, ciphertext };
}

async function decrypt(record: VaultRecord, passphrase: string): Promise<Buffer> {
  const key = await passphraseKey(passphrase, record.salt, record.cost);
  const entropy = Buffer.alloc(record.ciphertext.length - sodium.crypto_aead_xchacha20poly1305_ietf_ABYTES);
  try {
    sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(entropy, null, record.ciphertext, encodeHeader(record), record.nonce, key);
  } catch {
    // The checksum held, so it is not damage.
    throw new VaultError('wrong-passphrase', 'the vault does not open with it');
  } finally {
    key.fill(0);
  }
  return entropy;
}

function randomBuffer(lengthBytes: number): Buffer {
  const buffer = Buffer.alloc(lengthBytes);
  sodium.randombytes_buf(buffer);
  return buffer;
}
