import type { Hash, NodeId } from '../../../src-shared/domain/ids.ts';
import type { DisconnectCode, Hello } from '../codec/message.ts';
import { protocolVersion, wireMagic } from '../constants.ts';

/** What a peer's `Hello` is held against. */
export interface HandshakeSelf {
  readonly nodeId: NodeId;
  readonly networkId: number;
  readonly genesisHash: Hash;
  /** Of this process. */
  readonly nonce: bigint;
}

/** Bit 0 of `services`: a masternode that votes. */
export const votesService = 1;

/**
 * Why a peer cannot be one, by its `Hello` and the key that Noise proved; undefined if it can (protocol section 10). The first reason
 * that applies, from the most general: a node of another network is told so, and not that its genesis differs.
 */
export function checkHello(hello: Hello, remoteKey: NodeId, self: HandshakeSelf): DisconnectCode | undefined {
  if (hello.magic !== wireMagic) return 'wrong-magic';
  if (hello.protocolVersion !== protocolVersion) return 'wrong-version';
  if (hello.network !== self.networkId) return 'wrong-network';
  if (hello.genesisHash !== self.genesisHash) return 'wrong-genesis';
  if (remoteKey === self.nodeId || hello.nonce === self.nonce) return 'self';
  return undefined;
}
