import { type Address, encodeAddress, lockOf } from '../../../src-shared/domain/address.ts';
import type { Hash, Lock, PublicKey } from '../../../src-shared/domain/ids.ts';
import type { NetworkName } from '../../../src-shared/domain/networks.ts';
import type { Transaction } from '../../core/codec/transaction.ts';
import { type SignedTransaction, type SigningKey, signTransaction } from '../../core/wallet/builder.ts';
import { type Branch, branchPath, childKey, derive, type ExtendedKey, masterKey, wipe } from '../../core/wallet/derivation.ts';
import { keyPairOf, signWith } from './ed25519.ts';
import type { WalletChange, WalletStore, WatchedKey } from './wallet-store.ts';
import type { WalletVault } from './wallet-vault.ts';

/** As BIP44 has it: a restored wallet is complete once this many addresses in a row were never used. */
export const lookAheadKeys = 20;
/** Bounds what one label takes in the database; longer than any sentence a list can show. */
export const maxLabelCharacters = 200;
const account = 0;
const branches: readonly Branch[] = ['receive', 'change'];

export class WalletError extends Error {
  override readonly name = 'WalletError';
  readonly code: 'locked' | 'other-wallet' | 'damaged-store' | 'label-too-long';
  constructor(code: WalletError['code'], detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
  }
}

export interface WalletOptions {
  readonly vault: WalletVault;
  readonly store: WalletStore;
  readonly genesisHash: Hash;
  readonly network: NetworkName;
}

/**
 * The keys of one wallet. It knows its locks always and its secrets only while unlocked: Ed25519 children need the secret parent, so
 * the keys ahead are derived while it is there and kept as public keys. It knows nothing of coins or of the network.
 */
export class Wallet {
  readonly #vault: WalletVault;
  readonly #store: WalletStore;
  readonly #genesisHash: Hash;
  readonly #network: NetworkName;
  readonly #next: Record<Branch, number>;
  readonly #keys: Record<Branch, WatchedKey[]> = { receive: [], change: [] };
  readonly #byLock = new Map<Lock, WatchedKey>();
  readonly #locks = new Set<Lock>();
  readonly #labels: Map<Lock, string>;
  /** Below these the keys lie; only while unlocked. */
  #parents: Record<Branch, ExtendedKey> | undefined;

