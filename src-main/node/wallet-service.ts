import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { type Address, encodeAddress, lockOf } from '../../src-shared/domain/address.ts';
import { formatTime } from '../../src-shared/domain/amount.ts';
import { type BlockHash, type Hash, type Lock, type OutpointKey, outpointKey, type Txid } from '../../src-shared/domain/ids.ts';
import type { NetworkName } from '../../src-shared/domain/networks.ts';
import { encodeMasternodePayload, type MasternodePayload } from '../core/codec/masternode-payload.ts';
import { hashTransaction, type Transaction } from '../core/codec/transaction.ts';
import type { EngineEvent } from '../core/events.ts';
import { type Balance, balanceOf, type CoinCategory, categoryOf, type SpendContext, spendableCoins, type WalletCoin } from '../core/wallet/balance.ts';
import { buildMasternode, buildTransfer, type SigningKey } from '../core/wallet/builder.ts';
import type { SpendPlan } from '../core/wallet/coin-selection.ts';
import { CodedError } from './coded-error.ts';
import { Wallet, WalletError } from './keys/wallet.ts';
import type { WalletStore } from './keys/wallet-store.ts';
import { createVault, openVault, VaultError, type WalletVault } from './keys/wallet-vault.ts';
import type { SubmitResult } from './pending-requests.ts';
import { rejectionError } from './rejection-error.ts';
import type { StoredCoin } from './storage/queries.ts';
import type { Storage } from './storage/storage.ts';
import type { EngineView } from './views.ts';
import { walletCoins } from './wallet-coins.ts';
import { WalletHistory, type WalletHistoryEntry } from './wallet-history.ts';
import { type PaymentPlanRequest, planOf, planOfFee } from './wallet-payment.ts';

export interface WalletServiceOptions {
  readonly vaultFile: string;
  readonly store: WalletStore;
  readonly genesisHash: Hash;
  readonly network: NetworkName;
  readonly coinbaseMaturity: number;
  readonly views: Pick<EngineView, 'tip' | 'pendingTransactions' | 'pending' | 'departed' | 'coin' | 'isCollateral'>;
  readonly storage: Pick<Storage, 'query'>;
  readonly submit: (encoded: Uint8Array) => Promise<SubmitResult>;
  /** Signs where this node has to. */
  readonly nodeKey: SigningKey;
  readonly nowMs: () => number;
}

export interface Payment {
  readonly to: Lock;
  /** Units. */
  readonly amount: bigint;
  readonly subtractFee: boolean;
  /** Of the payee; empty leaves it as it is. */
  readonly label: string;
  readonly passphrase: string;
  /** Units; undefined: whatever it costs. */
  readonly maxFee: bigint | undefined;
}

export interface OwnerTransaction {
  readonly payload: MasternodePayload;
  readonly owner: Lock;
  /** All whose keys must sign beside those of the inputs. */
  readonly signers: readonly Lock[];
  /** The collateral that comes back with it. */
  readonly releases: OutpointKey | undefined;
  readonly passphrase: string;
}

export interface WalletInfo {
  readonly name: string;
  /** Spending and signing take it. */
  readonly passphraseRequired: boolean;
  /** The secrets are in memory. */
  readonly unlocked: boolean;
}

export interface ListedCoin {
  readonly coin: WalletCoin;
  readonly category: CoinCategory;
  readonly label: string;
}

/** Coins in the chain as of one tip. */
interface ChainCoins {
  readonly tip: BlockHash;
  readonly locks: number;
  readonly coins: readonly StoredCoin[];
}

/** Keys and coins together: what this node's wallet has, and what it pays. Throws CodedError for what a person can do about. */
export class WalletService {
  readonly #options: WalletServiceOptions;
  readonly #wallet: Wallet;
  readonly #history: WalletHistory;
  #chain: ChainCoins | undefined;
  /** Coins of payments that the node has not answered yet. */
  readonly #reserved = new Set<OutpointKey>();
  readonly #vault: WalletVault;
  #unlocking = 0;

  private constructor(options: WalletServiceOptions, wallet: Wallet, vault: WalletVault) {
    this.#options = options;
    this.#wallet = wallet;
    this.#vault = vault;
    this.#history = new WalletHistory({ storage: options.storage, views: options.views, locks: () => wallet.locks() });
  }

