import { basename } from 'node:path';
import { type Address, encodeAddress } from '../../../src-shared/domain/address.ts';
import { type Hash, type Lock, type NodeId, type OutpointKey, outpointKey, type Txid } from '../../../src-shared/domain/ids.ts';
import type { NetworkName } from '../../../src-shared/domain/networks.ts';
import type { Transaction } from '../../core/codec/transaction.ts';
import type { EngineEvent } from '../../core/events.ts';
import { type Balance, balanceOf, type CoinCategory, categoryOf, type SpendContext, type WalletCoin } from '../../core/wallet/balance.ts';
import type { SigningKey } from '../../core/wallet/builder.ts';
import type { SpendPlan } from '../../core/wallet/coin-selection.ts';
import { wordsOf } from '../../core/wallet/derivation.ts';
import { signMessage } from '../../core/wallet/message.ts';
import { CodedError } from '../coded-error.ts';
import { PassphraseGate } from '../keys/passphrase-tries.ts';
import { wipeSecret } from '../keys/secret-memory.ts';
import { type Account, Wallet } from '../keys/wallet.ts';
import { type BackupContent, encodeBackup } from '../keys/wallet-backup.ts';
import { WalletBook } from '../keys/wallet-book.ts';
import type { WalletStore, WatchedKey } from '../keys/wallet-store.ts';
import type { WalletVault } from '../keys/wallet-vault.ts';
import type { SubmitResult } from '../pending-requests.ts';
import type { Storage } from '../storage/storage.ts';
import type { EngineView } from '../views.ts';
import { type Scanning, WalletChain } from './wallet-chain.ts';
import { walletCoins } from './wallet-coins.ts';
import { coded } from './wallet-errors.ts';
import { WalletHistory, type WalletHistoryEntry } from './wallet-history.ts';
import { maxPaymentsOfRequest, type PaidRequest, paidRequest } from './wallet-requests.ts';
import { SentPayments } from './wallet-sent.ts';
import { WalletSession } from './wallet-session.ts';
import { type Estimate, type OwnerShape, type OwnerTransaction, type Payment, WalletSpender } from './wallet-spender.ts';

export interface WalletServiceOptions {
  readonly vaultFile: string;
  readonly store: WalletStore;
  readonly genesisHash: Hash;
  readonly network: NetworkName;
  readonly coinbaseMaturity: number;
  readonly views: Pick<EngineView, 'tip' | 'pendingTransactions' | 'pending' | 'departed' | 'coin' | 'isCollateral' | 'registry'>;
  readonly storage: Pick<Storage, 'query'>;
  readonly submit: (encoded: Uint8Array) => Promise<SubmitResult>;
  /** Signs where this node has to. */
  readonly nodeKey: SigningKey;
  /** What the node key's file says. */
  readonly readNodeKey: () => Promise<string>;
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
  /** Answers what ends it. */
  readonly setTimer: (run: () => void, delayMs: number) => () => void;
}

export interface WalletInfo {
  readonly name: string;
  readonly words: 12 | 24;
  /** Spending and signing take it. */
  readonly passphraseRequired: boolean;
  /** The secrets are in memory. */
  readonly unlocked: boolean;
  readonly unlockedUntilMs: number | undefined;
  readonly accounts: number;
  readonly keysAhead: number;
  readonly scanning: Scanning | undefined;
  readonly wrongPassphrases: number;
  readonly retryAfterMs: number;
}

export interface ListedCoin {
  readonly coin: WalletCoin;
  readonly category: CoinCategory;
  readonly label: string;
  readonly account: number;
  /** No payment chooses it. */
  readonly setAside: boolean;
}

export interface ListRequest {
  readonly count: number;
  readonly skip: number;
  /** Undefined: all of them. */
  readonly account: number | undefined;
  readonly matches?: (entry: WalletHistoryEntry) => boolean;
}

