import { invariant } from '../invariant.ts';
import { most } from '../trim-oldest.ts';
import type { ConnectionId } from './connection-id.ts';

/** Who has it may be asked for it, or need not be sent it; beyond so many nobody more is remembered. As many as peers can be configured. */
const maxHolders = 1_000;

interface Known {
  readonly holders: ConnectionId[];
  /** Noted again since it was put where it is in the order. */
  isAgain: boolean;
}

/**
 * Which peers have what: they sent it, announced it or were sent it. Of the last `capacity` things, one that was not noted for longest forgotten first: who was
 * noted again has another turn when its own comes, which is nearly the order of notes and costs no change of order with each of them. A connection
 * that is gone stays until then; its id never comes again.
 */
export class KnownBy<Key extends string> {
  readonly #capacity: number;
  /** A Map keeps insertion order, so its first key is the next to go. */
  readonly #known = new Map<Key, Known>();

  constructor(capacity: number) {
    invariant(capacity > 0, 'it remembers something');
    this.#capacity = capacity;
  }

  has(key: Key, connection: ConnectionId): boolean {
    return this.#known.get(key)?.holders.includes(connection) ?? false;
  }
  /** Answers whether that is new. */
  note(key: Key, connection: ConnectionId): boolean {
    const known = this.#known.get(key);
    if (known === undefined) {
      if (this.#known.size >= most(this.#capacity)) this.#trim();
      this.#known.set(key, { holders: [connection], isAgain: false });
      return true;
    }
    known.isAgain = true;
    if (known.holders.includes(connection)) return false;
    if (known.holders.length < maxHolders) known.holders.push(connection);
    return true;
  }
  /** It may have gone from them too. */
  forget(key: Key): void {
    this.#known.delete(key);
  }

  /** As `trimOldest`, with another turn for those that were noted again; before the next is added, which has its own turn yet. */
  #trim(): void {
    for (const [key, known] of this.#known) {
      if (this.#known.size < this.#capacity) return;
      this.#known.delete(key);
      if (known.isAgain) this.#known.set(key, { holders: known.holders, isAgain: false });
    }
  }
}
