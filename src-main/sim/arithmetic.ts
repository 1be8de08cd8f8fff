import sodium from 'sodium-native';
import type { Hash } from '../../src-shared/domain/ids.ts';
import { encodeSetElement } from '../core/codec/coin.ts';
import { combineMuHash, decodeMuHash, deltaOf, encodeMuHash, finalizeMuHash } from '../core/crypto/muhash.ts';
import { verifySignature } from '../core/crypto/signature.ts';
import type { Effect, SignatureItem } from '../core/effects.ts';
import { invariant } from '../core/invariant.ts';
import { type KeyPair, signWith, viewOf } from '../node/keys/ed25519.ts';
import { holds } from './broken-invariant.ts';
import type { Prng } from './prng.ts';

/** Answers kept: what all nodes ask about one block, many times over. */
const maxKept = 100_000;

export interface SetHashAnswer {
  readonly state: Uint8Array;
  readonly utxoSetHash: Hash;
}
type SetHashQuestion = Pick<Extract<Effect, { kind: 'compute-set-hash' }>, 'state' | 'added' | 'removed'>;

/**
 * What worker threads do for a node. N nodes ask the same questions, so each is worked out once. One in `sampleEvery` is not taken from there
 * and is also put to the readable reference of the signature rule: a cache that mixed up its keys would show.
 */
export class Arithmetic {
  readonly #random: Prng;
  readonly #sampleEvery: number;
  #signatures = new Map<string, boolean>();
  /** The same for items that nodes share. */
  readonly #items = new WeakMap<SignatureItem, boolean>();
  #setHashes = new Map<string, SetHashAnswer>();

  /** `sampleEvery` 1 holds every signature to the reference. */
  constructor(random: Prng, sampleEvery: number) {
    this.#random = random;
    this.#sampleEvery = sampleEvery;
  }

  /** What is signed here is not worked out again when it is verified, but for the samples. */
  sign({ publicKey, secretKey64 }: KeyPair, message: Uint8Array): Uint8Array {
    const signature = signWith(secretKey64, message);
    this.#signatures = keep(this.#signatures, keyOf({ publicKey, message, signature }), true);
    return signature;
  }

  verify(items: readonly SignatureItem[]): boolean[] {
    return items.map((item) => this.#verify(item));
  }

  setHash(question: SetHashQuestion): SetHashAnswer {
    const added = question.added.map(({ outpoint, coin }) => encodeSetElement(outpoint, coin));
    const removed = question.removed.map(({ outpoint, coin }) => encodeSetElement(outpoint, coin));
    const key = [latin1(question.state), ...added.map(latin1), '-', ...removed.map(latin1)].join(' ');
    const known = this.#setHashes.get(key);
    if (known !== undefined) return known;
    const before = decodeMuHash(question.state);
    invariant(before !== undefined, 'a set hash state is what this program encoded');
    const after = combineMuHash(before, deltaOf(added, removed));
    const answer = { state: encodeMuHash(after), utxoSetHash: finalizeMuHash(after) };
    this.#setHashes = keep(this.#setHashes, key, answer);
    return answer;
  }

  #verify(item: SignatureItem): boolean {
    const isSample = this.#random.below(this.#sampleEvery) === 0;
    const sameItem = isSample ? undefined : this.#items.get(item);
    if (sameItem !== undefined) return sameItem;
    const valid = this.#verifyNew(item, isSample);
    this.#items.set(item, valid);
    return valid;
  }

  #verifyNew(item: SignatureItem, isSample: boolean): boolean {
    const key = keyOf(item);
    const known = this.#signatures.get(key);
    if (known !== undefined && !isSample) return known;
    const valid = sodium.crypto_sign_verify_detached(viewOf(item.signature), viewOf(item.message), viewOf(item.publicKey));
    if (isSample) {
      holds(known === undefined || known === valid, () => 'a remembered signature check differs from the same check now');
      holds(verifySignature(item) === valid, () => `libsodium says ${valid} to a signature, the reference the contrary`);
    }
    this.#signatures = keep(this.#signatures, key, valid);
    return valid;
  }
}

const latin1 = (bytes: Uint8Array): string => viewOf(bytes).toString('latin1');
const keyOf = ({ publicKey, message, signature }: SignatureItem): string => `${latin1(publicKey)}${latin1(signature)}${latin1(message)}`;

function keep<T>(map: Map<string, T>, key: string, value: T): Map<string, T> {
  const kept = map.size >= maxKept ? new Map<string, T>() : map;
  return kept.set(key, value);
}