  /**
   * Opens the vault. A practice network's is made if it is not there, with an empty passphrase: its coins are play money. On other networks it is
   * undefined where there is no vault, since words that nobody has written down are no wallet.
   *
   * @throws VaultError, WalletError
   */
  static async open(options: WalletServiceOptions): Promise<WalletService | undefined> {
    const { vaultFile, network, store, genesisHash } = options;
    const vault = await vaultOf(vaultFile, network === 'devnet');
    if (vault === undefined) return undefined;
    const wallet = new Wallet({ vault, store, genesisHash, network });
    const service = new WalletService(options, wallet, vault);
    if (service.#keepsOpen) await wallet.unlock('');
    await service.#findUsed([...wallet.locks()]);
    return service;
  }

  info(): WalletInfo {
    return { name: basename(this.#options.vaultFile), passphraseRequired: !this.#keepsOpen, unlocked: !this.#wallet.locked };
  }
  isMine(lock: Lock): boolean {
    return this.#wallet.locks().has(lock);
  }
  label(lock: Lock): string {
    return this.#wallet.label(lock) ?? '';
  }

  async balance(): Promise<Balance> {
    return balanceOf(await this.#coins(), this.#context());
  }

  /** All, also those that a transaction under way spends. */
  async listCoins(): Promise<readonly ListedCoin[]> {
    const context = this.#context();
    return (await this.#coins()).map((coin) => ({ coin, category: categoryOf(coin, context), label: this.label(coin.lock) }));
  }

  list(count: number, skip: number): Promise<readonly WalletHistoryEntry[]> {
    return this.#history.list(count, skip);
  }

  async newAddress(label: string): Promise<Address> {
    return coded(async () => {
      const lock = await this.#wallet.newLock('receive');
      if (label !== '') await this.#wallet.setLabel(lock, label);
      return encodeAddress(lock, this.#options.network);
    });
  }

  /** What a payment would cost now; undefined `amount`: the most that can be paid. */
  async estimate(to: Lock, amount: bigint | undefined): Promise<SpendPlan> {
    return this.#plan(await this.#coins(), { to, amount, subtractFee: false });
  }

  /**
   * Resolves once the node has taken it. Between choosing coins and reserving them nothing else runs, so two payments never choose the same.
   */
  send({ to, amount, subtractFee, label, passphrase, maxFee }: Payment): Promise<Txid> {
    return this.#whileOpen(passphrase, async () => {
      const plan = this.#plan(await this.#coins(), { to, amount, subtractFee });
      if (maxFee !== undefined && plan.fee > maxFee) throw feeAbove(plan.fee, maxFee);
      const txid = await this.#pay(plan, buildTransfer(plan, this.#options.nowMs()), []);
      if (label !== '') await this.#wallet.setLabel(to, label);
      return txid;
    });
  }

  /**
   * A masternode transaction that its owner signs: pays its fee, from what it `releases` if that is a coin. Resolves once the node has taken it. Throws
   * `wallet-error` where the owner is somebody else.
   */
  sendAsOwner({ payload, owner, signers, releases, passphrase }: OwnerTransaction): Promise<Txid> {
    return this.#whileOpen(passphrase, async () => {
      if (!this.isMine(owner))
        throw new CodedError('wallet-error', `Its owner is ${encodeAddress(owner, this.#options.network)}, which is not of this wallet.`);
      const coins = await this.#coins();
      const released = coins.find(({ outpoint }) => outpointKey(outpoint) === releases);
      const excluded = new Set(this.#reserved);
      if (payload.kind === 'masternode-register' && payload.collateral !== undefined) excluded.add(outpointKey(payload.collateral));
      const plan = planOfFee(
        { candidates: released === undefined ? spendableCoins(coins, this.#context()) : [released], excluded },
        {
          payloadBytes: encodeMasternodePayload(payload).length,
          witnesses: signers.filter((lock) => lock !== released?.lock).length,
        },
      );
      return this.#pay(plan, buildMasternode(payload, plan, this.#options.nowMs()), signers);
    });
  }

  /** Signs and hands it to the node; its coins are nobody else's until that has answered. */
  async #pay({ coins }: SpendPlan, unsigned: Transaction, signers: readonly Lock[]): Promise<Txid> {
    const keys = coins.map(({ outpoint }) => outpointKey(outpoint));
    for (const key of keys) this.#reserved.add(key);
    try {
      const spent = coins.map(({ amount, lock }) => ({ amount, lock }));
      const { nodeKey } = this.#options;
      const nodeLock = lockOf(nodeKey.publicKey);
      const { transaction } = this.#wallet.signTransaction(
        unsigned,
        spent.map(({ lock }) => lock),
        signers,
        (lock) => (lock === nodeLock ? nodeKey : undefined),
      );
      const hashed = hashTransaction(transaction);
      this.#history.remember({ hashed, spent });
      const result = await this.#options.submit(hashed.encoded);
      if ('code' in result) throw rejectionError(result);
      return result.txid;
    } finally {
      for (const key of keys) this.#reserved.delete(key);
    }
  }

  /** Signs for the inputs that it has keys of; `not-found` for an input that spends no coin that is known. */
  async sign(transaction: Transaction, passphrase: string): Promise<{ readonly transaction: Transaction; readonly complete: boolean }> {
    const locks = transaction.inputs.map((input) => {
      const coin = this.#options.views.coin(outpointKey(input));
      if (coin === undefined) throw new CodedError('not-found', `There is no coin ${outpointKey(input)}.`);
      return coin.lock;
    });
    return this.#whileOpen(passphrase, () => {
      const signed = this.#wallet.signTransaction(transaction, locks);
      return Promise.resolve({ transaction: signed.transaction, complete: signed.missing.length === 0 });
    });
  }

  onEvent(event: EngineEvent): void {
    if (event.kind === 'transaction-confirmed') this.#history.confirmed(event.txid);
  }

  close(): void {
    this.#wallet.lock();
  }

  /** Without a passphrase there is nothing to lock. */
  get #keepsOpen(): boolean {
    return !this.#vault.asksPassphrase;
  }

