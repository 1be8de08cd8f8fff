import type { Lock, PublicKey } from '../../../src-shared/domain/ids.ts';
import type { Branch } from '../../core/wallet/derivation.ts';

/** A key of the wallet as far as it is known without the secret: enough to see coins come in while the wallet is locked. */
export interface WatchedKey {
  readonly branch: Branch;
  /** The last number of its path. */
  readonly index: number;
  readonly publicKey: PublicKey;
  readonly lock: Lock;
}

/** For each branch the first index that was neither given out nor seen used. */
export type NextIndexes = Readonly<Record<Branch, number>>;

export interface WalletRecord {
  readonly next: NextIndexes;
  /** Of each branch all from index 0 on, by index. */
  readonly keys: readonly WatchedKey[];
  readonly labels: ReadonlyMap<Lock, string>;
}

/** Only what changed. */
export interface WalletChange {
  readonly next?: NextIndexes;
  readonly addedKeys?: readonly WatchedKey[];
  /** An empty text removes the label. */
  readonly label?: { readonly lock: Lock; readonly text: string };
}

/** Holds nothing secret, but what it holds tells who owns which coins. */
export interface WalletStore {
  load(): WalletRecord;
  /** One transaction each, in the order of the calls; resolves once it is on the disk. */
  save(change: WalletChange): Promise<void>;
}

export const emptyWalletRecord: WalletRecord = { next: { receive: 0, change: 0 }, keys: [], labels: new Map() };

export function changed(record: WalletRecord, change: WalletChange): WalletRecord {
  const labels = new Map(record.labels);
  if (change.label !== undefined) {
    if (change.label.text === '') labels.delete(change.label.lock);
    else labels.set(change.label.lock, change.label.text);
  }
  return { next: change.next ?? record.next, keys: [...record.keys, ...(change.addedKeys ?? [])], labels };
}

/** For tests and for a wallet that need not survive. */
export function memoryWalletStore(initial: WalletRecord = emptyWalletRecord): WalletStore {
  let record = initial;
  return {
    load: () => record,
    save: (change) => {
      record = changed(record, change);
      return Promise.resolve();
    },
  };
}
