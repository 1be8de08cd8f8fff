import type { Txid } from '../../src-shared/domain/ids.ts';
import { type HashedTransaction, hashTransaction, transactionBytes } from '../core/codec/transaction.ts';
import { maxInputs, maxOutputs } from '../core/constants.ts';
import { requiredFee } from '../core/ledger/fee.ts';
import { buildTransfer, signTransaction } from '../core/wallet/builder.ts';
import { signWith } from '../node/keys/ed25519.ts';
import { holds } from './broken-invariant.ts';
import type { SimHost } from './host.ts';
import type { Prng } from './prng.ts';
import type { OwnedCoin, SimGenesis, SimKey } from './sim-genesis.ts';
import type { TransactionLog } from './transaction-log.ts';
import type { World } from './world.ts';

const doubleSpendChance = 0.15;
const childChance = 0.3;
/** A wallet sends what is not settled once more, to whatever node it finds. */
const resubmitMs = 6_000;
/** Milliseconds, from and to. */
const calmBeforeBurst = [3_000, 20_000] as const;
const burstLastsMs = 500;
/** Four megabytes of them: two blocks, if nothing else is pending. */
const paymentsPerBurst = 140;
/** Of small coins one wallet has many after a burst, and gathers them in the next. */
const leastGathered = 100;
/** Units: parts of it are still coins that can be paid with. */
const leastSplit = 2_000_000_000n;
/** What is less is not spent any more. */
const dustUnits = 1_000_000n;
/** The rival of a double spend comes at the same instant, or while votes are under way. */
const maxRivalDelayMs = 400;

interface Open {
  readonly hashed: HashedTransaction;
  readonly outputs: readonly OwnedCoin[];
  readonly sinceMs: number;
}

/** People who pay one another, now and then the same coin to two at once. */
export class Clients {
  readonly #world: World;
  readonly #random: Prng;
  readonly #hosts: readonly SimHost[];
  readonly #genesis: SimGenesis;
  readonly #log: TransactionLog;
  /** Nobody spends these at the moment. */
  #free: OwnedCoin[];
  /** Neither final nor made impossible, as far as people know. */
  readonly #open = new Map<Txid, Open>();
  #active = false;
  #everyMs = 0;

  constructor(options: { world: World; random: Prng; hosts: readonly SimHost[]; genesis: SimGenesis; log: TransactionLog }) {
    this.#world = options.world;
    this.#random = options.random;
    this.#hosts = options.hosts;
    this.#genesis = options.genesis;
    this.#log = options.log;
    this.#free = [...options.genesis.coins];
  }

