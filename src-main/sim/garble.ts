import { decodeBlock, hashBlock } from '../core/codec/block.ts';
import { encodeMessage, type Message } from '../core/codec/message.ts';
import { voteBundleCodec } from '../core/codec/vote-bundle.ts';
import type { Prng } from './prng.ts';

/** A message that looks like this one and is not what its signer signed, or not true. */
export function garbled(message: Message, random: Prng): Uint8Array {
  switch (message.type) {
    case 'BlockProposal':
      return encodeMessage({ ...message, body: { ...message.body, block: withOtherBody(message.body.block, random) } });
    case 'BlockVote':
      return encodeMessage({ ...message, body: { ...message.body, signature: flipped(message.body.signature, random) } });
    case 'BlockVotes':
      return encodeMessage({ ...message, body: { votes: message.body.votes.map((vote) => ({ ...vote, signature: flipped(vote.signature, random) })) } });
    case 'TransactionVotes':
    case 'PendingTransactions':
      return encodeMessage({ ...message, body: { ...message.body, bundles: message.body.bundles.map((encoded) => resigned(encoded, random)) } } as Message);
    case 'TransactionBroadcast':
      // Witnesses come last, and a txid does not cover them.
      return encodeMessage({ ...message, body: { transactions: message.body.transactions.map((encoded) => flipped(encoded, random, 64)) } });
    case 'BlockAnnouncement':
    case 'BlockHeight':
      return encodeMessage({ ...message, body: { ...message.body, height: message.body.height + random.between(1, 1_000) } });
    case 'Blocks':
      return encodeMessage({
        ...message,
        body: {
          ...message.body,
          blocks: message.body.blocks.map((encoded) => (random.chance(0.5) ? withOtherBody(encoded, random) : flipped(encoded, random))),
        },
      });
    default:
      return random.bytes(random.between(1, 100));
  }
}

/** The header and its hash are the proposer's; what is under it is not. */
function withOtherBody(encoded: Uint8Array, random: Prng): Uint8Array {
  const { header, previousCertificate, transactions } = decodeBlock(encoded);
  if (random.chance(0.5)) return hashBlock(header, previousCertificate, transactions.slice(0, -1)).encoded;
  return hashBlock(header, previousCertificate && { ...previousCertificate, precommits: previousCertificate.precommits.slice(1) }, transactions).encoded;
}

/** One bit of it, among the last `tail` bytes. */
function flipped(bytes: Uint8Array, random: Prng, tail = bytes.length): Uint8Array {
  const copy = bytes.slice();
  const at = copy.length - 1 - random.below(Math.min(tail, copy.length));
  copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
  return copy;
}

function resigned(encoded: Uint8Array, random: Prng): Uint8Array {
  const bundle = voteBundleCodec.decode(encoded);
  return voteBundleCodec.encode({ ...bundle, signature: flipped(bundle.signature, random) });
}
