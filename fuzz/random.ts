import { Sfc32 } from '../src-shared/domain/sfc32.ts';

/** Chance of a run: the same again from the same seed, with whole numbers only. */
export class FuzzRandom {
  readonly #words: Sfc32;

  constructor(seed: number) {
    this.#words = new Sfc32([seed, 0x9e3779b9, 0x243f6a88], 15);
  }

  /** Of 32 bits. */
  word(): number {
    return this.#words.word();
  }
  /** A whole number in [0, bound). */
  below(bound: number): number {
    return this.word() % bound;
  }
  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }
  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }
}
