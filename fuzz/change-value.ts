import { type Block, decodeBlockParts, hashBlock } from '../src-main/core/codec/block.ts';
import { decodeTransaction, type HashedTransaction, hashTransaction } from '../src-main/core/codec/transaction.ts';
import { voteBundleCodec } from '../src-main/core/codec/vote-bundle.ts';
import type { FuzzRandom } from './random.ts';

/**
 * The same with one value changed, somewhere within: gone, zero, one beside it, or one of `values` of its kind. Bytes that are a block, a bundle or a transaction
 * are read, changed within and written again. What comes of it need not be of the type it was.
 */
export function changeValue(value: unknown, values: readonly unknown[], random: FuzzRandom): unknown {
  const change = (one: unknown): unknown => changeValue(one, values, random);
  const another = (is: (one: unknown) => boolean): unknown => anotherOf(values, is, random) ?? value;
  if (value instanceof Uint8Array) return changeWithin(value, change) ?? flipBit(value, random);
  if (Array.isArray(value)) return value.length === 0 ? another(isFullList) : changeList(value, change, random);
  switch (typeof value) {
    case 'undefined':
      return random.pick(['0'.repeat(64), another((one) => typeof one === 'string' && one.length === 64)]);
    case 'string':
      return random.pick([undefined, '0'.repeat(value.length), another((one) => typeof one === 'string' && one.length === value.length)]);
    case 'number':
      return random.pick([undefined, 0, value + 1, Math.max(0, value - 1), another((one) => typeof one === 'number')]);
    case 'bigint':
      return random.pick([0n, value + 1n, value > 0n ? value - 1n : 0n]);
    case 'boolean':
      return !value;
    case 'object': {
      if (value === null) return value;
      const key = random.pick(Object.keys(value)) as keyof typeof value;
      return { ...value, [key]: change(value[key]) };
    }
    default:
      return value;
  }
}

const isFullList = (one: unknown): boolean => Array.isArray(one) && one.length > 0;

/** The first of its kind from a place that chance names; undefined if there is none. */
function anotherOf(values: readonly unknown[], is: (one: unknown) => boolean, random: FuzzRandom): unknown {
  const from = random.below(Math.max(1, values.length));
  for (let index = 0; index < values.length; index++) {
    const one = values[(from + index) % values.length];
    if (is(one)) return one;
  }
  return undefined;
}

/** Undefined if the bytes are none of these, or nothing can be written that has the change. */
function changeWithin(bytes: Uint8Array, change: (one: unknown) => unknown): Uint8Array | undefined {
  const ways = [
    () => encodeBlock(change(decodeBlockParts(bytes)) as Block),
    () => voteBundleCodec.encode(change(voteBundleCodec.decode(bytes)) as never),
    () => hashTransaction(change(decodeTransaction(bytes).transaction) as never).encoded,
  ];
  for (const way of ways) {
    try {
      return way();
    } catch {
      // These bytes are something else.
    }
  }
  return undefined;
}

function encodeBlock({ header, previousCertificate, latePrecommits, transactions }: Block): Uint8Array {
  const encoded = transactions.map((one) => ({ encoded: one }) as HashedTransaction);
  return hashBlock(header, previousCertificate, encoded, latePrecommits).encoded;
}

function flipBit(bytes: Uint8Array, random: FuzzRandom): Uint8Array {
  const copy = bytes.slice();
  const at = random.below(Math.max(1, copy.length));
  if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
  return copy;
}

function changeList(list: readonly unknown[], change: (one: unknown) => unknown, random: FuzzRandom): unknown {
  const at = random.below(list.length);
  // Most is found within.
  if (random.below(2) === 0) return list.map((one, index) => (index === at ? change(one) : one));
  return random.pick([list.filter((_, index) => index !== at), [...list, list[at]], [...list].reverse(), []]);
}
