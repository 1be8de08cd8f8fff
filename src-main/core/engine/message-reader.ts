import type { Hash } from '../../../src-shared/domain/ids.ts';
import { decodeMessage, type Message } from '../codec/message.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import { bundleHashOf, type HashedVoteBundle, signedBytesOf, voteBundleCodec } from '../codec/vote-bundle.ts';
import { fromHex } from '../crypto/hex.ts';
import type { SignatureItem } from '../effects.ts';
import { signatureItems } from '../ledger/check-transaction.ts';
import { KnownTransactions } from './known-transactions.ts';

/**
 * How bytes from peers become values, which nobody changes. A port because the nodes of a simulation all read the same bytes: there one reader serves them
 * all and works out each answer once. A node's own reader remembers transactions alone.
 */
export interface MessageReader {
  /** Throws like `decodeMessage`. */
  message(bytes: Uint8Array): Message;
  bundleHash(encoded: Uint8Array): Hash;
  /** Throws for what is no bundle. */
  bundle(encoded: Uint8Array, hash: Hash): HashedVoteBundle;
  /** What shows that a bundle is its signer's. */
  bundleSignature(hashed: HashedVoteBundle, genesisHash: Hash): SignatureItem;
  readonly transactions: KnownTransactions;
  /** What shows that its coins' owners, and its node, signed it. */
  transactionSignatures(hashed: HashedTransaction, genesisHash: Hash): readonly SignatureItem[];
}

export const newMessageReader = (): MessageReader => ({
  message: decodeMessage,
  bundleHash: bundleHashOf,
  bundle: (encoded, hash) => ({ hash, bundle: voteBundleCodec.decode(encoded), encoded }),
  bundleSignature: ({ bundle, encoded }, genesisHash) => ({
    publicKey: fromHex(bundle.nodeId),
    message: signedBytesOf(genesisHash, encoded),
    signature: bundle.signature,
  }),
  transactions: new KnownTransactions(),
  transactionSignatures: signatureItems,
});
