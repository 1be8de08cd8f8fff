import { type HashedTransaction, hashTransaction, transactionBytes } from '../src-main/core/codec/transaction.ts';
import { transactionVersion } from '../src-main/core/constants.ts';
import { requiredFee } from '../src-main/core/ledger/fee.ts';
import { signTransaction } from '../src-main/core/wallet/builder.ts';
import { signWith } from '../src-main/node/keys/ed25519.ts';
import type { Outpoint, PublicKey } from '../src-shared/domain/ids.ts';
import { type BenchGenesis, coinUnits } from './bench-network.ts';

const outputsPerPayment = 2;
/** Of a transfer with one output, and more than it needs. */
const payOnFeeUnits = 2_000n;

/** Whose coins they are, and of which network. */
export type Payer = Pick<BenchGenesis, 'genesis' | 'owner' | 'ownerLock'>;

/** A signed transfer of one coin, of the genesis as a rule, of one input and two outputs as most payments are, back to its owner. */
export function payment(payer: Payer, outpoint: Outpoint, amount = coinUnits): HashedTransaction {
  const fee = requiredFee(transactionBytes({ inputs: 1, outputs: outputsPerPayment, payloadBytes: 0, witnesses: 1 }), 0n);
  const half = (amount - fee) / BigInt(outputsPerPayment);
  return transfer(
    payer,
    outpoint,
    Array.from({ length: outputsPerPayment }, () => half),
  );
}

/** One coin of this amount becomes one, of a little less: so that it can go on for ever. */
export const payOn = (payer: Payer, outpoint: Outpoint, amount: bigint): HashedTransaction => transfer(payer, outpoint, [amount - payOnFeeUnits]);

function transfer({ genesis, owner, ownerLock }: Payer, outpoint: Outpoint, amounts: readonly bigint[]): HashedTransaction {
  const unsigned = {
    version: transactionVersion,
    kind: 'transfer' as const,
    inputs: [outpoint],
    outputs: amounts.map((amount) => ({ amount, lock: ownerLock })),
    timestamp: 0,
    payload: new Uint8Array(),
    witnesses: [],
  };
  const publicKey = owner.publicKey.toString('hex') as PublicKey;
  const sign = (message: Uint8Array): Uint8Array => signWith(owner.secretKey64, message);
  return hashTransaction(signTransaction(unsigned, [ownerLock], genesis.hash, () => ({ publicKey, sign })).transaction);
}

/**
 * As many as are asked for, also more than a genesis has coins: when these are used up, the first outputs of the payments are spent in their order, so a
 * coin is spent as many payments after it was made as there are coins (a multiple of `every`).
 */
export function* paymentsWithoutEnd(bench: BenchGenesis, every: number): Generator<HashedTransaction, never> {
  const coins = bench.genesis.coins.filter(({ coin }) => coin.amount === coinUnits);
  let spendable = coins.slice(0, coins.length - (coins.length % every)).map(({ outpoint }) => ({ outpoint, amount: coinUnits }));
  for (;;) {
    const made: typeof spendable = [];
    for (const { outpoint, amount } of spendable) {
      const one = payment(bench, outpoint, amount);
      made.push({ outpoint: { txid: one.txid, vout: 0 }, amount: one.transaction.outputs[0]?.amount ?? 0n });
      yield one;
    }
    spendable = made;
  }
}

/** Of coins `from` to `from + count` that are no collateral. */
export const payments = (bench: BenchGenesis, from: number, count: number): HashedTransaction[] =>
  bench.genesis.coins
    .filter(({ coin }) => coin.amount === coinUnits)
    .slice(from, from + count)
    .map(({ outpoint }) => payment(bench, outpoint));
