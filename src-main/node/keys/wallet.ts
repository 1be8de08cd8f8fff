import { type Address, encodeAddress, lockOf } from '../../../src-shared/domain/address.ts';
import type { Hash, Lock, PublicKey } from '../../../src-shared/domain/ids.ts';
import type { NetworkName } from '../../../src-shared/domain/networks.ts';
import type { Transaction } from '../../core/codec/transaction.ts';
import { type SignedTransaction, type SigningKey, signTransaction } from '../../core/wallet/builder.ts';
import { type Branch, childKey, type ExtendedKey, wipe } from '../../core/wallet/derivation.ts';
import { AccountParents } from './account-parents.ts';
import { keyPairOf, signWith } from './ed25519.ts';
import type { BranchProgress, WalletChange, WalletRecord, WalletStore, WatchedKey } from './wallet-store.ts';
import { VaultError, type WalletVault } from './wallet-vault.ts';

/**
 * Of each branch so many keys are known beyond the last one that was given out or used. BIP44 asks for twenty; more let a locked wallet go on giving out
 * addresses, and follow a chain that is still being fetched, without its passphrase. Nor are more given out that were never used: a wallet restored
 * from its words would not find what is paid to them.
 */
export const keysAhead = 100;
/** Of accounts that nobody has opened yet, BIP44's figure: enough to see that another wallet of the same words used them. */
export const keysOfNextAccounts = 20;
/** So many accounts beyond the last one are watched, and so many unused ones may be opened. */
export const accountsAhead = 3;
/** A person's; the contract's field holds no more. */
export const maxAccounts = 100;
const branches: readonly Branch[] = ['receive', 'change'];

export class WalletError extends Error {
  override readonly name = 'WalletError';
  readonly code: 'locked' | 'other-wallet' | 'damaged-store' | 'too-many-unused' | 'too-many-accounts' | 'no-account' | 'too-many-entries';
  readonly detail: string;
  constructor(code: WalletError['code'], detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
  }
}

export interface WalletOptions {
  readonly vault: WalletVault;
  readonly store: WalletStore;
  /** What the store holds. */
  readonly record: WalletRecord;
  readonly genesisHash: Hash;
  readonly network: NetworkName;
}

interface BranchState {
  readonly keys: WatchedKey[];
  next: number;
  used: number;
}
interface AccountState extends Readonly<Record<Branch, BranchState>> {
  /** Of both branches. */
  readonly locks: Set<Lock>;
}

export interface Account {
  readonly account: number;
  readonly name: string;
  /** It was seen in the chain. */
  readonly used: boolean;
}

const newAccount = (): AccountState => ({ receive: { keys: [], next: 0, used: 0 }, change: { keys: [], next: 0, used: 0 }, locks: new Set() });
const isUsed = ({ receive, change }: AccountState): boolean => receive.used > 0 || change.used > 0;

/**
 * The keys of one wallet. It knows its locks always and its secrets only while unlocked: Ed25519 children need the secret parent, so
 * the keys ahead are derived while it is there and kept as public keys. It knows nothing of coins or of the network.
 */
export class Wallet {
  readonly #vault: WalletVault;
  readonly #store: WalletStore;
  readonly #genesisHash: Hash;
  readonly #network: NetworkName;
  /** By number: those that there are, then those ahead. */
  readonly #accounts: AccountState[] = [];
  /** Of the accounts that there are. */
  #names: string[];
  readonly #byLock = new Map<Lock, WatchedKey>();
  readonly #locks = new Set<Lock>();
  /** Below these the keys lie; only while unlocked. */
  #parents: AccountParents | undefined;
  /** Derived, and not known to be stored: where a disk refused them they go with the next change, since a gap among keys is a damaged store. */
  #unstored: readonly WatchedKey[] = [];

