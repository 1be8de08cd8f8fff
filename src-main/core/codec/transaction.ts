import * as P from 'micro-packed';
import { lockBytesOf } from '../../../src-shared/domain/address.ts';
import { type Lock, type NodeId, type Outpoint, type OutpointKey, outpointKey, outpointOf, type PublicKey, type Txid } from '../../../src-shared/domain/ids.ts';
import { maxGenesisOutputs, maxInputs, maxOutputs, maxPayloadBytes, maxSnapshotMembers } from '../constants.ts';
import { hashHex } from '../crypto/hash.ts';
import { toHex } from '../crypto/hex.ts';
import { merkleLeaf } from '../crypto/merkle.ts';
import { ByteReader } from './byte-reader.ts';
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

/** The genesis' transaction has most, and a coinbase pays every member; the rule for the other kinds is check-transaction's. */
const maxCodedOutputs = Math.max(maxOutputs, maxSnapshotMembers + 1, maxGenesisOutputs);

const output: P.CoderType<TransactionOutput> = P.struct({ amount: P.U64LE, lock: hexOf<Lock>(20) });
const witness: P.CoderType<Witness> = P.struct({ publicKey: hexOf<PublicKey>(32), signature });
const publicKeyBytes = 32;
const witnessBytes = publicKeyBytes + signatureBytes;
const countBytes = 2;

const kindBytes: Readonly<Record<TransactionKind, number>> = {
  transfer: 0,
  coinbase: 1,
  'masternode-register': 2,
  'masternode-update': 3,
  'masternode-revive': 4,
  'masternode-exit': 5,
};
const kindOfByte = new Map((Object.keys(kindBytes) as TransactionKind[]).map((kind) => [kindBytes[kind], kind] as const));
/** After the version. */
const kindAt = 2;

/** Witnesses come last, so that a txid is a hash of the encoding's beginning. Decodes too, as `decodeTransaction` does: tests hold that to this. */
export const transactionCodec = P.struct({
  version: P.U16LE,
  kind: nameOf<TransactionKind>(kindBytes),
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

export const encodeTransaction = (transaction: Transaction): Uint8Array => transactionCodec.encode(transaction);

/** Throws RangeError on anything but one whole, canonical transaction. A node that catches up does this hundreds of thousands of times. */
export function decodeTransaction(encoded: Uint8Array): HashedTransaction {
  const reader = new ByteReader(encoded);
  const version = reader.u16();
  const kind = kindOfByte.get(reader.u8());
  if (kind === undefined) throw new RangeError('kind: unknown value');
  const inputs: Outpoint[] = [];
  for (let left = reader.count(maxInputs, 'inputs'); left > 0; left--) inputs.push({ txid: reader.hex<Txid>(32), vout: reader.u32() });
  const outputs: TransactionOutput[] = [];
  for (let left = reader.count(maxCodedOutputs, 'outputs'); left > 0; left--) outputs.push({ amount: reader.u64(), lock: reader.hex<Lock>(20) });
  const timestamp = reader.timeMs();
  const payload = reader.bytes(reader.count(maxPayloadBytes, 'payload'));
  const witnesses: Witness[] = [];
  for (let left = reader.count(maxInputs, 'witnesses'); left > 0; left--)
    witnesses.push({ publicKey: reader.hex<PublicKey>(32), signature: reader.bytes(signatureBytes) });
  reader.end();
  return new Hashed({ version, kind, inputs, outputs, timestamp, payload, witnesses }, encoded);
}

/** By its byte alone, for who looks for a few kinds among many; undefined where there is no such kind. */
export const kindOfEncoded = (encoded: Uint8Array): TransactionKind | undefined => kindOfByte.get(encoded[kindAt] ?? -1);

export const hashTransaction = (transaction: Transaction): HashedTransaction => new Hashed(transaction, encodeTransaction(transaction));

/** Those whose outputs it spends or registers as collateral. Of a revive, which has none, the key of its node: that is no transaction's id. */
export const parentsOf = ({ claimKeys }: HashedTransaction): readonly Txid[] => claimKeys.map((key) => outpointOf(key).txid);

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
    this.#witnessLocks ??= this.#makeWitnessLocks();
    return this.#witnessLocks;
  }
  get leaf(): Uint8Array {
    this.#leaf ??= merkleLeaf(this.encoded);
    return this.#leaf;
  }

  /** Of the keys' bytes where they stand in the encoding. */
  #makeWitnessLocks(): Lock[] {
    const first = this.encoded.length - this.transaction.witnesses.length * witnessBytes;
    return this.transaction.witnesses.map((_, index) => {
      const at = first + index * witnessBytes;
      return toHex(lockBytesOf(this.encoded.subarray(at, at + publicKeyBytes))) as Lock;
    });
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
