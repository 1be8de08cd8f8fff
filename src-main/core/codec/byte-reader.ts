import { shortHex } from '../crypto/hex.ts';

const two32 = 2 ** 32;
/** The high half of a number of 64 bits that is still exact: 2^53 - 1. */
const maxExactHigh = 2 ** 21 - 1;

/**
 * One value after another out of an encoding, for the few that are decoded by the thousand: ten times as fast as the codecs of primitives.ts, which say
 * the same and are what a reader made of this is held to in tests. Every method throws RangeError where the bytes end too soon.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  u8(): number {
    return this.#bytes[this.#step(1)] as number;
  }
  u16(): number {
    const at = this.#step(2);
    return this.#u16(at);
  }
  u32(): number {
    const at = this.#step(4);
    return this.#u32(at);
  }
  u64(): bigint {
    const at = this.#step(8);
    const low = this.#u32(at);
    const high = this.#u32(at + 4);
    return high <= maxExactHigh ? BigInt(high * two32 + low) : (BigInt(high) << 32n) + BigInt(low);
  }
  /** Milliseconds, as `timeMs` of primitives.ts. */
  timeMs(): number {
    const at = this.#step(8);
    const high = this.#u32(at + 4);
    if (high > maxExactHigh) throw new RangeError('time is out of range');
    return high * two32 + this.#u32(at);
  }
  /** A u16 that counts what follows. */
  count(max: number, what: string): number {
    const count = this.u16();
    if (count > max) throw new RangeError(`${what}: ${count} is more than ${max}`);
    return count;
  }
  /** A view, not a copy. */
  bytes(length: number): Uint8Array {
    const at = this.#step(length);
    return this.#bytes.subarray(at, at + length);
  }
  /** At most 32 bytes, as a hex id. */
  hex<T extends string>(length: number): T {
    return shortHex(this.#bytes, this.#step(length), length) as T;
  }
  /** Nothing may be left. */
  end(): void {
    if (this.#at !== this.#bytes.length) throw new RangeError(`${this.#bytes.length - this.#at} bytes too many`);
  }

  #u16(at: number): number {
    return (this.#bytes[at] as number) | ((this.#bytes[at + 1] as number) << 8);
  }
  #u32(at: number): number {
    return (this.#u16(at) | (this.#u16(at + 2) << 16)) >>> 0;
  }
  /** Where the next `length` bytes begin. */
  #step(length: number): number {
    const at = this.#at;
    this.#at = at + length;
    if (this.#at > this.#bytes.length) throw new RangeError('the bytes end too soon');
    return at;
  }
}