  /** Throws WalletError `damaged-store` if keys are missing in the middle. */
  constructor({ vault, store, record, genesisHash, network }: WalletOptions) {
    this.#vault = vault;
    this.#store = store;
    this.#genesisHash = genesisHash;
    this.#network = network;
    this.#names = record.accounts.length === 0 ? [''] : [...record.accounts];
    for (const key of record.keys) {
      if (key.index !== this.#branch(key.account, key.branch).keys.length)
        throw new WalletError('damaged-store', `${key.branch} key ${key.index} of account ${key.account} is out of order`);
      this.#watch(key);
    }
    for (const { account, branch, next, used } of record.branches) {
      const state = this.#branch(account, branch);
      state.next = next;
      state.used = used;
      if (next > state.keys.length) throw new WalletError('damaged-store', `${branch} keys of account ${account} are missing`);
    }
    this.#open(this.#names.length + accountsAhead - 1);
  }

  get locked(): boolean {
    return this.#parents === undefined;
  }

  /**
   * Also derives the keys ahead, and resolves once they are stored.
   *
   * @returns the locks that are watched from now on, for whoever scans the chain
   * @throws VaultError with the vault's codes; WalletError `other-wallet` if the stored keys are not this vault's
   */
  async unlock(passphrase: string): Promise<readonly Lock[]> {
    const { seed } = await this.#vault.unlock(passphrase);
    // Keys of zeros would be everybody's.
    if (this.#vault.secrets?.seed !== seed) throw new VaultError('locked-meanwhile', 'before its keys were derived');
    const parents = new AccountParents(seed, this.#accounts.length);
    const first = this.#accounts[0]?.receive.keys[0];
    if (first !== undefined && watchedKey(parents.of(0, 'receive'), { account: 0, branch: 'receive', index: 0 }).publicKey !== first.publicKey) {
      parents.wipe();
      this.#vault.lock();
      throw new WalletError('other-wallet', 'the addresses in the database belong to other words');
    }
    this.#parents?.wipe();
    this.#parents = parents;
    return this.#save({});
  }

  lock(): void {
    this.#parents?.wipe();
    this.#parents = undefined;
    this.#vault.lock();
  }

  /** Everything the wallet can spend with, the keys ahead included. Live: it grows. */
  locks(): ReadonlySet<Lock> {
    return this.#locks;
  }

  /** Likewise of one account; throws WalletError `no-account`. */
  locksOf(account: number): ReadonlySet<Lock> {
    return this.#existing(account).locks;
  }

  /** Those that the chain was not seen to use, or only a later one: whoever scans asks for these. */
  locksToLookFor(): Lock[] {
    return this.#accounts.flatMap((account) => branches.flatMap((branch) => account[branch].keys.slice(account[branch].used).map(({ lock }) => lock)));
  }

  keyOf(lock: Lock): WatchedKey | undefined {
    return this.#byLock.get(lock);
  }

  accounts(): Account[] {
    return this.#names.map((name, account) => ({ account, name, used: isUsed(this.#account(account)) }));
  }

  /** What was given out or used of an account, the newest of each branch first; throws WalletError `no-account`. */
  givenOut(account: number): WatchedKey[] {
    return branches.flatMap((branch) => {
      const { keys, next } = this.#existing(account)[branch];
      return keys.slice(0, next).reverse();
    });
  }

  /** Addresses that can be given out while locked, of the account that has fewest left. */
  get keysLeft(): number {
    return Math.min(...this.#names.map((_, account) => this.#account(account).receive).map(({ keys, next }) => keys.length - next));
  }

  /**
   * One more account; resolves once it is stored.
   *
   * @throws WalletError `too-many-accounts`; `locked` where its keys are not known yet
   */
  async createAccount(name: string): Promise<number> {
    const account = this.#names.length;
    const lastUsed = this.#accounts.findLastIndex(isUsed);
    if (account >= maxAccounts || account - Math.max(0, lastUsed) > accountsAhead)
      throw new WalletError('too-many-accounts', `at most ${accountsAhead} in a row may be unused, and ${maxAccounts} in all`);
    if (this.#account(account).receive.keys.length === 0) throw new WalletError('locked', 'unlock the wallet to open more accounts');
    await this.#save(this.#nameThrough(account, name));
    return account;
  }

  /** Throws WalletError `no-account`. */
  async setAccountName(account: number, name: string): Promise<void> {
    this.#existing(account);
    await this.#save(this.#nameThrough(account, name));
  }

  /** What a backup keeps of how far it got. */
  progress(): { readonly accounts: readonly string[]; readonly branches: readonly BranchProgress[] } {
    return { accounts: [...this.#names], branches: this.#accounts.flatMap((_, account) => branches.map((branch) => this.#progressOf(account, branch))) };
  }

  /** Goes on where a backup had got to; the wallet must be unlocked. Resolves once it is stored. */
  async resume({ accounts, branches: got }: { readonly accounts: readonly string[]; readonly branches: readonly BranchProgress[] }): Promise<void> {
    if (this.#parents === undefined) throw new WalletError('locked', 'unlock the wallet to restore it');
    for (const [account, name] of accounts.entries()) this.#nameThrough(account, name);
    for (const { account, branch, next, used } of got.filter((one) => one.account < this.#accounts.length)) {
      const state = this.#branch(account, branch);
      state.used = Math.max(state.used, used);
      state.next = Math.max(state.next, next);
    }
    await this.#save({ ...this.#nameThrough(accounts.length - 1, accounts.at(-1) ?? ''), branches: this.progress().branches });
  }

  /**
   * A lock that was never given out; resolves once it is stored that it has been. While locked it takes from the keys ahead.
   *
   * @throws WalletError `locked` when those are used up, `too-many-unused`, `no-account`
   */
  async newLock(branch: Branch, account = 0): Promise<Lock> {
    const state = this.#existing(account)[branch];
    if (state.next - state.used >= keysAhead) throw new WalletError('too-many-unused', `${keysAhead} addresses in a row were given out and never used`);
    const key = state.keys[state.next];
    if (key === undefined) throw new WalletError('locked', 'unlock the wallet to make more addresses');
    state.next++;
    await this.#save({ branches: [this.#progressOf(account, branch)] });
    return key.lock;
  }

  /** `newLock` for receiving, as an address of this wallet's network. */
  async newAddress(account = 0): Promise<Address> {
    return encodeAddress(await this.newLock('receive', account), this.#network);
  }

  /**
   * Tells the wallet which locks were seen in the chain, so that it watches `keysAhead` beyond the last used one, and the accounts beyond.
   *
   * @returns the locks that are watched from now on; a scan goes over the past again for them
   */
  async markUsed(seen: Iterable<Lock>): Promise<readonly Lock[]> {
    const moved = new Set<`${number} ${Branch}`>();
    let last = -1;
    for (const lock of seen) {
      const key = this.#byLock.get(lock);
      if (key === undefined) continue;
      const state = this.#branch(key.account, key.branch);
      if (key.index < state.used) continue;
      state.used = key.index + 1;
      state.next = Math.max(state.next, state.used);
      last = Math.max(last, key.account);
      moved.add(`${key.account} ${key.branch}`);
    }
    if (moved.size === 0) return [];
    const progress = this.#accounts.flatMap((_, account) =>
      branches.filter((branch) => moved.has(`${account} ${branch}`)).map((branch) => this.#progressOf(account, branch)),
    );
    return this.#save({ branches: progress, ...(last >= this.#names.length ? this.#nameThrough(last, '') : {}) });
  }

  /**
   * Signs for every input and signer that a key of this wallet unlocks.
   *
   * @param inputLocks what each input's coin is locked to, in the order of the inputs
   * @param signers who else must sign
   * @param others keys to locks that are not this wallet's
   * @throws WalletError `locked`
   */
  signTransaction(
    transaction: Transaction,
    inputLocks: readonly Lock[],
    signers: readonly Lock[] = [],
    others: (lock: Lock) => SigningKey | undefined = () => undefined,
  ): SignedTransaction {
    return signTransaction(transaction, inputLocks, this.#genesisHash, (lock) => this.signingKey(lock) ?? others(lock), signers);
  }

  /** Undefined for somebody else's lock. Throws WalletError `locked`. */
  signingKey(lock: Lock): SigningKey | undefined {
    const parents = this.#parents;
    if (parents === undefined) throw new WalletError('locked', 'unlock the wallet to sign');
    const watched = this.#byLock.get(lock);
    if (watched === undefined) return undefined;
    return { publicKey: watched.publicKey, sign: (message) => signBelow(parents.of(watched.account, watched.branch), watched.index, message) };
  }

  #account(account: number): AccountState {
    return this.#accounts[account] ?? newAccount();
  }
  #existing(account: number): AccountState {
    const state = account < this.#names.length ? this.#accounts[account] : undefined;
    if (state === undefined) throw new WalletError('no-account', `there is no account ${account}`);
    return state;
  }
  #branch(account: number, branch: Branch): BranchState {
    this.#open(account);
    return this.#account(account)[branch];
  }
  #progressOf(account: number, branch: Branch): BranchProgress {
    const { next, used } = this.#branch(account, branch);
    return { account, branch, next, used };
  }
  #open(through: number): void {
    while (this.#accounts.length <= through) this.#accounts.push(newAccount());
  }

  /** Accounts up to this one there are from now on; it has the name. */
  #nameThrough(account: number, name: string): WalletChange {
    while (this.#names.length <= account) this.#names.push('');
    this.#names[account] = name;
    this.#open(this.#names.length + accountsAhead - 1);
    return { accounts: this.#names.map((text, number) => ({ account: number, name: text })) };
  }

  /** Derives the keys ahead where it can and stores them with `change`, in one transaction. */
  async #save(change: WalletChange): Promise<readonly Lock[]> {
    const derived = this.#accounts.flatMap((_, account) => branches.flatMap((branch) => this.#extend(account, branch)));
    const addedKeys = [...this.#unstored, ...derived];
    this.#unstored = addedKeys;
    if (addedKeys.length > 0 || change.branches !== undefined || change.accounts !== undefined) {
      await this.#store.save({ ...change, addedKeys });
      const stored = new Set(addedKeys);
      this.#unstored = this.#unstored.filter((key) => !stored.has(key));
    }
    return derived.map((key) => key.lock);
  }

  #extend(account: number, branch: Branch): WatchedKey[] {
    const seed = this.#vault.secrets?.seed;
    if (this.#parents === undefined || seed === undefined) return [];
    if (this.#parents.accounts < this.#accounts.length) {
      this.#parents.wipe();
      this.#parents = new AccountParents(seed, this.#accounts.length);
    }
    const { keys, next } = this.#branch(account, branch);
    const wanted = next + (account < this.#names.length ? keysAhead : keysOfNextAccounts);
    const added: WatchedKey[] = [];
    while (keys.length < wanted) {
      const key = watchedKey(this.#parents.of(account, branch), { account, branch, index: keys.length });
      this.#watch(key);
      added.push(key);
    }
    return added;
  }

  #watch(key: WatchedKey): void {
    this.#branch(key.account, key.branch).keys.push(key);
    this.#byLock.set(key.lock, key);
    this.#account(key.account).locks.add(key.lock);
    this.#locks.add(key.lock);
  }
}

function watchedKey(parent: ExtendedKey, place: Pick<WatchedKey, 'account' | 'branch' | 'index'>): WatchedKey {
  const child = childKey(parent, place.index);
  const { publicKey, secretKey64 } = keyPairOf(child.key);
  secretKey64.fill(0);
  wipe(child);
  const hex = publicKey.toString('hex') as PublicKey;
  return { ...place, publicKey: hex, lock: lockOf(hex) };
}

function signBelow(parent: ExtendedKey, index: number, message: Uint8Array): Uint8Array {
  const child = childKey(parent, index);
  const { secretKey64 } = keyPairOf(child.key);
  const signature = signWith(secretKey64, message);
  secretKey64.fill(0);
  wipe(child);
  return signature;
}
