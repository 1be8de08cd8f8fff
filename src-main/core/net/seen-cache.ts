import { invariant } from '../invariant.ts';

/** The last `capacity` keys that were seen, least recently seen forgotten first; never cleared whole (protocol section 10). */
export class SeenCache<Key extends string> {
  readonly #capacity: number;
  /** A Map keeps insertion order, so its first key is the one seen longest ago. */
  readonly #keys = new Map<Key, true>();

  constructor(capacity: number) {
    invariant(capacity > 0, 'a cache holds something');
    this.#capacity = capacity;
  }
  has(key: Key): boolean {
    return this.#keys.has(key);
  }
  /** True if it had not been seen. */
  add(key: Key): boolean {
    const isNew = !this.#keys.delete(key);
    this.#keys.set(key, true);
    if (this.#keys.size > this.#capacity) {
      const [oldest] = this.#keys.keys();
      if (oldest !== undefined) this.#keys.delete(oldest);
    }
    return isNew;
  }
  /** So that it may come again: it was dropped for want of room, not for what it is. */
  forget(key: Key): void {
    this.#keys.delete(key);
  }
}
