/** A table of the last things may hold this share more than it is to remember, before the oldest go. */
const slackShare = 1 / 64;

interface Table<Key> {
  readonly size: number;
  keys(): Iterable<Key>;
}

/**
 * To be called after each key that was added to a Map or a Set of the last `capacity` keys; their order is that of insertion. The oldest go several at
 * once: V8 leaves a gap where a key was deleted until it builds the table anew, and whoever begins to read at the front goes over all gaps. To look for
 * one key each time takes 30 µs of each transaction with ten thousand keys, and with forty thousand a quarter of a second of a block.
 */
export function trimOldest<Key>(table: Table<Key> & { delete(key: Key): boolean }, capacity: number): void {
  if (table.size > most(capacity)) for (const key of oldestOver(table, capacity)) table.delete(key);
}

/** What such a table may hold at most. */
export const most = (capacity: number): number => Math.floor(capacity * (1 + slackShare));

/** The oldest of more than `capacity`, each of which must be gone before the next is asked for. */
export function* oldestOver<Key>(table: Table<Key>, capacity: number): Generator<Key, void, undefined> {
  if (table.size <= capacity) return;
  for (const key of table.keys()) {
    if (table.size <= capacity) return;
    yield key;
  }
}
