import { invariant } from '../invariant.ts';
import { trimOldest } from '../trim-oldest.ts';

/** The last `capacity` keys that were seen, least recently seen forgotten first; never cleared whole (protocol section 10). */
export class SeenCache<Key extends string> {
  readonly #capacity: number;
  /** A Set keeps insertion order, so its first key is the one seen longest ago. */
  readonly #keys = new Set<Key>();

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
    this.#keys.add(key);
    trimOldest(this.#keys, this.#capacity);
    return isNew;
  }
  /** So that it may come again: it was dropped for want of room, not for what it is. */
  forget(key: Key): void {
    this.#keys.delete(key);
  }
}
