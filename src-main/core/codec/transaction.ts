import * as P from 'micro-packed';
import type { Lock, Outpoint, PublicKey, Txid } from '../../../src-shared/domain/ids.ts';
import { maxInputs, maxOutputs, maxPayloadBytes, maxSnapshotMembers } from '../constants.ts';
import { hashHex } from '../crypto/hash.ts';
import { hexOf, list16, nameOf, signature, signatureBytes, timeMs } from './primitives.ts';

/** Protocol section 4. Only transfers are voted on; the masternode kinds are decided by blocks alone. */
export type TransactionKind = 'transfer' | 'coinbase' | 'masternode-register' | 'masternode-update' | 'masternode-revive' | 'masternode-exit';

export interface TransactionOutput {
  /** Units. */
  readonly amount: bigint;
  readonly lock: Lock;
}
export interface Witness {
  readonly publicKey: PublicKey;
  /** Ed25519 over H("sign", genesisHash, txid). */
  readonly signature: Uint8Array;
}
export interface Transaction {
  readonly version: number;
  readonly kind: TransactionKind;
  readonly inputs: readonly Outpoint[];
  readonly outputs: readonly TransactionOutput[];
  readonly timestamp: number;
  readonly payload: Uint8Array;
  readonly witnesses: readonly Witness[];
}
/** A transaction with what is computed once from its bytes. */
export interface HashedTransaction {
  readonly txid: Txid;
  readonly transaction: Transaction;
  readonly encoded: Uint8Array;
}

/** A coinbase pays every member, so the list must hold them all; the rule for the other kinds is check-transaction's. */
const maxCodedOutputs = Math.max(maxOutputs, maxSnapshotMembers + 1);

export const outpoint: P.CoderType<Outpoint> = P.struct({ txid: hexOf<Txid>(32), vout: P.U32LE });
const output: P.CoderType<TransactionOutput> = P.struct({ amount: P.U64LE, lock: hexOf<Lock>(20) });
const witness: P.CoderType<Witness> = P.struct({ publicKey: hexOf<PublicKey>(32), signature });
const witnessBytes = 32 + signatureBytes;
const countBytes = 2;

/** Witnesses come last, so that a txid is a hash of the encoding's beginning. */
const codec = P.struct({
  version: P.U16LE,
  kind: nameOf<TransactionKind>({
    transfer: 0,
    coinbase: 1,
    'masternode-register': 2,
    'masternode-update': 3,
    'masternode-revive': 4,
    'masternode-exit': 5,
  }),
  inputs: list16(maxInputs, outpoint),
  outputs: list16(maxCodedOutputs, output),
  timestamp: timeMs,
  payload: P.bytes(
    P.validate(P.U16LE, (length) => {
      if (length > maxPayloadBytes) throw new RangeError(`payload of ${length} bytes is over ${maxPayloadBytes}`);
      return length;
    }),
  ),
  witnesses: list16(maxInputs, witness),
}) as unknown as P.CoderType<Transaction>;

const bodyOf = (encoded: Uint8Array, witnesses: number): Uint8Array => encoded.subarray(0, encoded.length - countBytes - witnesses * witnessBytes);

export const encodeTransaction = (transaction: Transaction): Uint8Array => codec.encode(transaction);

/** Throws on anything but one whole, canonical transaction. */
export function decodeTransaction(encoded: Uint8Array): HashedTransaction {
  return hashed(codec.decode(encoded), encoded);
}

export const hashTransaction = (transaction: Transaction): HashedTransaction => hashed(transaction, encodeTransaction(transaction));

function hashed(transaction: Transaction, encoded: Uint8Array): HashedTransaction {
  return { txid: hashHex<Txid>('tx', bodyOf(encoded, transaction.witnesses.length)), transaction, encoded };
}

/** Bytes that a transaction of this shape takes; what fees are computed from before there are signatures. */
export const transactionBytes = (shape: { inputs: number; outputs: number; payloadBytes: number; witnesses: number }): number =>
  2 + 1 + countBytes + shape.inputs * 36 + countBytes + shape.outputs * 28 + 8 + 2 + shape.payloadBytes + countBytes + shape.witnesses * witnessBytes;
