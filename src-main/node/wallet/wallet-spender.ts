import { encodeAddress, lockOf } from '../../../src-shared/domain/address.ts';
import { formatTime, sumOf } from '../../../src-shared/domain/amount.ts';
import { type Lock, type Outpoint, type OutpointKey, outpointKey, type Txid } from '../../../src-shared/domain/ids.ts';
import type { NetworkName } from '../../../src-shared/domain/networks.ts';
import { encodeMasternodePayload, type MasternodePayload } from '../../core/codec/masternode-payload.ts';
import { decodeTransaction, hashTransaction, type Transaction, type TransactionOutput } from '../../core/codec/transaction.ts';
import { balanceOf, type SpendContext, spendableCoins, type WalletCoin } from '../../core/wallet/balance.ts';
import { buildMasternode, buildTransfer, type SigningKey } from '../../core/wallet/builder.ts';
import type { SpendPlan } from '../../core/wallet/coin-selection.ts';
import { CodedError } from '../coded-error.ts';
import type { Wallet } from '../keys/wallet.ts';
import type { WalletBook } from '../keys/wallet-book.ts';
import type { SubmitResult } from '../pending-requests.ts';
import { rejectionError } from '../rejection-error.ts';
import { coded } from './wallet-errors.ts';
import { planOf, planOfFee } from './wallet-payment.ts';
import type { SentPayments } from './wallet-sent.ts';
import type { WalletSession } from './wallet-session.ts';

/** Where the coins of a payment come from. */
export interface CoinChoice {
  /** Undefined: any. */
  readonly account: number | undefined;
  /** Exactly these pay; undefined: the wallet chooses, and not from those set aside. */
  readonly inputs: readonly Outpoint[] | undefined;
}

export interface Estimate extends CoinChoice {
  readonly to: Lock;
  /** Units; undefined: everything. */
  readonly amount: bigint | undefined;
  readonly subtractFee: boolean;
}

export interface Payment extends Estimate {
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
  /** Units; undefined: whatever it costs. */
  readonly maxFee: bigint | undefined;
}

/** What the fee depends on. */
export type OwnerShape = Pick<OwnerTransaction, 'payload' | 'signers' | 'releases'>;

export interface WalletSpenderOptions {
  readonly wallet: Wallet;
  readonly book: WalletBook;
  readonly session: WalletSession;
  readonly sent: SentPayments;
  readonly coins: () => Promise<readonly WalletCoin[]>;
  readonly context: () => SpendContext;
  readonly coinOf: (key: OutpointKey) => { readonly lock: Lock } | undefined;
  readonly submit: (encoded: Uint8Array) => Promise<SubmitResult>;
  /** Signs where this node has to. */
  readonly nodeKey: SigningKey;
  readonly network: NetworkName;
  readonly nowMs: () => number;
}

/** Chooses coins, signs, and hands payments to the node. Throws CodedError for what a person can do about. */
export class WalletSpender {
  readonly #options: WalletSpenderOptions;
  /** Coins of payments that the node has not answered yet. */
  readonly #reserved = new Set<OutpointKey>();

  constructor(options: WalletSpenderOptions) {
    this.#options = options;
  }

