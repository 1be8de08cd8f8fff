import * as P from 'micro-packed';
import { type BlockHash, type Hash, type NodeId, zeroHash } from '../../../src-shared/domain/ids.ts';
import { maxBlockTransactions, maxLatePrecommits, maxSnapshotMembers, maxTransactionBytes } from '../constants.ts';
import { hashHex } from '../crypto/hash.ts';
import { ByteReader } from './byte-reader.ts';
import { bytes32, hexOf, list16, optional, signature, signatureBytes, timeMs } from './primitives.ts';
import { decodeTransaction, type HashedTransaction } from './transaction.ts';

/** Protocol section 7. */
export interface BlockHeader {
  readonly version: number;
  readonly height: number;
  readonly previousHash: BlockHash;
  /** Milliseconds since 1970; later than the parent's. */
  readonly time: number;
  /** The round in which this block was first proposed. */
  readonly round: number;
  readonly proposer: NodeId;
  readonly closesEpoch: boolean;
  readonly transactionsRoot: Hash;
  readonly utxoSetHash: Hash;
  readonly registryHash: Hash;
  readonly snapshotHash: Hash;
  /** Of `previousCertificate` and `latePrecommits`; zero where there is neither (height 1). */
  readonly previousCertificateHash: Hash;
}
/** A quorum of precommits of one round: the proof that a block is decided. Signatures in snapshot order, each over H("block-vote", …). */
export interface BlockCertificate {
  readonly height: number;
  readonly round: number;
  readonly blockHash: BlockHash;
  readonly precommits: readonly { readonly nodeId: NodeId; readonly signature: Uint8Array }[];
}
/** A precommit for a decided block of this epoch that its certificate lacks: its signer took part after all (protocol section 5). */
export interface LatePrecommit {
  readonly height: number;
  readonly round: number;
  readonly nodeId: NodeId;
  readonly signature: Uint8Array;
}
export interface Block {
  readonly header: BlockHeader;
  readonly previousCertificate: BlockCertificate | undefined;
  /** By height, then in snapshot order. */
  readonly latePrecommits: readonly LatePrecommit[];
  /** Encoded; the coinbase first. Kept as bytes so that each is hashed, relayed and stored without encoding it again. */
  readonly transactions: readonly Uint8Array[];
}
/** A block with what is computed once from its bytes. */
export interface HashedBlock {
  readonly hash: BlockHash;
  readonly header: BlockHeader;
  readonly previousCertificate: BlockCertificate | undefined;
  readonly latePrecommits: readonly LatePrecommit[];
  readonly transactions: readonly HashedTransaction[];
  readonly encoded: Uint8Array;
}

const headerCodec = P.struct({
  version: P.U16LE,
  height: P.U32LE,
  previousHash: hexOf<BlockHash>(32),
  time: timeMs,
  round: P.U32LE,
  proposer: hexOf<NodeId>(32),
  closesEpoch: P.bool,
  transactionsRoot: hexOf<Hash>(32),
  utxoSetHash: hexOf<Hash>(32),
  registryHash: hexOf<Hash>(32),
  snapshotHash: hexOf<Hash>(32),
  previousCertificateHash: hexOf<Hash>(32),
}) as unknown as P.CoderType<BlockHeader>;

export const certificateCodec = P.struct({
  height: P.U32LE,
  round: P.U32LE,
  blockHash: hexOf<BlockHash>(32),
  precommits: list16(maxSnapshotMembers, P.struct({ nodeId: hexOf<NodeId>(32), signature })),
}) as unknown as P.CoderType<BlockCertificate>;
/** Two that contradict each other, or the one that this node does not follow. */
export const certificatesCodec = list16(2, certificateCodec) as unknown as P.CoderType<readonly BlockCertificate[]>;

const latePrecommits = list16(maxLatePrecommits, P.struct({ height: P.U32LE, round: P.U32LE, nodeId: hexOf<NodeId>(32), signature })) as unknown as P.CoderType<
  readonly LatePrecommit[]
>;

const blockCodec = P.struct({
  header: headerCodec,
  previousCertificate: optional(certificateCodec),
  latePrecommits,
  transactions: list16(maxBlockTransactions, bytes32(maxTransactionBytes)),
}) as unknown as P.CoderType<Block>;

export const hashHeader = (header: BlockHeader): BlockHash => hashHex<BlockHash>('block', headerCodec.encode(header));

/** The `previousCertificateHash` of a block with these. Of one without a certificate it says nothing: see `hasBodyOfHeader`. */
export const hashCertificate = (certificate: BlockCertificate | undefined, late: readonly LatePrecommit[] = []): Hash =>
  certificate === undefined ? (zeroHash as Hash) : hashHex<Hash>('certificate', certificateCodec.encode(certificate), latePrecommits.encode(late));

/** Throws on anything but one whole, canonical block of canonical transactions. */
export function decodeBlock(encoded: Uint8Array): HashedBlock {
  const parts = decodeBlockParts(encoded);
  return assembleBlock(
    parts,
    parts.transactions.map((one) => decodeTransaction(one)),
    encoded,
  );
}

/** The block of these parts, whose transactions have been decoded. */
export const assembleBlock = (
  { header, previousCertificate, latePrecommits: late }: Block,
  transactions: readonly HashedTransaction[],
  encoded: Uint8Array,
): HashedBlock => ({
  hash: hashHeader(header),
  header,
  previousCertificate,
  latePrecommits: late,
  transactions,
  encoded,
});

const hashBytes = 32;
const headerBytes = 2 + 4 + hashBytes + 8 + 4 + hashBytes + 1 + 5 * hashBytes;
const precommitBytes = hashBytes + signatureBytes;

/** Of a stored block, without reading on. */
export const decodeHeaderOf = (encoded: Uint8Array): BlockHeader => headerCodec.decode(encoded.subarray(0, headerBytes));

/**
 * The transactions of a stored block, as views of its bytes: what `decodeBlockParts` answers of them, for who looks one up in a block of thousands.
 * Throws RangeError where the bytes end too soon.
 */
export function encodedTransactionsOf(encoded: Uint8Array): readonly Uint8Array[] {
  const reader = new ByteReader(encoded);
  reader.bytes(headerBytes);
  if (reader.u8() === 1) {
    reader.bytes(4 + 4 + hashBytes);
    reader.bytes(precommitBytes * reader.count(maxSnapshotMembers, 'precommits'));
  }
  reader.bytes((4 + 4 + precommitBytes) * reader.count(maxLatePrecommits, 'late precommits'));
  const transactions: Uint8Array[] = [];
  for (let left = reader.count(maxBlockTransactions, 'transactions'); left > 0; left--) transactions.push(reader.bytes(reader.u32()));
  reader.end();
  return transactions;
}

/** Nothing is hashed, and transactions stay bytes. */
export const decodeBlockParts = (encoded: Uint8Array): Block => blockCodec.decode(encoded);

export function hashBlock(
  header: BlockHeader,
  previousCertificate: BlockCertificate | undefined,
  transactions: readonly HashedTransaction[],
  late: readonly LatePrecommit[] = [],
): HashedBlock {
  const encoded = blockCodec.encode({ header, previousCertificate, latePrecommits: late, transactions: transactions.map((one) => one.encoded) });
  return { hash: hashHeader(header), header, previousCertificate, latePrecommits: late, transactions, encoded };
}
