/** No list. Others are positive. */
export const emptyList = 0;
/** A cache line: where the list goes on backwards, and so many values less one. */
const blockSize = 16;
const firstCapacity = 64 * blockSize;

/**
 * Lists of whole numbers that grow at their end and go as a whole, all in one array: thousands of short lists that come and go would cost the collector of garbage
 * more than all that is done with them. A list is the place of its last value. Bounded by whoever adds to them.
 */
export class NumberLists {
  #blocks = new Int32Array(firstCapacity);
  /** The first block is none, so that no list is at 0. */
  #used = blockSize;
  /** Blocks that were given back, by the place they begin at; each says in its first number which comes next. */
  #free = 0;

  /** `list` with this at its end; `list` itself is void. */
  added(list: number, value: number): number {
    let at = list + 1;
    if (list === emptyList || at % blockSize === 0) {
      const block = this.#take();
      this.#blocks[block] = list;
      at = block + 1;
    }
    this.#blocks[at] = value;
    return at;
  }
  /** Undefined of none. */
  lastOf(list: number): number | undefined {
    return list === emptyList ? undefined : this.#blocks[list];
  }
  /** The last first. */
  forEach(list: number, visit: (value: number) => void): void {
    for (let at = list; at !== emptyList; at = at % blockSize === 1 ? (this.#blocks[at - 1] as number) : at - 1) visit(this.#blocks[at] as number);
  }
  /** In the order in which they were added. */
  all(list: number): number[] {
    const values: number[] = [];
    this.forEach(list, (value) => values.push(value));
    return values.reverse();
  }
  /** Void from now on. */
  drop(list: number): void {
    for (let at = list; at !== emptyList; ) {
      const block = at - (at % blockSize);
      at = this.#blocks[block] as number;
      this.#blocks[block] = this.#free;
      this.#free = block;
    }
  }

  #take(): number {
    if (this.#free !== 0) {
      const block = this.#free;
      this.#free = this.#blocks[block] as number;
      return block;
    }
    if (this.#used === this.#blocks.length) {
      const larger = new Int32Array(2 * this.#blocks.length);
      larger.set(this.#blocks);
      this.#blocks = larger;
    }
    const block = this.#used;
    this.#used += blockSize;
    return block;
  }
}
