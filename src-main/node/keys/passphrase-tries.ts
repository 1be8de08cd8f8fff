/**
 * How long a wallet waits after wrong passphrases. Argon2id makes each try dear for whoever has the file; this makes tries few for whoever has only a door,
 * such as a page that got hold of one. A few are free, since everybody mistypes.
 */
export interface PassphraseTries {
  /** Wrong ones in a row, one that is being tried included. */
  readonly failures: number;
  /** When the last began; ms since 1970. */
  readonly lastMs: number;
}
export const noTries: PassphraseTries = { failures: 0, lastMs: 0 };

const freeTries = 3;
const firstDelayMs = 2_000;
/** 144 tries a day, and its owner waits no longer than this for what somebody else did. */
const maxDelayMs = 600_000;

/** From the last try on: none for three, then 2 s, 4 s, 8 s … ten minutes. */
export const delayAfterMs = (failures: number): number =>
  failures < freeTries ? 0 : Math.min(maxDelayMs, firstDelayMs * 2 ** Math.min(failures - freeTries, 20));

export class PassphraseDelayed extends Error {
  override readonly name = 'PassphraseDelayed';
  readonly waitMs: number;
  constructor(waitMs: number) {
    super(`${waitMs} ms until a passphrase may be tried`);
    this.waitMs = waitMs;
  }
}

export interface PassphraseGateOptions {
  readonly tries: PassphraseTries;
  /** Resolves when it is on the disk. */
  readonly save: (tries: PassphraseTries) => Promise<void>;
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
}

/** More at once is nobody's hand. */
const maxWaiting = 100;

/** Lets one passphrase be tried at a time, and each only after it was written down as wrong: ending the program in between gains nothing. */
export class PassphraseGate {
  readonly #options: PassphraseGateOptions;
  #tries: PassphraseTries;
  /** By the monotonic clock: nobody shortens it by setting the time. */
  #openAtMs: number;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(options: PassphraseGateOptions) {
    this.#options = options;
    this.#tries = options.tries;
    const delayMs = delayAfterMs(options.tries.failures);
    const passedMs = Math.max(0, options.nowMs() - options.tries.lastMs);
    this.#openAtMs = options.monotonicMs() + Math.max(0, delayMs - passedMs);
  }

  get failures(): number {
    return this.#tries.failures;
  }
  get waitMs(): number {
    return Math.max(0, Math.ceil(this.#openAtMs - this.#options.monotonicMs()));
  }

  /**
   * Runs `use`, which throws what `isWrong` knows where the passphrase was wrong; that counts, and any other end clears the count or leaves it as it was.
   *
   * @throws PassphraseDelayed; then `use` was not run
   */
  try<T>(use: () => Promise<T>, isWrong: (error: unknown) => boolean): Promise<T> {
    if (this.#waiting >= maxWaiting) return Promise.reject(new PassphraseDelayed(Math.max(this.waitMs, firstDelayMs)));
    this.#waiting++;
    const done = this.#last
      .then(() => this.#try(use, isWrong))
      .finally(() => {
        this.#waiting--;
      });
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #try<T>(use: () => Promise<T>, isWrong: (error: unknown) => boolean): Promise<T> {
    const { waitMs } = this;
    if (waitMs > 0) throw new PassphraseDelayed(waitMs);
    const before = this.#tries;
    const counted = { failures: before.failures + 1, lastMs: this.#options.nowMs() };
    await this.#options.save(counted);
    this.#count(counted);
    try {
      const result = await use();
      await this.#takeBack(noTries);
      return result;
    } catch (error) {
      if (!isWrong(error)) await this.#takeBack(before);
      // To try took time of its own, and who is answered late waits no less.
      else this.#count(counted);
      throw error;
    }
  }

  #count(tries: PassphraseTries): void {
    this.#tries = tries;
    this.#openAtMs = this.#options.monotonicMs() + delayAfterMs(tries.failures);
  }

  /** What was done is done: where this cannot be written down, the next start counts one too many. */
  async #takeBack(tries: PassphraseTries): Promise<void> {
    this.#count(tries);
    await this.#options.save(tries).catch(() => undefined);
  }
}
