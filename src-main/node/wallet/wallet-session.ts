import type { Lock } from '../../../src-shared/domain/ids.ts';
import type { PassphraseGate } from '../keys/passphrase-tries.ts';
import { wipeSecret } from '../keys/secret-memory.ts';
import type { Wallet } from '../keys/wallet.ts';
import { VaultError, type WalletVault } from '../keys/wallet-vault.ts';
import { coded } from './wallet-errors.ts';

export interface WalletSessionOptions {
  readonly wallet: Wallet;
  readonly vault: WalletVault;
  readonly gate: PassphraseGate;
  readonly nowMs: () => number;
  /** Looks for new keys in the chain, while there are secrets to make more of them. */
  readonly follow: () => Promise<unknown>;
  /** Answers what ends it. */
  readonly setTimer: (run: () => void, delayMs: number) => () => void;
}

interface Opened {
  readonly idleMs: number;
  readonly untilMs: number;
  readonly cancel: () => void;
}

const isWrongPassphrase = (error: unknown): boolean => error instanceof VaultError && error.code === 'wrong-passphrase';

/**
 * When the keys are in memory, and who said so. What spends, signs or shows a secret takes the passphrase each time, also while the wallet is open:
 * open means that keys ahead are derived. Throws CodedError.
 */
export class WalletSession {
  readonly #options: WalletSessionOptions;
  #using = 0;
  #opened: Opened | undefined;

  constructor(options: WalletSessionOptions) {
    this.#options = options;
  }

  /** Without a passphrase there is nothing to lock. */
  get keepsOpen(): boolean {
    return !this.#options.vault.asksPassphrase;
  }
  get unlockedUntilMs(): number | undefined {
    return this.#opened?.untilMs;
  }

  /** Runs `use` with the keys in memory, and wipes them unless the wallet was open. */
  async whileOpen<T>(passphrase: string, use: () => T | Promise<T>): Promise<T> {
    const { wallet } = this.#options;
    this.#using++;
    try {
      return await coded(async () => {
        if (!this.keepsOpen) this.#followed(await this.#try(() => wallet.unlock(passphrase)));
        else if (wallet.locked || passphrase !== '') this.#followed(await wallet.unlock(passphrase));
        return await use();
      });
    } finally {
      this.#touch();
      this.#used();
    }
  }

  /** Until it was left alone for so long. */
  async open(passphrase: string, idleMs: number): Promise<void> {
    await this.whileOpen(passphrase, () => {
      if (!this.keepsOpen) this.#openFor(idleMs);
    });
  }

  /** Somebody uses it. */
  touch(): void {
    this.#touch();
  }

  lock(): void {
    this.#opened?.cancel();
    this.#opened = undefined;
    if (!this.keepsOpen) this.#options.wallet.lock();
  }

  /** At the end: also one that keeps open. */
  close(): void {
    this.lock();
    this.#options.wallet.lock();
  }

  /** 16 or 32 bytes, for the caller to wipe. */
  readEntropy(passphrase: string): Promise<Buffer> {
    const { vault } = this.#options;
    return coded(() => (this.keepsOpen ? vault.readEntropy(passphrase) : this.#try(() => vault.readEntropy(passphrase))));
  }

  /** For what needs the passphrase and no key. */
  async check(passphrase: string): Promise<void> {
    wipeSecret(await this.readEntropy(passphrase));
  }

  async changePassphrase(from: string, to: string): Promise<void> {
    const { vault, wallet } = this.#options;
    await coded(() => (this.keepsOpen ? vault.changePassphrase(from, to) : this.#try(() => vault.changePassphrase(from, to))));
    if (this.keepsOpen) await coded(() => wallet.unlock(to));
    else this.lock();
  }

  /** The keys stay until the chain was asked for the new ones, which may have been used, and others after them. */
  #followed(added: readonly Lock[]): void {
    if (added.length === 0) return;
    this.#using++;
    const done = (): void => this.#used();
    this.#options.follow().then(done, done);
  }

  #used(): void {
    this.#using--;
    if (this.#using === 0 && this.#opened === undefined && !this.keepsOpen) this.#options.wallet.lock();
  }

  #try<T>(use: () => Promise<T>): Promise<T> {
    return this.#options.gate.try(use, isWrongPassphrase);
  }

  #touch(): void {
    if (this.#opened !== undefined) this.#openFor(this.#opened.idleMs);
  }

  #openFor(idleMs: number): void {
    this.#opened?.cancel();
    const cancel = this.#options.setTimer(() => {
      this.#opened = undefined;
      if (this.#using === 0) this.#options.wallet.lock();
    }, idleMs);
    this.#opened = { idleMs, untilMs: this.#options.nowMs() + idleMs, cancel };
  }
}
