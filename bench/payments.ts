import { type HashedTransaction, hashTransaction, transactionBytes } from '../src-main/core/codec/transaction.ts';
import { transactionVersion } from '../src-main/core/constants.ts';
import { requiredFee } from '../src-main/core/ledger/fee.ts';
import { signTransaction } from '../src-main/core/wallet/builder.ts';
import { signWith } from '../src-main/node/keys/ed25519.ts';
import type { Outpoint, PublicKey } from '../src-shared/domain/ids.ts';
import { type BenchGenesis, coinUnits } from './bench-network.ts';

const outputsPerPayment = 2;

/** A signed transfer of one coin of the genesis, of one input and two outputs as most payments are, back to its owner. */
export function payment(bench: BenchGenesis, outpoint: Outpoint): HashedTransaction {
  const fee = requiredFee(transactionBytes({ inputs: 1, outputs: outputsPerPayment, payloadBytes: 0, witnesses: 1 }), 0n);
  const half = (coinUnits - fee) / BigInt(outputsPerPayment);
  const outputs = Array.from({ length: outputsPerPayment }, () => ({ amount: half, lock: bench.ownerLock }));
  const unsigned = {
    version: transactionVersion,
    kind: 'transfer' as const,
    inputs: [outpoint],
    outputs,
    timestamp: 0,
    payload: new Uint8Array(),
    witnesses: [],
  };
  const publicKey = bench.owner.publicKey.toString('hex') as PublicKey;
  const sign = (message: Uint8Array): Uint8Array => signWith(bench.owner.secretKey64, message);
  const { transaction } = signTransaction(unsigned, [bench.ownerLock], bench.genesis.hash, () => ({ publicKey, sign }));
  return hashTransaction(transaction);
}

/** Of coins `from` to `from + count` that are no collateral. */
export const payments = (bench: BenchGenesis, from: number, count: number): HashedTransaction[] =>
  bench.genesis.coins
    .filter(({ coin }) => coin.amount === coinUnits)
    .slice(from, from + count)
    .map(({ outpoint }) => payment(bench, outpoint));
