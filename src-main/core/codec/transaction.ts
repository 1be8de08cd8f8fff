import * as P from 'micro-packed';
import { lockOf } from '../../../src-shared/domain/address.ts';
import { type Lock, type NodeId, type Outpoint, type OutpointKey, outpointKey, type PublicKey, type Txid } from '../../../src-shared/domain/ids.ts';
import { maxInputs, maxOutputs, maxPayloadBytes, maxSnapshotMembers } from '../constants.ts';
import { hashHex } from '../crypto/hash.ts';
import { merkleLeaf } from '../crypto/merkle.ts';
import { decodeMasternodePayload, isMasternodeKind, type MasternodeKind } from './masternode-payload.ts';
import { outpoint } from './outpoint.ts';
import { hexOf, list16, nameOf, signature, signatureBytes, timeMs } from './primitives.ts';

/** Protocol section 4. Only transfers are voted on; the masternode kinds are decided by blocks alone. */
export type TransactionKind = 'transfer' | 'coinbase' | MasternodeKind;

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
  /** As each input is looked up by, in their order. */
  readonly inputKeys: readonly OutpointKey[];
  /**
   * What no other transaction can use beside it: its inputs, the collateral that a registration names, and of a revive, which has no inputs, its
   * node's one revive.
   */
  readonly claimKeys: readonly OutpointKey[];
  /** What each witness key unlocks, in their order. */
  readonly witnessLocks: readonly Lock[];
  /** The hash of all of it, witnesses included, as a leaf of its block's Merkle tree. */
  readonly leaf: Uint8Array;
}

/** A coinbase pays every member, so the list must hold them all; the rule for the other kinds is check-transaction's. */
const maxCodedOutputs = Math.max(maxOutputs, maxSnapshotMembers + 1);

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
  return new Hashed(codec.decode(encoded), encoded);
}

export const hashTransaction = (transaction: Transaction): HashedTransaction => new Hashed(transaction, encodeTransaction(transaction));

/** What few ask for is made at the first question: the same object goes from the mempool into blocks, so it is made once. */
class Hashed implements HashedTransaction {
  readonly txid: Txid;
  readonly transaction: Transaction;
  readonly encoded: Uint8Array;
  #inputKeys: readonly OutpointKey[] | undefined;
  #claimKeys: readonly OutpointKey[] | undefined;
  #witnessLocks: readonly Lock[] | undefined;
  #leaf: Uint8Array | undefined;

  constructor(transaction: Transaction, encoded: Uint8Array) {
    this.txid = hashHex<Txid>('tx', bodyOf(encoded, transaction.witnesses.length));
    this.transaction = transaction;
    this.encoded = encoded;
  }

  get inputKeys(): readonly OutpointKey[] {
    this.#inputKeys ??= this.transaction.inputs.map(outpointKey);
    return this.#inputKeys;
  }
  get claimKeys(): readonly OutpointKey[] {
    this.#claimKeys ??= claimsOf(this);
    return this.#claimKeys;
  }
  get witnessLocks(): readonly Lock[] {
    this.#witnessLocks ??= this.transaction.witnesses.map(({ publicKey }) => lockOf(publicKey));
    return this.#witnessLocks;
  }
  get leaf(): Uint8Array {
    this.#leaf ??= merkleLeaf(this.encoded);
    return this.#leaf;
  }
}

/** Bytes that a transaction of this shape takes; what fees are computed from before there are signatures. */
export const transactionBytes = (shape: { inputs: number; outputs: number; payloadBytes: number; witnesses: number }): number =>
  2 + 1 + countBytes + shape.inputs * 36 + countBytes + shape.outputs * 28 + 8 + 2 + shape.payloadBytes + countBytes + shape.witnesses * witnessBytes;

/** A payload that does not decode claims nothing: the transaction is refused for it. */
function claimsOf({ transaction: { kind, payload }, inputKeys }: HashedTransaction): readonly OutpointKey[] {
  if (!isMasternodeKind(kind)) return inputKeys;
  try {
    const said = decodeMasternodePayload(kind, payload);
    if (said.kind === 'masternode-register' && said.collateral !== undefined) return [...inputKeys, outpointKey(said.collateral)];
    return said.kind === 'masternode-revive' ? [reviveKey(said.nodeId)] : inputKeys;
  } catch {
    return inputKeys;
  }
}

/** No coin has it: a node key is no txid, and no transaction has so many outputs. */
const reviveKey = (nodeId: NodeId): OutpointKey => outpointKey({ txid: nodeId as string as Txid, vout: 0xff_ff_ff_ff });
