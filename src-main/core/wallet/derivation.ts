import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';

/**
 * From words to keys: BIP39 (English) for the words, SLIP-0010 for Ed25519 keys, path m/44'/0'/account'/change'/index' (protocol section 3).
 * The step between the two, PBKDF2 from words to a seed, takes tens of milliseconds and is the node's, off the event loop.
 */

/** Twelve words hold 16 bytes, twenty-four hold 32; other BIP39 lengths are not offered, and restoring one is refused. */
const wordsOfEntropyBytes = new Map([
  [16, 12],
  [32, 24],
]);
const wordCounts = [...wordsOfEntropyBytes.values()];
const known = new Set(wordlist);

export type WordsError =
  | { readonly code: 'word-count'; readonly count: number }
  /** `position` counts from 1, as a person would. */
  | { readonly code: 'unknown-word'; readonly position: number; readonly word: string }
  | { readonly code: 'wrong-checksum' };

/** 16 or 32 bytes to 12 or 24 words with a space between; throws RangeError on another length. */
export function wordsOf(entropy: Uint8Array): string {
  if (!wordsOfEntropyBytes.has(entropy.length)) throw new RangeError(`entropy of ${entropy.length} bytes, not 16 or 32`);
  return entropyToMnemonic(entropy, wordlist);
}

/** `wordsOf` as ASCII, for whoever overwrites it: eleven bits a word, of the entropy and the start of its SHA-256. Throws RangeError likewise. */
export function wordBytesOf(entropy: Uint8Array): Uint8Array {
  const count = wordsOfEntropyBytes.get(entropy.length);
  if (count === undefined) throw new RangeError(`entropy of ${entropy.length} bytes, not 16 or 32`);
  const bits = new Uint8Array(entropy.length + 1);
  bits.set(entropy);
  bits.set(sha256(entropy).subarray(0, 1), entropy.length);
  // A word has at most eight letters.
  const text = new Uint8Array(count * 9);
  let length = 0;
  for (let at = 0; at < count; at++) {
    let index = 0;
    for (let bit = at * 11; bit < (at + 1) * 11; bit++) index = (index << 1) | (((bits[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
    if (at > 0) text[length++] = 0x20;
    for (const letter of utf8ToBytes(wordlist[index] ?? '')) text[length++] = letter;
  }
  bits.fill(0);
  const words = text.slice(0, length);
  text.fill(0);
  return words;
}

/** What a person typed, forgiving case and spaces, to its entropy. */
export function parseWords(typed: string): { readonly ok: true; readonly entropy: Uint8Array } | { readonly ok: false; readonly error: WordsError } {
  const words = typed.normalize('NFKD').toLowerCase().split(/\s+/).filter(Boolean);
  if (!wordCounts.includes(words.length)) return { ok: false, error: { code: 'word-count', count: words.length } };
  const unknownAt = words.findIndex((word) => !known.has(word));
  if (unknownAt >= 0) return { ok: false, error: { code: 'unknown-word', position: unknownAt + 1, word: words[unknownAt] as string } };
  try {
    return { ok: true, entropy: mnemonicToEntropy(words.join(' '), wordlist) };
  } catch {
    return { ok: false, error: { code: 'wrong-checksum' } };
  }
}

/** A SLIP-0010 node: 32 bytes each. `key` is an Ed25519 seed (RFC 8032's private key). */
export interface ExtendedKey {
  readonly key: Uint8Array;
  readonly chainCode: Uint8Array;
}

const curve = utf8ToBytes('ed25519 seed');
const hardenedBit = 0x8000_0000;

const split = (bytes: Uint8Array): ExtendedKey => ({ key: bytes.subarray(0, 32), chainCode: bytes.subarray(32) });

/** SLIP-0010, "Master key generation". For Ed25519 it cannot fail. */
export const masterKey = (seed: Uint8Array): ExtendedKey => split(hmac(sha512, curve, seed));

/** SLIP-0010, hardened child; `index` counts without the hardened bit, which is always set: Ed25519 has no other children. */
export function childKey(parent: ExtendedKey, index: number): ExtendedKey {
  if (!Number.isInteger(index) || index < 0 || index >= hardenedBit) throw new RangeError(`child index ${index} is not in 0..2^31-1`);
  const data = new Uint8Array(1 + 32 + 4);
  data.set(parent.key, 1);
  new DataView(data.buffer).setUint32(33, index + hardenedBit);
  const child = split(hmac(sha512, parent.chainCode, data));
  data.fill(0);
  return child;
}

export function wipe(node: ExtendedKey): void {
  node.key.fill(0);
  node.chainCode.fill(0);
}

/** Descends from `from`, which the caller keeps; what lies between is overwritten. */
export function derive(from: ExtendedKey, path: readonly number[]): ExtendedKey {
  let node: ExtendedKey = { key: from.key.slice(), chainCode: from.chainCode.slice() };
  for (const index of path) {
    const child = childKey(node, index);
    wipe(node);
    node = child;
  }
  return node;
}

/** BIP44's two chains: addresses given out, and change of wallets that make a fresh change address each time. */
export type Branch = 'receive' | 'change';
const branchIndex: Record<Branch, number> = { receive: 0, change: 1 };

/** m/44'/0'/account'/change', below which the keys of a wallet lie one beside the other. */
export const branchPath = (account: number, branch: Branch): readonly number[] => [44, 0, account, branchIndex[branch]];

/** As people read it: `m/44h/0h/0h/0h/7h`. */
export const pathText = (account: number, branch: Branch, index: number): string =>
  `m/${[...branchPath(account, branch), index].map((part) => `${part}h`).join('/')}`;