  /** A payment every so often, on average. */
  start(everyMs: number): void {
    this.#everyMs = everyMs;
    if (this.#active) return;
    this.#active = true;
    this.#next();
    this.#resubmit();
  }
  stop(): void {
    this.#active = false;
  }

  /** So long now and then a burst of payments with as many inputs or outputs as there may be, more of them than a block takes. */
  startBursts(forMs: number): void {
    this.#nextBurst(this.#world.nowMs + forMs);
  }

  /** Final by votes or in a block, at any honest node. */
  settled(txid: Txid): void {
    const open = this.#open.get(txid);
    if (open === undefined) return;
    this.#open.delete(txid);
    const spent = new Set(this.#log.inputsOf(txid));
    for (const other of this.#open.keys()) if ((this.#log.inputsOf(other) ?? []).some((key) => spent.has(key))) this.#open.delete(other);
    const [child, ...rest] = open.outputs;
    this.#free.push(...rest);
    if (child === undefined) return;
    if (this.#active && this.#random.chance(childChance)) this.#world.after(this.#random.below(50), () => this.#submit(this.pay(child)));
    else this.#free.push(child);
  }

  /** A payment of part of a coin to somebody, the rest back. */
  pay(coin: OwnedCoin): HashedTransaction {
    const to = this.#anybody();
    const amount = (coin.amount * BigInt(this.#random.between(10, 70))) / 100n;
    const fee = feeOf(1, 2, amount);
    return this.#transfer(
      [coin],
      [
        { amount, owner: to },
        { amount: coin.amount - amount - fee, owner: coin.owner },
      ],
      amount,
      fee,
    );
  }

  /** All of a coin to somebody, in as many parts as there may be. */
  #split(coin: OwnedCoin): HashedTransaction {
    const owner = this.#anybody();
    const fee = feeOf(1, maxOutputs, coin.amount);
    const amount = (coin.amount - fee) / BigInt(maxOutputs);
    const parts = Array.from({ length: maxOutputs }, () => ({ amount, owner }));
    const paid = amount * BigInt(maxOutputs);
    return this.#transfer([coin], parts, paid, coin.amount - paid);
  }
  #gather(coins: readonly OwnedCoin[]): HashedTransaction {
    const total = coins.reduce((sum, coin) => sum + coin.amount, 0n);
    const fee = feeOf(coins.length, 1, total);
    return this.#transfer(coins, [{ amount: total - fee, owner: this.#anybody() }], total - fee, fee);
  }

  /** Coins of one owner. */
  #transfer(
    coins: readonly OwnedCoin[],
    outputs: readonly { readonly amount: bigint; readonly owner: SimKey }[],
    paidToOthers: bigint,
    fee: bigint,
  ): HashedTransaction {
    const [first] = coins;
    holds(first !== undefined, () => 'something is paid with');
    const { owner } = first;
    const unsigned = buildTransfer(
      {
        coins: coins.map(({ outpoint, amount }) => ({ outpoint, amount, lock: owner.lock })),
        outputs: outputs.map(({ amount, owner: { lock } }) => ({ amount, lock })),
        fee: fee as never,
        change: 0n as never,
        paidToOthers: paidToOthers as never,
      },
      this.#world.nowMs,
    );
    const key = { publicKey: owner.publicKey, sign: (message: Uint8Array) => signWith(owner.pair.secretKey64, message) };
    const locks = coins.map(() => owner.lock);
    const hashed = hashTransaction(signTransaction(unsigned, locks, this.#genesis.genesis.hash, () => key).transaction);
    this.#log.add(hashed);
    const owned = outputs.map((output, vout): OwnedCoin => ({ outpoint: { txid: hashed.txid, vout }, ...output }));
    this.#open.set(hashed.txid, { hashed, outputs: owned.filter(({ amount }) => amount > dustUnits), sinceMs: this.#world.nowMs });
    return hashed;
  }
  #anybody(): SimKey {
    return this.#random.pick(this.#genesis.wallets) as SimKey;
  }

  /** Nobody else will spend it. */
  takeCoin(): OwnedCoin | undefined {
    const at = this.#random.below(this.#free.length);
    const [coin] = this.#free.splice(at, 1);
    return coin;
  }

  #next(): void {
    this.#world.after(this.#random.below(2 * this.#everyMs), () => {
      if (!this.#active) return;
      const coin = this.takeCoin();
      if (coin !== undefined) {
        this.#submit(this.pay(coin));
        if (this.#random.chance(doubleSpendChance)) {
          const rival = this.pay(coin);
          this.#world.after(this.#random.chance(0.5) ? 0 : this.#random.below(maxRivalDelayMs), () => this.#submit(rival));
        }
      }
      this.#next();
    });
  }

  #nextBurst(untilMs: number): void {
    this.#world.after(this.#random.between(...calmBeforeBurst), () => {
      if (this.#world.nowMs >= untilMs) return;
      this.#world.log('', `a burst of ${paymentsPerBurst} large payments`);
      for (let count = 0; count < paymentsPerBurst; count++) this.#world.after(this.#random.below(burstLastsMs), () => this.#payMuch());
      this.#nextBurst(untilMs);
    });
  }
  /** A large coin is taken apart, small ones of its owner are put together, and some of either is paid twice. */
  #payMuch(): void {
    const coin = this.takeCoin();
    if (coin === undefined) return;
    const make = coin.amount >= leastSplit ? () => this.#split(coin) : this.#gathering(coin);
    this.#submit(make());
    if (this.#random.chance(doubleSpendChance)) this.#submit(make());
  }
  #gathering(coin: OwnedCoin): () => HashedTransaction {
    const own = this.#free.filter(({ owner }) => owner === coin.owner).slice(0, maxInputs - 1);
    if (own.length < leastGathered) return () => this.pay(coin);
    const taken = new Set(own);
    this.#free = this.#free.filter((one) => !taken.has(one));
    return () => this.#gather([coin, ...own]);
  }

  #resubmit(): void {
    this.#world.after(resubmitMs, () => {
      for (const { hashed, sinceMs } of [...this.#open.values()]) if (this.#world.nowMs - sinceMs >= resubmitMs) this.#submit(hashed);
      if (this.#active || this.#open.size > 0) this.#resubmit();
    });
  }

  #submit({ encoded }: HashedTransaction): void {
    this.#random.pick(this.#hosts.filter(({ isUp }) => isUp))?.submit(encoded);
  }
}

const feeOf = (inputs: number, outputs: number, paidToOthers: bigint): bigint =>
  requiredFee(transactionBytes({ inputs, outputs, payloadBytes: 0, witnesses: 1 }), paidToOthers);
