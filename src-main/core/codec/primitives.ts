import * as P from 'micro-packed';
import { fromHex, toHex } from '../crypto/hex.ts';

/** Fixed-length bytes that the program handles as a branded hex string. */
export const hexOf = <T extends string>(lengthBytes: number): P.CoderType<T> =>
  P.apply(P.bytes(lengthBytes), { encode: (bytes: Uint8Array) => toHex(bytes) as T, decode: (hex: T) => fromHex(hex) });

const bounded = (length: P.CoderType<number>, max: number, what: string): P.CoderType<number> =>
  P.validate(length, (value) => {
    if (value > max) throw new RangeError(`${what}: ${value} is more than ${max}`);
    return value;
  });

/** A list with a u16 count; a longer one is refused before its first element is read. */
export const list16 = <T>(max: number, element: P.CoderType<T>): P.CoderType<T[]> => P.array(bounded(P.U16LE, max, 'list'), element);

/** Bytes with a u32 length, bounded before anything is read. */
export const bytes32 = (maxBytes: number): P.CoderType<Uint8Array> => P.bytes(bounded(P.U32LE, maxBytes, 'bytes')) as P.CoderType<Uint8Array>;

/** UTF-8 with a u16 length in bytes. */
export const text = (maxBytes: number): P.CoderType<string> => P.string(bounded(P.U16LE, maxBytes, 'text'));

/** Milliseconds since 1970 as u64 on the wire; beyond 2^53-1 it is out of range. */
export const timeMs: P.CoderType<number> = P.apply(P.U64LE, {
  encode: (wire: bigint) => {
    if (wire > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError(`time ${wire} is out of range`);
    return Number(wire);
  },
  decode: (ms: number) => BigInt(ms),
});

/** A closed set of names, one byte each. */
export const nameOf = <T extends string>(names: Record<T, number>): P.CoderType<T> => P.map(P.U8, names) as unknown as P.CoderType<T>;

/** One flag byte, then the value or nothing. */
export const optional = <T>(inner: P.CoderType<T>): P.CoderType<T | undefined> => P.optional(P.bool, inner) as P.CoderType<T | undefined>;

export const signatureBytes = 64;
export const signature: P.CoderType<Uint8Array> = P.bytes(signatureBytes) as P.CoderType<Uint8Array>;
