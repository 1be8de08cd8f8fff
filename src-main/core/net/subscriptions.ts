import type { Lock, OutpointKey } from '../../../src-shared/domain/ids.ts';
import type { ConnectionId } from './connection-id.ts';

interface Watched {
  readonly outpoints: Set<OutpointKey>;
  readonly locks: Set<Lock>;
}
type Index<Key> = Map<Key, Set<ConnectionId>>;

/** Which peers want to hear of which coins: by outpoint, or by the lock that they pay. At most so many of each peer, and gone with it. */
export class Subscriptions {
  readonly #maxPerPeer: number;
  readonly #peers = new Map<ConnectionId, Watched>();
  readonly #byOutpoint: Index<OutpointKey> = new Map();
  readonly #byLock: Index<Lock> = new Map();

  constructor(maxPerPeer: number) {
    this.#maxPerPeer = maxPerPeer;
  }

  get isEmpty(): boolean {
    return this.#peers.size === 0;
  }
  /** Coins must be looked up to know who wants to hear of them. */
  get hasLocks(): boolean {
    return this.#byLock.size > 0;
  }

  /** All of it, or with one too many nothing at all and false. What is watched already is no second one. */
  add(connection: ConnectionId, outpoints: readonly OutpointKey[], locks: readonly Lock[]): boolean {
    const watched = this.#peers.get(connection) ?? { outpoints: new Set(), locks: new Set() };
    if (sizeWith(watched.outpoints, outpoints) + sizeWith(watched.locks, locks) > this.#maxPerPeer) return false;
    for (const key of outpoints) addTo(this.#byOutpoint, watched.outpoints, key, connection);
    for (const lock of locks) addTo(this.#byLock, watched.locks, lock, connection);
    if (watched.outpoints.size + watched.locks.size > 0) this.#peers.set(connection, watched);
    return true;
  }

  /** What is not watched is passed over. */
  remove(connection: ConnectionId, outpoints: Iterable<OutpointKey>, locks: Iterable<Lock>): void {
    const watched = this.#peers.get(connection);
    if (watched === undefined) return;
    for (const key of outpoints) removeFrom(this.#byOutpoint, watched.outpoints, key, connection);
    for (const lock of locks) removeFrom(this.#byLock, watched.locks, lock, connection);
    if (watched.outpoints.size + watched.locks.size === 0) this.#peers.delete(connection);
  }

  gone(connection: ConnectionId): void {
    const watched = this.#peers.get(connection);
    if (watched !== undefined) this.remove(connection, watched.outpoints, watched.locks);
  }

  isWatched(key: OutpointKey): boolean {
    return this.#byOutpoint.has(key);
  }
  /** Each once. `lock`: of the coin, if it is known. */
  watchersOf(key: OutpointKey, lock: Lock | undefined): ReadonlySet<ConnectionId> {
    const byLock = lock === undefined ? undefined : this.#byLock.get(lock);
    const byOutpoint = this.#byOutpoint.get(key);
    if (byLock === undefined) return byOutpoint ?? nobody;
    return byOutpoint === undefined ? byLock : new Set([...byOutpoint, ...byLock]);
  }
}

const nobody: ReadonlySet<ConnectionId> = new Set();

const sizeWith = <Key>(held: ReadonlySet<Key>, added: readonly Key[]): number => held.size + new Set(added.filter((one) => !held.has(one))).size;

function addTo<Key>(index: Index<Key>, held: Set<Key>, key: Key, connection: ConnectionId): void {
  held.add(key);
  const watchers = index.get(key);
  if (watchers === undefined) index.set(key, new Set([connection]));
  else watchers.add(connection);
}

function removeFrom<Key>(index: Index<Key>, held: Set<Key>, key: Key, connection: ConnectionId): void {
  if (!held.delete(key)) return;
  const watchers = index.get(key);
  watchers?.delete(connection);
  if (watchers?.size === 0) index.delete(key);
}
