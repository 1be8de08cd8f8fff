import type { Hash, Txid } from '../../src-shared/domain/ids.ts';
import { encodeMessage, type Message } from '../core/codec/message.ts';
import { decodeTransaction, type HashedTransaction } from '../core/codec/transaction.ts';
import { decodeVoteBundle, type HashedVoteBundle } from '../core/codec/vote-bundle.ts';
import type { SignatureItem } from '../core/effects.ts';
import { KnownTransactions } from '../core/engine/known-transactions.ts';
import { type MessageReader, newMessageReader } from '../core/engine/message-reader.ts';
import { viewOf } from '../node/keys/ed25519.ts';
import { VoteParcels } from './vote-parcels.ts';

/** Two generations of so many: each bundle comes to every node within seconds, or some minutes after with what is sent again. */
const maxBundlesOfGeneration = 20_000;
const maxIdsOfGeneration = 50_000;
const maxTransactions = { maxCount: 100_000, maxBytes: 256_000_000 };

/** One encoded bundle and all that was worked out of it. */
interface ReadBundle {
  readonly encoded: Uint8Array;
  hash: Hash | undefined;
  hashed: HashedVoteBundle | undefined;
  item: SignatureItem | undefined;
}

/** By the identity of the bytes: memory of a pure function, which all clusters of a process may share. */
const bundles = new WeakMap<Uint8Array, ReadBundle>();

/** Equal ids are one string, which nobody compares by its characters. */
let youngIds = new Map<Txid, Txid>();
let oldIds = new Map<Txid, Txid>();
function sharedId(txid: Txid): Txid {
  const known = youngIds.get(txid) ?? oldIds.get(txid) ?? txid;
  if (youngIds.size >= maxIdsOfGeneration) {
    oldIds = youngIds;
    youngIds = new Map();
  }
  youngIds.set(known, known);
  return known;
}
function withSharedIds({ hash, encoded, bundle }: HashedVoteBundle): HashedVoteBundle {
  return { hash, encoded, bundle: { ...bundle, votes: bundle.votes.map((vote) => ({ ...vote, txid: sharedId(vote.txid) })) } };
}

/** For checkers, which look at every bundle that is sent, each many times. Throws for what is none. */
export function bundleOf(encoded: Uint8Array): HashedVoteBundle {
  const read = bundles.get(encoded);
  if (read === undefined) return decodeVoteBundle(encoded);
  read.hashed ??= withSharedIds(decodeVoteBundle(read.encoded));
  return read.hashed;
}

/**
 * One reader for all nodes of a cluster. A message is known again by the identity of its bytes, which all who get it share; a bundle, which travels in many
 * messages, by its contents. Memory of a value that is never changed is safe; values here are read-only by their types.
 */
export class SharedReader implements MessageReader {
  readonly transactions = new KnownTransactions(maxTransactions, (encoded) => {
    const hashed = decodeTransaction(encoded);
    sharedId(hashed.txid);
    return hashed;
  });
  readonly #plain = newMessageReader();
  readonly #messages = new WeakMap<Uint8Array, Message>();
  readonly #signatures = new WeakMap<HashedTransaction, readonly SignatureItem[]>();
  /** Undefined: every message is put together and read. */
  readonly #parcels: VoteParcels | undefined;
  readonly #wholeEvery: number;
  #encoded = 0;
  /** By the end of the signature, which differs between any two; the bytes are compared whole. */
  #young = new Map<string, ReadBundle>();
  #old = new Map<string, ReadBundle>();

  /** Of messages of votes one in `wholeEvery` is put together and read, and the others travel as parcels. */
  constructor(wholeEvery = 1) {
    this.#wholeEvery = wholeEvery;
    this.#parcels = wholeEvery > 1 ? new VoteParcels() : undefined;
  }

  /** As it travels. */
  encode(message: Message): Uint8Array {
    if (message.type !== 'TransactionVotes' || this.#encoded++ % this.#wholeEvery === 0) return encodeMessage(message);
    const parcel = this.#parcels?.of(message.body);
    if (parcel === undefined) return encodeMessage(message);
    this.#messages.set(parcel, this.#withSharedBundles(message));
    return parcel;
  }
  message(bytes: Uint8Array): Message {
    const known = this.#messages.get(bytes);
    if (known !== undefined) return known;
    const message = this.#withSharedBundles(this.#plain.message(bytes));
    this.#messages.set(bytes, message);
    return message;
  }

  bundleHash(encoded: Uint8Array): Hash {
    const read = this.#read(encoded);
    read.hash ??= this.#plain.bundleHash(encoded);
    return read.hash;
  }
  bundle(encoded: Uint8Array, hash: Hash): HashedVoteBundle {
    const read = this.#read(encoded);
    read.hashed ??= withSharedIds(this.#plain.bundle(read.encoded, hash));
    return read.hashed;
  }
  bundleSignature(hashed: HashedVoteBundle, genesisHash: Hash): SignatureItem {
    const read = this.#read(hashed.encoded);
    read.item ??= this.#plain.bundleSignature(hashed, genesisHash);
    return read.item;
  }

  transactionSignatures(hashed: HashedTransaction, genesisHash: Hash): readonly SignatureItem[] {
    const known = this.#signatures.get(hashed);
    if (known !== undefined) return known;
    const items = this.#plain.transactionSignatures(hashed, genesisHash);
    this.#signatures.set(hashed, items);
    return items;
  }

  #withSharedBundles(message: Message): Message {
    if (message.type === 'TransactionVotes') return { type: message.type, body: { bundles: this.#shared(message.body.bundles) } };
    if (message.type === 'PendingTransactions') return { type: message.type, body: { ...message.body, bundles: this.#shared(message.body.bundles) } };
    return message;
  }
  #shared(list: readonly Uint8Array[]): readonly Uint8Array[] {
    return list.map((encoded) => this.#read(encoded).encoded);
  }

  #read(encoded: Uint8Array): ReadBundle {
    const same = bundles.get(encoded);
    if (same !== undefined) return same;
    const key = viewOf(encoded).toString('latin1', Math.max(0, encoded.length - 32));
    const known = this.#young.get(key) ?? this.#old.get(key);
    const read =
      known !== undefined && viewOf(known.encoded).equals(encoded)
        ? known
        : // Bytes of its own: kept bundles must not keep whole messages alive.
          { encoded: encoded.slice(), hash: undefined, hashed: undefined, item: undefined };
    if (known !== read) this.#keep(key, read);
    bundles.set(read.encoded, read);
    return read;
  }
  #keep(key: string, read: ReadBundle): void {
    if (this.#young.size >= maxBundlesOfGeneration) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, read);
  }
}
