/** How full the index may get before it grows. */
const maxLoad = 0.6;

/**
 * The states found so far, in the order in which they were found: each three numbers, sorted, and the state it was found from. Plain typed arrays: there are
 * tens of millions, 16 bytes each and some 10 for the index.
 */
export class StateTable {
  #entries = new Uint32Array(4 * 1_024);
  #index = new Uint32Array(4 * 1_024);
  #size = 0;

  get size(): number {
    return this.#size;
  }
  member(state: number, which: number): number {
    return this.#entries[4 * state + which] as number;
  }
  parent(state: number): number {
    return this.#entries[4 * state + 3] as number;
  }

  /** Answers whether it is new. The order of the three does not matter. */
  add(a: number, b: number, c: number, parent: number): boolean {
    const least = a < b ? (a < c ? a : c) : b < c ? b : c;
    const most = a > b ? (a > c ? a : c) : b > c ? b : c;
    const middle = a + b + c - least - most;
    let at = this.#slot(least, middle, most);
    if (this.#index[at] !== 0) return false;
    if (this.#size >= this.#index.length * maxLoad) {
      this.#growIndex();
      at = this.#slot(least, middle, most);
    }
    const entry = 4 * this.#size;
    if (entry === this.#entries.length) {
      const larger = new Uint32Array(2 * this.#entries.length);
      larger.set(this.#entries);
      this.#entries = larger;
    }
    this.#entries[entry] = least;
    this.#entries[entry + 1] = middle;
    this.#entries[entry + 2] = most;
    this.#entries[entry + 3] = parent;
    this.#index[at] = ++this.#size;
    return true;
  }

  /** Of this state or the first free one. */
  #slot(a: number, b: number, c: number): number {
    const entries = this.#entries;
    const index = this.#index;
    const mask = index.length - 1;
    let at = hash(a, b, c) & mask;
    for (let found = index[at] as number; found !== 0; found = index[at] as number) {
      const entry = 4 * (found - 1);
      if (entries[entry] === a && entries[entry + 1] === b && entries[entry + 2] === c) return at;
      at = (at + 1) & mask;
    }
    return at;
  }

  #growIndex(): void {
    this.#index = new Uint32Array(2 * this.#index.length);
    for (let state = 0; state < this.#size; state++) this.#index[this.#slot(this.member(state, 0), this.member(state, 1), this.member(state, 2))] = state + 1;
  }
}

/** Each number mixed in by a multiplication, and the high bits brought down. */
function hash(a: number, b: number, c: number): number {
  let mixed = Math.imul(a, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15) ^ b, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13) ^ c, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
