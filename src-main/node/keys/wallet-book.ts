import type { Lock, OutpointKey } from '../../../src-shared/domain/ids.ts';
import { WalletError } from './wallet.ts';
import type { RequestRecord, WalletRecord, WalletStore } from './wallet-store.ts';

/** Each list fits a backup, whose size is bounded (sealed-record.ts), and no page shows more. */
export const maxLabels = 5_000;
export const maxRequests = 1_000;
export const maxSetAside = 1_000;

/**
 * What a person has noted: names of addresses, payments asked for, coins set aside. Answers from memory; resolves once a change is stored. One that cannot be
 * is taken back, so that what is shown is what is there after a restart, and to ask again is to try again.
 */
export class WalletBook {
  readonly #store: WalletStore;
  readonly #labels: Map<Lock, string>;
  readonly #setAside: Set<OutpointKey>;
  /** Oldest first. */
  readonly #requests: Map<Lock, RequestRecord>;

  constructor(store: WalletStore, record: WalletRecord) {
    this.#store = store;
    this.#labels = new Map(record.labels);
    this.#setAside = new Set(record.setAside);
    this.#requests = new Map(record.requests.map((request) => [request.lock, request]));
  }

  label(lock: Lock): string {
    return this.#labels.get(lock) ?? '';
  }
  labels(): ReadonlyMap<Lock, string> {
    return this.#labels;
  }
  /** Throws WalletError `too-many-entries` where `setLabel` would. */
  checkRoomForLabel(lock: Lock): void {
    if (!this.#labels.has(lock)) checkRoom('labels', this.#labels.size, maxLabels);
  }
  /** Also for locks of others: an address book. An empty text removes the label. Throws WalletError `too-many-entries`. */
  async setLabel(lock: Lock, text: string): Promise<void> {
    const before = this.label(lock);
    if (text === before) return;
    if (text !== '') this.checkRoomForLabel(lock);
    this.#noteLabel(lock, text);
    await this.#store.save({ labels: [[lock, text]] }).catch((error) => {
      if (this.label(lock) === text) this.#noteLabel(lock, before);
      throw error;
    });
  }

  setAside(): ReadonlySet<OutpointKey> {
    return this.#setAside;
  }
  /** Throws WalletError `too-many-entries`, and then none of them is. */
  async putAside(keys: readonly OutpointKey[]): Promise<void> {
    const added = [...new Set(keys)].filter((key) => !this.#setAside.has(key));
    if (added.length === 0) return;
    checkRoom('coins set aside', this.#setAside.size + added.length - 1, maxSetAside);
    for (const key of added) this.#setAside.add(key);
    await this.#store.save({ setAside: added }).catch((error) => {
      for (const key of added) this.#setAside.delete(key);
      throw error;
    });
  }
  async giveBack(keys: readonly OutpointKey[]): Promise<void> {
    const removed = keys.filter((key) => this.#setAside.delete(key));
    if (removed.length === 0) return;
    await this.#store.save({ givenBack: removed }).catch((error) => {
      for (const key of removed) this.#setAside.add(key);
      throw error;
    });
  }

  /** Oldest first. */
  requests(): RequestRecord[] {
    return [...this.#requests.values()];
  }
  checkRoomForRequest(): void {
    checkRoom('payment requests', this.#requests.size, maxRequests);
  }
  /** The address gets the label too. Throws WalletError `too-many-entries`. */
  async addRequest(request: RequestRecord): Promise<void> {
    this.checkRoomForRequest();
    this.#requests.set(request.lock, request);
    await this.#store.save({ requests: [request] }).catch((error) => {
      this.#requests.delete(request.lock);
      throw error;
    });
    if (request.label !== '') await this.setLabel(request.lock, request.label);
  }
  /** False if there is none. */
  async removeRequest(lock: Lock): Promise<boolean> {
    const request = this.#requests.get(lock);
    if (request === undefined) return false;
    this.#requests.delete(lock);
    await this.#store.save({ removedRequests: [lock] }).catch((error) => {
      this.#requests.set(lock, request);
      throw error;
    });
    return true;
  }

  #noteLabel(lock: Lock, text: string): void {
    if (text === '') this.#labels.delete(lock);
    else this.#labels.set(lock, text);
  }
}

function checkRoom(what: string, size: number, max: number): void {
  if (size >= max) throw new WalletError('too-many-entries', `at most ${max} ${what}`);
}
