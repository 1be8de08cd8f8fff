import * as P from 'micro-packed';
import type { Hash, NodeId } from '../../../src-shared/domain/ids.ts';
import { hashBytes } from '../crypto/hash.ts';
import { fromHex } from '../crypto/hex.ts';
import type { Signer } from '../ports.ts';
import { hexOf, optional, signature } from './primitives.ts';

/**
 * A masternode that listens before it signs asks whether another process uses its key (protocol section 7), and such a process answers. An answer
 * names the nonce of the question, which nobody knew before it was asked: so it was signed since, and old ones prove nothing.
 */
export interface Listening {
  readonly nodeId: NodeId;
  /** Of the question; of an answer, the latest that the answering process asked. Each process begins at random, and asks with another each time. */
  readonly nonce: bigint;
  /** Undefined: this is a question. */
  readonly answer: ListeningAnswer | undefined;
  readonly signature: Uint8Array;
}
export interface ListeningAnswer {
  /** Nonce of the question. */
  readonly heard: bigint;
  /** Who answers signs votes; else it listens as well, and the lower nonce goes first. */
  readonly signs: boolean;
}
type Unsigned = Pick<Listening, 'nonce' | 'answer'>;

const body = { nonce: P.U64LE, answer: optional(P.struct({ heard: P.U64LE, signs: P.bool })) };

export const listeningCodec = P.struct({ nodeId: hexOf<NodeId>(32), ...body, signature }) as unknown as P.CoderType<Listening>;
const signedCodec = P.struct(body) as unknown as P.CoderType<Unsigned>;

/** The 32 bytes its signature covers. The signer is not in it: the key is. */
export const listeningMessage = (genesisHash: Hash, { nonce, answer }: Unsigned): Uint8Array =>
  hashBytes('listening', fromHex(genesisHash), signedCodec.encode({ nonce, answer }));

export const signListening = (nodeId: NodeId, unsigned: Unsigned, genesisHash: Hash, signer: Signer): Listening => ({
  ...unsigned,
  nodeId,
  signature: signer.sign(listeningMessage(genesisHash, unsigned)),
});
