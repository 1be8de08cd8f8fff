import type { Lock, OutpointKey } from '../../../src-shared/domain/ids.ts';
import { WalletError } from './wallet.ts';
import type { RequestRecord, WalletRecord, WalletStore } from './wallet-store.ts';

/** Each list fits a backup, whose size is bounded (sealed-record.ts), and no page shows more. */
export const maxLabels = 5_000;
export const maxRequests = 1_000;
export const maxSetAside = 1_000;

/** What a person has noted: names of addresses, payments asked for, coins set aside. Answers from memory; resolves once a change is stored. */
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
    if (text === this.label(lock)) return;
    if (text === '') this.#labels.delete(lock);
    else {
      this.checkRoomForLabel(lock);
      this.#labels.set(lock, text);
    }
    await this.#store.save({ labels: [[lock, text]] });
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
    await this.#store.save({ setAside: added });
  }
  async giveBack(keys: readonly OutpointKey[]): Promise<void> {
    const removed = keys.filter((key) => this.#setAside.delete(key));
    if (removed.length > 0) await this.#store.save({ givenBack: removed });
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
    await this.#store.save({ requests: [request] });
    if (request.label !== '') await this.setLabel(request.lock, request.label);
  }
  /** False if there is none. */
  async removeRequest(lock: Lock): Promise<boolean> {
    if (!this.#requests.delete(lock)) return false;
    await this.#store.save({ removedRequests: [lock] });
    return true;
  }
}

function checkRoom(what: string, size: number, max: number): void {
  if (size >= max) throw new WalletError('too-many-entries', `at most ${max} ${what}`);
}
