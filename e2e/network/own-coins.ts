import { readFileSync } from 'node:fs';
import { type GenesisFile, readGenesisFile } from '../../src-main/core/codec/genesis-file.ts';
import { type HashedTransaction, hashTransaction, type TransactionOutput } from '../../src-main/core/codec/transaction.ts';
import { transactionVersion } from '../../src-main/core/constants.ts';
import { createGenesis, type Genesis } from '../../src-main/core/genesis.ts';
import { signTransaction } from '../../src-main/core/wallet/builder.ts';
import { keyPairOf, signWith } from '../../src-main/node/keys/ed25519.ts';
import { encodeAddress, lockOf } from '../../src-shared/domain/address.ts';
import { unitsPerTime } from '../../src-shared/domain/amount.ts';
import type { Lock, Outpoint, PublicKey } from '../../src-shared/domain/ids.ts';
import { genesisFile } from './devnet.ts';

const keyPair = keyPairOf(new Uint8Array(32).fill(7));
const publicKey = keyPair.publicKey.toString('hex') as PublicKey;
const coinUnits = 1_000n * unitsPerTime;

/** Of the coins that belong to the test and to no node, so that it signs payments of them itself. */
export const ownLock: Lock = lockOf(publicKey);

export interface OwnCoin {
  readonly outpoint: Outpoint;
  /** Units. */
  readonly amount: bigint;
}

/** A genesis with so many of them. */
export const withOwnCoins = (count: number, genesis: GenesisFile): GenesisFile => ({
  ...genesis,
  allocations: [
    ...genesis.allocations,
    ...Array.from({ length: count }, () => ({ address: encodeAddress(ownLock, genesis.network), amount: String(coinUnits), label: 'of the test' })),
  ],
});

/** Of the network in this directory. */
export function genesisIn(directory: string): Genesis {
  const read = readGenesisFile(readFileSync(genesisFile(directory), 'utf8'));
  if (!read.ok) throw new Error(`the genesis is not valid: ${read.error.code}`);
  return createGenesis(read.contents);
}

export const ownCoins = (genesis: Genesis): OwnCoin[] =>
  genesis.coins.flatMap(({ outpoint, coin }) => (coin.lock === ownLock ? [{ outpoint, amount: coin.amount }] : []));

/** Signed. Two with another `timestamp` are two transactions. */
export function spend(genesis: Genesis, inputs: readonly Outpoint[], outputs: readonly TransactionOutput[], timestamp = 0): HashedTransaction {
  const unsigned = { version: transactionVersion, kind: 'transfer' as const, inputs, outputs, timestamp, payload: new Uint8Array(), witnesses: [] };
  const sign = (message: Uint8Array): Uint8Array => signWith(keyPair.secretKey64, message);
  const locks = inputs.map(() => ownLock);
  return hashTransaction(signTransaction(unsigned, locks, genesis.hash, () => ({ publicKey, sign })).transaction);
}
