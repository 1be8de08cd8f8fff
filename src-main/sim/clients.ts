import type { Txid } from '../../src-shared/domain/ids.ts';
import { type HashedTransaction, hashTransaction, transactionBytes } from '../core/codec/transaction.ts';
import { requiredFee } from '../core/ledger/fee.ts';
import { buildTransfer, signTransaction } from '../core/wallet/builder.ts';
import { signWith } from '../node/keys/ed25519.ts';
import type { SimHost } from './host.ts';
import type { Prng } from './prng.ts';
import type { OwnedCoin, SimGenesis, SimKey } from './sim-genesis.ts';
import type { TransactionLog } from './transaction-log.ts';
import type { World } from './world.ts';

const doubleSpendChance = 0.15;
const childChance = 0.3;
/** A wallet sends what is not settled once more, to whatever node it finds. */
const resubmitMs = 6_000;
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
    const to = this.#random.pick(this.#genesis.wallets) as SimKey;
    const amount = (coin.amount * BigInt(this.#random.between(10, 70))) / 100n;
    const size = transactionBytes({ inputs: 1, outputs: 2, payloadBytes: 0, witnesses: 1 });
    const fee = requiredFee(size, amount);
    const outputs = [
      { amount, lock: to.lock },
      { amount: coin.amount - amount - fee, lock: coin.owner.lock },
    ];
    const unsigned = buildTransfer(
      {
        coins: [{ outpoint: coin.outpoint, amount: coin.amount, lock: coin.owner.lock }],
        outputs,
        fee: fee as never,
        change: 0n as never,
        paidToOthers: amount as never,
      },
      this.#world.nowMs,
    );
    const key = { publicKey: coin.owner.publicKey, sign: (message: Uint8Array) => signWith(coin.owner.pair.secretKey64, message) };
    const hashed = hashTransaction(signTransaction(unsigned, [coin.owner.lock], this.#genesis.genesis.hash, () => key).transaction);
    this.#log.add(hashed);
    const owned = outputs.map((output, vout): OwnedCoin => {
      return { outpoint: { txid: hashed.txid, vout }, amount: output.amount, owner: vout === 0 ? to : coin.owner };
    });
    this.#open.set(hashed.txid, { hashed, outputs: owned.filter((one) => one.amount > 1_000_000n), sinceMs: this.#world.nowMs });
    return hashed;
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