  #context(): SpendContext {
    return { tipHeight: this.#options.views.tip().height, coinbaseMaturity: this.#options.coinbaseMaturity };
  }

  #plan(coins: readonly WalletCoin[], request: Pick<PaymentPlanRequest, 'to' | 'amount' | 'subtractFee'>): SpendPlan {
    const context = this.#context();
    try {
      return planOf({ candidates: spendableCoins(coins, context), excluded: this.#reserved, ...request });
    } catch (error) {
      const { pending } = balanceOf(coins, context);
      if (!(error instanceof CodedError) || error.code !== 'insufficient-funds' || pending === 0n) throw error;
      // Change of payments that are not final yet, most often: a matter of a moment.
      throw new CodedError(error.code, `${error.message} ${formatTime(pending)} TIME more can be spent once it is final.`, {
        ...error.data,
        pending: formatTime(pending),
      });
    }
  }

  async #coins(): Promise<readonly WalletCoin[]> {
    const { views } = this.#options;
    const chain = await this.#chainCoins();
    return walletCoins(chain, this.#wallet.locks(), {
      pendingTransactions: () => views.pendingTransactions(),
      statusOf: (txid) => views.pending(txid)?.status,
      isCollateral: (key) => views.isCollateral(key),
    });
  }

  /** Changes with blocks alone, so it is asked for once a block. The answer is of the tip that is the tip when this resolves. */
  async #chainCoins(): Promise<readonly StoredCoin[]> {
    for (;;) {
      const tip = this.#options.views.tip().hash;
      const locks = [...this.#wallet.locks()];
      if (this.#chain?.tip === tip && this.#chain.locks === locks.length) return this.#chain.coins;
      const coins = await this.#options.storage.query('coinsOfLocks', { locks });
      // A block that was decided meanwhile may or may not be in the answer.
      if (this.#options.views.tip().hash !== tip) continue;
      this.#chain = { tip, locks: locks.length, coins };
      const more = await this.#wallet.markUsed(coins.map(({ coin }) => coin.lock));
      if (more.length > 0) await this.#findUsed(more);
    }
  }

  /** A wallet restored from its words knows its keys and not which were used: the chain says. */
  async #findUsed(locks: readonly Lock[]): Promise<void> {
    for (let unknown = locks; unknown.length > 0; ) {
      const found = await Promise.all(unknown.map((lock) => this.#options.storage.query('historyOfLocks', { locks: [lock], limit: 1 })));
      unknown = await this.#wallet.markUsed(unknown.filter((_, index) => (found[index]?.length ?? 0) > 0));
    }
  }

  async #whileOpen<T>(passphrase: string, use: () => Promise<T>): Promise<T> {
    this.#unlocking++;
    try {
      return await coded(async () => {
        if (!this.#keepsOpen || this.#wallet.locked || passphrase !== '') await this.#wallet.unlock(passphrase);
        return use();
      });
    } finally {
      this.#unlocking--;
      if (this.#unlocking === 0 && !this.#keepsOpen) this.#wallet.lock();
    }
  }
}

const feeAbove = (fee: bigint, maxFee: bigint): CodedError =>
  new CodedError('max-fee-exceeded', `It would cost ${formatTime(fee)} TIME, and ${formatTime(maxFee)} is the most that was agreed to.`, {
    fee: formatTime(fee),
    maxfee: formatTime(maxFee),
  });

async function vaultOf(path: string, create: boolean): Promise<WalletVault | undefined> {
  try {
    return await openVault(path);
  } catch (error) {
    if (!(error instanceof VaultError) || error.code !== 'not-found') throw error;
  }
  if (!create) return undefined;
  const entropy = randomBytes(32);
  try {
    return await createVault(path, { entropy, passphrase: '' });
  } finally {
    entropy.fill(0);
  }
}

/** What the keys refuse, in the contract's codes. */
async function coded<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof VaultError && error.code === 'wrong-passphrase')
      throw new CodedError('wallet-passphrase-incorrect', 'The passphrase is not the wallet’s.');
    if (error instanceof VaultError) throw new CodedError('wallet-error', error.message);
    if (error instanceof WalletError && error.code === 'locked') throw new CodedError('wallet-locked', 'The wallet is locked: give its passphrase.');
    if (error instanceof WalletError) throw new CodedError('wallet-error', error.message);
    throw error;
  }
}
