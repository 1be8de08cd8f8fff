import { setTimeout as delay } from 'node:timers/promises';
import type { GenesisFile } from '../../src-main/core/codec/genesis-file.ts';
import { type HashedTransaction, hashTransaction, type TransactionOutput } from '../../src-main/core/codec/transaction.ts';
import { transactionVersion } from '../../src-main/core/constants.ts';
import type { Genesis } from '../../src-main/core/genesis.ts';
import { signTransaction } from '../../src-main/core/wallet/builder.ts';
import { keyPairOf, signWith } from '../../src-main/node/keys/ed25519.ts';
import { encodeAddress, lockOf } from '../../src-shared/domain/address.ts';
import { unitsPerTime } from '../../src-shared/domain/amount.ts';
import type { Lock, Outpoint, PublicKey, Txid } from '../../src-shared/domain/ids.ts';
import type { TestNode } from './node.ts';

const keyPair = keyPairOf(new Uint8Array(32).fill(7));
const publicKey = keyPair.publicKey.toString('hex') as PublicKey;
/** Whose coins these payments spend and make. */
export const bulkyLock: Lock = lockOf(publicKey);

const coinUnits = 1_000n * unitsPerTime;
/** Of 4 units a byte: more than these transactions need. */
const feeUnits = 200_000n;
const pieces = 900;
const pieceUnits = 1_000n;
const pollMs = 15;

/** A genesis with so many coins for them. */
export const withBulkyCoins = (count: number, genesis: GenesisFile): GenesisFile => ({
  ...genesis,
  allocations: [
    ...genesis.allocations,
    ...Array.from({ length: count }, () => ({ address: encodeAddress(bulkyLock, genesis.network), amount: String(coinUnits), label: 'bulky payments' })),
  ],
});

interface Coin {
  readonly outpoint: Outpoint;
  readonly amount: bigint;
}

/**
 * Each coin is split into many and joined again, on and on: some 30 kB a payment, so that a few tens of them are half a block and blocks come as fast as
 * they are sent, while the set of coins stays small.
 */
export class BulkyPayments {
  /** What the node has said that it took, and what it has said is final; whoever finds one in a block may take it out. */
  readonly accepted = new Set<Txid>();
  readonly finals = new Set<Txid>();
  readonly #node: TestNode;
  readonly #genesis: Genesis;
  readonly #running: Promise<void>;
  #sent = 0;
  #stopped = false;

  constructor(node: TestNode, genesis: Genesis) {
    this.#node = node;
    this.#genesis = genesis;
    const coins = genesis.coins.flatMap(({ outpoint, coin }) => (coin.lock === bulkyLock ? [{ outpoint, amount: coin.amount }] : []));
    this.#running = Promise.all(coins.map((coin) => this.#spendForEver(coin))).then(() => undefined);
  }

  get sent(): number {
    return this.#sent;
  }
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #spendForEver(coin: Coin): Promise<void> {
    for (let whole = coin; !this.#stopped; ) {
      const rest = whole.amount - BigInt(pieces) * pieceUnits - feeUnits;
      const split = this.#signed(
        [whole.outpoint],
        [{ amount: rest, lock: bulkyLock }, ...Array.from({ length: pieces }, () => ({ amount: pieceUnits, lock: bulkyLock }))],
      );
      if (!(await this.#send(split))) return;
      const parts = split.transaction.outputs.map((_, vout) => ({ txid: split.txid, vout }));
      const joined = this.#signed(parts, [{ amount: whole.amount - 2n * feeUnits, lock: bulkyLock }]);
      if (!(await this.#send(joined))) return;
      whole = { outpoint: { txid: joined.txid, vout: 0 }, amount: whole.amount - 2n * feeUnits };
    }
  }

  /** Until it is final: whoever is killed meanwhile is asked again. False when told to stop before. */
  async #send({ txid, encoded }: HashedTransaction): Promise<boolean> {
    const hexstring = Buffer.from(encoded).toString('hex');
    while (!this.#stopped) {
      if (!this.accepted.has(txid)) {
        const taken = await this.#node.call('sendrawtransaction', { hexstring }).catch(() => undefined);
        if (taken !== undefined) {
          this.accepted.add(txid);
          this.#sent++;
        }
      }
      // What it makes are coins from when it is final, and nobody but this spends them.
      const made = await this.#node.call('gettxout', { txid, n: 0 }).catch(() => null);
      if (made !== null) {
        this.finals.add(txid);
        return true;
      }
      await delay(pollMs);
    }
    return false;
  }

  #signed(inputs: readonly Outpoint[], outputs: readonly TransactionOutput[]): HashedTransaction {
    const unsigned = { version: transactionVersion, kind: 'transfer' as const, inputs, outputs, timestamp: 0, payload: new Uint8Array(), witnesses: [] };
    const sign = (message: Uint8Array): Uint8Array => signWith(keyPair.secretKey64, message);
    const locks = inputs.map(() => bulkyLock);
    return hashTransaction(signTransaction(unsigned, locks, this.#genesis.hash, () => ({ publicKey, sign })).transaction);
  }
}
