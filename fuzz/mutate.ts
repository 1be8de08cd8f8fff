import type { FuzzRandom } from './random.ts';
import { maxMutatedBytes } from './target.ts';

/** Numbers at which something changes: limits of lists and sizes, of integers, and what lies beside them. */
const edges = [0, 1, 2, 127, 128, 250, 251, 255, 256, 500, 501, 1_000, 1_024, 4_096, 10_000, 32_767, 65_535, 1_000_000, 2_000_000, 2 ** 31, 2 ** 32 - 1];

type Mutation = (input: Uint8Array, corpus: readonly Uint8Array[], random: FuzzRandom) => Uint8Array;

const at = (input: Uint8Array, random: FuzzRandom): number => random.below(input.length + 1);

function overwrite(input: Uint8Array, from: number, bytes: Uint8Array): Uint8Array {
  const copy = input.slice();
  copy.set(bytes.subarray(0, Math.max(0, copy.length - from)), from);
  return copy;
}
function insert(input: Uint8Array, from: number, bytes: Uint8Array): Uint8Array {
  const made = new Uint8Array(input.length + bytes.length);
  made.set(input.subarray(0, from));
  made.set(bytes, from);
  made.set(input.subarray(from), from + bytes.length);
  return made;
}
function without(input: Uint8Array, from: number, count: number): Uint8Array {
  const end = Math.min(input.length, from + count);
  const made = new Uint8Array(input.length - (end - from));
  made.set(input.subarray(0, from));
  made.set(input.subarray(end), from);
  return made;
}
function number(random: FuzzRandom): Uint8Array {
  const bytes = new Uint8Array(random.pick([1, 2, 4, 8]));
  const value = BigInt(random.pick(edges)) + BigInt(random.below(3) - 1);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number((value >> BigInt(8 * i)) & 255n);
  return bytes;
}
/** A part of this or another input, most often as long as an id or a signature. */
function part(of: Uint8Array, random: FuzzRandom): Uint8Array {
  const from = at(of, random);
  return of.subarray(from, from + random.pick([1, 2, 4, 8, 20, 32, 64, 1 + random.below(300)]));
}

const mutations: readonly Mutation[] = [
  (input, _, random) => {
    const copy = input.slice();
    const place = random.below(Math.max(1, copy.length));
    copy[place] = (copy[place] ?? 0) ^ (1 << random.below(8));
    return copy;
  },
  (input, _, random) => overwrite(input, at(input, random), Uint8Array.of(random.below(256))),
  (input, _, random) => overwrite(input, at(input, random), number(random)),
  (input, _, random) => insert(input, at(input, random), number(random)),
  (input, _, random) => insert(input, at(input, random), random.bytes(1 + random.below(8))),
  (input, _, random) => without(input, at(input, random), random.pick([1, 2, 4, 32, 1 + random.below(200)])),
  (input, _, random) => input.slice(0, at(input, random)),
  (input, _, random) => insert(input, at(input, random), part(input, random)),
  (input, _, random) => overwrite(input, at(input, random), part(input, random)),
  (input, corpus, random) => overwrite(input, at(input, random), part(random.pick(corpus), random)),
  (input, corpus, random) => insert(input, at(input, random), part(random.pick(corpus), random)),
];

/** Between one and four changes, more of them more rarely. */
export function mutateBytes(input: Uint8Array, corpus: readonly Uint8Array[], random: FuzzRandom): Uint8Array {
  let mutated = input;
  do mutated = random.pick(mutations)(mutated, corpus, random);
  while (random.below(3) === 0);
  return mutated.length <= maxMutatedBytes ? mutated : mutated.slice(0, maxMutatedBytes);
}

/** An input that is a list: each entry behind its length as u16. What is cut off at the end is an entry too. */
export function readList(input: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let from = 0; from + 2 <= input.length; ) {
    const length = (input[from] ?? 0) + 256 * (input[from + 1] ?? 0);
    entries.push(input.slice(from + 2, from + 2 + length));
    from += 2 + length;
  }
  return entries;
}
export function writeList(entries: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(entries.reduce((sum, { length }) => sum + 2 + length, 0));
  let from = 0;
  for (const entry of entries) {
    bytes.set([entry.length & 255, entry.length >> 8], from);
    bytes.set(entry, from + 2);
    from += 2 + entry.length;
  }
  return bytes;
}

/** Changes entries, and which there are; the form of the list stays. */
export function mutateList(input: Uint8Array, corpus: readonly Uint8Array[], random: FuzzRandom): Uint8Array {
  const entries = readList(input);
  const others = readList(random.pick(corpus));
  do {
    const place = random.below(Math.max(1, entries.length));
    const entry = entries[place] ?? new Uint8Array();
    const change = random.below(8);
    if (change < 4) entries[place] = mutateBytes(entry, others.length === 0 ? [entry] : others, random);
    else if (change === 4) entries.splice(place, 1);
    else if (change === 5) entries.splice(random.below(entries.length + 1), 0, entry);
    else if (others.length > 0) entries.splice(random.below(entries.length + 1), change === 6 ? 0 : 1, random.pick(others));
  } while (random.below(3) === 0);
  while (entries.reduce((sum, { length }) => sum + 2 + length, 0) > maxMutatedBytes) entries.pop();
  return writeList(entries);
}