  /** Throws WalletError `damaged-store` if keys are missing in the middle. */
  constructor({ vault, store, genesisHash, network }: WalletOptions) {
    const record = store.load();
    this.#vault = vault;
    this.#store = store;
    this.#genesisHash = genesisHash;
    this.#network = network;
    this.#next = { ...record.next };
    this.#labels = new Map(record.labels);
    for (const key of record.keys) {
      if (key.index !== this.#keys[key.branch].length) throw new WalletError('damaged-store', `${key.branch} key ${key.index} is out of order`);
      this.#watch(key);
    }
    for (const branch of branches) {
      if (this.#next[branch] > this.#keys[branch].length) throw new WalletError('damaged-store', `${branch} keys are missing`);
    }
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
    const master = masterKey(seed);
    const parents: Record<Branch, ExtendedKey> = {
      receive: derive(master, branchPath(account, 'receive')),
      change: derive(master, branchPath(account, 'change')),
    };
    wipe(master);
    const first = this.#keys.receive[0];
    if (first !== undefined && watchedKey(parents.receive, 'receive', 0).publicKey !== first.publicKey) {
      for (const branch of branches) wipe(parents[branch]);
      this.#vault.lock();
      throw new WalletError('other-wallet', 'the addresses in the database belong to other words');
    }
    this.#wipeParents();
    this.#parents = parents;
    return this.#save({});
  }

  lock(): void {
    this.#wipeParents();
    this.#vault.lock();
  }

  /** Everything the wallet can spend with, the keys ahead included. Live: it grows. */
  locks(): ReadonlySet<Lock> {
    return this.#locks;
  }

  publicKeyOf(lock: Lock): PublicKey | undefined {
    return this.#byLock.get(lock)?.publicKey;
  }

  label(lock: Lock): string | undefined {
    return this.#labels.get(lock);
  }

  /** Also for locks of others: an address book. An empty text removes the label. */
  async setLabel(lock: Lock, text: string): Promise<void> {
    if (text.length > maxLabelCharacters) throw new WalletError('label-too-long', `${text.length} characters, at most ${maxLabelCharacters}`);
    if (text === '') this.#labels.delete(lock);
    else this.#labels.set(lock, text);
    await this.#store.save({ label: { lock, text } });
  }

  /**
   * A lock that was never given out; resolves once it is stored that it has been. While locked it takes from the keys ahead.
   *
   * @throws WalletError `locked` when those are used up
   */
  async newLock(branch: Branch): Promise<Lock> {
    const key = this.#keys[branch][this.#next[branch]];
    if (key === undefined) throw new WalletError('locked', 'unlock the wallet to make more addresses');
    this.#next[branch]++;
    await this.#save({ next: { ...this.#next } });
    return key.lock;
  }

  /** `newLock` for receiving, as an address of this wallet's network. */
  async newAddress(): Promise<Address> {
    return encodeAddress(await this.newLock('receive'), this.#network);
  }

  /**
   * Tells the wallet which locks were seen in the chain, so that it watches twenty beyond the last used one.
   *
   * @returns the locks that are watched from now on; a scan goes over the past again for them
   */
  async markUsed(seen: Iterable<Lock>): Promise<readonly Lock[]> {
    let moved = false;
    for (const lock of seen) {
      const key = this.#byLock.get(lock);
      if (key === undefined || key.index < this.#next[key.branch]) continue;
      this.#next[key.branch] = key.index + 1;
      moved = true;
    }
    return moved ? this.#save({ next: { ...this.#next } }) : [];
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
    const parents = this.#parents;
    if (parents === undefined) throw new WalletError('locked', 'unlock the wallet to sign');
    const keyFor = (lock: Lock): SigningKey | undefined => signingKey(parents, this.#byLock.get(lock)) ?? others(lock);
    return signTransaction(transaction, inputLocks, this.#genesisHash, keyFor, signers);
  }

  /** Derives the keys ahead where it can and stores them with `change`, in one transaction. */
  async #save(change: WalletChange): Promise<readonly Lock[]> {
    const addedKeys = this.#parents === undefined ? [] : branches.flatMap((branch) => this.#extend(branch));
    if (addedKeys.length > 0 || change.next !== undefined) await this.#store.save({ ...change, addedKeys });
    return addedKeys.map((key) => key.lock);
  }

  #extend(branch: Branch): WatchedKey[] {
    const parent = this.#parents?.[branch];
    const keys = this.#keys[branch];
    const wanted = this.#next[branch] + lookAheadKeys;
    const added: WatchedKey[] = [];
    while (parent !== undefined && keys.length < wanted) {
      const key = watchedKey(parent, branch, keys.length);
      this.#watch(key);
      added.push(key);
    }
    return added;
  }

  #watch(key: WatchedKey): void {
    this.#keys[key.branch].push(key);
    this.#byLock.set(key.lock, key);
    this.#locks.add(key.lock);
  }

  #wipeParents(): void {
    const parents = this.#parents;
    this.#parents = undefined;
    if (parents !== undefined) for (const branch of branches) wipe(parents[branch]);
  }
}

function watchedKey(parent: ExtendedKey, branch: Branch, index: number): WatchedKey {
  const child = childKey(parent, index);
  const { publicKey, secretKey64 } = keyPairOf(child.key);
  secretKey64.fill(0);
  wipe(child);
  const hex = publicKey.toString('hex') as PublicKey;
  return { branch, index, publicKey: hex, lock: lockOf(hex) };
}

function signingKey(parents: Record<Branch, ExtendedKey>, watched: WatchedKey | undefined): SigningKey | undefined {
  if (watched === undefined) return undefined;
  return {
    publicKey: watched.publicKey,
    sign: (message) => {
      const child = childKey(parents[watched.branch], watched.index);
      const { secretKey64 } = keyPairOf(child.key);
      const signature = signWith(secretKey64, message);
      secretKey64.fill(0);
      wipe(child);
      return signature;
    },
  };
}
