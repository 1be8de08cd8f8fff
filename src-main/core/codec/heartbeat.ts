import * as P from 'micro-packed';
import type { Hash, NodeId } from '../../../src-shared/domain/ids.ts';
import { hashBytes } from '../crypto/hash.ts';
import { fromHex } from '../crypto/hex.ts';
import type { Signer } from '../ports.ts';
import { hexOf, signature, timeMs } from './primitives.ts';

/** A masternode says that it is there (protocol section 5). For people: nothing is decided by it. */
export interface Heartbeat {
  readonly nodeId: NodeId;
  /** Rises with each, also from one start of the node to the next. */
  readonly sequence: number;
  /** Milliseconds since 1970, by its clock. */
  readonly time: number;
  readonly height: number;
  /** With the node key. */
  readonly signature: Uint8Array;
}

export const heartbeatCodec = P.struct({
  nodeId: hexOf<NodeId>(32),
  sequence: timeMs,
  time: timeMs,
  height: P.U32LE,
  signature,
}) as unknown as P.CoderType<Heartbeat>;

const signedHeartbeat = P.struct({ sequence: timeMs, time: timeMs, height: P.U32LE });

/** The 32 bytes that its signature covers. The signer is not in it: the key is. */
export const heartbeatMessage = (genesisHash: Hash, { sequence, time, height }: Pick<Heartbeat, 'sequence' | 'time' | 'height'>): Uint8Array =>
  hashBytes('heartbeat', fromHex(genesisHash), signedHeartbeat.encode({ sequence, time, height }));

export const signHeartbeat = (unsigned: Omit<Heartbeat, 'signature'>, genesisHash: Hash, signer: Signer): Heartbeat => ({
  ...unsigned,
  signature: signer.sign(heartbeatMessage(genesisHash, unsigned)),
});
