import { randomBytes, randomInt } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { EngineEvent } from '../../core/events.ts';
import { parseWords, wordsOf } from '../../core/wallet/derivation.ts';
import { CodedError } from '../coded-error.ts';
import { secretMemory, wipeSecret } from '../keys/secret-memory.ts';
import { type BackupContent, openBackup } from '../keys/wallet-backup.ts';
import { type ChooseCost, copyVault, createVault, openVault, placeVault, replaceVault, sealVault, VaultError, type WalletVault } from '../keys/wallet-vault.ts';
import { coded, walletOpenError } from './wallet-errors.ts';
import { WalletService, type WalletServiceOptions } from './wallet-service.ts';

export interface WalletKeeperOptions extends WalletServiceOptions {
  /** Of new vaults; tests have a cheap one. */
  readonly chooseCost?: ChooseCost;
}

/** Words that nobody has confirmed yet. */
export interface WalletDraft {
  readonly id: string;
  readonly words: string;
  /** From 1, of the words that are asked back. */
  readonly asked: readonly number[];
  readonly expiresMs: number;
}

interface KeptDraft {
  readonly entropy: Buffer;
  readonly asked: readonly number[];
  readonly cancel: () => void;
}

/** How a new wallet is protected, and what becomes of one that is there: undefined leaves it alone. */
export interface NewWallet {
  readonly passphrase: string;
  readonly replacePassphrase: string | undefined;
}

/** Time to write 24 words down, with an interruption. */
const draftMs = 30 * 60 * 1_000;
/** Windows of one person; the oldest is forgotten. */
const maxDrafts = 4;
const askedWords = 3;

/** Whether there is a wallet, and how one comes to be: from drafted words, from words that somebody has, or from a backup. Throws CodedError. */
export class WalletKeeper {
  readonly #options: WalletKeeperOptions;
  #wallet: WalletService | undefined;
  #making = false;
  /** Oldest first. */
  readonly #drafts = new Map<string, KeptDraft>();

  private constructor(options: WalletKeeperOptions) {
    this.#options = options;
  }

  /**
   * Opens the vault. A practice network's is made if it is not there, with an empty passphrase: its coins are play money. On other networks there is no
   * wallet without a vault, since words that nobody has written down are no wallet.
   *
   * @throws OperationalError
   */
  static async open(options: WalletKeeperOptions): Promise<WalletKeeper> {
    const keeper = new WalletKeeper(options);
    try {
      const vault = await keeper.#existingVault();
      if (vault !== undefined) {
        keeper.#wallet = new WalletService(options, vault);
        await keeper.#wallet.start();
      }
    } catch (error) {
      throw walletOpenError(error);
    }
    return keeper;
  }

  get wallet(): WalletService | undefined {
    return this.#wallet;
  }

