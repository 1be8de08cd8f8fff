import type { Lock, OutpointKey, PublicKey, Txid } from '../../../src-shared/domain/ids.ts';
import type { TransactionReason } from '../../../src-shared/domain/rejection-code.ts';
import type { TransactionOutput } from '../../core/codec/transaction.ts';
import type { Branch } from '../../core/wallet/derivation.ts';
import { noTries, type PassphraseTries } from './passphrase-tries.ts';

/** A key of the wallet as far as it is known without the secret: enough to see coins come in while the wallet is locked. */
export interface WatchedKey {
  readonly account: number;
  readonly branch: Branch;
  /** The last number of its path. */
  readonly index: number;
  readonly publicKey: PublicKey;
  readonly lock: Lock;
}

/** How far a branch has got. */
export interface BranchProgress {
  readonly account: number;
  readonly branch: Branch;
  /** The first index that was neither given out nor seen used. */
  readonly next: number;
  /** One above the highest index that was seen in the chain. */
  readonly used: number;
}

export interface AccountName {
  readonly account: number;
  readonly name: string;
}

/** A payment that somebody was asked for, at an address of its own. */
export interface RequestRecord {
  readonly lock: Lock;
  /** Units; undefined: whatever the payer likes. */
  readonly amount: bigint | undefined;
  readonly label: string;
  readonly createdMs: number;
}

/** A payment of this wallet that is not in a block, kept to tell what became of it and to pay it anew. */
export interface SentRecord {
  readonly txid: Txid;
  readonly encoded: Uint8Array;
  /** What its inputs spend, in their order. */
  readonly spent: readonly TransactionOutput[];
  /** Of the tip when it was sent: its place in the history. */
  readonly height: number;
  /** How it ended; undefined while it has not. The reason is where somebody was there to see. */
  readonly ended: { readonly stage: 'rejected' | 'dropped'; readonly reason: TransactionReason | undefined } | undefined;
}

export interface WalletRecord {
  /** By number, of all that there are. */
  readonly accounts: readonly string[];
  readonly branches: readonly BranchProgress[];
  /** Of each branch all from index 0 on, by index. */
  readonly keys: readonly WatchedKey[];
  readonly labels: ReadonlyMap<Lock, string>;
  readonly setAside: ReadonlySet<OutpointKey>;
  /** Oldest first. */
  readonly requests: readonly RequestRecord[];
  /** Oldest first. */
  readonly sent: readonly SentRecord[];
  readonly tries: PassphraseTries;
}

/** Only what changed; what is listed replaces what it had under the same key. */
export interface WalletChange {
  readonly accounts?: readonly AccountName[];
  readonly branches?: readonly BranchProgress[];
  readonly addedKeys?: readonly WatchedKey[];
  /** An empty text removes the label. */
  readonly labels?: readonly (readonly [lock: Lock, text: string])[];
  readonly setAside?: readonly OutpointKey[];
  readonly givenBack?: readonly OutpointKey[];
  readonly requests?: readonly RequestRecord[];
  readonly removedRequests?: readonly Lock[];
  readonly sent?: readonly SentRecord[];
  readonly removedSent?: readonly Txid[];
  readonly tries?: PassphraseTries;
}

/** Holds nothing secret, but what it holds tells who owns which coins. */
export interface WalletStore {
  load(): WalletRecord;
  /** One transaction each, in the order of the calls; resolves once it is on the disk. */
  save(change: WalletChange): Promise<void>;
  /** Begins an empty one; the old is kept beside it under this name. */
  startAnew(asideName: string): Promise<void>;
}

export const emptyWalletRecord: WalletRecord = {
  accounts: [],
  branches: [],
  keys: [],
  labels: new Map(),
  setAside: new Set(),
  requests: [],
  sent: [],
  tries: noTries,
};

const branchKey = ({ account, branch }: BranchProgress): string => `${account} ${branch}`;
const placeOf = ({ account, branch, index }: WatchedKey): string => `${account} ${branch} ${index}`;

/** What there was with what is new, by key, in the order of the first coming. */
function merged<T, K>(old: readonly T[], keyOf: (one: T) => K, added: readonly T[] = [], removed: readonly K[] = []): T[] {
  const all = new Map(old.map((one) => [keyOf(one), one] as const));
  for (const one of added) all.set(keyOf(one), one);
  for (const key of removed) all.delete(key);
  return [...all.values()];
}

export function changed(record: WalletRecord, change: WalletChange): WalletRecord {
  const labels = new Map(record.labels);
  for (const [lock, text] of change.labels ?? []) {
    if (text === '') labels.delete(lock);
    else labels.set(lock, text);
  }
  const accounts = [...record.accounts];
  for (const { account, name } of change.accounts ?? []) accounts[account] = name;
  return {
    accounts,
    branches: merged(record.branches, branchKey, change.branches),
    keys: merged(record.keys, placeOf, change.addedKeys),
    labels,
    setAside: new Set(merged([...record.setAside], (key) => key, change.setAside, change.givenBack)),
    requests: merged(record.requests, ({ lock }) => lock, change.requests, change.removedRequests),
    sent: merged(record.sent, ({ txid }) => txid, change.sent, change.removedSent),
    tries: change.tries ?? record.tries,
  };
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
    startAnew: () => {
      record = emptyWalletRecord;
      return Promise.resolve();
    },
  };
}