  /** What a payment would cost now. */
  async estimate(estimate: Estimate): Promise<SpendPlan> {
    const coins = await this.#options.coins();
    return coded(() => this.#plan(coins, estimate));
  }

  /**
   * Resolves once the node has taken it. Between choosing coins and reserving them nothing else runs, so two payments never choose the same.
   */
  send({ label, passphrase, maxFee, ...estimate }: Payment): Promise<Txid> {
    const { book, coins, nowMs, session } = this.#options;
    return session.whileOpen(passphrase, async () => {
      const plan = this.#plan(await coins(), estimate);
      checkFee(plan.fee, maxFee);
      if (label !== '') book.checkRoomForLabel(estimate.to);
      const txid = await this.#pay(plan.coins, buildTransfer(plan, nowMs()), []);
      // It is paid, whatever becomes of the name: who is told of a failure pays again.
      if (label !== '') await book.setLabel(estimate.to, label).catch(() => undefined);
      return txid;
    });
  }

  /**
   * What was rejected or dropped, anew: the same coins to the same payees, so that only one of the two can ever be final (rejection is advice, protocol
   * section 6). `not-found` for what this wallet did not send or is settled; `wallet-error` where its coins are spent.
   */
  respend(txid: Txid, passphrase: string, maxFee: bigint | undefined): Promise<Txid> {
    const { coins, nowMs, sent, session } = this.#options;
    return session.whileOpen(passphrase, async () => {
      const record = sent.of(txid);
      if (record?.ended === undefined) throw new CodedError('not-found', `No payment ${txid} of this wallet was rejected or dropped.`);
      const { transaction } = decodeTransaction(record.encoded);
      if (transaction.kind !== 'transfer') throw new CodedError('invalid-parameter', 'This is no payment: do again what made it.');
      const free = new Map(this.#free(await coins()).map((coin) => [outpointKey(coin.outpoint), coin]));
      const again = transaction.inputs.flatMap((input) => free.get(outpointKey(input)) ?? []);
      if (again.length < transaction.inputs.length)
        throw new CodedError('wallet-error', 'Its coins are spent, or being spent, by another transaction.', { reason: 'coins-spent' });
      checkFee(sumOf(again.map(({ amount }) => amount)) - sumOf(transaction.outputs.map(({ amount }) => amount)), maxFee);
      // Another time makes it another transaction.
      return this.#pay(again, { ...transaction, timestamp: Math.max(nowMs(), transaction.timestamp + 1), witnesses: [] }, []);
    });
  }

  /** Whether `respend` can. Only asked of what ended. */
  canRespend(txid: Txid, coins: readonly WalletCoin[]): boolean {
    const record = this.#options.sent.of(txid);
    if (record?.ended === undefined) return false;
    const { transaction } = decodeTransaction(record.encoded);
    const free = new Set(this.#free(coins).map(({ outpoint }) => outpointKey(outpoint)));
    return transaction.kind === 'transfer' && transaction.inputs.every((input) => free.has(outpointKey(input)));
  }

  /**
   * A masternode transaction that its owner signs: pays its fee, from what it `releases` if that is a coin. Resolves once the node has taken it. Throws
   * `wallet-error` where the owner is somebody else.
   */
  sendAsOwner({ owner, passphrase, maxFee, ...transaction }: OwnerTransaction): Promise<Txid> {
    const { coins, network, nowMs, session, wallet } = this.#options;
    return session.whileOpen(passphrase, async () => {
      if (!wallet.locks().has(owner)) throw new CodedError('wallet-error', `Its owner is ${encodeAddress(owner, network)}, which is not of this wallet.`);
      const plan = this.#ownerPlan(await coins(), transaction);
      checkFee(plan.fee, maxFee);
      return this.#pay(plan.coins, buildMasternode(transaction.payload, plan, nowMs()), transaction.signers);
    });
  }

  /** What such a transaction would cost now, in units. */
  async estimateAsOwner(transaction: OwnerShape): Promise<bigint> {
    const coins = await this.#options.coins();
    return this.#ownerPlan(coins, transaction).fee;
  }

  /** Signs for the inputs that it has keys of; `not-found` for an input that spends no coin that is known. */
  async sign(transaction: Transaction, passphrase: string): Promise<{ readonly transaction: Transaction; readonly complete: boolean }> {
    const locks = transaction.inputs.map((input) => {
      const coin = this.#options.coinOf(outpointKey(input));
      if (coin === undefined) throw new CodedError('not-found', `There is no coin ${outpointKey(input)}.`);
      return coin.lock;
    });
    return this.#options.session.whileOpen(passphrase, () => {
      const signed = this.#options.wallet.signTransaction(transaction, locks);
      return { transaction: signed.transaction, complete: signed.missing.length === 0 };
    });
  }

  /** Signs, stores and hands it to the node; its coins are nobody else's until that has answered. */
  async #pay(coins: SpendPlan['coins'], unsigned: Transaction, signers: readonly Lock[]): Promise<Txid> {
    const { context, nodeKey, sent, submit, wallet } = this.#options;
    const keys = coins.map(({ outpoint }) => outpointKey(outpoint));
    for (const key of keys) this.#reserved.add(key);
    try {
      const spent: TransactionOutput[] = coins.map(({ amount, lock }) => ({ amount, lock }));
      const nodeLock = lockOf(nodeKey.publicKey);
      const { transaction } = wallet.signTransaction(
        unsigned,
        spent.map(({ lock }) => lock),
        signers,
        (lock) => (lock === nodeLock ? nodeKey : undefined),
      );
      const hashed = hashTransaction(transaction);
      await sent.add({ txid: hashed.txid, encoded: hashed.encoded, spent, height: context().tipHeight, ended: undefined });
      const result = await submit(hashed.encoded);
      if ('txid' in result) return result.txid;
      // A note of it that stays is found to be of nothing at the next start; why it was refused is what the person must hear.
      await sent.remove(hashed.txid).catch(() => undefined);
      throw rejectionError(result);
    } finally {
      for (const key of keys) this.#reserved.delete(key);
    }
  }

