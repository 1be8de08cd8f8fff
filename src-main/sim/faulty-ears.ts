import type { NodeId } from '../../src-shared/domain/ids.ts';
import { decodeMessage, encodeMessage, type Message } from '../core/codec/message.ts';
import { voteBundleCodec } from '../core/codec/vote-bundle.ts';

/**
 * What the engine of a faulty node hears of what arrives. The engine is honest and would fall silent if it heard what its own key signs beside it, so that is
 * kept from it. Undefined: nothing is left.
 */
export function heardByFaulty(bytes: Uint8Array, self: NodeId): Uint8Array | undefined {
  const message = decoded(bytes);
  switch (message?.type) {
    case 'BlockVote':
    case 'BlockProposal':
    case 'Listening':
      return message.body.nodeId === self ? undefined : bytes;
    case 'ListeningReport':
      return undefined;
    case 'BlockVotes':
      return encodeMessage({ ...message, body: { votes: message.body.votes.filter(({ nodeId }) => nodeId !== self) } });
    case 'TransactionVotes':
    case 'PendingTransactions': {
      const bundles = message.body.bundles.filter((encoded) => !isOwnBundle(encoded, self));
      return encodeMessage({ ...message, body: { ...message.body, bundles } } as Message);
    }
    default:
      return bytes;
  }
}

/** Another faulty node sends what is no message. */
function decoded(bytes: Uint8Array): Message | undefined {
  try {
    return decodeMessage(bytes);
  } catch {
    return undefined;
  }
}
function isOwnBundle(encoded: Uint8Array, self: NodeId): boolean {
  try {
    return voteBundleCodec.decode(encoded).nodeId === self;
  } catch {
    return false;
  }
}