/** Keys and coins together: what this node's wallet has, what it pays, and what a person notes of it. Throws CodedError for what a person can do about. */
export class WalletService {
  readonly #options: WalletServiceOptions;
  readonly #vault: WalletVault;
  readonly #wallet: Wallet;
  readonly #book: WalletBook;
  readonly #session: WalletSession;
  readonly #gate: PassphraseGate;
  readonly #chain: WalletChain;
  readonly #sent: SentPayments;
  readonly #history: WalletHistory;
  readonly #spender: WalletSpender;

  /** Throws WalletError `damaged-store`. */
  constructor(options: WalletServiceOptions, vault: WalletVault) {
    const { genesisHash, network, nodeKey, nowMs, monotonicMs, setTimer, storage, store, submit, views } = options;
    const record = store.load();
    this.#options = options;
    this.#vault = vault;
    this.#wallet = new Wallet({ vault, store, record, genesisHash, network });
    this.#book = new WalletBook(store, record);
    this.#gate = new PassphraseGate({ tries: record.tries, save: (tries) => store.save({ tries }), nowMs, monotonicMs });
    this.#chain = new WalletChain(this.#wallet, views, storage);
    this.#session = new WalletSession({ wallet: this.#wallet, vault, gate: this.#gate, nowMs, follow: () => this.#chain.coins(), setTimer });
    this.#sent = new SentPayments(store, record.sent);
    this.#history = new WalletHistory({ storage, views, sent: this.#sent });
    this.#spender = new WalletSpender({
      wallet: this.#wallet,
      book: this.#book,
      session: this.#session,
      sent: this.#sent,
      coins: () => this.#coins(),
      context: () => this.#context(),
      coinOf: (key) => views.coin(key),
      submit,
      nodeKey,
      network,
      nowMs,
    });
  }

  /** Unlocks what has no passphrase, and looks at what happened while nobody was there. */
  async start(): Promise<void> {
    const { storage, views } = this.#options;
    if (this.#session.keepsOpen) await this.#wallet.unlock('');
    await this.#sent.settle(
      (txid) => views.pending(txid) !== undefined,
      async (txid) => (await storage.query('transaction', { txid })) !== undefined,
    );
    await this.#chain.coins();
  }

  /** A new wallet's first unlock, with what its backup says where it has one. Resolves once its keys are stored; its history is found after that. */
  async begin(passphrase: string, backup: BackupContent | undefined): Promise<void> {
    await this.#session.whileOpen(passphrase, () => (backup === undefined ? undefined : this.#wallet.resume(backup)));
  }

  info(): WalletInfo {
    return {
      name: basename(this.#options.vaultFile),
      words: this.#vault.entropyBytes === 16 ? 12 : 24,
      passphraseRequired: !this.#session.keepsOpen,
      unlocked: !this.#wallet.locked,
      unlockedUntilMs: this.#session.unlockedUntilMs,
      accounts: this.#wallet.accounts().length,
      keysAhead: this.#wallet.keysLeft,
      scanning: this.#chain.scanning,
      wrongPassphrases: this.#gate.failures,
      retryAfterMs: this.#gate.waitMs,
    };
  }
  isMine(lock: Lock): boolean {
    return this.#wallet.locks().has(lock);
  }
  keyOf(lock: Lock): WatchedKey | undefined {
    return this.#wallet.keyOf(lock);
  }
  label(lock: Lock): string {
    return this.#book.label(lock);
  }
  labels(): ReadonlyMap<Lock, string> {
    return this.#book.labels();
  }
  setLabel(lock: Lock, text: string): Promise<void> {
    this.#session.touch();
    return coded(() => this.#book.setLabel(lock, text));
  }

  accounts(): readonly Account[] {
    return this.#wallet.accounts();
  }
  createAccount(name: string): Promise<number> {
    this.#session.touch();
    return coded(() => this.#wallet.createAccount(name));
  }
  setAccountName(account: number, name: string): Promise<void> {
    this.#session.touch();
    return coded(() => this.#wallet.setAccountName(account, name));
  }

  /** Undefined `account`: of all. */
  async balance(account: number | undefined): Promise<Balance> {
    const locks = await this.#locks(account);
    const coins = await this.#coins();
    return balanceOf(account === undefined ? coins : coins.filter(({ lock }) => locks.has(lock)), this.#context());
  }

  /** All, also those that a transaction under way spends. */
  async listCoins(account?: number): Promise<readonly ListedCoin[]> {
    const locks = await this.#locks(account);
    const context = this.#context();
    const setAside = this.#book.setAside();
    return (await this.#coins())
      .filter(({ lock }) => locks.has(lock))
      .map((coin) => ({
        coin,
        category: categoryOf(coin, context),
        label: this.label(coin.lock),
        account: this.#wallet.keyOf(coin.lock)?.account ?? 0,
        setAside: setAside.has(outpointKey(coin.outpoint)),
      }));
  }

  /** `not-found` for a coin that this wallet does not have. */
  async putAside(keys: readonly OutpointKey[]): Promise<void> {
    this.#session.touch();
    const there = new Set((await this.#coins()).map(({ outpoint }) => outpointKey(outpoint)));
    const missing = keys.find((key) => !there.has(key));
    if (missing !== undefined) throw new CodedError('not-found', `This wallet has no coin ${missing}.`, { outpoint: missing });
    await coded(() => this.#book.putAside(keys));
  }
  giveBack(keys: readonly OutpointKey[]): Promise<void> {
    this.#session.touch();
    return this.#book.giveBack(keys);
  }
  setAside(): ReadonlySet<OutpointKey> {
    return this.#book.setAside();
  }

  async list({ account, ...request }: ListRequest): Promise<readonly WalletHistoryEntry[]> {
    return this.#history.list({ ...request, locks: await this.#locks(account) });
  }
  /** Those of these that `respend` can pay anew. */
  async respendable(txids: readonly Txid[]): Promise<ReadonlySet<Txid>> {
    if (txids.length === 0) return new Set();
    const coins = await this.#coins();
    return new Set(txids.filter((txid) => this.#spender.canRespend(txid, coins)));
  }

  async newAddress(label: string, account = 0): Promise<Address> {
    return encodeAddress(await this.#newLock(label, account), this.#options.network);
  }
  /** Given out or used, the newest of each branch first, of one account or of all in their order. */
  async givenOut(account: number | undefined): Promise<readonly WatchedKey[]> {
    const all = account === undefined ? this.#wallet.accounts().map((one) => one.account) : [account];
    return coded(() => all.flatMap((one) => this.#wallet.givenOut(one)));
  }
  async usedLocks(locks: readonly Lock[]): Promise<ReadonlySet<Lock>> {
    return new Set(await this.#options.storage.query('usedLocks', { locks }));
  }

  estimate(estimate: Estimate): Promise<SpendPlan> {
    this.#session.touch();
    return this.#spender.estimate(estimate);
  }
  send(payment: Payment): Promise<Txid> {
    return this.#spender.send(payment);
  }
  respend(txid: Txid, passphrase: string, maxFee: bigint | undefined): Promise<Txid> {
    return this.#spender.respend(txid, passphrase, maxFee);
  }
  sendAsOwner(transaction: OwnerTransaction): Promise<Txid> {
    return this.#spender.sendAsOwner(transaction);
  }
  estimateAsOwner(transaction: OwnerShape): Promise<bigint> {
    return this.#spender.estimateAsOwner(transaction);
  }
  sign(transaction: Transaction, passphrase: string): Promise<{ readonly transaction: Transaction; readonly complete: boolean }> {
    return this.#spender.sign(transaction, passphrase);
  }
  /** Public key and signature; `not-found` for an address of somebody else. */
  signMessage(lock: Lock, message: string, passphrase: string): Promise<Uint8Array> {
    return this.#session.whileOpen(passphrase, () => {
      const key = this.#wallet.signingKey(lock);
      if (key === undefined) throw new CodedError('not-found', 'This wallet has no key to that address.');
      return signMessage(Buffer.from(message, 'utf8'), this.#options.genesisHash, key);
    });
  }

  async createRequest(amount: bigint | undefined, label: string, account: number): Promise<PaidRequest> {
    await coded(() => this.#book.checkRoomForRequest());
    const lock = await this.#newLock('', account);
    const request = { lock, amount, label, createdMs: this.#options.nowMs() };
    await coded(() => this.#book.addRequest(request));
    return paidRequest(request, account, []);
  }
  /** Newest first. */
  async requests(count: number, skip: number): Promise<readonly PaidRequest[]> {
    const paid: PaidRequest[] = [];
    for (const request of this.#book
      .requests()
      .reverse()
      .slice(skip, skip + count)) {
      const entries = await this.#history.ofLock(request.lock, maxPaymentsOfRequest, this.#wallet.locks());
      paid.push(paidRequest(request, this.#wallet.keyOf(request.lock)?.account ?? 0, entries));
    }
    return paid;
  }
  /** False if there is none. */
  removeRequest(lock: Lock): Promise<boolean> {
    this.#session.touch();
    return this.#book.removeRequest(lock);
  }

  unlock(passphrase: string, idleMs: number): Promise<void> {
    return this.#session.open(passphrase, idleMs);
  }
  lock(): void {
    this.#session.lock();
  }
  changePassphrase(from: string, to: string): Promise<void> {
    return this.#session.changePassphrase(from, to);
  }
  checkPassphrase(passphrase: string): Promise<void> {
    return this.#session.check(passphrase);
  }
  async words(passphrase: string): Promise<string> {
    const entropy = await this.#session.readEntropy(passphrase);
    try {
      return wordsOf(entropy);
    } finally {
      wipeSecret(entropy);
    }
  }
  /** The bytes of an encrypted file; undefined `backupPassphrase`: the wallet's own opens it. */
  async backup(passphrase: string, backupPassphrase: string | undefined): Promise<Buffer> {
    const { network, nowMs } = this.#options;
    const entropy = await this.#session.readEntropy(passphrase);
    try {
      const content = {
        ...this.#wallet.progress(),
        network,
        createdMs: nowMs(),
        labels: this.#book.labels(),
        requests: this.#book.requests(),
        setAside: [...this.#book.setAside()],
      };
      const opensWith = backupPassphrase ?? passphrase;
      return await encodeBackup(entropy, content, opensWith, await this.#vault.costFor(opensWith));
    } finally {
      wipeSecret(entropy);
    }
  }
  /**
   * What the node key's file says; it takes the wallet's passphrase, and of a masternode its owner's wallet: whoever reaches a door can make a wallet where
   * there is none, and says its passphrase then.
   */
  async nodeKeyText(passphrase: string): Promise<string> {
    const { network, nodeKey, readNodeKey, views } = this.#options;
    await this.#session.check(passphrase);
    const owner = views.registry().member(nodeKey.publicKey as string as NodeId)?.ownerLock;
    if (network !== 'devnet' && owner !== undefined && !this.isMine(owner))
      throw new CodedError('wallet-error', 'This masternode is of another wallet. Its key is the file node.key in the data folder.', { reason: 'other-owner' });
    return readNodeKey();
  }

  /** Resolves once what it says of this wallet's payments is stored. */
  onEvent(event: EngineEvent): Promise<void> {
    return this.#sent.onEvent(event);
  }

  close(): void {
    this.#session.close();
  }

  async #newLock(label: string, account: number): Promise<Lock> {
    this.#session.touch();
    // A wallet that was just restored does not know yet which it gave out.
    await this.#chain.coins();
    return coded(async () => {
      const lock = await this.#wallet.newLock('receive', account);
      if (label !== '') await this.#book.setLabel(lock, label);
      return lock;
    });
  }

  #locks(account: number | undefined): Promise<ReadonlySet<Lock>> {
    return coded(() => (account === undefined ? this.#wallet.locks() : this.#wallet.locksOf(account)));
  }

  #context(): SpendContext {
    return { tipHeight: this.#options.views.tip().height, coinbaseMaturity: this.#options.coinbaseMaturity };
  }

  async #coins(): Promise<readonly WalletCoin[]> {
    const { views } = this.#options;
    const chain = await this.#chain.coins();
    return walletCoins(chain, this.#wallet.locks(), {
      pendingTransactions: () => views.pendingTransactions(),
      statusOf: (txid) => views.pending(txid)?.status,
      isCollateral: (key) => views.isCollateral(key),
    });
  }
}
