import { decodeTransaction, type HashedTransaction } from '../codec/transaction.ts';
import { most } from '../trim-oldest.ts';

interface Limits {
  readonly maxCount: number;
  readonly maxBytes: number;
}
/** Two mempools: what was relayed by one peer comes from every other too, and once more in a block. */
const defaultLimits: Limits = { maxCount: 20_000, maxBytes: 64_000_000 };

/**
 * Transactions that were decoded here, found again by their bytes, so that a second copy costs a look-up and neither decoding nor hashing. The
 * key is the end of the last signature, which nobody can choose freely, and the bytes are compared whole: what is found is the same
 * transaction, and where two share a key the second is decoded anew. Nothing is decided by what is here.
 */
export class KnownTransactions {
  /** Oldest first. */
  readonly #byEnd = new Map<number, HashedTransaction>();
  readonly #limits: Limits;
  readonly #decode: (encoded: Uint8Array) => HashedTransaction;
  #bytes = 0;

  constructor(limits: Limits = defaultLimits, decode = decodeTransaction) {
    this.#limits = limits;
    this.#decode = decode;
  }

  /** Throws like `decodeTransaction`. */
  decode(encoded: Uint8Array): HashedTransaction {
    return this.find(encoded) ?? this.#decode(encoded);
  }

  find(encoded: Uint8Array): HashedTransaction | undefined {
    const known = this.#byEnd.get(endOf(encoded));
    return known !== undefined && sameBytes(known.encoded, encoded) ? known : undefined;
  }

  /** As `decode`, and kept: without the message that the bytes came in, which they would keep alive. */
  take(encoded: Uint8Array): HashedTransaction {
    const known = this.find(encoded);
    if (known !== undefined) return known;
    const hashed = this.#decode(encoded.byteLength === encoded.buffer.byteLength ? encoded : encoded.slice());
    this.#keep(hashed);
    return hashed;
  }

  #keep(hashed: HashedTransaction): void {
    const key = endOf(hashed.encoded);
    if (this.#byEnd.has(key)) return;
    this.#byEnd.set(key, hashed);
    this.#bytes += hashed.encoded.length;
    if (this.#byEnd.size > most(this.#limits.maxCount) || this.#bytes > most(this.#limits.maxBytes)) this.#trim();
  }

  /** As `trimOldest`, by count and by bytes. */
  #trim(): void {
    for (const [oldest, { encoded }] of this.#byEnd) {
      if (this.#byEnd.size <= this.#limits.maxCount && this.#bytes <= this.#limits.maxBytes) return;
      this.#byEnd.delete(oldest);
      this.#bytes -= encoded.length;
    }
  }
}

/** Six bytes before the last four, of which the highest bits are always zero: an exact number. */
function endOf(bytes: Uint8Array): number {
  let end = 0;
  for (let at = Math.max(0, bytes.length - 10); at < bytes.length - 4; at++) end = end * 256 + (bytes[at] as number);
  return end;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}
