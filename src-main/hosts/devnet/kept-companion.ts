import type { Logger } from '../../node/logging/logger.ts';
import { type Companion, wordsOfEnd } from './companion.ts';

/** The first restart is at once for a person's eyes; one that cannot start at all is tried once a minute, and does not fill the log. */
const firstDelayMs = 1_000;
const maxDelayMs = 60_000;
/** A companion that ran this long was all right: what ended it is new. */
const provenMs = 60_000;

/** `failures`: how often it has ended in a row, this time included. */
export const restartDelayMs = (failures: number): number => Math.min(maxDelayMs, firstDelayMs * 2 ** Math.min(failures - 1, 20));

export interface KeeperWorld {
  readonly start: () => Companion;
  readonly log: Logger;
  readonly monotonicMs: () => number;
  /** Answers what cancels it. */
  readonly setTimer: (run: () => void, delayMs: number) => () => void;
}

type Keeping =
  | { readonly kind: 'running'; readonly companion: Companion; readonly sinceMs: number }
  | { readonly kind: 'waiting'; readonly cancel: () => void }
  | { readonly kind: 'stopped' };

/** A companion of the app, started again when it ends by itself: nobody else would, and with one node fewer the network tolerates no fault. */
export class KeptCompanion {
  readonly #name: string;
  readonly #world: KeeperWorld;
  #keeping: Keeping;
  #failures = 0;

  constructor(name: string, world: KeeperWorld) {
    this.#name = name;
    this.#world = world;
    this.#keeping = this.#start();
  }

  /** Resolves when it is gone, and it stays so. */
  async stop(): Promise<void> {
    const keeping = this.#keeping;
    this.#keeping = { kind: 'stopped' };
    if (keeping.kind === 'waiting') keeping.cancel();
    if (keeping.kind === 'running') await keeping.companion.stop();
  }

  #start(): Keeping {
    const companion = this.#world.start();
    const running: Keeping = { kind: 'running', companion, sinceMs: this.#world.monotonicMs() };
    void companion.ended.then((end) => {
      if (this.#keeping !== running) return;
      const ranMs = this.#world.monotonicMs() - running.sinceMs;
      this.#failures = ranMs >= provenMs ? 1 : this.#failures + 1;
      const delayMs = restartDelayMs(this.#failures);
      this.#world.log.warn('a companion ended and is started again', { companion: this.#name, end: wordsOfEnd(end), ranMs: Math.round(ranMs), delayMs });
      const cancel = this.#world.setTimer(() => {
        this.#keeping = this.#start();
      }, delayMs);
      this.#keeping = { kind: 'waiting', cancel };
    });
    return running;
  }
}
