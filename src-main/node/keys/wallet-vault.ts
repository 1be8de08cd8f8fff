import { pbkdf2 } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { wordBytesOf } from '../../core/wallet/derivation.ts';
import { codeOf, createFileDurably, unusable, writeFileDurably } from '../durable-file.ts';
import { calibratedCost, kdfCosts } from './passphrase-key.ts';
import { seal, unseal } from './seal.ts';
import { decodeRecord, encodeRecord, type KdfCost, type SealedRecord, tagBytes, vaultKind } from './sealed-record.ts';
import { secretMemory, wipeSecret } from './secret-memory.ts';

/** The file that holds the wallet's words, encrypted with the passphrase. It is the only secret of a wallet; every key follows from it. */

export type VaultErrorCode =
  | 'wrong-passphrase'
  /** Not a vault, or changed since it was written: restore it from a copy or from the words. */
  | 'damaged'
  /** Written by a later release. */
  | 'unsupported-version'
  | 'not-found'
  /** A vault is never overwritten that was not copied: it may be the only copy of somebody's words. */
  | 'already-exists'
  /** `lock` was called while this unlock was under way. */
  | 'locked-meanwhile';

export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly code: VaultErrorCode;
  readonly detail: string;
  constructor(code: VaultErrorCode, detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
  }
}

/** Overwritten with zeros by `lock`; whoever holds on to it then holds nothing. */
export interface WalletSecrets {
  /** 16 or 32 bytes: BIP39's entropy, what the words say. */
  readonly entropy: Buffer;
  /** 64 bytes: BIP39's seed, what the keys are derived from. */
  readonly seed: Buffer;
}

/** What opening a vault with this passphrase shall cost whoever guesses. */
export type ChooseCost = (passphrase: string) => Promise<KdfCost>;
const bearableHere: ChooseCost = (passphrase) => calibratedCost(passphrase, () => performance.now());

/** The entropy and the vault belong to the caller, who overwrites the former. An empty passphrase is allowed (local networks). */
export async function createVault(path: string, content: VaultContent, chooseCost: ChooseCost = bearableHere): Promise<WalletVault> {
  return placeVault(path, await sealVault(content, chooseCost), chooseCost);
}

export interface VaultContent {
  readonly entropy: Uint8Array;
  readonly passphrase: string;
}

/** What takes time, and may fail, before there is a file. */
export async function sealVault({ entropy, passphrase }: VaultContent, chooseCost: ChooseCost = bearableHere): Promise<SealedRecord> {
  if (!vaultKind.isContentLength(entropy.length)) throw new RangeError(`entropy of ${entropy.length} bytes has no words`);
  return seal(vaultKind, entropy, passphrase, await chooseCost(passphrase));
}

export async function placeVault(path: string, record: SealedRecord, chooseCost: ChooseCost = bearableHere): Promise<WalletVault> {
  try {
    await createFileDurably(path, encodeRecord(vaultKind, record), vaultMode);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw new VaultError('already-exists', path);
    throw error;
  }
  return new WalletVault(path, record, chooseCost);
}

/** In the place of one that `copyVault` has kept. Killed at any instant, the one or the other is there. */
export async function replaceVault(path: string, record: SealedRecord, chooseCost: ChooseCost = bearableHere): Promise<WalletVault> {
  await writeFileDurably(path, encodeRecord(vaultKind, record), vaultMode);
  return new WalletVault(path, record, chooseCost);
}

/** Fails with the code EEXIST if there is something. */
export const copyVault = async (from: string, to: string): Promise<void> => createFileDurably(to, await readFile(from), vaultMode);

/** Reads and checks the file; it stays locked. */
export async function openVault(path: string, chooseCost: ChooseCost = bearableHere): Promise<WalletVault> {
  const bytes = await readFile(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') throw new VaultError('not-found', path);
    throw unusable(path, error);
  });
  const decoded = decodeRecord(vaultKind, bytes);
  if (!decoded.ok) {
    const { problem } = decoded;
    throw new VaultError(problem.code, problem.code === 'damaged' ? `${path}: ${problem.detail}` : `${path} has version ${problem.version}`);
  }
  return new WalletVault(path, decoded.record, chooseCost);
}

export class WalletVault {
  readonly #path: string;
  readonly #chooseCost: ChooseCost;
  #record: SealedRecord;
  #secrets: WalletSecrets | undefined;
  /** Counts calls of `lock`, so that an unlock that finishes after one is thrown away. */
  #locks = 0;

  constructor(path: string, record: SealedRecord, chooseCost: ChooseCost) {
    this.#path = path;
    this.#chooseCost = chooseCost;
    this.#record = record;
  }

  /** False where it was made with the empty one, which is told by its cost: nothing else is as cheap. */
  get asksPassphrase(): boolean {
    const { passes, memoryKib } = this.#record.cost;
    return passes !== kdfCosts.none.passes || memoryKib !== kdfCosts.none.memoryKib;
  }

  /** Of the words: 16 or 32. */
  get entropyBytes(): number {
    return this.#record.ciphertext.length - tagBytes;
  }

  /** What another file with this passphrase shall cost. */
  costFor(passphrase: string): Promise<KdfCost> {
    return this.#chooseCost(passphrase);
  }

  /** Undefined while locked. */
  get secrets(): WalletSecrets | undefined {
    return this.#secrets;
  }

  /** Takes Argon2's time on another thread also when unlocked already, so that it always tells whether the passphrase is right. */
  async unlock(passphrase: string): Promise<WalletSecrets> {
    const locks = this.#locks;
    const entropy = await this.readEntropy(passphrase);
    const secrets = { entropy, seed: await seedOf(entropy) };
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

  /** What the words say, whether locked or not, for the caller to wipe. */
  async readEntropy(passphrase: string): Promise<Buffer> {
    const entropy = await unseal(vaultKind, this.#record, passphrase);
    if (entropy === undefined) throw new VaultError('wrong-passphrase', 'the vault does not open with it');
    return entropy;
  }

  lock(): void {
    this.#locks++;
    if (this.#secrets !== undefined) wipe(this.#secrets);
    this.#secrets = undefined;
  }

  /** The file is replaced as a whole, with a fresh salt and nonce; killed at any instant, the old or the new passphrase opens it. */
  async changePassphrase(from: string, to: string): Promise<void> {
    const entropy = await this.readEntropy(from);
    try {
      const record = await seal(vaultKind, entropy, to, await this.#chooseCost(to));
      await writeFileDurably(this.#path, encodeRecord(vaultKind, record), vaultMode);
      this.#record = record;
    } finally {
      wipeSecret(entropy);
    }
  }
}

const vaultMode = 0o600;

const wipe = ({ entropy, seed }: WalletSecrets): void => {
  wipeSecret(entropy);
  wipeSecret(seed);
};

const derive = promisify(pbkdf2);

/** BIP39 without a passphrase of its own, as other wallets do by default. The words are bytes all the way: a string cannot be overwritten. */
async function seedOf(entropy: Uint8Array): Promise<Buffer> {
  const words = wordBytesOf(entropy);
  const derived = await derive(words, 'mnemonic', 2_048, 64, 'sha512');
  words.fill(0);
  const seed = secretMemory(derived.length);
  derived.copy(seed);
  derived.fill(0);
  return seed;
}
