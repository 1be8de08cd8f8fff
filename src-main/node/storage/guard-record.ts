import { crc32 } from 'node:zlib';
import * as P from 'micro-packed';
import { type BlockHash, type OutpointKey, outpointKey, outpointOf, type Txid } from '../../../src-shared/domain/ids.ts';
import type { BlockVotePhase } from '../../core/codec/block-vote.ts';
import { outpoint } from '../../core/codec/outpoint.ts';
import { hexOf, list16, nameOf, optional } from '../../core/codec/primitives.ts';
import { maxInputs } from '../../core/constants.ts';
import type { GuardRecord } from '../../core/store-operation.ts';

/** What is stored; the others delete instead. */
export type StoredGuardRecord = Exclude<GuardRecord, { kind: 'release' | 'end-silence' }>;
type Kind = StoredGuardRecord['kind'];
type Body<K extends Kind> = Omit<Extract<StoredGuardRecord, { kind: K }>, 'kind'>;

const blockHash = hexOf<BlockHash>(32);
const outpointKeys = list16<OutpointKey>(maxInputs, P.apply(outpoint, { encode: outpointKey, decode: outpointOf }));
const ofTransaction = P.struct({ epoch: P.U32LE, txid: hexOf<Txid>(32), inputs: outpointKeys });

const phase = nameOf<BlockVotePhase>({ prevote: 0, precommit: 1 });

/** The first byte and the codec of every kind: it does not compile with one missing. Bytes on people's disks: never renumber. */
const table: { readonly [K in Kind]: readonly [byte: number, codec: P.CoderType<Body<K>>] } = {
  'block-vote': [0, bodyOf<'block-vote'>(P.struct({ height: P.U32LE, round: P.U32LE, phase, blockHash: optional(blockHash) }))],
  proposal: [1, bodyOf<'proposal'>(P.struct({ height: P.U32LE, round: P.U32LE, validRound: optional(P.U32LE), blockHash }))],
  lock: [2, P.struct({ height: P.U32LE, lockedRound: P.U32LE, lockedHash: blockHash })],
  valid: [3, P.struct({ height: P.U32LE, validRound: P.U32LE, validHash: blockHash })],
  accept: [4, bodyOf<'accept'>(ofTransaction)],
  commit: [5, bodyOf<'commit'>(ofTransaction)],
  silence: [6, P.struct({ throughHeight: P.U32LE, throughEpoch: P.U32LE, tipHash: blockHash })],
};

/** The codec's own type makes fields that may be undefined optional, and lists writable. */
function bodyOf<K extends Kind>(codec: unknown): P.CoderType<Body<K>> {
  return codec as P.CoderType<Body<K>>;
}

const kinds = Object.keys(table) as Kind[];
const kindOfByte = new Map(kinds.map((kind) => [table[kind][0], kind] as const));

/** In the first byte: the last four are a checksum. A disk that turns one bit must not turn what binds this node's signatures into something else. */
const isSummed = 0x80;
const sumBytes = 4;

/** The kind's byte, its fields, and the CRC-32 of both. */
export function encodeGuardRecord(record: StoredGuardRecord): Uint8Array {
  if (record.kind === 'accept' || record.kind === 'commit') return summed(encodeVote(record));
  const { kind, ...body } = record;
  const [byte, codec] = table[kind] as readonly [number, P.CoderType<unknown>];
  return summed(Buffer.concat([Uint8Array.of(byte), codec.encode(body), new Uint8Array(sumBytes)]));
}

/** `bytes` end with room for the sum. */
function summed(bytes: Buffer): Buffer {
  bytes[0] = (bytes[0] as number) | isSummed;
  bytes.writeUInt32LE(crc32(bytes.subarray(0, -sumBytes)), bytes.length - sumBytes);
  return bytes;
}

const fixedBytes = 1 + 4 + 32 + 2;
const outpointBytes = 32 + 4;
/** Two of these are written for every transaction that this node votes on, so they are encoded by hand; the tests hold it to the codec that decodes them. */
function encodeVote({ kind, epoch, txid, inputs }: Extract<StoredGuardRecord, { kind: 'accept' | 'commit' }>): Buffer {
  const bytes = Buffer.allocUnsafe(fixedBytes + outpointBytes * inputs.length + sumBytes);
  bytes[0] = table[kind][0];
  bytes.writeUInt32LE(epoch, 1);
  bytes.write(txid, 5, 32, 'hex');
  bytes.writeUInt16LE(inputs.length, fixedBytes - 2);
  let at = fixedBytes;
  for (const key of inputs) {
    const { txid: from, vout } = outpointOf(key);
    bytes.write(from, at, 32, 'hex');
    bytes.writeUInt32LE(vout, at + 32);
    at += outpointBytes;
  }
  return bytes;
}

/** Throws RangeError for anything that `encodeGuardRecord` does not write. */
export function decodeGuardRecord(bytes: Uint8Array): StoredGuardRecord {
  const first = bytes[0] ?? 0;
  const kind = kindOfByte.get(first & ~isSummed);
  if (kind === undefined || (first & isSummed) === 0) throw new RangeError(`unknown guard record ${first}`);
  const end = bytes.length - sumBytes;
  const sum = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(Math.max(0, end), true);
  if (crc32(bytes.subarray(0, end)) !== sum) throw new RangeError('a guard record whose checksum is not its own');
  return { kind, ...table[kind][1].decode(bytes.subarray(1, end)) } as StoredGuardRecord;
}

export interface GuardKeys {
  readonly height: number | undefined;
  readonly txid: Txid | undefined;
  readonly epoch: number | undefined;
}

/** What a record is deleted by: the height that it is of, or the transaction and the epoch in which it was voted on. A silence has none of them. */
export function guardKeys(record: StoredGuardRecord): GuardKeys {
  if (record.kind === 'accept' || record.kind === 'commit') return { height: undefined, txid: record.txid, epoch: record.epoch };
  return { height: record.kind === 'silence' ? undefined : record.height, txid: undefined, epoch: undefined };
}