  draft(count: 12 | 24): WalletDraft {
    const entropy = secretMemory(count === 12 ? 16 : 32);
    const random = randomBytes(entropy.length);
    random.copy(entropy);
    random.fill(0);
    const asked = positions(count);
    const id = randomBytes(16).toString('hex');
    const [oldest] = this.#drafts.keys();
    if (oldest !== undefined && this.#drafts.size >= maxDrafts) this.#forget(oldest);
    this.#drafts.set(id, { entropy, asked, cancel: this.#options.setTimer(() => this.#forget(id), draftMs) });
    return { id, words: wordsOf(entropy), asked, expiresMs: this.#options.nowMs() + draftMs };
  }

  /** `confirm`: the words at the positions that the draft asked for. */
  async create(id: string, confirm: readonly string[], wallet: NewWallet): Promise<WalletService> {
    const draft = this.#drafts.get(id);
    if (draft === undefined) throw new CodedError('not-found', 'These words were forgotten: draft others.');
    const words = wordsOf(draft.entropy).split(' ');
    const wrong = draft.asked.find((position, index) => words[position - 1] !== confirm[index]?.trim().toLowerCase());
    if (wrong !== undefined) throw new CodedError('invalid-words', `Word ${wrong} is another one.`, { reason: 'not-asked', position: wrong });
    // The draft may be forgotten, and overwritten, while the wallet is made.
    const entropy = secretMemory(draft.entropy.length);
    draft.entropy.copy(entropy);
    try {
      const made = await this.#alone(wallet, () => this.#make(entropy, wallet, undefined));
      this.#forget(id);
      return made;
    } finally {
      wipeSecret(entropy);
    }
  }

  async restoreWords(typed: string, wallet: NewWallet): Promise<WalletService> {
    const parsed = parseWords(typed);
    if (!parsed.ok) {
      const { code: reason, ...where } = parsed.error;
      // The word itself is not repeated: it may be of the right words, mistyped.
      throw new CodedError('invalid-words', 'These are not the words of a wallet.', {
        reason,
        ...('position' in where ? { position: where.position } : {}),
        ...('count' in where ? { count: where.count } : {}),
      });
    }
    const entropy = Buffer.from(parsed.entropy.buffer, parsed.entropy.byteOffset, parsed.entropy.length);
    try {
      return await this.#alone(wallet, () => this.#make(entropy, wallet, undefined));
    } finally {
      entropy.fill(0);
    }
  }

  restoreBackup(bytes: Buffer, wallet: NewWallet): Promise<WalletService> {
    return this.#alone(wallet, async () => {
      const opened = await openBackup(bytes, wallet.passphrase, this.#options.network);
      if (!opened.ok) {
        if (opened.problem === 'wrong-passphrase') throw new CodedError('wallet-passphrase-incorrect', 'The passphrase is not the backup’s.');
        throw new CodedError('invalid-backup', backupWords[opened.problem], { reason: opened.problem });
      }
      try {
        return await this.#make(opened.entropy, wallet, opened.content);
      } finally {
        wipeSecret(opened.entropy);
      }
    });
  }

  /** What it says of a payment is noted; where that cannot be stored it is found out at the next start. */
  onEvent(event: EngineEvent): void {
    this.#wallet?.onEvent(event).catch(() => undefined);
  }

  close(): void {
    for (const id of [...this.#drafts.keys()]) this.#forget(id);
    this.#wallet?.close();
  }

  /** One at a time, and only where there may be one: to open somebody's backup can take a gigabyte. */
  async #alone(wallet: NewWallet, make: () => Promise<WalletService>): Promise<WalletService> {
    checkNewPassphrase(wallet.passphrase, this.#options.network);
    if (this.#making) throw new CodedError('wallet-error', 'A wallet is being made.');
    if (this.#wallet !== undefined && wallet.replacePassphrase === undefined) throw new CodedError('wallet-already-exists', 'There is a wallet already.');
    this.#making = true;
    try {
      return await make();
    } finally {
      this.#making = false;
    }
  }

  /**
   * What can be refused or fail is before anything is changed. Then a wallet that is there is copied, its database begun anew, and its vault replaced: killed
   * in between, it is there, and finds everything but its labels again.
   */
  async #make(entropy: Uint8Array, { passphrase, replacePassphrase = '' }: NewWallet, backup: BackupContent | undefined): Promise<WalletService> {
    const { chooseCost, store, vaultFile } = this.#options;
    const replaced = this.#wallet;
    await replaced?.checkPassphrase(replacePassphrase);
    const sealed = await sealVault({ entropy, passphrase }, chooseCost);
    const aside = this.#asideName();
    if (replaced !== undefined) await copyVault(vaultFile, join(dirname(vaultFile), `${aside}.vault`));
    this.#wallet = undefined;
    replaced?.close();
    try {
      // Without a wallet, what the database holds are the addresses of one whose vault somebody took away.
      if (replaced !== undefined || store.load().keys.length > 0) await store.startAnew(`${aside}.sqlite`);
      if (backup !== undefined) {
        const { labels, requests, setAside } = backup;
        await store.save({ labels: [...labels], requests, setAside });
      }
      const vault = await coded(() => (replaced === undefined ? placeVault : replaceVault)(vaultFile, sealed, chooseCost));
      this.#wallet = new WalletService(this.#options, vault);
    } catch (error) {
      if (replaced !== undefined) this.#wallet = new WalletService(this.#options, await openVault(vaultFile, chooseCost));
      throw error;
    }
    const service = this.#wallet;
    await service.begin(passphrase, backup);
    // Its history is found from now on, and asked for again by whoever wants its coins.
    service.start().catch(() => undefined);
    return service;
  }

  #asideName(): string {
    const stamp = new Date(this.#options.nowMs()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    return `wallet-${stamp}-${randomBytes(2).toString('hex')}`;
  }

  async #existingVault(): Promise<WalletVault | undefined> {
    const { chooseCost, network, store, vaultFile } = this.#options;
    try {
      return await openVault(vaultFile, chooseCost);
    } catch (error) {
      if (!(error instanceof VaultError) || error.code !== 'not-found') throw error;
    }
    if (network !== 'devnet') return undefined;
    if (store.load().keys.length > 0) await store.startAnew(`${this.#asideName()}.sqlite`);
    const entropy = randomBytes(32);
    try {
      return await createVault(vaultFile, { entropy, passphrase: '' }, chooseCost);
    } finally {
      entropy.fill(0);
    }
  }

  #forget(id: string): void {
    const draft = this.#drafts.get(id);
    if (draft === undefined) return;
    this.#drafts.delete(id);
    draft.cancel();
    wipeSecret(draft.entropy);
  }
}

/** Only play money does without. */
export function checkNewPassphrase(passphrase: string, network: WalletServiceOptions['network']): void {
  if (passphrase === '' && network !== 'devnet')
    throw new CodedError('invalid-parameter', 'A wallet with real coins has a passphrase.', { reason: 'empty-passphrase' });
}

const backupWords = {
  damaged: 'This is no backup of a wallet, or it is damaged.',
  'unsupported-version': 'This backup was made by a later release.',
  'other-network': 'This backup is of another network.',
} as const;

/** Different ones, in order. */
function positions(count: number): number[] {
  const chosen = new Set<number>();
  while (chosen.size < askedWords) chosen.add(1 + randomInt(count));
  return [...chosen].sort((a, b) => a - b);
}
