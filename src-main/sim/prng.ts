import { Sfc32 } from '../../src-shared/domain/sfc32.ts';

/** Where all chance in a simulation comes from: the seed's text, spread over the state of sfc32 by the mixing of MurmurHash3. */
export class Prng {
  readonly #seed: string;
  readonly #words: Sfc32;

  constructor(seed: string) {
    this.#seed = seed;
    this.#words = new Sfc32([mix(seed, 1), mix(seed, 2), mix(seed, 3)], 12);
  }

  /** A sequence of its own, so that a draw more in one part of the simulation does not change every other. */
  fork(name: string): Prng {
    return new Prng(`${this.#seed}/${name}`);
  }
  /** In [0, 1). */
  next(): number {
    return this.#words.word() / 2 ** 32;
  }
  /** A whole number in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }
  /** A whole number in [low, high]. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }
  chance(probability: number): boolean {
    return this.next() < probability;
  }
  /** Undefined of an empty list. */
  pick<T>(from: readonly T[]): T | undefined {
    return from[this.below(from.length)];
  }
  shuffled<T>(from: readonly T[]): T[] {
    const list = [...from];
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [list[i], list[j]] = [list[j] as T, list[i] as T];
    }
    return list;
  }
  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }
}

function mix(text: string, salt: number): number {
  let hash = Math.imul(salt, 0x9e3779b1);
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0xcc9e2d51);
    hash = (hash << 15) | (hash >>> 17);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
