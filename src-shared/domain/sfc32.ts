/**
 * Numbers that follow from a seed and look like chance: sfc32 (Chris Doty-Humphrey, PractRand), small and fast. For whatever must be played again: the simulator and
 * the fuzzer. Not for anything secret.
 */
export class Sfc32 {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** The first `skipped` words show the seed too plainly: 12 where it fills all three, 15 where it is one. */
  constructor([a, b, c]: readonly [number, number, number], skipped: number) {
    [this.#a, this.#b, this.#c] = [a | 0, b | 0, c | 0];
    for (let i = 0; i < skipped; i++) this.word();
  }

  /** Of 32 bits, not negative. */
  word(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}
