/** First in, first out. Array.shift would move the whole rest each time: with 20,000 waiting, 17 µs a step. */
export class Fifo<T> {
  #entries: T[] = [];
  #head = 0;

  get first(): T | undefined {
    return this.#entries[this.#head];
  }

  push(entry: T): void {
    this.#entries.push(entry);
  }

  dropFirst(): void {
    this.#head++;
    if (this.#head * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#head);
    this.#head = 0;
  }

  takeAll(): T[] {
    const all = this.#entries.slice(this.#head);
    this.#entries = [];
    this.#head = 0;
    return all;
  }
}