  #ownerPlan(coins: readonly WalletCoin[], { payload, signers, releases }: OwnerShape): SpendPlan {
    const released = coins.find(({ outpoint }) => outpointKey(outpoint) === releases);
    const excluded = new Set([...this.#reserved, ...(released === undefined ? this.#options.book.setAside() : [])]);
    if (payload.kind === 'masternode-register' && payload.collateral !== undefined) excluded.add(outpointKey(payload.collateral));
    return planOfFee(
      { candidates: released === undefined ? spendableCoins(coins, this.#options.context()) : [released], excluded },
      {
        payloadBytes: encodeMasternodePayload(payload).length,
        witnesses: signers.filter((lock) => lock !== released?.lock).length,
      },
    );
  }

  /** Coins that may be spent now and that no payment under way has chosen. */
  #free(coins: readonly WalletCoin[]): WalletCoin[] {
    return spendableCoins(coins, this.#options.context()).filter(({ outpoint }) => !this.#reserved.has(outpointKey(outpoint)));
  }

  #plan(coins: readonly WalletCoin[], { to, amount, subtractFee, account, inputs }: Estimate): SpendPlan {
    const { book, wallet } = this.#options;
    const locks = account === undefined ? undefined : wallet.locksOf(account);
    const mine = locks === undefined ? coins : coins.filter(({ lock }) => locks.has(lock));
    const candidates = inputs === undefined ? this.#free(mine) : chosen(inputs, mine, this.#free(mine));
    const excluded = inputs === undefined ? book.setAside() : new Set<OutpointKey>();
    try {
      return planOf({ candidates, excluded, to, amount, subtractFee, useAll: inputs !== undefined });
    } catch (error) {
      const { pending } = balanceOf(mine, this.#options.context());
      if (!(error instanceof CodedError) || error.code !== 'insufficient-funds' || inputs !== undefined || pending === 0n) throw error;
      // Change of payments that are not final yet, most often: a matter of a moment.
      throw new CodedError(error.code, `${error.message} ${formatTime(pending)} TIME more can be spent once it is final.`, {
        ...error.data,
        pending: formatTime(pending),
      });
    }
  }
}

/** The coins that a person named: each must be there, and free. */
function chosen(inputs: readonly Outpoint[], coins: readonly WalletCoin[], free: readonly WalletCoin[]): WalletCoin[] {
  const there = new Set(coins.map(({ outpoint }) => outpointKey(outpoint)));
  const usable = new Map(free.map((coin) => [outpointKey(coin.outpoint), coin]));
  return [...new Set(inputs.map(outpointKey))].map((key) => {
    const coin = usable.get(key);
    if (coin !== undefined) return coin;
    throw there.has(key)
      ? new CodedError('invalid-parameter', `The coin ${key} cannot be spent now.`, { outpoint: key })
      : new CodedError('not-found', `There is no coin ${key} here.`, { outpoint: key });
  });
}

function checkFee(fee: bigint, maxFee: bigint | undefined): void {
  if (maxFee === undefined || fee <= maxFee) return;
  throw new CodedError('max-fee-exceeded', `It would cost ${formatTime(fee)} TIME, and ${formatTime(maxFee)} is the most that was agreed to.`, {
    fee: formatTime(fee),
    maxfee: formatTime(maxFee),
  });
}
