import * as P from 'micro-packed';
import type { Contradiction } from '../../../src-shared/domain/contradiction.ts';
import type { Hash, NodeId } from '../../../src-shared/domain/ids.ts';
import { type BlockVote, blockVoteCodec } from '../codec/block-vote.ts';
import { hashHex } from '../crypto/hash.ts';
import { invariant } from '../invariant.ts';

/** Two votes of one signer that no honest guard could sign (protocol section 6): kept, shown and reported. */
export interface Evidence {
  /** H("evidence", encoding): the same for the same two votes, whichever came first. */
  readonly hash: Hash;
  readonly nodeId: NodeId;
  readonly contradiction: Contradiction;
  readonly encoded: Uint8Array;
}

const pairCodec = P.struct({ first: blockVoteCodec, second: blockVoteCodec });

/** One signer, one place, two values. Both signatures are for the caller to verify. */
export const contradict = (a: BlockVote, b: BlockVote): boolean =>
  a.nodeId === b.nodeId && a.height === b.height && a.round === b.round && a.phase === b.phase && a.blockHash !== b.blockHash;

const nameOfValue = (vote: BlockVote): string => vote.blockHash ?? 'nil';

export function evidenceOf(a: BlockVote, b: BlockVote): Evidence {
  invariant(contradict(a, b), 'evidence is two votes that contradict each other');
  const [first, second] = nameOfValue(a) < nameOfValue(b) ? [a, b] : [b, a];
  const encoded = pairCodec.encode({ first, second });
  const { nodeId, phase, height, round } = first;
  return {
    hash: hashHex('evidence', encoded),
    nodeId,
    contradiction: { kind: 'block-votes', phase, height, round, values: [first.blockHash, second.blockHash] },
    encoded,
  };
}

/** Throws on anything but two votes that contradict each other, in their order. */
export function decodeEvidence(encoded: Uint8Array): { readonly first: BlockVote; readonly second: BlockVote } {
  const { first, second } = pairCodec.decode(encoded);
  if (!contradict(first, second) || nameOfValue(first) > nameOfValue(second)) throw new RangeError('not two contradicting votes in their order');
  return { first, second };
}
