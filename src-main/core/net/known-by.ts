import { invariant } from '../invariant.ts';
import type { ConnectionId } from './connection-id.ts';

/** Who has it may be asked for it, or need not be sent it; beyond so many nobody more is remembered. As many as peers can be configured. */
const maxHolders = 1_000;

/**
 * Which peers have what: they sent it, announced it or were sent it. Of the last `capacity` things, the one noted longest ago forgotten first. A
 * connection that is gone stays until then; its id never comes again.
 */
export class KnownBy<Key extends string> {
  readonly #capacity: number;
  /** A Map keeps insertion order, so its first key is the one noted longest ago. */
  readonly #holders = new Map<Key, ConnectionId[]>();

  constructor(capacity: number) {
    invariant(capacity > 0, 'it remembers something');
    this.#capacity = capacity;
  }

  has(key: Key, connection: ConnectionId): boolean {
    return this.#holders.get(key)?.includes(connection) ?? false;
  }
  note(key: Key, connection: ConnectionId): void {
    const holders = this.#holders.get(key) ?? [];
    if (!holders.includes(connection) && holders.length < maxHolders) holders.push(connection);
    this.#holders.delete(key);
    this.#holders.set(key, holders);
    if (this.#holders.size <= this.#capacity) return;
    const [oldest] = this.#holders.keys();
    if (oldest !== undefined) this.#holders.delete(oldest);
  }
  /** It may have gone from them too. */
  forget(key: Key): void {
    this.#holders.delete(key);
  }
}
